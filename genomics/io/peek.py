r"""What a file seems to be, from its beginning: enough to ask fitting questions before anything is read.

>>> seen = peek(b">a label=x\nACGT\n>b label=y\nGGCC\n", "two.fa", whole=True)
>>> seen.title, header_labels(seen.headers)
('FASTA', ['x', 'y'])
"""

import csv
import io
import itertools
import re
from collections.abc import Sequence
from typing import BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from genomics.errors import InputError
from genomics.io import annotation, columns, headers, recognition, source
from genomics.io.opening import OFFICE, feature_kinds, unpacked_head
from genomics.io.report import Collector
from genomics.io.wording import shorten

HEAD = 1 << 18
_SMALL = 1 << 22  # an Excel file up to this size is looked into as a whole; it cannot be read from its beginning
_ROWS = 200
_HEADERS = 500
TABLES = ("table", "parquet", "excel")
ANNOTATED = ("genbank", "embl", "gff")
_TITLES = {
    "fasta": "FASTA",
    "fastq": "FASTQ",
    "genbank": "GenBank",
    "embl": "EMBL",
    "twobit": "2bit",
    "bed": "BED, places on a genome",
    "gff": "GFF, places on a genome",
    "table": "a table",
    "parquet": "a Parquet table",
    "excel": "an Excel table",
    "lines": "bare sequences, one a line",
}


class Peek(NamedTuple):
    """What a file seems to be. Guesses: reading looks at all of it and may find otherwise.

    Attributes:
        name: of the file, fit to be shown.
        format: a key of "fasta", "fastq", "genbank", "embl", "twobit", "bed", "gff", "table", "parquet", "excel", "lines";
            empty where it cannot be read.
        title: the format in words.
        trouble: why it cannot be read; empty where it can.
        columns: of a table; empty where they cannot be told from the beginning.
        sequence: the column that would be taken for the sequence; empty where none is known.
        labels: likewise for labels.
        split: likewise for the split.
        group: likewise for groups.
        rows: the first rows of a table.
        headers: of the first FASTA or FASTQ records, without their mark.
        features: of an annotation, how many lines of each kind, the most frequent first.
        needs_reference: whether it holds places only, and the genome is needed too.
    """

    name: str
    format: str = ""
    title: str = ""
    trouble: str = ""
    columns: tuple[str, ...] = ()
    sequence: str = ""
    labels: tuple[str, ...] = ()
    split: str = ""
    group: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    headers: tuple[str, ...] = ()
    features: dict[str, int] = {}  # noqa: RUF012 - never written to
    needs_reference: bool = False

    def column(self, name: str) -> list[str]:
        """The first values of a column."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]


def look(file: BinaryIO, name: str) -> Peek:
    """Looks into an open file that can be searched: its beginning; the features of an annotation, line by line; a table's footer."""
    file.seek(0)
    head = file.read(HEAD + 1)
    whole = len(head) <= HEAD
    seen = peek(head[:HEAD], name, whole=whole)
    if seen.format == "parquet":
        return _with_rows(seen, _parquet_rows(file))
    if seen.format == "excel" and not whole:
        file.seek(0)
        content = file.read(_SMALL + 1)
        return seen if len(content) > _SMALL else peek(content, name, whole=True)
    if seen.format in ANNOTATED:
        file.seek(0)
        kinds, has_sequences = feature_kinds(file, seen.format)
        return seen._replace(features=kinds, needs_reference=seen.format == "gff" and not has_sequences)
    return seen


def peek(head: bytes, name: str, *, whole: bool = False) -> Peek:
    """Looks at the beginning of a file.

    Args:
        head: its first bytes, packed or not.
        name: what to call it.
        whole: whether that is all of it.

    Returns:
        What it seems to be; nothing is raised, `trouble` says what stands in the way.
    """
    name = shorten(name)
    try:
        content, packing = unpacked_head(head, name)
        form = "excel" if packing == OFFICE else recognition.of_bytes(content, name)
        if form:
            seen = Peek(name, form, _TITLES[form])
            return _with_rows(seen, _excel_rows(content)) if form == "excel" and whole else seen
        text = source.plain_text(content, name)
        form = recognition.of_text(text, name)
        if form == "genbank":
            form = annotation.flat_form(text) or form
        elif form == "table" and not any(mark in text for mark in (b",", b"\t", b";")):
            form = "lines"
    except InputError as error:
        return Peek(name, trouble=str(error))
    seen = Peek(name, form, _TITLES[form] + (f", packed as {packing}" if packing else ""), needs_reference=form == "bed")
    whole = whole and not packing
    if form == "table":
        return _with_rows(seen, _text_rows(text, whole))
    if form in ("fasta", "fastq"):
        return seen._replace(headers=tuple(_headers(text, form, whole)))
    return seen


