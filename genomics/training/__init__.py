"""Training in this process: `train(folder)` carries a run out and leaves everything in its folder; `find_rate` looks for a learning rate."""

from genomics.training.carry_out import train
from genomics.training.rates import find_rate

__all__ = ["find_rate", "train"]
