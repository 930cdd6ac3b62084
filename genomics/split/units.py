"""What a division must respect: the strata that are divided in proportion, and the units that are never torn."""

import numpy as np
from numpy.typing import NDArray

from genomics import dealing
from genomics.dataset import Dataset

_ENOUGH = 10  # units that must not be torn, below which windows of one sequence are drawn one by one
LARGE = 0.5  # share of all records in one unit beyond which no fair division exists

Ints = NDArray[np.int64]


def strata_of(dataset: Dataset) -> Ints:
    """The class of each record, which is divided in proportion; for several labels, which of them; 0 without: int64 (n,)."""
    if dataset.members is not None:
        return np.unique(dataset.members, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return np.zeros(len(dataset), np.int64) if dataset.labels is None else dataset.labels.astype(np.int64)


def way_of(dataset: Dataset) -> str:
    """What `strata_of` keeps in proportion, in words; empty where there is nothing, as with numbers."""
    return "in proportion to labels" if dataset.members is not None else "" if dataset.labels is None else "class by class"


def units_of(dataset: Dataset, how: str) -> Ints:
    """What is never torn: a number for each record."""
    if how == "group" and dataset.groups is not None:
        return dataset.groups.astype(np.int64)
    if how == "similarity":
        return dataset.families
    if dataset.together is None:
        return dataset.repeats
    joined = dealing.joined(dataset.repeats, dataset.together.astype(np.int64))
    few = np.bincount(joined).max() > LARGE * len(joined) or len(np.unique(joined)) < _ENOUGH
    return dataset.repeats if few else joined


def whole(strata: Ints, units: Ints, how: str, *, mixed: bool) -> Ints:
    """The class that a unit counts for: equal sequences count for that of the first, groups and families for all they hold."""
    if how in ("group", "similarity") or mixed:
        return strata
    _, first, owner = np.unique(units, return_index=True, return_inverse=True)
    return strata[first][owner]
