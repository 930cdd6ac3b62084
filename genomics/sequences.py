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


def letters(codes: Codes) -> Codes:
    """The same as bytes of text: uint8 (length,), A is 65."""
    return _LETTERS[codes]


def reverse_complement(codes: Codes) -> Codes:
    """The other strand, read in its own direction; (..., length) in, the same shape out."""
    return _COMPLEMENT[codes[..., ::-1]]


def other_strand(rows: Codes, anchor: str = "left") -> Codes:
    """The reverse complement of each row of a rectangle; what was filled stays on its side.

    Args:
        rows: uint8 (n, length), as from `matrix`.
        anchor: as in `Layout`; filled (or unknown) bases stay at the end for "left", at the start for "right".
    """
    turned = reverse_complement(rows)
    known = turned != UNKNOWN
    if anchor == "centre" or known.all() or not rows.size:
        return turned
    shift = known.argmax(1) if anchor == "left" else -known[:, ::-1].argmax(1)
    return np.take_along_axis(turned, (np.arange(rows.shape[1]) + shift[:, None]) % rows.shape[1], axis=1)


def reverse_complement_text(text: str) -> str:
    """The other strand of a text of bases, upper case."""
    return decode(reverse_complement(encode(text)))


def flatten(sequences: list[Codes]) -> tuple[Codes, NDArray[np.int64]]:
    """Joins sequences into one flat array and its offsets (n + 1,)."""
    offsets = np.zeros(len(sequences) + 1, np.int64)
    np.cumsum([len(s) for s in sequences], out=offsets[1:])
    return (np.concatenate(sequences) if sequences else np.zeros(0, np.uint8)), offsets


def chunks(offsets: NDArray[np.int64], bases: int, records: int | None = None) -> Iterator[tuple[int, int]]:
    """Ranges (first, last) of whole sequences of at most so many bases and records each; a longer sequence is a range of its own."""
    first, n = 0, len(offsets) - 1
    while first < n:
        last = max(first + 1, int(np.searchsorted(offsets, offsets[first] + bases, side="right")) - 1)
        last = min(last, n, first + (records or n))
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
