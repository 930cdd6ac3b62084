"""DNA as `uint8` codes: A 0, C 1, G 2, T 3, and 4 for every unknown base (N and the other IUPAC letters).

Many sequences live in one flat array of codes with `offsets`: sequence `i` is `codes[offsets[i]:offsets[i + 1]]`.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8]

BASES = "ACGT"
UNKNOWN = 4
AMBIGUOUS = "NRYSWKMBDHVX"
_BLOCK = 1 << 22
_PIECE = 500_000  # bases whose words are numbered at a time

# What a file may hold instead of a base, for `genomics.io` to report and `io.clean` to deal with; no dataset has any.
GAP = 250  # - or . of an alignment
STOP = 251  # * where a sequence ends
INVALID = 255
_TABLE = np.full(256, INVALID, np.uint8)
for _letters, _code in (("Aa", 0), ("Cc", 1), ("Gg", 2), ("TtUu", 3), (AMBIGUOUS + AMBIGUOUS.lower(), UNKNOWN)):
    for _letter in _letters:
        _TABLE[ord(_letter)] = _code
READING = _TABLE.copy()  # the same, with gaps and stops told apart from what is no letter of a sequence at all
READING[[ord("-"), ord("."), ord("*")]] = GAP, GAP, STOP
READING.flags.writeable = False
_PIECE = 2_000_000  # bases looked at at once
_LETTERS = np.frombuffer(b"ACGTN", np.uint8)
_COMPLEMENT = np.array([3, 2, 1, 0, 4], np.uint8)


def encode(text: str | bytes) -> Codes:
    """Turns letters into codes.

    Args:
        text: bases in either case; U counts as T, IUPAC letters as unknown.

    Returns:
        uint8 (length,); a letter that is no base at all becomes `INVALID` (255), for the caller to report.
    """
    raw = text.encode("latin-1", "replace") if isinstance(text, str) else text
    return _TABLE[np.frombuffer(raw, np.uint8)]


def decode(codes: Codes) -> str:
    """Turns codes back into upper-case letters; unknown bases become N.

    Args:
        codes: uint8 (length,) with values 0 to 4.
    """
    return _LETTERS[codes].tobytes().decode("ascii")


def reverse_complement(codes: Codes) -> Codes:
    """The other strand, read in its own direction; (..., length) in, the same shape out."""
    return _COMPLEMENT[codes[..., ::-1]]


def reverse_complement_text(text: str) -> str:
    """The other strand of a text of bases, upper case."""
    return decode(reverse_complement(encode(text)))


def flatten(sequences: list[Codes]) -> tuple[Codes, NDArray[np.int64]]:
    """Joins sequences into one flat array and its offsets (n + 1,)."""
    offsets = np.zeros(len(sequences) + 1, np.int64)
    np.cumsum([len(s) for s in sequences], out=offsets[1:])
    return (np.concatenate(sequences) if sequences else np.zeros(0, np.uint8)), offsets


def chunks(offsets: NDArray[np.int64], bases: int) -> Iterator[tuple[int, int]]:
    """Ranges (first, last) of whole sequences of about so many bases each; a longer sequence is a range of its own."""
    first, n = 0, len(offsets) - 1
    while first < n:
        last = min(max(first + 1, int(np.searchsorted(offsets, offsets[first] + bases, side="right")) - 1), n)
        yield first, last
        first = last


def gather(codes: Codes, starts: NDArray[np.int64], offsets: NDArray[np.int64]) -> Codes:
    """Stretches of flat codes one after the other, in blocks, because their places take eight times the room of the codes.

    Args:
        codes: uint8 (total,).
        starts: int64 (n,), where each stretch begins in `codes`.
        offsets: int64 (n + 1,), where it begins in the result; so its length too.

    Returns:
        uint8 (offsets[-1],).
    """
    picked = np.empty(offsets[-1], np.uint8)
    for row, stop in chunks(offsets, _BLOCK):
        begin, end = offsets[row], offsets[stop]
        if stop - row == 1:
            picked[begin:end] = codes[starts[row] : starts[row] + end - begin]
        else:
            shifts = np.repeat(starts[row:stop] - offsets[row:stop], np.diff(offsets[row : stop + 1]))
            picked[begin:end] = codes[shifts + np.arange(begin, end)]
    return picked


class Layout(NamedTuple):
    """How sequences of unlike length become one array: a declared choice, never a silent one."""

    length: int
    anchor: str  # which part is kept where a sequence is too long, and which side is filled where too short

    def describe(self) -> str:
        """The choice as a sentence."""
        keep = {"left": "the first", "centre": "the middle", "right": "the last"}[self.anchor]
        return f"every sequence as {self.length:,} bp: longer ones keep {keep} {self.length:,}, shorter ones are filled with N"


ANCHORS = ("left", "centre", "right")


def matrix(codes: Codes, offsets: NDArray[np.int64], layout: Layout) -> Codes:
    """Lays flat sequences out as one rectangle.

    Args:
        codes: uint8 (total,), flat.
        offsets: int64 (n + 1,).
        layout: target length and anchor. "left" keeps the start and fills the end, "right" keeps the end and
            fills the start, "centre" keeps the middle and fills both sides.

    Returns:
        uint8 (n, layout.length); filled positions hold 4, which encodes as zeros.
    """
    lengths = np.diff(offsets)
    surplus = lengths - layout.length
    shift = {"left": np.zeros_like(surplus), "right": surplus, "centre": surplus // 2}[layout.anchor]
    columns = np.arange(layout.length)[None, :] + shift[:, None]
    inside = (columns >= 0) & (columns < lengths[:, None])
    if not len(codes):
        return np.full(columns.shape, UNKNOWN, np.uint8)
    flat = np.where(inside, columns + offsets[:-1, None], 0)
    return np.where(inside, codes[flat], np.uint8(UNKNOWN))


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

    Words of twice the length are put together from two halves, which takes log2(k) passes rather than k.

    Args:
        codes: uint8 (length,).
        k: word length.
    """
    windows = max(len(codes) - k + 1, 0)
    if not windows:
        return Words(np.zeros(0, np.uint64), np.zeros(0, bool))
    unknown = np.concatenate([[0], np.cumsum(codes >= UNKNOWN, dtype=np.int64)])
    base = (codes & 3).astype(np.uint64)
    forward = _numbers(base, k)
    backward = _numbers(3 - base, k, reverse=True)
    return Words(np.minimum(forward, backward), unknown[k:] == unknown[:-k])


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


