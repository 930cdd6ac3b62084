"""Who is learned from, who is looked at while learning, and who is asked once at the end."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics import dealing
from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.io.report import shorten

HOW = ("auto", "random", "group", "similarity", "file")
PARTS = ("train", "validation", "test")
FRACTIONS = (0.7, 0.15, 0.15)
_WATCHED = (0.85, 0.15)
_SMALLEST_CLASS = 3
_ENOUGH = 10  # units that must not be torn, below which windows of one sequence are drawn one by one
_LARGE = 0.5  # share of all records in one unit beyond which no fair division exists

Ints = NDArray[np.int64]


class Split(NamedTuple):
    """Index arrays into a dataset, sorted, without overlap, and the sentences that say how it was made."""

    train: NDArray[np.intp]
    validation: NDArray[np.intp]
    test: NDArray[np.intp]
    how: str
    notes: tuple[str, ...]

    def part(self, name: str) -> NDArray[np.intp]:
        """One of `PARTS` by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}[name]


def make(dataset: Dataset, how: str = "auto", seed: int = 0, fold: tuple[int, int] = (0, 0)) -> Split:
    """Divides a dataset into train, validation and test.

    Sequences that are equal, or equal to each other's reverse complement, always stay together, but for the file's
    own split and where a group says otherwise.

    Args:
        dataset: what to divide.
        how: "file" takes the file's own split column; "random" draws 70 / 15 / 15 %, class by class; "group" deals
            whole groups (chromosomes, families named in the data); "similarity" deals whole families of sequences that
            share 20-base words, so that no such word crosses; "auto" is "file" where there is one, else "random".
        seed: of the draw.
        fold: (which, of how many) takes that k-th of all records as the test part; (0, 0) for no folds.

    Raises:
        SettingError: no such way, no split column or groups, folds of a split that is given, or a class with too few
            different sequences to be in all parts.
    """
    own = check(dataset, how)
    rng = np.random.default_rng(seed)
    strata = _strata(dataset)

    if fold != (0, 0):
        if how == "file":
            raise SettingError("The file's own split cannot be divided into folds. Choose the random split, or no folds.")
        return _fold(dataset, how, strata, rng, fold)
    if how in ("file", "auto") and own is not None:
        return _own(dataset, own, strata, rng)

    units = _units(dataset, how)
    _check_sizes(dataset, strata, units, how, needed=_SMALLEST_CLASS)
    parts = dealing.deal(_whole(strata, units, how, mixed=units is not dataset.repeats), units, FRACTIONS, rng)
    train, validation, test = (np.flatnonzero(parts == number) for number in range(3))
    made = Split(train, validation, test, _name(how), _notes(dataset, how, seed, units, parts))
    _check_parts(dataset, made)
    return made


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


def of_class(dataset: Dataset, divided: Split, name: str) -> Split:
    """The members of one class in each part; all of it where the name is empty."""
    if not name or dataset.labels is None:
        return divided
    member = dataset.labels == dataset.classes.index(name)
    return divided._replace(**{part: divided.part(part)[member[divided.part(part)]] for part in PARTS})


def crossing_repeats(dataset: Dataset, divided: Split) -> NDArray[np.bool_]:
    """Which test records are, on either strand, also in train or validation: bool (len(test),)."""
    outside = np.concatenate([divided.train, divided.validation])
    return np.isin(dataset.repeats[divided.test], dataset.repeats[outside])


