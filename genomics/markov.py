"""Markov chains: the simplest generators, and the floor that a network has to beat."""

import numpy as np
from numpy.typing import NDArray

from genomics.kmers import kmer_counts
from genomics.sequences import Codes

_PSEUDOCOUNT = 0.5


def transitions(codes: Codes, offsets: NDArray[np.int64], order: int) -> NDArray[np.float64]:
    """How probable each base is after each word of `order` bases.

    A word's counts are smoothed towards what the shorter word says, so that unseen words cost nothing.

    Args:
        codes: uint8 (total,), flat.
        offsets: int64 (n + 1,).
        order: 0 or more.

    Returns:
        float64 (4**order, 4), rows sum to 1; words in lexicographic order.
    """
    counts = kmer_counts(codes, offsets, order + 1).reshape(-1, 4)
    shorter = np.full((1, 4), 0.25) if order == 0 else np.tile(transitions(codes, offsets, order - 1), (4, 1))
    smoothed = counts + 4 * _PSEUDOCOUNT * shorter
    return smoothed / smoothed.sum(1, keepdims=True)


def sample(codes: Codes, offsets: NDArray[np.int64], order: int, n: int, rng: np.random.Generator) -> tuple[Codes, NDArray[np.int64]]:
    """Draws sequences from a chain fitted to real ones; their lengths are drawn from the real lengths.

    Returns:
        Flat codes and offsets of n sequences.
    """
    lengths = rng.choice(np.diff(offsets), n)
    longest = int(lengths.max())
    tables = [np.cumsum(transitions(codes, offsets, shorter), axis=1) for shorter in range(order + 1)]
    rows = np.zeros((n, longest), np.int64)
    context = np.zeros(n, np.int64)
    for position in range(longest):
        table = tables[min(position, order)]
        rows[:, position] = (rng.random((n, 1)) > table[context]).sum(1).clip(max=3)
        context = (context * 4 + rows[:, position]) % 4 ** min(position + 1, order)
    inside = np.arange(longest)[None, :] < lengths[:, None]
    return rows[inside].astype(np.uint8), np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
