"""How records are divided: by part and class, by group and part."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset
from genomics.portrait.rows import Rows, tally
from genomics.split import PARTS, Split

PLACES = (*PARTS, "in no part")
_GROUPS = 40


class Division(NamedTuple):
    """All records, counted.

    Attributes:
        records: int64 (4,), by part, see `PLACES`; without a split all are in no part.
        bases: int64 (4,).
        by_class: int64 (4, rows). A record of several classes counts for each.
        groups: names of the 40 largest groups, largest first; none where the dataset has no groups.
        by_group: int64 (groups, 4).
        groups_in_all: how many groups have records.
    """

    records: NDArray[np.int64]
    bases: NDArray[np.int64]
    by_class: NDArray[np.int64]
    groups: tuple[str, ...]
    by_group: NDArray[np.int64]
    groups_in_all: int


def parts(dataset: Dataset, split: Split | None) -> NDArray[np.int8]:
    """The part of each record: int8 (n,), 0 train, 1 validation, 2 test, -1 none."""
    part = np.full(len(dataset), -1, np.int8)
    for number, name in enumerate(PARTS if split is not None else ()):
        part[split.part(name)] = number  # type: ignore[union-attr]
    return part


def by_part(keys: NDArray[np.integer], part: NDArray[np.int8], size: int) -> NDArray[np.int64]:
    """Records by key (-1: not counted) and part: int64 (size, 4), see `PLACES`."""
    counted = np.flatnonzero(keys >= 0)
    places = part[counted] % len(PLACES)  # -1 becomes the last
    return np.bincount(keys[counted].astype(np.int64) * len(PLACES) + places, minlength=size * len(PLACES)).reshape(size, len(PLACES))


def of(dataset: Dataset, rows: Rows, part: NDArray[np.int8]) -> Division:
    """Counts records and bases; `part` is int8 (n,), -1 for none."""
    places = part % len(PLACES)
    bases = np.bincount(places, weights=dataset.lengths, minlength=len(PLACES)).astype(np.int64)
    names: tuple[str, ...] = ()
    by_group, in_all = np.zeros((0, len(PLACES)), np.int64), 0
    if dataset.groups is not None:
        sizes = np.bincount(dataset.groups, minlength=len(dataset.group_names))
        in_all = int(np.count_nonzero(sizes))
        largest = np.argsort(-sizes, kind="stable")[: min(_GROUPS, in_all)]
        rank = np.full(len(sizes), -1)
        rank[largest] = np.arange(len(largest))
        names = tuple(dataset.group_names[i] for i in largest.tolist())
        by_group = by_part(rank[dataset.groups], part, len(largest))
    records = np.bincount(places, minlength=len(PLACES))
    return Division(records, bases, tally(rows, places, len(PLACES)), names, by_group, in_all)
