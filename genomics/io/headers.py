r"""What header lines say: names, and by a rule the class or the group of each record."""

import re
from collections.abc import Iterable, Mapping

from genomics.errors import InputError
from genomics.io import partition
from genomics.io.report import Collector
from genomics.io.wording import shorten

LABEL_RULES = {
    "label=...": re.compile(r"(?:^|[\s|;,])(?:label|class)[=:]\s*([^\s|;,]+)", re.IGNORECASE),
    "the last part after |": re.compile(r"\|([^|\s]+)\s*$"),
    "the second word": re.compile(r"^\S+\s+(\S+)\s*$"),
}
GROUP_RULES = {
    "chromosome": re.compile(r"\b(chr[0-9A-Za-z_]+)"),
    "group=...": re.compile(r"(?:^|[\s|;,])group[=:]\s*([^\s|;,]+)", re.IGNORECASE),
}
_SPLIT = re.compile(r"(?:^|[\s|;,])split[=:]\s*([^\s|;,]+)", re.IGNORECASE)
_PLACE = re.compile(r"\b(chr[0-9A-Za-z_]+):[0-9,]+-[0-9,]+")  # chr7:127471196-127472363
_CHROMOSOME = "the chromosome in each header is taken as the record's group."
_SAMPLE = 500
_MOST_CLASSES = 50


def decode(raw: list[bytes]) -> list[str]:
    """Headers as text: UTF-8, or Latin-1 where one is not."""
    try:
        return b"\n".join(raw).decode("utf-8").split("\n") if raw else []
    except UnicodeDecodeError:
        return [_text(header) for header in raw]


def record_id(header: str, number: int) -> str:
    """The first word of a header; a number where it is empty."""
    return (header.split(None, 1) or [f"record_{number}"])[0]


def labels(headers: list[str], rule: str, collector: Collector) -> list[str] | None:
    """The class of each record.

    Args:
        headers: without their mark.
        rule: a key of `LABEL_RULES`, a regular expression with one group, "-" for none, or empty to try the rules in
            turn; then a rule counts only where it gives every record one of a few classes.
        collector: takes up the choice.

    Raises:
        InputError: no such rule, or one that was asked for leaves a record without a label.
    """
    if rule == "-":
        return None
    for name, pattern in _candidates(rule, LABEL_RULES, "label"):
        values = _by(pattern, headers, len(headers) if rule else _MOST_CLASSES)
        if values is not None and (rule or 1 < len(set(values)) <= max(2, min(_MOST_CLASSES, len(values) // 2))):
            collector.notes.append(f"{collector.file}: classes are read from the headers ({shorten(name)}).")
            return values
    if rule:
        raise InputError(f'{collector.file}: not every header has a label by the rule "{shorten(rule)}". Check the rule or the headers.')
    return None


def splits(headers: list[str], collector: Collector) -> list[str] | None:
    """The part that each record belongs to, where every header says one (`split=test`); as a table's split column."""
    values = _by(_SPLIT, headers, len(headers))
    return None if values is None else partition.parts(values, collector, "the split in the headers")


def groups(headers: list[str], rule: str, collector: Collector) -> list[str] | None:
    """What each record belongs to.

    Args:
        headers: without their mark.
        rule: a key of `GROUP_RULES`, a regular expression with one group, "-" for none, or empty: the chromosome,
            where every header holds a place such as chr7:100-200 and there are several chromosomes.
        collector: takes up the choice.

    Raises:
        InputError: no such rule, or one that was asked for leaves a record without a group.
    """
    if rule == "-":
        return None
    if not rule:
        for pattern, said in ((GROUP_RULES["group=..."], "groups are read from the headers (group=...)."), (_PLACE, _CHROMOSOME)):
            values = _by(pattern, headers, len(headers))
            if values is not None and len(set(values)) > 1:
                collector.notes.append(f"{collector.file}: {said}")
                return values
        return None
    [(name, pattern)] = _candidates(rule, GROUP_RULES, "group")
    values = _by(pattern, headers, len(headers))
    if values is None:
        raise InputError(f'{collector.file}: not every header has a group by the rule "{shorten(rule)}". Check the rule or the headers.')
    collector.notes.append(f"{collector.file}: groups are read from the headers ({shorten(name)}).")
    return values


def _by(pattern: re.Pattern[str], headers: list[str], most: int) -> list[str] | None:
    """What the pattern finds in each header; None where it fails in one, or a sample holds more than `most` values."""
    known: dict[str, str] = {}  # equal values are one object, which for a million records is the difference
    if _values(pattern, headers[:: max(len(headers) // _SAMPLE, 1)], known) is None or len(known) > most:
        return None
    return _values(pattern, headers, known)


def _values(pattern: re.Pattern[str], headers: list[str], known: dict[str, str]) -> list[str] | None:
    values = []
    for match in map(pattern.search, headers):
        if match is None or not (value := match[1]):
            return None
        values.append(known.setdefault(value, value))
    return values


def _candidates(rule: str, rules: Mapping[str, re.Pattern[str]], role: str) -> Iterable[tuple[str, re.Pattern[str]]]:
    if not rule:
        return rules.items()
    if rule in rules:
        return [(rule, rules[rule])]
    try:
        pattern = re.compile(rule)
    except (re.error, OverflowError, RecursionError) as error:
        raise InputError(f'The {role} pattern "{shorten(rule)}" is not a regular expression: {shorten(str(error))}.') from None
    if pattern.groups != 1:
        raise InputError(f'The {role} pattern "{shorten(rule)}" needs exactly one group in parentheses round the {role}.')
    return [(rule, pattern)]


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
