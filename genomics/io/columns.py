"""Which column of a table holds what: found by name, by content or as asked; and the columns as one value."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from genomics.errors import InputError
from genomics.io import partition
from genomics.io.report import Collector, shorten

SEQUENCE_NAMES = ("sequence", "seq", "dna", "dna_sequence", "nucleotides", "text")
_MISSING = frozenset(("nan", "NaN", "NAN", "NA", "N/A", "n/a", "#N/A", "null", "NULL", "<NA>"))  # as pandas, R and Excel write it
LABEL_NAMES = ("label", "class", "target", "y", "category", "expression", "value", "score")
SPLIT_NAMES = ("split", "fold_name", "partition", "set", "subset")
ID_NAMES = ("id", "name", "identifier", "seq_id", "accession", "header")
GROUP_NAMES = ("group", "chromosome", "chrom", "family", "cluster", "gene_family")
SAMPLE = 50  # rows that are looked at to know a sequence column by its content
SEPARATOR = ";"
_DNA = re.compile(r"^[ACGTUNacgtun]{10,}$")


class Parsed(NamedTuple):
    """Rows as columns of text, one entry each.

    Attributes:
        ids: from the id column, else "row_1" and so on.
        sequences: as written, blanks at the ends removed.
        labels: equal labels are one object; several columns are joined with ";".
        splits: "train", "validation" or "test".
        groups: what a record belongs to.
        lines: where each row begins, counted from 1; 0 where the format has no lines.
        columns: every column of the table.
        label_names: the columns that the labels come from.
    """

    ids: list[str]
    sequences: Sequence[str]
    labels: list[str] | None
    splits: list[str] | None
    groups: list[str] | None
    lines: list[int]
    columns: list[str]
    label_names: tuple[str, ...] = ()


class Asked(NamedTuple):
    """Columns by name: empty to find one, "-" for none; a label may name several with commas."""

    sequence: str = ""
    label: str = ""
    group: str = ""


class Roles(NamedTuple):
    """Columns by number, counted from 0."""

    sequence: int
    labels: tuple[int, ...]
    split: int | None
    id: int | None
    group: int | None

    def used(self) -> list[int]:
        """Every column that is needed, each once, in the table's order."""
        return sorted({at for at in (self.sequence, *self.labels, self.split, self.id, self.group) if at is not None})


def looks_like_dna(text: str) -> bool:
    """Whether a cell is ten or more bases and nothing else."""
    return bool(_DNA.match(text.strip()))


def choose(header: list[str], rows: Sequence[Sequence[str]], asked: Asked, collector: Collector) -> Roles:
    """Finds the columns, and notes which they are.

    Args:
        header: the columns' names.
        rows: the first rows, for columns that are known by their content.
        asked: what was asked for.
        collector: takes up the notes.

    Raises:
        InputError: no sequence column, a column that was asked for is missing, or two that are needed have one name.
    """
    file = collector.file
    sequence = _sequence(header, rows, asked.sequence, file)
    labels = _labels(header, asked.label, sequence, file)
    free = [name if at not in (sequence, *labels) else "" for at, name in enumerate(header)]
    group = None if asked.group == "-" else _asked(header, asked.group, "group", file) if asked.group else _named(free, GROUP_NAMES)
    if group in (sequence, *labels):
        raise InputError(f'{file} has "{shorten(asked.group)}" as its sequence or label column already. Name another column.')
    free = ["" if at == group else name for at, name in enumerate(free)]
    roles = Roles(sequence, labels, _named(free, SPLIT_NAMES), _named(free, ID_NAMES), group)
    for at in roles.used():
        if header.count(header[at]) > 1:
            raise InputError(f'{file} has {header.count(header[at])} columns called "{shorten(header[at])}". Rename all but one.')

    places = [("sequence", sequence), *(("label", at) for at in labels), ("split", roles.split), ("id", roles.id), ("group", group)]
    used = [f'{role} from column "{shorten(header[at])}"' for role, at in places if at is not None]
    collector.notes.append(f"{file}: {', '.join(used)}.")
    if not labels and asked.label != "-":
        listed = _listed(name for at, name in enumerate(header) if at not in (sequence, roles.split, roles.id))
        collector.notes += [f"{file}: no column is known as a label; name one of {listed} if it is."] if listed else []
    return roles


