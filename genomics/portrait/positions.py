"""Which bases stand where: frequencies by position, class by class, from the left end and from the right."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset
from genomics.portrait.rows import Rows
from genomics.portrait.sample import batches, level

LONGEST = 1_000
_OF_A_ROW = 20_000
_BASES = 20_000_000


class Positions(NamedTuple):
    """Base frequencies by position.

    At most 20,000 records of each row are looked at, fewer where all rows together would have more than 20 million bases.

    Attributes:
        left: float32 (rows, length, 4), order A C G T, among the known bases; 0 where there are none. The first position is
            the first base; at most 1,000 positions.
        left_known: int32 (rows, length), known bases at each position.
        right: likewise from the other end: the last position is the last base. No positions where all lengths are equal.
        right_known: likewise.
        looked_at: int64 (rows,), records of each row.
    """

    left: NDArray[np.float32]
    left_known: NDArray[np.int32]
    right: NDArray[np.float32]
    right_known: NDArray[np.int32]
    looked_at: NDArray[np.int64]


def of(dataset: Dataset, rows: Rows, rng: np.random.Generator) -> Positions:
    """Looks at the first and the last 1,000 bases of some records of each row."""
    lengths = dataset.lengths
    longest = min(int(lengths.max(initial=0)), LONGEST)
    sizes = np.array([np.count_nonzero(rows.holds(row)) for row in range(len(rows.names))])
    most = min(_OF_A_ROW, level(sizes, _BASES // max(longest, 1)))
    taken = []
    for row in range(len(rows.names)):
        index = np.flatnonzero(rows.holds(row))
        taken.append(index if len(index) <= most else np.sort(rng.choice(index, most, replace=False)))
    uneven = len(lengths) > 0 and bool(np.ptp(lengths))
    left, left_known = _frequencies(dataset, taken, longest, "left")
    right, right_known = _frequencies(dataset, taken, longest if uneven else 0, "right")
    return Positions(left, left_known, right, right_known, np.array([len(index) for index in taken], np.int64))


def _frequencies(dataset: Dataset, taken: list[NDArray[np.intp]], longest: int, side: str) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    counts = np.zeros((len(taken), longest, 4), np.int64)
    if longest:
        for row, index in enumerate(taken):
            for _, codes, offsets in batches(dataset, index, longest, side):
                lengths = np.diff(offsets)
                shift = offsets[:-1] if side == "left" else offsets[1:] - longest
                position = np.arange(len(codes)) - np.repeat(shift, lengths)
                counts[row] += np.bincount(position * 5 + codes, minlength=5 * longest).reshape(longest, 5)[:, :4]
    known = counts.sum(2)
    return (counts / np.maximum(known, 1)[:, :, None]).astype(np.float32), known.astype(np.int32)
