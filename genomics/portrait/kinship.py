"""Which sequences are there more than once, and which are related."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset
from genomics.portrait.division import by_part
from genomics.portrait.rows import Rows, tally

_GROUPS, _RECORDS, _FAMILIES = 30, 20, 10


class Kinship(NamedTuple):
    """Equal sequences (on either strand) and families (sequences linked by 20-base words); all records are looked at.

    Attributes:
        repeated: how many different sequences are there more than once.
        copies: how many records these are.
        sizes: int64 (groups,), records of the 30 largest groups of equal sequences, largest first.
        records: int64 (groups, 20), indices of their first members in order; -1 where there are no more.
        by_part: int64 (groups, 4), see `genomics.portrait.division.PLACES`.
        by_class: int64 (groups, rows).
        family_sizes: int64 (different sizes,), ascending, single sequences included.
        families: int64 (different sizes,), how many families have each size.
        largest: int64 (families,), records of the 10 largest families of two or more, largest first.
        largest_record: int64 (families,), index of the first member of each.
        largest_by_part: int64 (families, 4).
        largest_by_class: int64 (families, rows).
    """

    repeated: int
    copies: int
    sizes: NDArray[np.int64]
    records: NDArray[np.int64]
    by_part: NDArray[np.int64]
    by_class: NDArray[np.int64]
    family_sizes: NDArray[np.int64]
    families: NDArray[np.int64]
    largest: NDArray[np.int64]
    largest_record: NDArray[np.int64]
    largest_by_part: NDArray[np.int64]
    largest_by_class: NDArray[np.int64]


def of(dataset: Dataset, rows: Rows, part: NDArray[np.int8]) -> Kinship:
    """Counts groups and families; `part` is int8 (n,), -1 for none."""
    copies = np.bincount(dataset.repeats)
    groups, keys = _largest(dataset.repeats, copies, _GROUPS)
    relatives = np.bincount(dataset.families)
    families, family_keys = _largest(dataset.families, relatives, _FAMILIES)
    family_sizes, family_counts = np.unique(relatives, return_counts=True)
    return Kinship(
        repeated=int((copies > 1).sum()),
        copies=int(copies[copies > 1].sum()),
        sizes=groups,
        records=_members(keys, len(groups), _RECORDS),
        by_part=by_part(keys, part, len(groups)),
        by_class=tally(rows, keys, len(groups)),
        family_sizes=family_sizes,
        families=family_counts,
        largest=families,
        largest_record=_members(family_keys, len(families), 1)[:, 0],
        largest_by_part=by_part(family_keys, part, len(families)),
        largest_by_class=tally(rows, family_keys, len(families)),
    )


def _largest(numbers: NDArray[np.int64], sizes: NDArray[np.int64], most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sizes of the largest groups of two or more, and for each record the rank of its group, -1 for all other groups."""
    top = np.argsort(-sizes, kind="stable")[:most]
    top = top[sizes[top] > 1]
    rank = np.full(len(sizes), -1)
    rank[top] = np.arange(len(top))
    return sizes[top], rank[numbers]


def _members(keys: NDArray[np.int64], groups: int, most: int) -> NDArray[np.int64]:
    """Indices of the first members of each group: int64 (groups, most), filled with -1."""
    found = np.full((groups, most), -1)
    inside = np.flatnonzero(keys >= 0)
    inside = inside[np.argsort(keys[inside], kind="stable")]
    of_group = keys[inside]
    place = np.arange(len(inside)) - np.searchsorted(of_group, of_group)
    shown = place < most
    found[of_group[shown], place[shown]] = inside[shown]
    return found
