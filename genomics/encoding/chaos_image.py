"""A whole sequence as a picture: the frequency chaos game representation.

Each corner of a square belongs to a base (A bottom left, C top left, G top right, T bottom right). Starting from the
middle, every base moves a point half-way to its corner; after k bases the point lies in the cell of a 2**k by 2**k
grid that belongs to the last k-mer alone. Counting visits gives the picture. Jeffrey 1990, doi 10.1093/nar/18.8.2163;
counts by cell: Almeida 2001, doi 10.1093/bioinformatics/17.5.429. Row 0 is the top.
"""

import numpy as np
from numpy.typing import NDArray

from genomics.encoding.kind import Encoding
from genomics.encoding.kmer_counts import count
from genomics.kmers import complements
from genomics.sequences import Codes, Layout

_RIGHT = np.array([0, 0, 1, 1])  # A C G T
_TOP = np.array([0, 1, 1, 0])


def cells(k: int) -> NDArray[np.int64]:
    """The picture's cell (row * 2**k + column) of each k-mer in lexicographic order: int64 (4**k,)."""
    words = np.arange(4**k)
    column = np.zeros_like(words)
    row = np.zeros_like(words)
    for position in range(k):  # the last base decides the quadrant, the one before it the quadrant's quadrant
        base = (words // 4 ** (k - 1 - position)) % 4
        column += _RIGHT[base] << position
        row += (1 - _TOP[base]) << position
    return row * 2**k + column


def encode(codes: Codes, offsets: NDArray[np.int64], layout: Layout, size: int) -> NDArray[np.uint16]:
    """Counts each sequence's words in the cells of its picture.

    Args:
        codes: uint8 (total,).
        offsets: int64 (n + 1,).
        layout: not used: every base of every sequence counts.
        size: the picture's side in pixels, a power of two: 2**k for words of k bases.

    Returns:
        uint16 (n, size, size, 1), counts up to 65,535. Words with an unknown base do not count, and none spans two
        sequences.
    """
    k = _word(size)
    return count(codes, offsets, k, cells(k)).reshape(-1, size, size, 1)


def reverse(size: int) -> NDArray[np.int64]:
    """Where each cell finds its count on the other strand: int64 (size * size,)."""
    cell = cells(_word(size))
    other = np.empty_like(cell)
    other[cell] = cell[complements(_word(size))]
    return other


def _word(size: int) -> int:
    return int(size).bit_length() - 1


ENCODING = Encoding(
    name="chaos_image",
    summary="the whole sequence as a picture of its words (chaos game representation)",
    encode=encode,
    shape=lambda layout, size: (size, size, 1),
    dtype="uint16",
    whole=True,
    reverse=reverse,
)
