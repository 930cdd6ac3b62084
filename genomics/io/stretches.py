"""Stretches of contigs, read in the direction of their strand; on a circular contig they go on past its end."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from genomics.io import oddities
from genomics.io.contigs import Contig
from genomics.io.letters import ODD, Letters
from genomics.io.report import Collector
from genomics.sequences import UNKNOWN, Codes

_Kind = TypeVar("_Kind", bound=np.generic)

_MOST_DIGITS = 18
SIGNS = {1: "+", -1: "-"}
_COMPLEMENT = np.arange(256, dtype=np.uint8)  # what is no base stays as it is, to be reported
_COMPLEMENT[:4] = (3, 2, 1, 0)


class Stretch(NamedTuple):
    """A piece of a record: places count from 0 on the forward strand, the end is not part of it."""

    record: int
    contig: int
    start: int  # may be negative, and `end` beyond the contig, where the contig is circular
    end: int
    strand: int  # 1 or -1


class Flaw(NamedTuple):
    """Why a place, or the line that names it, cannot be used."""

    reason: str
    remedy: str


class Cut(NamedTuple):
    """Records cut out: uint8 (total,), int64 (n + 1,), and int32 (n,) letters in lower case, or None where none is known."""

    codes: Codes
    offsets: NDArray[np.int64]
    lower: NDArray[np.int32] | None


def place(text: str) -> int | None:
    """A whole number as a file writes it; None where it is none, or one that no genome is long enough for."""
    digits = text[1:] if text.startswith("-") else text
    return int(text) if digits.isdecimal() and digits.isascii() and len(digits) <= _MOST_DIGITS else None


def span(position: int, strand: int, before: int, after: int) -> tuple[int, int]:
    """Where a window lies on the forward strand.

    Args:
        position: the base the window is laid around, counted from 0 on the forward strand.
        strand: 1 or -1, the direction in which "before" and "after" are meant.
        before: bases ahead of `position`, without it.
        after: bases from `position` on, with it.

    Returns:
        Its start and its end, counted from 0; the end is not part of it. Either may lie outside the contig.
    """
    return (position - before, position + after) if strand == 1 else (position - after + 1, position + before + 1)


def fits(contig: Contig, start: int, end: int) -> bool:
    """Whether a stretch lies on a contig; round a circular one it may go once at most."""
    length = len(contig.codes)
    return (start >= 0 and end <= length) or (contig.circular and end - start <= length)


def cut(contigs: Sequence[Contig], stretches: Sequence[Stretch], records: int) -> Cut:
    """Cuts records out of contigs; one of several stretches is put together of them, in the order given.

    Args:
        contigs: what to cut from.
        stretches: in ascending order of `record`; each fits its contig, see `fits`.
        records: how many records there are; one without a stretch is empty.

    Example:
        >>> from genomics.sequences import decode, encode
        >>> decode(cut([Contig("a", encode("AACCGGTT"))], [Stretch(0, 0, 1, 4, -1)], 1).codes)
        'GGT'
    """
    lengths, lower = [0] * records, [0] * records
    codes = np.empty(sum(stretch.end - stretch.start for stretch in stretches), np.uint8)
    masks = [contig.lower if contig.lower is not None and contig.lower.any() else None for contig in contigs]
    sources = [(contig.codes, mask, len(contig.codes)) for contig, mask in zip(contigs, masks, strict=True)]
    at = 0
    for record, number, start, end, strand in stretches:  # a million of them: a slice each is faster than indices of every base
        source, mask, length = sources[number]
        inside = start >= 0 and end <= length
        piece = source[start:end] if inside else _round(source, start, end)
        codes[at : at + end - start] = piece if strand == 1 else _COMPLEMENT[piece[::-1]]
        lengths[record] += end - start
        if mask is not None:
            lower[record] += int(np.count_nonzero(mask[start:end] if inside else _round(mask, start, end)))
        at += end - start
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)
    known = any(contig.lower is not None for contig in contigs)
    return Cut(codes, offsets, np.array(lower, np.int32) if known else None)


def report_letters(made: Cut, ids: Sequence[str], lines: Sequence[int], collector: Collector) -> None:
    """Notes lower case and unknown bases; reports every record that holds what is no base."""
    records = len(made.offsets) - 1
    bad = np.flatnonzero(made.codes > UNKNOWN)
    owners = np.searchsorted(made.offsets, bad, side="right") - 1
    odd = np.array([np.bincount(owners[made.codes[bad] == code], minlength=records) for code in ODD.values()], np.int64)
    counts = np.zeros(256, np.int64)
    counts[list(b"ACGTN")] = [np.count_nonzero(made.codes == code) for code in range(5)]
    lower = np.zeros(records, np.int32) if made.lower is None else made.lower
    oddities.report(Letters(made.codes, made.offsets, lower, odd, counts), ids, lambda record, _: (-1, lines[record]), collector)


def _round(array: NDArray[_Kind], start: int, end: int) -> NDArray[_Kind]:
    """A stretch that goes on past an end, round the circle."""
    return array.take(np.arange(start, end), mode="wrap")
