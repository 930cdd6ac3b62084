"""Baselines without a neural network, measured on the same records with the same metrics: what each network must beat.

A baseline looks at one thing only (length, composition, letter case, k-mers, single positions, the nearest neighbour).
One that does well says what the data give away; a network that does not beat the best of them has learned nothing more.
"""

from genomics.shortcuts.measuring import MAIN, Shortcut, measure

__all__ = ["MAIN", "Shortcut", "measure"]
