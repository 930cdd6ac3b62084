"""Overlapping words of k bases as numbers, for an embedding layer (the idea of dna2vec, Ng 2017, arXiv 1701.06279)."""

import numpy as np
from numpy.typing import NDArray

from genomics.encoding.kind import Encoding
from genomics.kmers import kmer_indices
from genomics.sequences import Codes, Layout, matrix


def encode(codes: Codes, offsets: NDArray[np.int64], layout: Layout, size: int) -> NDArray[np.uint16]:
    """Numbers the words that start at each position.

    Args:
        codes: uint8 (total,).
        offsets: int64 (n + 1,).
        layout: how sequences become equally long.
        size: word length k, 1 to 7.

    Returns:
        uint16 (n, layout.length - k + 1): 1 to 4**k, and 0 for a word with an unknown or filled base.
    """
    return (kmer_indices(matrix(codes, offsets, layout), size) + 1).astype(np.uint16)


ENCODING = Encoding(
    name="kmer_tokens",
    summary="overlapping words of k bases, each with a learned vector",
    encode=encode,
    shape=lambda layout, size: (max(layout.length - size + 1, 0),),
    dtype="uint16",
)
