"""Training in this process: `train(recipe, dataset, folder)` carries a recipe out and leaves everything in a run folder."""

from genomics.training.carry_out import train

__all__ = ["train"]
