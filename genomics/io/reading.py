"""`read`: one file or text in any known format, recognised by content."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from genomics import sequences
from genomics.errors import InputError
from genomics.io import annotation, columns, fasta, fastq, headers, intervals, letters, oddities, recognition, sheets, source, table, twobit
from genomics.io.contigs import Contig
from genomics.io.letters import Letters, Places
from genomics.io.reference import read_contigs
from genomics.io.report import Collector, Records, Report
from genomics.io.wording import shorten

SUFFIXES = (
    *("fa", "fasta", "fna", "ffn", "fq", "fastq", "2bit", "gb", "gbk", "gbff", "embl", "gff", "gff3", "gtf", "bed"),
    *("csv", "tsv", "txt", "parquet", "xlsx", "xls", "gz", "bgz", "zip"),
)


class _Asked(NamedTuple):
    label: str
    sequence: str
    group: str
    min_quality: float


def read(
    data: str | Path | bytes,
    name: str = "",
    *,
    label: str = "",
    sequence: str = "",
    group: str = "",
    reference: str | Path | bytes | Sequence[Contig] | None = None,
    reference_name: str = "",
    rename: str = "",
    spliced: bool = False,
    min_quality: float = 0.0,
) -> tuple[Records, Report]:
    """Reads FASTA, FASTQ, 2bit, GenBank, EMBL, CSV, TSV, Parquet, Excel, bare lines, BED and GFF; plain, gzip or zip.

    Args:
        data: a path, or the content itself.
        name: what to call it in messages.
        label: a table's label column, or several with commas ("-" for none); for FASTA and FASTQ a rule for headers: a
            key of `headers.LABEL_RULES` or a regular expression with one group; for BED see `intervals.read`. Empty:
            found by itself.
        sequence: a table's sequence column. Empty: found by itself.
        group: a table's column of what belongs together; for FASTA and FASTQ a key of `headers.GROUP_RULES` or a
            regular expression with one group; "-" for none. Empty: found by itself.
        reference: for BED and GFF, the sequences that they speak of: a path, content, or what `read_contigs` gave.
        reference_name: what to call the reference in messages.
        rename: how BED and GFF name contigs otherwise than the reference, see `intervals.read`.
        spliced: for BED of 12 columns, whether the blocks of each interval are joined; else it is cut whole.
        min_quality: for FASTQ, the least mean Phred quality of a read; others are left out and counted.

    Returns:
        The records, in file order, and a report of every problem by file, record and line.

    Raises:
        InputError: the file as a whole cannot be used; the message says what to do.
        SettingError: a setting that is not allowed.
    """
    asked = _Asked(label, sequence, group, min_quality)
    if (parquet := source.mapped(data, recognition.PARQUET)) is not None:
        collector = Collector(shorten(name or Path(str(data)).name))
        records = _rows(sheets.parse_parquet(parquet, collector, label=label, sequence=sequence, group=group), collector)
        return records, collector.report()
    name, content = source.fetch(data, name)
    collector = Collector(name)
    kind = recognition.of_bytes(content, name)
    if not kind:
        content = source.plain_text(content, name)
        kind = recognition.of_text(content, name)
    match kind:
        case "fasta":
            records = _fasta(content, collector, asked)
        case "fastq":
            records = _fastq(content, collector, asked)
        case "twobit":
            records = _contigs(twobit.read(content, name), collector)
        case "genbank":
            records = _annotated(content, collector)
        case "gff" if b"\n##FASTA" in content and reference is None:
            records = _annotated(content, collector)
        case "gff" | "bed":
            if reference is None:
                raise InputError(
                    f"{name} holds places on a genome ({kind.upper()}), not sequences. Give the genome's FASTA or 2bit file as its reference too."
                )
            known = read_contigs(reference, reference_name) if isinstance(reference, str | Path | bytes) else reference
            records = intervals.read(content, name, known, collector, label=label, spliced=spliced, rename=rename)
        case "parquet":
            records = _rows(sheets.parse_parquet(content, collector, label=label, sequence=sequence, group=group), collector)
        case "excel":
            records = _rows(sheets.parse_excel(content, collector, label=label, sequence=sequence, group=group), collector)
        case _:
            records = _table_or_lines(content, collector, asked)
    return records, collector.report()


def _fasta(content: bytes, collector: Collector, asked: _Asked) -> Records:
    found = fasta.locate(content, collector)
    return _headed(found, letters.gather(found.raw, found.starts, found.ends), collector, asked)


def _fastq(content: bytes, collector: Collector, asked: _Asked) -> Records:
    found = fastq.locate(content, collector)
    fastq.note_quality(found, collector)
    found = fastq.good_enough(found, asked.min_quality, collector)
    return _headed(found, letters.gather(found.raw, found.starts, found.ends), collector, asked)


def _headed(found: fasta.Located | fastq.Located, made: Letters, collector: Collector, asked: _Asked) -> Records:
    """Records whose headers hold the name and perhaps the class and the group."""
    ids = [headers.record_id(header, number) for number, header in enumerate(found.headers, start=1)]
    labels = headers.labels(found.headers, asked.label, collector)
    groups = headers.groups(found.headers, asked.group, collector)
    oddities.report_empty(made, ids, found.lines, collector)
    oddities.report(made, ids, oddities.in_stretches(found.raw, found.starts, found.ends, found.lines), collector)
    return _records(collector.file, ids, made, found.lines, labels, headers.splits(found.headers, collector), groups)


def _annotated(content: bytes, collector: Collector) -> Records:
    read = annotation.read(content, collector.file)
    collector.notes += read.notes
    collector.notes.append(
        f"{collector.file}: each record is taken as one sequence. Windows round its {len(read.features):,} features can be cut out instead."
    )
    return _contigs(read.contigs, collector)


def _contigs(contigs: Sequence[Contig], collector: Collector) -> Records:
    ids = [contig.name or f"record_{number}" for number, contig in enumerate(contigs, start=1)]
    lower = [0 if contig.lower is None else int(contig.lower.sum()) for contig in contigs]
    made = letters.of_codes([contig.codes for contig in contigs], lower)
    lines = np.zeros(len(ids), np.int64)
    oddities.report_empty(made, ids, lines, collector)
    oddities.report(made, ids, lambda record, code: (-1, 0), collector)
    records = _records(collector.file, ids, made, lines)
    return records if all(contig.lower is not None for contig in contigs) else replace(records, lower=None)


def _rows(rows: columns.Parsed, collector: Collector) -> Records:
    made = letters.of_texts(rows.sequences)
    oddities.report(made, rows.ids, oddities.in_texts(rows.sequences, rows.lines), collector)
    lines = np.array(rows.lines, np.int64)
    return _records(collector.file, rows.ids, made, lines, rows.labels, rows.splits, rows.groups, rows.label_names)


def _table_or_lines(content: bytes, collector: Collector, asked: _Asked) -> Records:
    """A table; or, as pasted text often is, bare sequences, one a line."""
    name = collector.file
    if asked.sequence or any(mark in content[:100_000] for mark in (b",", b"\t", b";")):
        return _rows(table.parse(content, collector, label=asked.label, sequence=asked.sequence, group=asked.group), collector)
    bare = [(number, row.strip()) for number, row in enumerate(content.split(b"\n"), start=1) if row.strip()]
    if bare[0][1].decode("latin-1").lower() in columns.SEQUENCE_NAMES:  # a table of one column
        return _rows(table.parse(content, collector, label=asked.label, group=asked.group), collector)
    if (sequences.encode(b"".join(row for _, row in bare[:100])) == sequences.INVALID).mean() >= 0.5:
        raise InputError(f"{name}: no sequence found. Give FASTA (lines that begin with >), or a CSV or TSV table with a sequence column.")
    collector.notes.append(f"{name}: each line is taken as one sequence.")
    for setting, text in (("label", asked.label), ("group", asked.group)):
        if text not in ("", "-"):
            raise InputError(f'{name} has bare lines and no {setting} "{shorten(text)}". Give a table with that column.')
    ids, lines = [f"line_{number}" for number, _ in bare], [number for number, _ in bare]
    return _rows(columns.Parsed(ids, [row.decode("latin-1") for _, row in bare], None, None, None, lines, []), collector)


def _records(
    name: str,
    ids: list[str],
    made: Letters,
    lines: Places,
    labels: list[str] | None = None,
    splits: list[str] | None = None,
    groups: list[str] | None = None,
    label_names: tuple[str, ...] = (),
) -> Records:
    return Records(
        files=[name],
        ids=ids,
        codes=made.codes,
        offsets=made.offsets,
        labels=labels,
        splits=splits,
        groups=groups,
        lower=made.lower,
        label_names=label_names,
        file_of=np.zeros(len(ids), np.int32),
        lines=lines,
    )
