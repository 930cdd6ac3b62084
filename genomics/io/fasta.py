"""FASTA: `>id description` lines, each followed by any number of sequence lines; `;` lines are comments."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from genomics.errors import InputError
from genomics.io.report import Collector

_BLANKS = b" \t\n"
HEADER_RULES = {
    "label=...": re.compile(r"(?:^|[\s|;,])(?:label|class)[=:]\s*([^\s|;,]+)", re.IGNORECASE),
    "the last part after |": re.compile(r"\|([^|\s]+)\s*$"),
    "the second word": re.compile(r"^\S+\s+(\S+)\s*$"),
}


class Parsed(NamedTuple):
    """Records as text, one entry each."""

    headers: list[str]
    sequences: list[bytes]  # letters only
    lines: list[int]  # of each header


def parse(data: bytes, collector: Collector) -> Parsed:
    r"""Splits FASTA text into records.

    Args:
        data: text with `\n` line ends.
        collector: takes up records without a sequence.

    Raises:
        InputError: letters before the first header.
    """
    commented = data.startswith(b";") or b"\n;" in data
    if commented:  # blanked rather than removed, so that line numbers stay true
        data = re.sub(rb"^;[^\n]*", b"", data, flags=re.MULTILINE)
        collector.notes.append(f"{collector.file}: lines that begin with ; are comments.")
    blank = len(data) - len(data.lstrip())
    first = blank if data.startswith(b">", blank) else data.find(b"\n>") + 1
    line = 1 + data.count(b"\n", 0, first)
    if data[:first].strip():
        raise InputError(
            f'{collector.file}, line 1: there are letters before the first header. Begin each sequence with a line such as ">name".'
        )

    headers, sequences, lines = [], [], []
    for number, chunk in enumerate(data[first + 1 :].split(b"\n>"), start=1):
        header, _, body = chunk.partition(b"\n")
        title = _text(header)
        sequence = body.translate(None, _BLANKS)
        if not sequence:
            collector.add("empty", number, record_id(title, number), line, "the header has no sequence.", "Add one or remove the header.")
        headers.append(title)
        sequences.append(sequence)
        lines.append(line)
        line += chunk.count(b"\n") + 1
    return Parsed(headers, sequences, lines)


def line_of(data: bytes, header_line: int, position: int) -> int:
    """The line of a record's letter, from the header's line and the letter's index in the sequence."""
    rows = data.split(b"\n")
    seen = 0
    for number in range(header_line, len(rows)):
        row = b"" if rows[number].startswith(b";") else rows[number].translate(None, _BLANKS)
        seen += len(row)
        if seen > position:
            return number + 1
    return header_line


def record_id(header: str, number: int) -> str:
    """The first word of a header; a number where it is empty."""
    return (header.split(None, 1) or [f"record_{number}"])[0]


def labels(headers: list[str], rule: str = "") -> tuple[str, list[str]] | None:
    """Finds the class in the headers.

    Args:
        headers: without ">".
        rule: a key of `HEADER_RULES`, a regular expression with one group, or empty to try the rules in turn.

    Returns:
        The rule used and one label a record, or None where no rule gives every record one of a few classes.
    """
    for name, pattern in _candidates(rule):
        found = [pattern.search(header) for header in headers]
        values = [match.group(1) for match in found if match and match.group(1)]
        if len(values) < len(headers):
            continue
        if rule or 1 < len(set(values)) <= max(2, min(50, len(values) // 2)):
            return name, values
    return None


def _candidates(rule: str) -> Iterable[tuple[str, re.Pattern[str]]]:
    if not rule:
        return HEADER_RULES.items()
    if rule in HEADER_RULES:
        return {rule: HEADER_RULES[rule]}.items()
    try:
        pattern = re.compile(rule)
    except re.error as error:
        raise InputError(f'The label pattern "{rule}" is not a regular expression: {error}.') from None
    if pattern.groups != 1:
        raise InputError(f'The label pattern "{rule}" needs exactly one group in parentheses round the label.')
    return {rule: pattern}.items()


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip()
