"""DNA as `uint8` codes: A 0, C 1, G 2, T 3, and 4 for every unknown base (N and the other IUPAC letters).

Many sequences live in one flat array of codes with `offsets`: sequence `i` is `codes[offsets[i]:offsets[i + 1]]`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8]

BASES = "ACGT"
UNKNOWN = 4
AMBIGUOUS = "NRYSWKMBDHVX"

INVALID = 255
_TABLE = np.full(256, INVALID, np.uint8)
for _letters, _code in (("Aa", 0), ("Cc", 1), ("Gg", 2), ("TtUu", 3), (AMBIGUOUS + AMBIGUOUS.lower(), UNKNOWN)):
    for _letter in _letters:
        _TABLE[ord(_letter)] = _code
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


def gc_content(codes: Codes, offsets: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of G and C among the known bases of each sequence: float64 (n,), NaN where none is known."""
    is_gc = np.concatenate([[0], np.cumsum((codes == 1) | (codes == 2))])
    known = np.concatenate([[0], np.cumsum(codes < UNKNOWN)])
    with np.errstate(invalid="ignore"):
        return (is_gc[offsets[1:]] - is_gc[offsets[:-1]]) / (known[offsets[1:]] - known[offsets[:-1]])


def position_frequencies(rows: Codes) -> NDArray[np.float64]:
    """Base frequencies by position: uint8 (n, length) in, float64 (length, 4) out; unknown bases do not count."""
    counts = np.stack([(rows == base).sum(0) for base in range(4)], axis=1).astype(float)
    return counts / np.maximum(counts.sum(1, keepdims=True), 1)
