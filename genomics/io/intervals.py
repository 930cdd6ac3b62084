"""Intervals of a reference, BED or GFF: each becomes a record, read in the direction of its strand."""

import difflib
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from genomics.errors import InputError, SettingError
from genomics.io import bed, gff
from genomics.io.bed import Interval
from genomics.io.columns import shared
from genomics.io.contigs import Contig
from genomics.io.report import Collector, Records, shorten
from genomics.io.stretches import SIGNS, Flaw, Stretch, cut, report_letters

_WITH_BLOCKS = 12  # columns of BED
RENAMES = {"": "", "strip chr": 'the "chr" before names is left out', "add chr": '"chr" is put before names'}
_MOST_CLASSES = 50


def read(
    content: bytes, name: str, contigs: Sequence[Contig], collector: Collector, *, label: str = "", spliced: bool = False, rename: str = ""
) -> Records:
    """Cuts intervals out of a reference.

    BED counts from 0 without the end, GFF from 1 with it; the columns tell which it is. A line that cannot be used
    becomes a problem and an empty record, which `io.clean` leaves out and counts.

    Args:
        content: BED (3 to 12 columns) or GFF; lines that begin with #, track or browser are skipped.
        name: what to call it in messages.
        contigs: the reference.
        collector: takes up problems and notes.
        label: the number of the column with the label, counted from 1 ("4" is the name of BED); for GFF also the name of
            an attribute; "-" for none. Empty: the names of BED where they are a few classes.
        spliced: whether the blocks of BED12 are joined; else each interval is taken whole.
        rename: how contig names differ from the reference's: "strip chr" for chr1 where it has 1, "add chr" for the reverse.

    Returns:
        One record a line: id its name or "contig:start-end(strand)" as BED counts, group its contig, lower where the
        reference has case.

    Raises:
        InputError: no intervals, no reference, or two contigs of one name.
        SettingError: `label` or `rename` is none of what is allowed.
    """
    if rename not in RENAMES:
        raise SettingError(
            f'"{shorten(rename)}" is no way to rename contigs. Ways: {", ".join(way for way in RENAMES if way)}, or nothing.'
        )
    number = gff.by_name(contigs, name)
    rows = _data_lines(content)
    first = next(rows, None)
    if first is None:
        raise InputError(f"{name} holds no intervals. Give lines of BED or GFF.")
    form = _form(name, first[1], label, spliced, collector)
    found = _collect(itertools.chain([first], rows), form, contigs, number, rename, collector)
    if found.unstranded:
        collector.notes.append(f"{name}: {found.unstranded:,} intervals have no strand; they are read as +.")
    if not form.is_gff and not spliced and len(first[1].split("\t")) >= _WITH_BLOCKS:
        collector.notes.append(f"{name}: intervals are cut whole; their blocks (exons) can be joined instead (spliced).")
    if rename:
        collector.notes.append(f"{name}: {RENAMES[rename]}, to match the reference.")

    classes = _classes(found) if not label and not form.is_gff else []
    if classes:
        listed = ", ".join(shorten(text) for text in classes[:3]) + (f" and {len(classes) - 3:,} more" if len(classes) > 3 else "")
        collector.notes.append(f"{name}: column 4 is taken as the label ({listed}).")
    names = [contig.name for contig in contigs]
    ids, groups = [f"line_{line}" for line in found.lines], [""] * len(found.lines)
    for place, strand in zip(found.places, found.strands, strict=True):
        sign = f"({SIGNS[strand]})" if strand else ""
        where = f"{names[place.contig]}:{place.start}-{place.end}{sign}"
        ids[place.record] = where if classes else found.names[place.record] or where
        groups[place.record] = names[place.contig]

    made = cut(contigs, _spliced(found), len(ids))
    report_letters(made, ids, found.lines, collector)
    labels = found.names if classes else found.labels if form.labelled else None
    return Records(
        files=[name],
        ids=ids,
        codes=made.codes,
        offsets=made.offsets,
        labels=None if labels is None else shared(labels),
        splits=None,
        groups=groups,
        lower=made.lower,
        label_names=() if labels is None else (label or "4",),
        file_of=np.zeros(len(ids), np.int32),
        lines=np.array(found.lines, np.int64),
    )


class _Form(NamedTuple):
    """How lines are to be read."""

    is_gff: bool
    labelled: bool
    column: int  # of the label, counted from 1; 0 where it is an attribute of GFF, or none
    attribute: str
    spliced: bool


class _Found(NamedTuple):
    """Lines as columns. The last three hold intervals only, the others every line, with "" where it has a flaw."""

    lines: list[int]
    names: list[str]
    labels: list[str]
    places: list[Stretch]  # of the whole interval
    strands: list[int]  # 1, -1, or 0 where there is none
    blocks: dict[int, tuple[tuple[int, int], ...]]  # by record

    @property
    def unstranded(self) -> int:
        return self.strands.count(0)


