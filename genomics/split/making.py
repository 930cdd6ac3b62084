"""Dividing a dataset into parts: the file's own, at random, by group, by similarity; or into folds, so that every record is tested once."""

import numpy as np
from numpy.typing import NDArray

from genomics import dealing
from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.split.units import Ints, check_fraction, check_parts, check_sizes, strata_of, units_of, way_of, whole
from genomics.split.value import HOW, Split

FRACTIONS = (0.7, 0.15, 0.15)
SMALLEST_CLASS = 3
WATCHED = (0.85, 0.15)
_MOST_FOLDS = 50
_LONE = 9  # records from which on each may be a fold of its own
_KEPT = {"group": " Groups stay whole.", "similarity": " Families that share 20-base words stay whole."}


def make(
    dataset: Dataset,
    how: str = "auto",
    seed: int = 0,
    fold: tuple[int, int] = (0, 0),
    watch: int = 0,
    validation_fraction: float = 0.0,
) -> Split:
    """Divides a dataset into train, validation and test.

    Sequences that are equal, or equal to each other's reverse complement, always stay together, but for the file's
    own split and where a group says otherwise.

    Args:
        dataset: what to divide.
        how: "file" takes the file's own split column; "random" draws 70 / 15 / 15 %, class by class; "group" deals
            whole groups (chromosomes, families named in the data); "similarity" deals whole families of sequences that
            share 20-base words, so that no such word crosses; "auto" is "file" where there is one, else "random".
        seed: of the draw.
        fold: (which, of how many) takes that k-th of all records as the test part, see `fold_count`; (0, 0) for no folds.
        watch: another number draws another validation part of what is not tested, as large; a validation part that came
            with the file stays. The members of an ensemble have numbers of their own: together they learn from all of it.
        validation_fraction: the share of what is not tested that is watched, 0.02 to 0.5; 0 for the usual: 15 % of all, or
            of what is not tested where the file or a fold says what is. The test part is the same for every value.

    Raises:
        SettingError: no such way, no split column or groups, folds of a split that is given, a class with too few
            different sequences to be in all parts, or a fraction that is not allowed, or of a validation part that came with the file.
    """
    made = _make(dataset, how, seed, fold, validation_fraction)
    given = watches_own(dataset, made.how)
    check_fraction(validation_fraction, given=given)
    return _watching(dataset, made, how, seed, watch, validation_fraction) if (watch or validation_fraction) and not given else made


def _make(dataset: Dataset, how: str, seed: int, fold: tuple[int, int], share: float) -> Split:
    own = check(dataset, how)
    rng = np.random.default_rng(seed)
    strata = strata_of(dataset)

    if fold != (0, 0):
        if how == "file":
            raise SettingError("The file's own split cannot be divided into folds. Choose the random split, or no folds.")
        return make_fold(dataset, how, strata, rng, fold, share or WATCHED[1])
    if how in ("file", "auto") and own is not None:
        return _own(dataset, own, strata, rng, share or WATCHED[1])

    units = units_of(dataset, how)
    check_sizes(dataset, strata, units, how, needed=SMALLEST_CLASS)
    parts = dealing.deal(whole(strata, units, how, mixed=units is not dataset.repeats), units, FRACTIONS, rng)
    train, validation, test = (np.flatnonzero(parts == number) for number in range(3))
    made = Split(train, validation, test, "random" if how == "auto" else how, _notes(dataset, how, seed, units, parts, share))
    check_parts(dataset, made)
    return made


def _watching(dataset: Dataset, made: Split, how: str, seed: int, watch: int, share: float) -> Split:
    """The same test part, and another draw of who is watched among the others; whole groups or families as before."""
    rest = np.sort(np.concatenate([made.train, made.validation]))
    strata, units = strata_of(dataset), units_of(dataset, how)
    share = share or len(made.validation) / len(rest)
    whole_units = whole(strata[rest], units[rest], how, mixed=units is not dataset.repeats)
    parts = dealing.deal(whole_units, units[rest], (1 - share, share), np.random.default_rng([seed, watch]))
    said = (f"Another part of what is not tested is watched: number {watch + 1}.",) if watch else ()
    again = made._replace(train=rest[parts == 0], validation=rest[parts == 1], notes=(*made.notes, *said))
    check_parts(dataset, again)
    return again


