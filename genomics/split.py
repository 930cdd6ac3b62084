"""Who is learned from, who is looked at while learning, and who is asked once at the end."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.io.report import shorten
from genomics.sequences import Codes, reverse_complement

HOW = ("auto", "random", "file")
PARTS = ("train", "validation", "test")
FRACTIONS = (0.7, 0.15, 0.15)
_SMALLEST_CLASS = 3


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

    Sequences that are equal, or equal to each other's reverse complement, always stay together.

    Args:
        dataset: what to divide.
        how: "file" takes the file's own split column; "random" draws 70 / 15 / 15 %, class by class; "auto" is
            "file" where there is one.
        seed: of the draw.
        fold: (which, of how many) takes that k-th of all records as the test part; (0, 0) for no folds.

    Raises:
        SettingError: no such way, no split column, folds of a split that is given, or a class with too few different
            sequences to be in all parts.
    """
    if how not in HOW:
        raise SettingError(f'"{how}" is no way to split. Ways: {", ".join(HOW)}.')
    own = dataset.splits if dataset.splits is not None and (dataset.splits == 2).any() else None
    if how == "file" and own is None:
        raise SettingError('This dataset has no split column with a "test" part. Choose the random split.')
    rng = np.random.default_rng(seed)
    strata = np.zeros(len(dataset), np.int64) if dataset.labels is None else dataset.labels.astype(np.int64)
    groups = same_sequence(dataset)

    if fold != (0, 0):
        if how == "file":
            raise SettingError("The file's own split cannot be divided into folds. Choose the random split, or no folds.")
        return _fold(dataset, strata, groups, rng, fold)
    if how in ("file", "auto") and own is not None:
        return _own(dataset, own, strata, groups, rng)

    _check_sizes(dataset, strata, groups, needed=_SMALLEST_CLASS)
    parts = _draw(strata, groups, FRACTIONS, rng)
    notes = [f"Drawn at random, class by class, with seed {seed}: 70 % to learn from, 15 % to watch, 15 % to test."]
    together = len(groups) - len(np.unique(groups))
    if together:
        notes.append(f"{together:,} repeated sequences (either strand) are kept on the same side as their first copy.")
    train, validation, test = (np.flatnonzero(parts == number) for number in range(3))
    return Split(train, validation, test, "random", tuple(notes))


def of_class(dataset: Dataset, divided: Split, name: str) -> Split:
    """The members of one class in each part; all of it where the name is empty."""
    if not name or dataset.labels is None:
        return divided
    member = dataset.labels == dataset.classes.index(name)
    return divided._replace(**{part: divided.part(part)[member[divided.part(part)]] for part in PARTS})


def same_sequence(dataset: Dataset) -> NDArray[np.int64]:
    """A group number for each record: equal for equal sequences and for reverse complements of each other, (n,)."""
    seen: dict[bytes, int] = {}
    return np.array([seen.setdefault(_canonical(dataset, index), len(seen)) for index in range(len(dataset))], np.int64)


def _canonical(dataset: Dataset, index: int) -> bytes:
    codes: Codes = dataset.codes[dataset.offsets[index] : dataset.offsets[index + 1]]
    return min(codes.tobytes(), reverse_complement(codes).tobytes())


def _own(dataset: Dataset, own: NDArray[np.int8], strata: NDArray[np.int64], groups: NDArray[np.int64], rng: np.random.Generator) -> Split:
    train, validation, test = (np.flatnonzero(own == number) for number in range(3))
    notes = ["The file's own split column."]
    crossing = len(np.intersect1d(groups[test], groups[np.concatenate([train, validation])]))
    if crossing:
        notes.append(f"{crossing:,} different sequences of the test part (either strand) are also outside it: its numbers flatter.")
    if not len(validation):
        _check_sizes(dataset, strata[train], groups[train], needed=2)
        share = _draw(strata[train], groups[train], (0.85, 0.15), rng)
        train, validation = train[share == 0], train[share == 1]
        notes.append("It has no validation part: 15 % of train, drawn class by class, take its place.")
    return Split(train, validation, test, "file", tuple(notes))


def _fold(dataset: Dataset, strata: NDArray[np.int64], groups: NDArray[np.int64], rng: np.random.Generator, fold: tuple[int, int]) -> Split:
    which, of = fold
    if not 2 <= of <= 50 or not 0 <= which < of:
        raise SettingError(f"{of} folds are not allowed: choose 2 to 50.")
    _check_sizes(dataset, strata, groups, needed=max(of, 4 if of == 2 else _SMALLEST_CLASS))  # outside each fold, two of each class
    _, first, owner = np.unique(groups, return_index=True, return_inverse=True)
    number = _draw(strata[first], np.arange(len(first)), (1 / of,) * of, rng)[owner]  # copies count once, so that no fold takes all
    rest, test = np.flatnonzero(number != which), np.flatnonzero(number == which)
    share = _draw(strata[rest], groups[rest], (0.85, 0.15), rng)
    note = f"Fold {which + 1} of {of} is the test part; 15 % of the others, drawn class by class, are watched."
    return Split(rest[share == 0], rest[share == 1], test, "folds", (note,))


def _check_sizes(dataset: Dataset, strata: NDArray[np.int64], groups: NDArray[np.int64], needed: int) -> None:
    _, first = np.unique(groups, return_index=True)
    if len(first) < 2 * needed:
        raise SettingError(
            f"{len(first):,} different sequences (either strand) are too few to divide into train, validation and test. Add more."
        )
    if dataset.labels is None:
        return
    sizes = np.bincount(strata[first], minlength=len(dataset.classes))
    for name, size in zip(dataset.classes, sizes, strict=True):
        if size < needed:
            raise SettingError(
                f'The class "{shorten(name)}" has {size} {"member" if size == 1 else "members"} (equal sequences, on either strand, '
                f"count once); at least {needed} are needed, so that each part can hold one. Add records of that class, or leave it out."
            )


def _draw(
    strata: NDArray[np.int64], groups: NDArray[np.int64], fractions: tuple[float, ...], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Gives each record a part, so that each stratum is divided by `fractions` and no group is torn.

    Groups are dealt large ones first, otherwise in random order; each goes to the part that is furthest behind its
    share of the stratum (of the group's first record), and the last ones to parts that have none yet.
    """
    parts = np.zeros(len(groups), np.int64)
    _, first, owner, sizes = np.unique(groups, return_index=True, return_inverse=True, return_counts=True)
    target = np.array(fractions)
    chosen = np.zeros(len(first), np.int64)
    for stratum in np.unique(strata):
        members = rng.permutation(np.flatnonzero(strata[first] == stratum))
        members = members[np.argsort(-sizes[members], kind="stable")]
        held = np.zeros(len(target))
        total = sizes[members].sum()
        for dealt, group in enumerate(members):
            behind = target * total - held
            if len(members) - dealt <= (held == 0).sum():
                behind[held > 0] = -np.inf
            part = int(np.argmax(behind))
            chosen[group] = part
            held[part] += sizes[group]
    parts[:] = chosen[owner]
    return parts