def _collect(
    rows: Iterable[tuple[int, str]], form: _Form, contigs: Sequence[Contig], number: dict[str, int], rename: str, collector: Collector
) -> _Found:
    found = _Found([], [], [], [], [], {})
    parse = _gff_interval if form.is_gff else _bed_interval
    lengths = [len(contig.codes) for contig in contigs]
    for record, (line, row) in enumerate(rows):
        item = parse(row, form)
        if isinstance(item, Interval):
            contig = item.contig if not rename else item.contig.removeprefix("chr") if rename == "strip chr" else f"chr{item.contig}"
            at = number.get(contig)
            item = _unknown(contig, number) if at is None else _beyond(item, lengths[at]) if item.end > lengths[at] else item
        found.lines.append(line)
        if isinstance(item, Flaw):
            collector.add("interval", record + 1, f"line_{line}", line, item.reason, item.remedy)
            found.names.append("")
            found.labels.append("")
            continue
        found.names.append("_".join(item.name.split()))
        found.labels.append(item.label)
        found.places.append(Stretch(record, number[contig], item.start, item.end, item.strand or 1))
        found.strands.append(item.strand)
        if item.blocks:
            found.blocks[record] = item.blocks
        if form.labelled and not item.label:
            collector.add("no_label", record + 1, item.name, line, "the label is missing.", "Fill it in or remove the row.")
    return found


def _spliced(found: _Found) -> list[Stretch]:
    """The stretches to cut: blocks in the interval's own direction where there are some."""
    if not found.blocks:
        return found.places
    return [
        place._replace(start=start, end=end)
        for place in found.places
        for start, end in found.blocks.get(place.record, ((place.start, place.end),))[:: place.strand]
    ]


def _data_lines(content: bytes) -> Iterator[tuple[int, str]]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    for line, row in enumerate(text.split("\n"), start=1):
        if row.startswith(("##FASTA", ">")):  # the sequences of GFF3
            return
        if row and not row.isspace() and not row.startswith(bed.COMMENTS):
            yield line, row


def _form(name: str, row: str, label: str, spliced: bool, collector: Collector) -> _Form:
    """What the first line's columns tell, and what the label means then."""
    is_gff = gff.is_gff(row.split("\t"))
    ending = name.lower().removesuffix(".gz").rpartition(".")[2]
    wrong = ending == "bed" if is_gff else ending in ("gff", "gff3", "gtf")
    form = "GFF, whose places count from 1" if is_gff else "BED, whose places count from 0"
    collector.notes.append(f"{name} is read as {form}{'; its columns say so, its name says otherwise' if wrong else ''}.")
    if label in ("", "-"):
        return _Form(is_gff, False, 0, "", spliced)
    if label.isdecimal() and label.isascii() and 1 <= int(label[:3]) <= (8 if is_gff else 12):
        return _Form(is_gff, True, int(label), "", spliced)
    if is_gff and not label.isdecimal():
        return _Form(is_gff, True, 0, label, spliced)
    allowed = 'a column from 1 to 8 or the name of an attribute, such as "gene_biotype"' if is_gff else "a column from 1 to 12"
    raise SettingError(f'{name}: the label "{shorten(label)}" is not allowed. Give {allowed}, or "-" for none.')


def _bed_interval(row: str, form: _Form) -> Interval | Flaw:
    item = bed.parse_line(row, form.column, blocks=form.spliced)
    if isinstance(item, Flaw) and gff.is_gff(row.split("\t")):
        return Flaw("this line has the columns of GFF, the first line has those of BED.", "Give them as two files.")
    return item


def _gff_interval(row: str, form: _Form) -> Interval | Flaw:
    item = gff.parse_row(row)
    fields = row.split("\t")
    if isinstance(item, Flaw):
        is_bed = len(fields) > 2 and fields[1].isdecimal() and fields[2].isdecimal()
        return Flaw("this line has the columns of BED, the first line has those of GFF.", "Give them as two files.") if is_bed else item
    text = fields[form.column - 1] if form.column else item.attributes.get(form.attribute, "")
    return Interval(item.contig, item.start, item.end, item.strand, item.name(), text.strip())


def _beyond(item: Interval, length: int) -> Flaw:
    reason = f"the end {item.end:,} lies beyond {shorten(item.contig)}, which has {length:,} bp."
    return Flaw(reason, "Use the reference that it was made for.")


def _unknown(contig: str, number: dict[str, int]) -> Flaw:
    """What to say of a contig that is not there: its near miss, and the first that there are."""
    names = list(number)
    reason = f'the reference has no contig "{shorten(contig)}"; it has {", ".join(shorten(name) for name in names[:3])}'
    reason += f" and {len(names) - 3:,} more." if len(names) > 3 else "."
    if contig.startswith("chr") and contig.removeprefix("chr") in number:
        return Flaw(reason, 'Choose rename "strip chr" if they are the same.')
    if f"chr{contig}" in number:
        return Flaw(reason, 'Choose rename "add chr" if they are the same.')
    near = difflib.get_close_matches(contig, names[:200], 1, 0.8)
    return Flaw(reason, f'Is "{shorten(near[0])}" meant? Rename it.' if near else "Use the reference that it was made for.")


def _classes(found: _Found) -> list[str]:
    """The names where they are a few classes rather than names; else none."""
    count = Counter(found.names[place.record] for place in found.places)
    few = count.total() > 2 and 1 < len(count) <= max(2, min(_MOST_CLASSES, count.total() // 2))
    return sorted(count) if few and all(count) else []
