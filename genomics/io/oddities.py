"""What is odd about the letters of a file: notes for what is read in another sense, problems for what is no base."""

from collections.abc import Callable, Sequence

import numpy as np

from genomics.errors import InputError
from genomics.io.letters import BLANKS, ODD, Letters, Places
from genomics.io.report import SHOWN, Collector
from genomics.sequences import READING, UNKNOWN

Locate = Callable[[int, int], tuple[int, int]]  # record and code -> the first such letter of the record (-1: unknown) and its line

PROBLEMS = {"gap": "gap", "stop": "stop", "other": "not_a_base"}
_IS_NOT = {"gap": "is not a base but a gap", "stop": "is not a base but a stop", "other": "is not a base"}
_PROTEIN_ONLY = list(b"EFILPQZefilpqz")


def report(letters: Letters, ids: Sequence[str], locate: Locate, collector: Collector) -> None:
    """Notes lower case, U and unknown bases; adds a problem for each record with letters that are no base.

    Raises:
        InputError: the letters are those of protein.
    """
    _note(letters, collector)
    if not letters.odd.any():
        return
    total = max(int(letters.counts.sum()), 1)
    if letters.counts[_PROTEIN_ONLY].sum() / total > 0.1:
        raise InputError(
            f"{collector.file} looks like protein: it holds letters such as E, F, I, L, P, Q, which are no bases. Give DNA sequences."
        )
    rows = len(ODD) - 1 - (letters.odd[::-1] > 0).argmax(0)  # one problem a record: the worst kind, which is the last of `ODD`
    kinds = list(ODD)
    for owner in np.flatnonzero(letters.odd.any(0)).tolist():
        kind = kinds[rows[owner]]
        more = int(letters.odd[:, owner].sum()) - 1
        byte, line = locate(owner, ODD[kind]) if collector.counts.get(PROBLEMS[kind], 0) < SHOWN else (-1, 0)
        reason = f"{_shown(byte)} {_IS_NOT[kind]}{f' ({more:,} more in this record)' if more else ''}."
        collector.add(PROBLEMS[kind], owner + 1, ids[owner], line, reason, _remedy(kind))


def report_empty(letters: Letters, ids: Sequence[str], lines: Places, collector: Collector) -> None:
    """Adds a problem for each record without a sequence."""
    for at in np.flatnonzero(np.diff(letters.offsets) == 0).tolist():
        collector.add("empty", at + 1, ids[at], int(lines[at]), "the header has no sequence.", "Add one or remove the header.")


def in_stretches(raw: bytes, starts: Places, ends: Places, lines: Places) -> Locate:
    """Finds odd letters in a file whose stretches begin on known lines (int64 (n,), counted from 1)."""

    def locate(record: int, code: int) -> tuple[int, int]:
        start, end = int(starts[record]), int(ends[record])
        for at in range(start, end, 1 << 20):
            piece = np.frombuffer(raw, np.uint8)[at : min(at + (1 << 20), end)]
            found = np.flatnonzero((READING[piece] == code) & ~np.isin(piece, list(BLANKS)))
            if len(found):
                place = at + int(found[0])
                return raw[place], int(lines[record]) + raw.count(b"\n", start, place)
        return -1, int(lines[record])

    return locate


def in_texts(texts: Sequence[str], lines: Sequence[int]) -> Locate:
    """Finds odd letters in texts, each on one line."""

    def locate(record: int, code: int) -> tuple[int, int]:
        raw = texts[record].encode("latin-1", "replace")
        found = [byte for byte in raw if READING[byte] == code and byte not in BLANKS]
        return (found or [-1])[0], lines[record]

    return locate


def _note(letters: Letters, collector: Collector) -> None:
    total = max(int(letters.counts.sum()), 1)
    lower = int(letters.lower.sum(dtype=np.int64))
    uracil = int(letters.counts[list(b"Uu")].sum())
    unknown = int(letters.counts[READING == UNKNOWN].sum())
    if lower:
        collector.notes.append(f"{collector.file}: {lower:,} letters ({lower / total:.1%}) are lower case; case is ignored.")
    if uracil:
        collector.notes.append(f"{collector.file}: {uracil:,} U are read as T.")
    if unknown:
        collector.notes.append(
            f"{collector.file}: {unknown:,} bases ({unknown / total:.2%}) are unknown (N or another IUPAC letter); they encode as zeros."
        )


def _shown(byte: int) -> str:
    if byte < 0:
        return "a letter"
    return f"'{chr(byte)}'" if chr(byte).isprintable() else f"character {byte}"


def _remedy(kind: str) -> str:
    return 'Remove it, or choose "treat as N".' if kind == "other" else f'Remove it ({kind}=remove does), or choose "treat as N".'
