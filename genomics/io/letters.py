"""From bytes of a file to codes: many stretches at once, white space left out, odd letters counted by record."""

import tempfile
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.sequences import GAP, INVALID, READING, STOP, UNKNOWN, Codes

Places = NDArray[np.int64]

ODD = {"gap": GAP, "stop": STOP, "other": INVALID}
BLANKS = b" \t\n\r\v\f"
_CHUNK = 1 << 20  # stays in the processor's cache, where further passes over it cost little
_ROWS, _BLOCK = 20_000, 16_000_000  # texts and their letters that are translated at once
_MAPPED = 1 << 28  # codes from which on they lie in a file, mapped, and take memory only where they are looked at
_BLANK = np.uint8(BLANKS[0])
_HIGHEST_BLANK = max(BLANKS)
_IS_BLANK = np.isin(np.arange(256), list(BLANKS))
_READING = READING.tobytes()
_ODD_ONLY = np.where(_IS_BLANK, np.uint8(UNKNOWN), READING)
_BASES = np.frombuffer(b"ACGT", np.uint8)


class Letters(NamedTuple):
    """The letters of n records.

    Attributes:
        codes: uint8 (total,), flat; above 4 for what is no base, see `genomics.sequences`.
        offsets: int64 (n + 1,).
        lower: int32 (n,), how many letters of each are lower case.
        odd: int64 (3, n), how many of each are a gap, a stop, or no base for another reason; in the order of `ODD`.
        counts: int64 (256,), how often each byte occurs.
    """

    codes: Codes
    offsets: Places
    lower: NDArray[np.int32]
    odd: NDArray[np.int64]
    counts: NDArray[np.int64]


def gather(raw: bytes, starts: Places, ends: Places) -> Letters:
    """Translates stretches of a file, in pieces, so that nothing but the codes grows with it.

    Args:
        raw: the file.
        starts: int64 (n,), where the stretch of each record begins, ascending.
        ends: int64 (n,), where it ends; no later than the next begins. White space in a stretch is left out.
    """
    source = np.frombuffer(raw, np.uint8)
    codes = np.empty(int((ends - starts).sum()), np.uint8)
    lengths, lower = np.zeros(len(starts), np.int64), np.zeros(len(starts), np.int64)
    odd, counts = np.zeros((len(ODD), len(starts)), np.int64), np.zeros(256, np.int64)
    written = 0
    first, last = (int(starts[0]), int(ends[-1])) if len(starts) else (0, 0)
    for at in range(first, last, _CHUNK):
        piece = source[at : min(at + _CHUNK, last)]
        here = slice(int(np.searchsorted(ends, at, "right")), int(np.searchsorted(starts, at + len(piece))))
        begins, stops = np.clip(starts[here], at, at + len(piece)) - at, np.clip(ends[here], at, at + len(piece)) - at
        low = np.flatnonzero(piece <= _HIGHEST_BLANK)
        lengths[here] += stops - begins - _between(low[_IS_BLANK[piece[low]]], begins, stops)
        # `bytes.translate` drops and translates in one pass, several times faster than a mask and a table in NumPy.
        text = np.where(inside(begins, stops, len(piece)), piece, _BLANK).tobytes()
        kept = np.frombuffer(text.translate(None, BLANKS), np.uint8)
        codes[written : written + len(kept)] = np.frombuffer(text.translate(_READING, BLANKS), np.uint8)
        written += len(kept)

        seen = _count(kept)
        counts += seen
        if seen[97:123].any():
            lower[here] += _between(np.flatnonzero((piece >= 97) & (piece <= 122)), begins, stops)
        if seen[READING > UNKNOWN].any():
            for row, code in enumerate(ODD.values()):
                odd[row, here] += _between(np.flatnonzero(_ODD_ONLY[piece] == code), begins, stops)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Letters(codes[:written], offsets, lower.astype(np.int32), odd, counts)


def of_texts(texts: Sequence[str]) -> Letters:
    """Translates texts, one a record; a letter outside Latin-1 is no base."""
    reach = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
    codes = _room(int(reach[-1]) if len(reach) else 0)
    parts, written, row = [], 0, 0
    while row < len(texts):
        block = texts[row : _until(reach, row)]
        row += len(block)
        ends = np.cumsum([len(text) for text in block], dtype=np.int64)
        part = gather("".join(block).encode("latin-1", "replace"), np.concatenate([[0], ends[:-1]]).astype(np.int64), ends)
        codes[written : written + len(part.codes)] = part.codes
        written += len(part.codes)
        parts.append(part._replace(codes=codes[:0]))
    lengths = np.concatenate([np.diff(part.offsets) for part in parts])
    return Letters(
        codes[:written],
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        np.concatenate([part.lower for part in parts]),
        np.concatenate([part.odd for part in parts], axis=1),
        np.sum([part.counts for part in parts], axis=0),
    )


def joined(parts: Sequence[Codes]) -> Codes:
    """Codes one after the other; of a single part that part itself."""
    if len(parts) == 1:
        return parts[0]
    codes = _room(sum(map(len, parts)))
    np.concatenate(parts, out=codes)
    return codes


def _until(reach: Places, row: int) -> int:
    """Where a block of texts ends that begins with `row`: it holds at least one, and not many more letters than are looked at at once."""
    room = (reach[row - 1] if row else 0) + _BLOCK
    return min(row + _ROWS, max(row + 1, int(np.searchsorted(reach, room, "right"))))


def _room(total: int) -> Codes:
    """Room for so many codes: in memory, or in a temporary file that is gone with its last use."""
    if total < _MAPPED:
        return np.empty(total, np.uint8)
    with tempfile.TemporaryFile() as file:
        return np.memmap(file, np.uint8, "w+", shape=(total,))


def of_codes(sequences: Sequence[Codes], lower: Sequence[int]) -> Letters:
    """The same value for sequences that a format gives as codes already; `counts` then holds upper-case letters only."""
    offsets = np.concatenate([[0], np.cumsum([len(codes) for codes in sequences])]).astype(np.int64)
    odd = np.array([[int((codes == code).sum()) for codes in sequences] for code in ODD.values()], np.int64)
    codes = np.concatenate(sequences)
    counts = np.zeros(256, np.int64)
    counts[list(b"ACGTN")] = [int((codes == code).sum()) for code in range(5)]
    return Letters(codes, offsets, np.array(lower, np.int32), odd, counts)


def inside(begins: Places, stops: Places, length: int) -> NDArray[np.bool_]:
    """Which of `length` places lie in one of the stretches: bool (length,); stretches ascend and do not overlap."""
    edges = np.concatenate([[0], np.stack([begins, stops], 1).reshape(-1), [length]])
    return np.repeat(np.arange(len(edges) - 1) % 2 == 1, np.diff(edges))


def _between(places: Places, begins: Places, stops: Places) -> Places:
    """How many of the ascending places each stretch holds."""
    return np.searchsorted(places, stops) - np.searchsorted(places, begins)


def _count(letters: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How often each byte occurs: int64 (256,)."""
    counts = np.zeros(256, np.int64)
    counts[_BASES] = [np.count_nonzero(letters == base) for base in _BASES]
    return counts if counts.sum() == len(letters) else np.bincount(letters, minlength=256)
