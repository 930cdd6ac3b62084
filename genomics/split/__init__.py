"""Who is learned from, who is looked at while learning, and who is asked once at the end."""

from genomics.split.folds import fold_count
from genomics.split.making import FRACTIONS, by_itself, check, make
from genomics.split.value import HOW, PARTS, Split, crossing_repeats, of_class

__all__ = ["FRACTIONS", "HOW", "PARTS", "Split", "by_itself", "check", "crossing_repeats", "fold_count", "make", "of_class"]