def kmer_counts(codes: Codes, offsets: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Counts every k-mer over a whole set; words never span two sequences.

    Returns:
        int64 (4**k,), in lexicographic order of the words.
    """
    index = kmer_indices(codes, k)
    inside = np.ones(len(index), bool)
    for back in range(1, k):
        starts = offsets[1:-1] - back
        inside[starts[(starts >= 0) & (starts < len(index))]] = False
    return np.bincount(index[inside & (index >= 0)], minlength=4**k)


def kmer_profiles(codes: Codes, offsets: NDArray[np.int64], k: int) -> NDArray[np.float32]:
    """The share of each k-mer in each sequence; words never span two sequences, nor hold an unknown base.

    Args:
        codes: uint8 (total,), flat.
        offsets: int64 (n + 1,).
        k: word length, at least 1. The memory is n * 4**k numbers.

    Returns:
        float32 (n, 4**k), words in lexicographic order; rows sum to 1, or to 0 where a sequence holds no known word.
    """
    n, words = len(offsets) - 1, 4**k
    counts = np.zeros((n, words), np.float32)
    for start in range(0, int(offsets[-1]) - k + 1, _PIECE):
        index = kmer_indices(codes[start : start + _PIECE + k - 1], k)
        first = int(np.searchsorted(offsets, start, side="right")) - 1
        last = int(np.searchsorted(offsets, start + len(index), side="left"))
        ends = np.clip(offsets[first : last + 1] - start, 0, len(index))
        owner = np.repeat(np.arange(last - first), np.diff(ends))
        room = np.repeat(offsets[first + 1 : last + 1] - start, np.diff(ends))
        whole = (index >= 0) & (np.arange(k, len(index) + k) <= room)
        found = np.bincount(owner[whole] * words + index[whole], minlength=(last - first) * words)
        counts[first:last] += found.reshape(last - first, words)
    return counts / np.maximum(counts.sum(1, keepdims=True), 1)


def count_codes(codes: Codes, offsets: NDArray[np.int64], wanted: tuple[int, ...]) -> NDArray[np.int64]:
    """How many letters of each sequence have one of some codes: int64 (n,). In pieces, to need little memory."""
    table = np.zeros(256, np.uint8)
    table[list(wanted)] = 1
    counts = np.zeros(len(offsets) - 1, np.int64)
    filled = np.flatnonzero(np.diff(offsets))
    first = 0
    while first < len(filled):
        last = max(first + 1, int(np.searchsorted(offsets[filled], offsets[filled[first]] + _PIECE)))
        here = filled[first:last]
        low, high = int(offsets[here[0]]), int(offsets[here[-1] + 1])
        if len(here) == 1:  # perhaps a chromosome
            counts[here] = sum(int(table[codes[at : min(at + _PIECE, high)]].sum()) for at in range(low, high, _PIECE))
        else:
            counts[here] = np.add.reduceat(table[codes[low:high]], offsets[here] - low, dtype=np.int64)
        first = last
    return counts


def gc_content(codes: Codes, offsets: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of G and C among the known bases of each sequence: float64 (n,), NaN where none is known."""
    with np.errstate(invalid="ignore"):
        return count_codes(codes, offsets, (1, 2)) / count_codes(codes, offsets, (0, 1, 2, 3))


def position_frequencies(rows: Codes) -> NDArray[np.float64]:
    """Base frequencies by position: uint8 (n, length) in, float64 (length, 4) out; unknown bases do not count."""
    counts = np.stack([(rows == base).sum(0) for base in range(4)], axis=1).astype(float)
    return counts / np.maximum(counts.sum(1, keepdims=True), 1)
