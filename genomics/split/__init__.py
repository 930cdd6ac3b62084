"""Who is learned from, who is looked at while learning, and who is asked once at the end."""

from genomics.split.making import FRACTIONS, by_itself, check, fold_count, make, watches_own
from genomics.split.units import LEAST_WATCHED, MOST_WATCHED, check_fraction, strata_of
from genomics.split.value import HOW, PARTS, Split, crossing_repeats, of_class

__all__ = [
    "FRACTIONS",
    "HOW",
    "LEAST_WATCHED",
    "MOST_WATCHED",
    "PARTS",
    "Split",
    "by_itself",
    "check",
    "check_fraction",
    "crossing_repeats",
    "fold_count",
    "make",
    "of_class",
    "strata_of",
    "watches_own",
]
