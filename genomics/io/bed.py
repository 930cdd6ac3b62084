"""BED: an interval a line, three to twelve columns with tabs between, places counted from 0 without the end."""

from typing import NamedTuple

from genomics.io.report import shorten
from genomics.io.stretches import Flaw, place

STRANDS = {"+": 1, "-": -1, ".": 0, "": 0}
COMMENTS = ("#", "track ", "browser ")


class Interval(NamedTuple):
    """What a line of BED or GFF names."""

    contig: str
    start: int
    end: int
    strand: int  # 1, -1, or 0 where it has none
    name: str  # may be empty
    label: str
    blocks: tuple[tuple[int, int], ...] = ()  # on the forward strand, in ascending order


def parse_line(line: str, label: int = 0, *, blocks: bool = False) -> Interval | Flaw:
    """Reads one line.

    Args:
        line: without its end.
        label: the column that holds the label, counted from 1; 0 for none.
        blocks: whether to read the blocks of columns 10 to 12.
    """
    fields = line.split("\t")
    if len(fields) < 3:
        spaces = len(line.split()) >= 3 and len(fields) == 1
        reason = "its columns have spaces between them, not tabs." if spaces else f"{len(fields)} columns where BED has at least 3."
        return Flaw(reason, "Put one tab between columns.")
    start, end = place(fields[1]), place(fields[2])
    if start is None or end is None:
        odd = fields[1] if start is None else fields[2]
        return Flaw(f'"{shorten(odd)}" is no place: a whole number from 0 on.', "Begin header lines with #, mend the row or remove it.")
    if start < 0:
        return Flaw(f"the start {start:,} is negative.", "Places count from 0. Cut the interval off at the contig's begin or remove it.")
    if start >= end:
        return Flaw(f"the start {start:,} is not before the end {end:,}.", "Give the smaller place first; the strand is in column 6.")
    strand = STRANDS.get(fields[5]) if len(fields) > 5 else 0
    if strand is None:
        return Flaw(f'the strand "{shorten(fields[5])}" is not one of +, - and the point.', "Mend column 6.")
    if label > len(fields):
        return Flaw(f"{len(fields)} columns, but the label is in column {label}.", "Mend the row or remove it.")
    name = fields[3].strip() if len(fields) > 3 and fields[3] != "." else ""
    found = _blocks(fields, start, end) if blocks else ()
    if isinstance(found, Flaw):
        return found
    return Interval(fields[0], start, end, strand, name, fields[label - 1].strip() if label else "", found)


def _blocks(fields: list[str], start: int, end: int) -> tuple[tuple[int, int], ...] | Flaw:
    """The blocks of BED12: sizes, and starts relative to the interval's."""
    remedy = "Mend columns 10 to 12, or do not splice."
    if len(fields) < 12:
        return Flaw(f"{len(fields)} columns where blocks need 12.", remedy)
    try:
        count = int(fields[9])
        sizes, starts = ([int(text) for text in field.rstrip(",").split(",")] for field in fields[10:12])
    except ValueError:
        return Flaw("its blocks are no whole numbers.", remedy)
    if not count == len(sizes) == len(starts):
        return Flaw(f"{count:,} blocks, but {len(sizes):,} sizes and {len(starts):,} starts.", remedy)
    blocks = tuple((start + at, start + at + size) for at, size in zip(starts, sizes, strict=True))
    edges = [edge for block in blocks for edge in block]
    if edges[0] < start or edges[-1] > end or min(sizes) < 1 or edges != sorted(edges):
        return Flaw("its blocks overlap, are out of order, or leave the interval.", remedy)
    return blocks
