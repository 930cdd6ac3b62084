"""CSV, TSV and semicolon tables with a sequence column and, mostly, a label column and a split column."""

import csv
import io
import re
from typing import Any, NamedTuple

from genomics.errors import InputError
from genomics.io.report import Collector, shorten

SEQUENCE_NAMES = ("sequence", "seq", "dna", "dna_sequence", "nucleotides", "text")
LABEL_NAMES = ("label", "class", "target", "y", "category", "expression", "value", "score")
SPLIT_NAMES = ("split", "fold_name", "partition", "set", "subset")
ID_NAMES = ("id", "name", "identifier", "seq_id", "accession", "header")
SPLITS = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
}
_DNA = re.compile(r"^[ACGTUNacgtun]{10,}$")

csv.field_size_limit(1 << 30)


class Parsed(NamedTuple):
    """Rows as columns of text, one entry each."""

    ids: list[str]
    sequences: list[str]
    labels: list[str] | None
    splits: list[str] | None
    lines: list[int]
    columns: list[str]


def parse(data: bytes, collector: Collector, *, sequence: str = "", label: str = "") -> Parsed:
    r"""Reads a table whose columns are found by name, by content, or as given.

    Args:
        data: text with `\n` line ends.
        collector: takes up rows of the wrong width and missing values.
        sequence: the sequence column; empty to find it.
        label: the label column; empty to find it, "-" for none.

    Raises:
        InputError: no sequence column, or a column that was asked for is missing.
    """
    text = _decode(data, collector.file)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        rows = _numbered(reader)
    except csv.Error as error:
        raise InputError(f"{collector.file}, line {reader.line_num}: the table cannot be read ({error}). Save it again.") from None

    header = [name.strip() for name in rows[0][1]]
    if any(_DNA.match(cell) for cell in header):
        header = [f"column {number}" for number in range(1, len(header) + 1)]
        collector.notes.append(f"{collector.file} has no header line; its columns are called {', '.join(header)}.")
    else:
        rows = rows[1:]
    if not rows:
        raise InputError(f"{collector.file} has a header line only. Add rows with sequences.")

    body = [row for _, row in rows]
    at_sequence = _sequence_column(header, body, sequence, collector.file)
    at_label = _label_column(header, body, label, at_sequence, collector.file)
    at_split = _named(header, SPLIT_NAMES)
    at_id = _named(header, ID_NAMES)
    used = [("sequence", at_sequence), ("label", at_label), ("split", at_split), ("id", at_id)]
    collector.notes.append(
        f"{collector.file}: " + ", ".join(f'{role} from column "{shorten(header[at])}"' for role, at in used if at is not None) + "."
    )
    if at_label is None and label != "-":
        listed = ", ".join(f'"{shorten(name)}"' for at, name in enumerate(header) if at not in (at_sequence, at_split, at_id))
        collector.notes += [f"{collector.file}: no column is known as a label; name one of {listed} if it is."] if listed else []
    whole = _whole_rows(rows, len(header), collector)

    def column(at: int | None) -> list[str] | None:
        return None if at is None else [row[at].strip() for _, row in whole]

    ids = column(at_id) or [f"row_{number}" for number in range(1, len(whole) + 1)]
    labels = column(at_label)
    sequences = column(at_sequence) or []
    for number, (line, _) in enumerate(whole):
        if not sequences[number]:
            collector.add("empty", number + 1, ids[number], line, "the sequence is missing.", "Fill it in or remove the row.")
        if labels is not None and not labels[number]:
            collector.add("no_label", number + 1, ids[number], line, "the label is missing.", "Fill it in or remove the row.")
    return Parsed(ids, sequences, labels, _splits(column(at_split), collector), [line for line, _ in whole], header)


def _numbered(reader: Any) -> list[tuple[int, list[str]]]:
    """Each row with the line it begins at; quoted cells may span lines."""
    rows, line = [], 1
    for row in reader:
        if row:
            rows.append((line, row))
        line = reader.line_num + 1
    return rows


def _decode(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _delimiter(text: str) -> str:
    head = text[: text.find("\n")] if "\n" in text else text
    return max("\t,;", key=head.count)


def _whole_rows(rows: list[tuple[int, list[str]]], width: int, collector: Collector) -> list[tuple[int, list[str]]]:
    whole = []
    for number, (line, row) in enumerate(rows, start=1):
        if len(row) == width:
            whole.append((line, row))
            continue
        name = row[0] if row else ""
        collector.add("width", number, name, line, f"{len(row)} columns where the header has {width}.", "Mend the row or remove it.")
    if not whole:
        raise InputError(f"{collector.file}: no row has as many columns as the header ({width}). Check the separator.")
    return whole


def _named(header: list[str], names: tuple[str, ...]) -> int | None:
    lower = [name.lower() for name in header]
    return next((lower.index(name) for name in names if name in lower), None)


def _asked(header: list[str], name: str, role: str, file: str) -> int:
    if name not in header:
        listed = ", ".join(shorten(column) for column in header)
        raise InputError(f'{file} has no column "{shorten(name)}" for the {role}. Its columns: {listed}.')
    return header.index(name)


def _sequence_column(header: list[str], body: list[list[str]], asked: str, file: str) -> int:
    if asked:
        return _asked(header, asked, "sequence", file)
    named = _named(header, SEQUENCE_NAMES)
    if named is not None:
        return named
    sample = body[:50]
    for at in range(len(header)):
        if all(len(row) > at and _DNA.match(row[at].strip()) for row in sample):
            return at
    listed = ", ".join(shorten(column) for column in header)
    raise InputError(f'{file} has no column of DNA sequences. Name one "sequence". Its columns: {listed}.')


def _label_column(header: list[str], body: list[list[str]], asked: str, taken: int, file: str) -> int | None:
    if asked == "-":
        return None
    if asked:
        return _asked(header, asked, "label", file)
    named = _named(header, LABEL_NAMES)
    if named is not None or len(header) != 2:
        return named
    other = 1 - taken  # two columns, one of them the sequence
    return None if header[other].lower() in ID_NAMES + SPLIT_NAMES else other


def _splits(values: list[str] | None, collector: Collector) -> list[str] | None:
    if values is None:
        return None
    known = [SPLITS.get(value.lower(), "") for value in values]
    if all(known) and "test" in known:
        if "train" not in known:
            known = ["train" if value == "validation" else value for value in known]
            collector.notes.append(f'{collector.file}: the split column has no "train"; its validation part is trained on.')
        return known
    odd = sorted({value for value, name in zip(values, known, strict=True) if not name})
    reason = f'it holds "{shorten(odd[0])}"' if odd else 'it has no "test" part'
    collector.notes.append(
        f"{collector.file}: the split column is not used, because {reason}. Allowed: train, validation (dev, val), test."
    )
    return None
