"""How often each word of k bases stands in the whole sequence, wherever it stands."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from genomics.encoding.kind import Encoding
from genomics.kmers import complements, kmer_tables
from genomics.sequences import Codes, Layout, chunks

_BASES = 1 << 20  # counted at a time
_CELLS = 1 << 22  # counted at a time
_MOST = 65_535


def count(codes: Codes, offsets: NDArray[np.int64], k: int, cell: NDArray[np.int64] | None = None) -> NDArray[np.uint16]:
    """Counts each sequence's words; in pieces, so that the result is most of the memory it takes.

    Args:
        codes: uint8 (total,).
        offsets: int64 (n + 1,).
        k: word length.
        cell: int64 (4**k,), the column of each word in lexicographic order; None for that order itself.

    Returns:
        uint16 (n, 4**k), counts up to 65,535. Words with an unknown base do not count, and none spans two sequences.
    """
    words = 4**k
    counts = np.zeros((len(offsets) - 1, words), np.uint16)
    for first, last in _rows(offsets, words):
        low, high = int(offsets[first]), int(offsets[last])
        tables = kmer_tables(codes[low:high], offsets[first : last + 1] - low, k)
        counts[first:last, slice(None) if cell is None else cell] = np.minimum(tables, _MOST)
    return counts


def _rows(offsets: NDArray[np.int64], words: int) -> Iterator[tuple[int, int]]:
    """Ranges of sequences whose bases and counts are few enough to be looked at at once; a long one is alone."""
    most = max(1, _CELLS // words)
    for first, last in chunks(offsets, _BASES):
        for row in range(first, last, most):
            yield row, min(row + most, last)


def encode(codes: Codes, offsets: NDArray[np.int64], layout: Layout, size: int) -> NDArray[np.uint16]:
    """Counts words of `size` bases, 1 to 7; the layout is not used: every base of every sequence counts. See `count`."""
    return count(codes, offsets, size)


ENCODING = Encoding(
    name="kmer_counts",
    summary="how often each word of k bases stands in the whole sequence",
    encode=encode,
    shape=lambda layout, size: (4**size,),
    dtype="uint16",
    whole=True,
    reverse=complements,
)