def assemble(
    header: list[str], roles: Roles, cells: Callable[[int], Sequence[str]], lines: list[int], asked: Asked, collector: Collector
) -> Parsed:
    """Puts the columns together, and reports missing cells by record and line.

    Args:
        header: the columns' names.
        roles: which column holds what.
        cells: gives a column's texts by its number; "" is a missing one. Each column is asked for once.
        lines: of each row.
        asked: whether the group column was asked for.
        collector: takes up missing cells and notes.
    """
    sequences = cells(roles.sequence)
    ids = [f"row_{number}" for number in range(1, len(lines) + 1)] if roles.id is None else list(cells(roles.id))
    label_names = tuple(header[at] for at in roles.labels)
    parts = [["" if text in _MISSING else text for text in shared(cells(at))] for at in roles.labels]
    labels = None if not parts else parts[0] if len(parts) == 1 else _joined(parts)
    splits = None if roles.split is None else partition.parts(cells(roles.split), collector)
    groups = None if roles.group is None else _groups(shared(cells(roles.group)), header[roles.group], bool(asked.group), collector)
    for number, text in enumerate(sequences):
        if not text:
            collector.add("empty", number + 1, ids[number], lines[number], "the sequence is missing.", "Fill it in or remove the row.")
        if labels is not None and not labels[number]:
            absent = _listed(name for name, part in zip(label_names, parts, strict=True) if not part[number])
            reason = "the label is missing." if len(parts) == 1 else f"the label is missing in {absent}."
            collector.add("no_label", number + 1, ids[number], lines[number], reason, "Fill it in or remove the row.")
    return Parsed(ids, sequences, labels, splits, groups, lines, header, label_names)


def shared(texts: Iterable[str]) -> list[str]:
    """The same texts, with one object for all that are equal: a million labels of two kinds are two texts."""
    known: dict[str, str] = {}
    return [known.setdefault(text, text) for text in texts]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{shorten(name)}"' for name in names)


def _named(header: list[str], names: tuple[str, ...]) -> int | None:
    lower = [name.lower() for name in header]
    return next((lower.index(name) for name in names if name in lower), None)


def _asked(header: list[str], name: str, role: str, file: str) -> int:
    if name not in header:
        listed = ", ".join(shorten(column) for column in header)
        raise InputError(f'{file} has no column "{shorten(name)}" for the {role}. Its columns: {listed}.')
    return header.index(name)


def _sequence(header: list[str], rows: Sequence[Sequence[str]], asked: str, file: str) -> int:
    if asked:
        return _asked(header, asked, "sequence", file)
    named = _named(header, SEQUENCE_NAMES)
    if named is not None:
        return named
    for at in range(len(header)):
        if rows and all(len(row) > at and looks_like_dna(row[at]) for row in rows[:SAMPLE]):
            return at
    listed = ", ".join(shorten(column) for column in header)
    raise InputError(f'{file} has no column of DNA sequences. Name one "sequence". Its columns: {listed}.')


def _labels(header: list[str], asked: str, sequence: int, file: str) -> tuple[int, ...]:
    if asked == "-":
        return ()
    if asked:  # a name may itself hold a comma
        names = [asked] if asked in header else [name.strip() for name in asked.split(",")]
        return tuple(dict.fromkeys(_asked(header, name, "label", file) for name in names))
    named = _named(header, LABEL_NAMES)
    if named is not None:
        return (named,) if named != sequence else ()
    if len(header) != 2:
        return ()
    other = 1 - sequence  # two columns, one of them the sequence
    return () if header[other].lower() in ID_NAMES + SPLIT_NAMES + GROUP_NAMES else (other,)


def _joined(parts: list[list[str]]) -> list[str]:
    """One label a record; empty where a part of it is missing, so that the record counts as one without a label."""
    return shared(SEPARATOR.join(values) if all(values) else "" for values in zip(*parts, strict=True))


def _groups(values: list[str], name: str, asked: bool, collector: Collector) -> list[str] | None:
    different = len(set(values))
    if not asked and (different < 2 or different == len(values)):
        reason = "every row has the same" if different < 2 else "no two rows share one"
        collector.notes.append(f'{collector.file}: the group column "{shorten(name)}" is not used, because {reason}.')
        return None
    missing = values.count("")
    if missing:
        collector.notes.append(f'{collector.file}: {missing:,} rows have no group in column "{shorten(name)}"; each is a group of its own.')
        values = [value or f"(row {number})" for number, value in enumerate(values, start=1)]
    return values