def header_labels(titles: Sequence[str], rule: str = "") -> list[str]:
    """The class that a rule finds in each header; empty where it finds none.

    Args:
        titles: headers without their mark.
        rule: as for `headers.labels`; empty for the one that reading would take.

    Raises:
        InputError: the rule is no usable pattern.
    """
    if rule == "-" or not titles:
        return [""] * len(titles)
    if not rule:
        return headers.labels(list(titles), "", Collector("")) or [""] * len(titles)
    pattern = headers.LABEL_RULES.get(rule)
    if pattern is None:
        try:
            pattern = re.compile(rule)
        except (re.error, OverflowError, RecursionError) as error:
            raise InputError(f'"{shorten(rule)}" is not a regular expression: {shorten(str(error))}.') from None
        if pattern.groups != 1:
            raise InputError(f'"{shorten(rule)}" needs exactly one group in parentheses round the label.')
    return [(match[1] or "") if (match := pattern.search(title)) else "" for title in titles]


def _headers(text: bytes, form: str, whole: bool) -> list[str]:
    if form == "fasta":
        found = re.findall(rb"^>([^\n]*)(?=\n)", text, re.MULTILINE)
    else:
        lines = text.split(b"\n")[::4][: None if whole else -1]
        found = [line[1:] for line in lines if line.startswith(b"@")]
    return headers.decode(found[:_HEADERS])


def _text_rows(text: bytes, whole: bool) -> list[list[str]]:
    """The first rows, the last one left out where it may be cut short."""
    cut = text if whole or b"\n" not in text else text[: text.rindex(b"\n")]
    head = cut.lstrip(b"\n").split(b"\n", 1)[0]
    delimiter = max("\t,;", key=lambda mark: head.count(mark.encode()))
    lines = cut.decode("utf-8", "replace").split("\n")
    try:
        return [row for row in itertools.islice(csv.reader(lines, delimiter=delimiter), _ROWS + 1) if row]
    except csv.Error:
        return []


def _parquet_rows(file: BinaryIO) -> list[list[str]]:
    try:
        parquet = pq.ParquetFile(file)
        batch = next(parquet.iter_batches(_ROWS), None)
    except (pa.ArrowException, OSError):
        return []
    names = [str(name) for name in parquet.schema_arrow.names]
    cells = [] if batch is None else [[_text(value.as_py()) for value in batch.column(at)] for at in range(len(names))]
    return [names, *map(list, zip(*cells, strict=True))]


def _excel_rows(content: bytes) -> list[list[str]]:
    """Of the first sheet that has any."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            rows = [[_text(value) for value in row] for row in book.get_sheet_by_name(name).to_python(nrows=_ROWS + 1)]
            if any(map(any, rows)):
                return [row for row in rows if any(row)]
    except (CalamineError, OSError, ValueError):
        pass
    return []


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _with_rows(seen: Peek, rows: list[list[str]]) -> Peek:
    """Takes the columns and their roles from the first rows."""
    if not rows:
        return seen
    header, body = [name.strip() for name in rows[0]], rows[1:]
    if any(map(columns.looks_like_dna, header)):
        header, body = [f"column {number}" for number in range(1, len(header) + 1)], rows
    body = [row for row in body if len(row) == len(header)]
    seen = seen._replace(columns=tuple(header), rows=tuple(map(tuple, body)))
    try:
        roles = columns.choose(header, body, columns.Asked(), Collector(seen.name))
    except InputError:
        return seen
    named = ["" if at is None else header[at] for at in (roles.split, roles.group)]
    return seen._replace(sequence=header[roles.sequence], labels=tuple(header[at] for at in roles.labels), split=named[0], group=named[1])
