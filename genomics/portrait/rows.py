"""One row for each class: how records are counted, whatever kind of classes they have."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset

MOST = 50
EVERYTHING = "all sequences"


class Rows(NamedTuple):
    """Which row of a table each record counts for.

    Attributes:
        names: of the classes, in the dataset's order. Of more than 50 classes the 50 largest, then one row for all others
            together; without classes one row, `EVERYTHING`.
        number: int32 (n,), the row of each record; the first where it has several, -1 where it has none.
        members: bool (n, rows), for several labels a record; else None.
    """

    names: tuple[str, ...]
    number: NDArray[np.int32]
    members: NDArray[np.bool_] | None = None

    def holds(self, row: int) -> NDArray[np.bool_]:
        """Which records count for a row: bool (n,)."""
        return self.number == row if self.members is None else self.members[:, row]


def of(dataset: Dataset) -> Rows:
    """The rows of a dataset."""
    if dataset.members is not None:
        kept, names = _largest(dataset.classes, dataset.members.sum(0, dtype=np.int64))
        members = dataset.members[:, kept] != 0
        if len(names) > len(kept):
            others = np.delete(np.arange(len(dataset.classes)), kept)
            rest = np.zeros(len(dataset), bool)
            for column in others:
                rest |= dataset.members[:, column] != 0
            members = np.column_stack([members, rest])
        return Rows(names, np.where(members.any(1), members.argmax(1), -1).astype(np.int32), members)
    if dataset.labels is None:
        return Rows((EVERYTHING,), np.zeros(len(dataset), np.int32))
    kept, names = _largest(dataset.classes, np.bincount(dataset.labels, minlength=len(dataset.classes)))
    row = np.full(len(dataset.classes), len(kept), np.int32)
    row[kept] = np.arange(len(kept))
    return Rows(names, row[dataset.labels])


def tally(rows: Rows, keys: NDArray[np.integer], size: int) -> NDArray[np.int64]:
    """Records by key and by row.

    Args:
        rows: of the dataset.
        keys: int (n,), 0 to `size` - 1 for each record, or -1 for those that are not counted.
        size: how many keys there are.

    Returns:
        int64 (size, rows). A record of several classes counts for each.
    """
    width, counted = len(rows.names), np.flatnonzero(keys >= 0)
    of_key = keys[counted].astype(np.int64)
    if rows.members is None:
        return np.bincount(of_key * width + rows.number[counted], minlength=size * width).reshape(size, width)
    columns = [np.bincount(of_key[rows.members[counted, row]], minlength=size) for row in range(width)]
    return np.stack(columns, axis=1).astype(np.int64)


def _largest(classes: tuple[str, ...], sizes: NDArray[np.int64]) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """The classes that get a row of their own, and the names of all rows."""
    if len(classes) <= MOST:
        return np.arange(len(classes)), classes
    kept = np.sort(np.argsort(-sizes, kind="stable")[:MOST])
    others = len(classes) - MOST
    return kept, (*(classes[i] for i in kept.tolist()), f"{others:,} other {'class' if others == 1 else 'classes'}")