def watches_own(dataset: Dataset, how: str) -> bool:
    """Whether a split watches a validation part that came with the file."""
    own = (by_itself(dataset) if how == "auto" else how) == "file"
    return own and dataset.splits is not None and bool((dataset.splits == 1).any())


def by_itself(dataset: Dataset) -> str:
    """The way that "auto" stands for."""
    return "file" if dataset.splits is not None and (dataset.splits == 2).any() else "random"


def check(dataset: Dataset, how: str) -> NDArray[np.int8] | None:
    """The file's own parts, int8 (n,), or None where there are none.

    Raises:
        SettingError: no such way to split, or this dataset has not got what it needs.
    """
    if how not in HOW:
        raise SettingError(f'"{how}" is no way to split. Ways: {", ".join(HOW)}.')
    own = dataset.splits if dataset.splits is not None and (dataset.splits == 2).any() else None
    if how == "file" and own is None:
        raise SettingError('This dataset has no split column with a "test" part. Choose the random split.')
    if how == "group" and dataset.groups is None:
        raise SettingError(
            "This dataset has no groups. Name a column or a header pattern that holds them when reading, or choose the similarity split."
        )
    return own


def _notes(dataset: Dataset, how: str, seed: int, units: Ints, parts: Ints, share: float) -> tuple[str, ...]:
    shares = np.bincount(parts, minlength=3) / len(parts) if how in ("group", "similarity") else np.array(FRACTIONS)
    if share:
        shares[:2] = (1 - shares[2]) * np.array([1 - share, share])
    learned, watched, tested = (percent(round(part, 2)) for part in shares)
    divided = f"{learned} to learn from, {watched} to watch, {tested} to test."
    sizes = np.bincount(np.unique(units, return_inverse=True)[1])
    if how == "group":
        made = f"Whole groups are dealt ({len(sizes):,} of them), with seed {seed}"
    elif how == "similarity":
        alone = int((sizes == 1).sum())
        made = (
            f"Families of sequences that share 20-base words (either strand) are dealt whole, with seed {seed}: {len(sizes):,} families, "
            f"{alone:,} of them single sequences, the largest of {int(sizes.max()):,}"
        )
    else:
        way = f", {way_of(dataset)}," if way_of(dataset) else ""
        notes = [f"Drawn at random{way} with seed {seed}: {divided}"]
        if dataset.together is not None and units is not dataset.repeats:
            notes.append("What belongs together (a sequence and its negative, windows of one sequence) stays together.")
            return tuple(notes)
        together = len(units) - len(sizes)
        if together:
            notes.append(f"{together:,} repeated sequences (either strand) are kept on the same side as their first copy.")
        return tuple(notes)
    return (f"{made}: {divided}",)


def _own(dataset: Dataset, own: NDArray[np.int8], strata: Ints, rng: np.random.Generator, share: float) -> Split:
    train, validation, test = (np.flatnonzero(own == number) for number in range(3))
    notes = ["The file's own split column."]
    repeats = dataset.repeats
    crossing = len(np.intersect1d(repeats[test], repeats[np.concatenate([train, validation])]))
    if crossing:
        notes.append(f"{crossing:,} different sequences of the test part (either strand) are also outside it: its numbers flatter.")
    if not len(validation):
        check_sizes(dataset, strata, repeats, "random", needed=2, among=train)
        parts = dealing.deal(whole(strata[train], repeats[train], "random", mixed=False), repeats[train], WATCHED, rng)
        train, validation = train[parts == 0], train[parts == 1]
        notes.append(f"It has no validation part: {percent(share)} of train, drawn {way_of(dataset) or 'at random'}, take its place.")
    return Split(train, validation, test, "file", tuple(notes))


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
