"""Folds: every record is tested once."""

import numpy as np

from genomics import dealing
from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.split.units import Ints, check_parts, check_sizes, units_of, way_of, whole
from genomics.split.value import Split

SMALLEST_CLASS = 3
WATCHED = (0.85, 0.15)
_MOST_FOLDS = 50
_LONE = 9  # records from which on each may be a fold of its own
_KEPT = {"group": " Groups stay whole.", "similarity": " Families that share 20-base words stay whole."}


def make_fold(
    dataset: Dataset, how: str, strata: Ints, rng: np.random.Generator, fold: tuple[int, int], share: float = WATCHED[1]
) -> Split:
    """The split in which the fold `which` (of `of`) is the test part; `share` is said to be watched. See `genomics.split.make`."""
    which, of = fold
    units = units_of(dataset, how)
    number, said = _fold_numbers(dataset, how, strata, units, rng, of)
    if not 0 <= which < of:
        raise SettingError(f"Fold {which + 1} of {of} does not exist.")
    rest, test = np.flatnonzero(number != which), np.flatnonzero(number == which)
    parts = dealing.deal(whole(strata[rest], units[rest], how, mixed=units is not dataset.repeats), units[rest], WATCHED, rng)
    way = way_of(dataset) or "at random"
    note = f"Fold {which + 1} of {of}{said} is the test part; {percent(share)} of the others, drawn {way}, are watched.{_KEPT.get(how, '')}"
    made = Split(rest[parts == 0], rest[parts == 1], test, "folds", (note,))
    check_parts(dataset, made)
    return made


def percent(share: float) -> str:
    """A share in words: "15 %", "2.5 %"."""
    return f"{100 * share:.3g} %"


def fold_count(dataset: Dataset, how: str, asked: str) -> int:
    """How many folds are meant.

    Args:
        dataset: what to divide.
        how: the way to split.
        asked: a number; "leave-one-out" for a fold each (equal sequences, groups or families count once); "given" for
            those that came with the dataset.

    Raises:
        SettingError: none of these, or the dataset has no folds.
    """
    if asked == "leave-one-out":
        return len(np.unique(units_of(dataset, how)))
    if asked == "given":
        if dataset.folds is None:
            raise SettingError("No folds came with this dataset. Give their number, or a file that says the fold of each record.")
        return int(dataset.folds.max()) + 1
    if not asked.isdecimal() or not 2 <= int(asked) <= _MOST_FOLDS:
        raise SettingError(f'"{asked}" folds are not allowed: choose 2 to {_MOST_FOLDS}, or leave-one-out.')
    return int(asked)


def _fold_numbers(dataset: Dataset, how: str, strata: Ints, units: Ints, rng: np.random.Generator, of: int) -> tuple[Ints, str]:
    """The fold of each record, and what to add to the sentence about it."""
    if how == "auto" and dataset.folds is not None and of == int(dataset.folds.max()) + 1:
        return dataset.folds.astype(np.int64), ", as given,"
    _, first, owner = np.unique(units, return_index=True, return_inverse=True)
    if of == len(first) > _LONE:  # each tested alone
        return owner.astype(np.int64), ""
    if not 2 <= of <= _MOST_FOLDS:
        raise SettingError(f"{of} folds are not allowed: choose 2 to {_MOST_FOLDS}, or as many as there are different records.")
    check_sizes(dataset, strata, units, how, needed=max(of, 4 if of == 2 else SMALLEST_CLASS))  # outside each fold, two of each class
    if how in ("group", "similarity"):
        return dealing.deal(strata, units, (1 / of,) * of, rng), ""
    return dealing.deal(strata[first], np.arange(len(first)), (1 / of,) * of, rng)[
        owner
    ], ""  # copies count once, so that no fold takes all