def _strata(dataset: Dataset) -> Ints:
    """What is divided in proportion: the class; for several labels, which of them."""
    if dataset.members is not None:
        return np.unique(dataset.members, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return np.zeros(len(dataset), np.int64) if dataset.labels is None else dataset.labels.astype(np.int64)


def _units(dataset: Dataset, how: str) -> Ints:
    """What is never torn: a number for each record."""
    if how == "group" and dataset.groups is not None:
        return dataset.groups.astype(np.int64)
    if how == "similarity":
        return dataset.families
    if dataset.together is None:
        return dataset.repeats
    joined = dealing.joined(dataset.repeats, dataset.together.astype(np.int64))
    few = np.bincount(joined).max() > _LARGE * len(joined) or len(np.unique(joined)) < _ENOUGH
    return dataset.repeats if few else joined


def _whole(strata: Ints, units: Ints, how: str, *, mixed: bool) -> Ints:
    """The class that a unit counts for: equal sequences count for that of the first, groups and families for all they hold."""
    if how in ("group", "similarity") or mixed:
        return strata
    _, first, owner = np.unique(units, return_index=True, return_inverse=True)
    return strata[first][owner]


def _name(how: str) -> str:
    return "random" if how == "auto" else how


def _notes(dataset: Dataset, how: str, seed: int, units: Ints, parts: Ints) -> tuple[str, ...]:
    shares = np.bincount(parts, minlength=3) / len(parts)
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
        notes = [f"Drawn at random, class by class, with seed {seed}: 70 % to learn from, 15 % to watch, 15 % to test."]
        if dataset.together is not None and units is not dataset.repeats:
            notes.append("What belongs together (a sequence and its negative, windows of one sequence) stays together.")
            return tuple(notes)
        together = len(units) - len(sizes)
        if together:
            notes.append(f"{together:,} repeated sequences (either strand) are kept on the same side as their first copy.")
        return tuple(notes)
    return (f"{made}: {shares[0]:.0%} to learn from, {shares[1]:.0%} to watch, {shares[2]:.0%} to test.",)


def _own(dataset: Dataset, own: NDArray[np.int8], strata: Ints, rng: np.random.Generator) -> Split:
    train, validation, test = (np.flatnonzero(own == number) for number in range(3))
    notes = ["The file's own split column."]
    repeats = dataset.repeats
    crossing = len(np.intersect1d(repeats[test], repeats[np.concatenate([train, validation])]))
    if crossing:
        notes.append(f"{crossing:,} different sequences of the test part (either strand) are also outside it: its numbers flatter.")
    if not len(validation):
        _check_sizes(dataset, strata, repeats, "random", needed=2, among=train)
        share = dealing.deal(_whole(strata[train], repeats[train], "random", mixed=False), repeats[train], _WATCHED, rng)
        train, validation = train[share == 0], train[share == 1]
        notes.append("It has no validation part: 15 % of train, drawn class by class, take its place.")
    return Split(train, validation, test, "file", tuple(notes))


def _fold(dataset: Dataset, how: str, strata: Ints, rng: np.random.Generator, fold: tuple[int, int]) -> Split:
    which, of = fold
    if not 2 <= of <= 50 or not 0 <= which < of:
        raise SettingError(f"{of} folds are not allowed: choose 2 to 50.")
    units = _units(dataset, how)
    _check_sizes(dataset, strata, units, how, needed=max(of, 4 if of == 2 else _SMALLEST_CLASS))  # outside each fold, two of each class
    if how in ("group", "similarity"):
        number = dealing.deal(strata, units, (1 / of,) * of, rng)
    else:  # copies count once, so that no fold takes all
        _, first, owner = np.unique(units, return_index=True, return_inverse=True)
        number = dealing.deal(strata[first], np.arange(len(first)), (1 / of,) * of, rng)[owner]
    rest, test = np.flatnonzero(number != which), np.flatnonzero(number == which)
    share = dealing.deal(_whole(strata[rest], units[rest], how, mixed=units is not dataset.repeats), units[rest], _WATCHED, rng)
    kept = {"group": " Groups stay whole.", "similarity": " Families that share 20-base words stay whole."}.get(how, "")
    note = f"Fold {which + 1} of {of} is the test part; 15 % of the others, drawn class by class, are watched.{kept}"
    made = Split(rest[share == 0], rest[share == 1], test, "folds", (note,))
    _check_parts(dataset, made)
    return made


def _check_sizes(dataset: Dataset, strata: Ints, units: Ints, how: str, needed: int, among: NDArray[np.intp] | None = None) -> None:
    """Refuses what cannot be divided so that each part holds each class."""
    among = np.arange(len(units)) if among is None else among
    kept = how in ("group", "similarity")
    mixed = kept or (units is not dataset.repeats)  # then a unit may hold several classes
    _, first, sizes = np.unique(units[among], return_index=True, return_counts=True)
    what = {"group": "groups", "similarity": "families of similar sequences"}.get(how, "different sequences (either strand)")
    least = needed if mixed else 2 * needed
    if len(first) < least:
        what = "different sequence (either strand)" if len(first) == 1 and not kept else what
        raise SettingError(
            f"{len(first):,} {what} {'is' if len(first) == 1 else 'are'} too few to divide into train, validation and test. Add more.{_other_way(how)}"
        )
    if kept and sizes.max() > _LARGE * len(among):
        raise SettingError(
            f"One of the {what} holds {sizes.max() / len(among):.0%} of all records, so that no fair division exists.{_other_way(how)}"
        )
    if dataset.labels is None:
        return
    pairs = np.unique(np.stack([units[among], strata[among]]), axis=1) if mixed else None
    held = strata[among][first] if pairs is None else pairs[1]
    for name, size in zip(dataset.classes, np.bincount(held, minlength=len(dataset.classes)), strict=True):
        if size >= needed:
            continue
        if pairs is not None:
            raise SettingError(
                f'The class "{shorten(name)}" is in {size} of the {what}; at least {needed} are needed, so that each part can hold one.{_other_way(how)}'
            )
        raise SettingError(
            f'The class "{shorten(name)}" has {size} {"member" if size == 1 else "members"} (equal sequences, on either strand, '
            f"count once); at least {needed} are needed, so that each part can hold one. Add records of that class, or leave it out."
        )


def _check_parts(dataset: Dataset, made: Split) -> None:
    """Refuses a division in which a class has nothing to learn from, or a part is empty."""
    for part in PARTS:
        if not len(made.part(part)):
            raise SettingError(
                f"The {part} part would be empty: what must stay together is too large. Choose another seed or way to split."
            )
    if dataset.labels is None:
        return
    for part in ("train", "validation"):
        here = np.bincount(dataset.labels[made.part(part)], minlength=len(dataset.classes))
        if not here.all():
            name = shorten(dataset.classes[int(here.argmin())])
            raise SettingError(f'The {part} part would have no record of the class "{name}". Choose another seed, or the random split.')


def _other_way(how: str) -> str:
    return " Or choose the random split, and read its numbers with care." if how in ("group", "similarity") else ""
