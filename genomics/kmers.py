"""Words of k bases (k-mers) as numbers: where they begin, how often they stand, and the same for both strands."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.sequences import UNKNOWN, Codes, decode

_PIECE = 100_000  # bases whose words are numbered at a time: the arrays of a piece stay in the cache of the processor
_LONGEST = 31  # bases in 64 bits, with two to spare
_FIRST, _LAST = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)  # odd: multiplying by them loses nothing


def kmer_indices(codes: Codes, k: int) -> NDArray[np.int64]:
    """The number of the k-mer that starts at each position, first base most significant.

    Args:
        codes: uint8 (..., length).
        k: word length, at least 1.

    Returns:
        int64 (..., length - k + 1), values 0 to 4**k - 1, or -1 where the word holds an unknown base. Empty where
        the sequence is shorter than k.
    """
    windows = codes.shape[-1] - k + 1
    if windows <= 0:
        return np.zeros((*codes.shape[:-1], 0), np.int64)
    index = np.zeros((*codes.shape[:-1], windows), np.int64)
    known = np.ones(index.shape, bool)
    for step in range(k):
        part = codes[..., step : step + windows]
        index = index * 4 + part
        known &= part < UNKNOWN
    return np.where(known, index, -1)


def kmer_counts(codes: Codes, offsets: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Counts every k-mer over a whole set; words never span two sequences.

    Returns:
        int64 (4**k,), in lexicographic order of the words.
    """
    return np.bincount(kmers_within(codes, offsets, k), minlength=4**k)


def kmers_within(codes: Codes, offsets: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """The number of every k-mer of a whole set, in order, without those that span two sequences or hold an unknown base: int64 (m,)."""
    index = kmer_indices(codes, k)
    ends = np.repeat(offsets[1:], np.diff(offsets))[: len(index)]
    return index[(index >= 0) & (np.arange(k, len(index) + k) <= ends)]


def kmer_profiles(codes: Codes, offsets: NDArray[np.int64], k: int) -> NDArray[np.float32]:
    """The share of each k-mer in each sequence: the counts of `kmer_tables` as float32, rows sum to 1, or to 0 without a known word."""
    counts = kmer_tables(codes, offsets, k).astype(np.float32)
    return counts / np.maximum(counts.sum(1, keepdims=True), 1)


def kmer_tables(codes: Codes, offsets: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Counts each k-mer in each sequence; words never span two sequences, nor hold an unknown base.

    Args:
        codes: uint8 (total,), flat.
        offsets: int64 (n + 1,).
        k: word length, at least 1. The memory is n * 4**k numbers.

    Returns:
        int64 (n, 4**k), words in lexicographic order.
    """
    words = 4**k
    counts = np.zeros((len(offsets) - 1, words), np.int64)
    for start in range(0, int(offsets[-1]) - k + 1, _PIECE):
        index = kmer_indices(codes[start : start + _PIECE + k - 1], k)
        stop = start + len(index) + k - 1
        first, last = int(np.searchsorted(offsets, start, side="right")) - 1, int(np.searchsorted(offsets, stop))
        ends = np.clip(offsets[first : last + 1] - start, 0, stop - start)
        owner = np.repeat(np.arange(last - first), np.diff(ends))
        whole = (index >= 0) & (owner[: len(index)] == owner[k - 1 :])
        found = np.bincount((owner[: len(index)] * words + index)[whole], minlength=(last - first) * words)
        counts[first:last] += found.reshape(-1, words)
    return counts


def complements(k: int) -> NDArray[np.int64]:
    """The number of each k-mer's reverse complement: int64 (4**k,), lexicographic."""
    words = np.arange(4**k)
    other = np.zeros_like(words)
    for _ in range(k):
        other = other * 4 + 3 - words % 4
        words = words // 4
    return other


class BothStrands(NamedTuple):
    """The different k-mers of one length, where a word and its reverse complement are one, named by the first in the alphabet.

    Attributes:
        names: 136 words for 4 bases, 2,080 for 6, in alphabetical order.
        place: int64 (4**k,), the place in `names` of the word with each number of `kmer_indices`.
    """

    names: tuple[str, ...]
    place: NDArray[np.int64]


@cache
def both_strands(k: int) -> BothStrands:
    """The different words of `k` bases."""
    kept, place = np.unique(np.minimum(np.arange(4**k), complements(k)), return_inverse=True)
    letters = (kept[:, None] // 4 ** np.arange(k)[::-1] % 4).astype(np.uint8)
    place.flags.writeable = False
    return BothStrands(tuple(decode(word) for word in letters), place)


class Words(NamedTuple):
    """Every k-mer of a stretch by its number, the smaller of the two strands' numbers.

    Attributes:
        numbers: uint64 (length - k + 1,).
        known: bool (length - k + 1,), false where a word holds an unknown base.
    """

    numbers: NDArray[np.uint64]
    known: NDArray[np.bool_]


def canonical_kmers(codes: Codes, k: int) -> Words:
    """The k-mers that start at each position, as one number for both strands; k from 1 to 31.

    Args:
        codes: uint8 (length,).
        k: word length.
    """
    forward, backward, known = _strands(codes, k)
    return Words(np.minimum(forward, backward), known)


def long_words(codes: Codes, k: int) -> Words:
    """The same for k from 1 to 62, where a longer word than 31 bases is a 64-bit digest of its two ends, which overlap.

    Runs of one base are left out (not `known`): they are everywhere, and say nothing of where a sequence comes from.
    """
    if k <= _LONGEST:
        words = canonical_kmers(codes, k)
        same = 4**k // 3  # the number of a word of C only; that of A is 0, and G and T are their other strands
        return words._replace(known=words.known & (words.numbers != 0) & (words.numbers != same))
    forward, backward, known = _strands(codes, _LONGEST)
    apart = k - _LONGEST
    ahead = forward[:-apart] * _FIRST ^ (forward[apart:] + _LAST) * _LAST
    behind = backward[apart:] * _FIRST ^ (backward[:-apart] + _LAST) * _LAST
    return Words(np.minimum(ahead, behind), known[:-apart] & known[apart:] & (forward[:-apart] != forward[apart:]))


def _strands(codes: Codes, k: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.bool_]]:
    """Words as numbers on their own strand and on the other, and whether all of their bases are known.

    Words of twice the length are put together from two halves, which takes log2(k) passes rather than k.
    """
    if len(codes) < k:
        return np.zeros(0, np.uint64), np.zeros(0, np.uint64), np.zeros(0, bool)
    unknown = np.concatenate([[0], np.cumsum(codes >= UNKNOWN, dtype=np.int64)])
    base = (codes & 3).astype(np.uint64)
    return _numbers(base, k), _numbers(3 - base, k, reverse=True), unknown[k:] == unknown[:-k]


def _numbers(base: NDArray[np.uint64], k: int, *, reverse: bool = False) -> NDArray[np.uint64]:
    """Words of k bases as numbers, the first base most significant (or least, for the other strand): (length - k + 1,)."""
    if k == 1:
        return base
    half = k // 2
    part = _numbers(base, half, reverse=reverse)
    windows = len(base) - k + 1
    near, far = part[:windows], part[half : half + windows]
    joined = far << np.uint64(2 * half) | near if reverse else near << np.uint64(2 * half) | far
    if k % 2:
        last = base[k - 1 : k - 1 + windows]
        joined = last << np.uint64(2 * k - 2) | joined if reverse else joined << np.uint64(2) | last
    return joined
