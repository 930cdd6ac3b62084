"""The labelled set of sequences: a frozen value with a fingerprint, kept in `datasets/<fingerprint>/`."""

from genomics.dataset.building import build
from genomics.dataset.catalog import listing
from genomics.dataset.keeping import keep_groups, load, save
from genomics.dataset.names import Names
from genomics.dataset.value import Dataset, take

__all__ = ["Dataset", "Names", "build", "keep_groups", "listing", "load", "save", "take"]
