"""Letters taken out of many sequences at once, or sequences cut where they are."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.sequences import Codes

Places = NDArray[np.int64]
Marks = NDArray[np.bool_]


class Edited(NamedTuple):
    """Sequences made of others.

    Attributes:
        codes: uint8 (total,), flat.
        offsets: int64 (m + 1,).
        owners: int64 (m,), which of the sequences before each comes from, ascending.
    """

    codes: Codes
    offsets: Places
    owners: Places


def per_sequence(marked: Marks, offsets: Places) -> Places:
    """How many marked letters (bool (total,)) each sequence holds: int64 (n,)."""
    return np.diff(np.searchsorted(np.flatnonzero(marked), offsets))


def remove(codes: Codes, offsets: Places, marked: Marks) -> Edited:
    """Takes marked letters out; what is left of each sequence is joined."""
    lengths = np.diff(offsets) - per_sequence(marked, offsets)
    return Edited(codes[~marked], _offsets(lengths), np.arange(len(lengths)))


def split(codes: Codes, offsets: Places, marked: Marks) -> Edited:
    """Cuts each sequence at its marked letters, which go; a sequence of nothing else leaves no piece, an empty one stays."""
    edge = np.zeros(len(codes) + 1, bool)
    edge[offsets] = True
    left, right = edge[:-1].copy(), edge[1:].copy()
    left[1:] |= marked[:-1]
    right[:-1] |= marked[1:]
    starts, ends = np.flatnonzero(left & ~marked), np.flatnonzero(right & ~marked) + 1
    owners = np.searchsorted(offsets, starts, "right") - 1
    empty = np.flatnonzero(np.diff(offsets) == 0)
    lengths = np.insert(ends - starts, np.searchsorted(owners, empty), 0)
    return Edited(codes[~marked], _offsets(lengths), np.sort(np.concatenate([owners, empty])))


def _offsets(lengths: Places) -> Places:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
