"""A second class, where a user has only positives: shuffled sequences, or matched windows of a genome."""

from genomics.negatives.adding import from_genome, shuffled

__all__ = ["from_genome", "shuffled"]
