"""How sequences of unlike length become equally long: what is chosen by itself, and what it costs."""

import numpy as np

from genomics.dataset import Dataset
from genomics.sequences import Layout

_LONGEST = {"predictor": 2_000, "generator": 300}


def default_layout(dataset: Dataset, kind: str, longest: int = 0) -> Layout:
    """The length that fits: all of it where lengths are equal, else that of 19 in 20 sequences, within reason.

    Args:
        dataset: what will be read.
        kind: "predictor" or "generator".
        longest: the most bases that an architecture reads unless asked for more; 0 for what suits any of the kind.
    """
    lengths = dataset.lengths
    whole = int(lengths.max())
    usual = whole if kind == "generator" or whole == lengths.min() else int(np.percentile(lengths, 95))
    return Layout(max(1, min(usual, longest or _LONGEST[kind])), "left")


def cost_of_layout(dataset: Dataset, layout: Layout) -> str:
    """What cropping and filling does to this dataset, as a sentence; empty where it does nothing."""
    lengths = dataset.lengths
    longer, shorter = lengths > layout.length, lengths < layout.length
    if not (longer.any() or shorter.any()):
        return ""
    lost = int((lengths - layout.length)[longer].sum())
    share = lost / max(int(lengths.sum()), 1)
    keep = {"left": "first", "centre": "middle", "right": "last"}[layout.anchor]
    return (
        f"Each sequence is read as {layout.length:,} bp: {int(longer.sum()):,} longer ones keep their {keep} {layout.length:,} "
        f"({share:.1%} of all bases are cut), {int(shorter.sum()):,} shorter ones are filled with unknown bases."
    )
