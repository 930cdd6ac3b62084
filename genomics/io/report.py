"""What reading yields: the records, and every problem met, by file, record and line."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.errors import InputError, SettingError
from genomics.sequences import INVALID, UNKNOWN, Codes

POLICIES = ("refuse", "n", "drop")
_SHOWN = 200


class Problem(NamedTuple):
    """One thing that is wrong with one record, or worth knowing about it."""

    file: str
    record: int  # counted from 1; 0 where the whole file is meant
    id: str
    line: int  # counted from 1; 0 where unknown
    code: str
    reason: str
    remedy: str
    stops: bool = True

    def __str__(self) -> str:
        place = [self.file]
        if self.record:
            place.append(f'record {self.record:,} "{shorten(self.id)}"')
        if self.line:
            place.append(f"line {self.line:,}")
        return f"{', '.join(place)}: {self.reason} {self.remedy}".rstrip()


class Report(NamedTuple):
    """Everything that reading noticed.

    `problems` lists the first of each; `counts` holds how many there were of each code. `notes` are sentences about
    choices that were made (columns, labels, letters), so that nothing happens silently.
    """

    problems: list[Problem]
    counts: dict[str, int]
    notes: list[str]

    @property
    def stopping(self) -> int:
        """How many problems forbid going on."""
        codes = {p.code for p in self.problems if p.stops}
        return sum(self.counts[code] for code in codes)

    def refuse(self) -> None:
        """Raises InputError with the first problem that forbids going on, and says how many more there are."""
        first = next((p for p in self.problems if p.stops), None)
        if first is None:
            return
        more = self.stopping - 1
        raise InputError(f"{first}{f' ({more:,} more like this.)' if more else ''}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Sequences as read, in file order.

    Attributes:
        files: names of the files they came from.
        ids: the first word of each header, or the id column.
        codes: uint8 (total,), flat, see `genomics.sequences`; 255 marks a letter that is no base.
        offsets: int64 (n + 1,).
        labels: one text a record, or None where there are none.
        splits: "train", "validation" or "test" for each record, or None.
        file_of: int32 (n,), index into `files`.
        lines: int64 (n,), the line each record begins at.
    """

    files: list[str]
    ids: list[str]
    codes: Codes
    offsets: NDArray[np.int64]
    labels: list[str] | None
    splits: list[str] | None
    file_of: NDArray[np.int32]
    lines: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)


class Collector:
    """Counts problems by code and keeps the first ones."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.counts: dict[str, int] = {}
        self.notes: list[str] = []

    def add(self, code: str, record: int, id: str, line: int, reason: str, remedy: str, *, stops: bool = True) -> None:
        """Notes one problem."""
        self.counts[code] = self.counts.get(code, 0) + 1
        if self.counts[code] <= _SHOWN:
            self.problems.append(Problem(self.file, record, id, line, code, reason, remedy, stops))

    def report(self) -> Report:
        """All that was noticed."""
        return Report(self.problems, self.counts, self.notes)


def clean(records: Records, report: Report, policy: str) -> tuple[Records, Report]:
    """Deals with the records that have problems, as chosen, and says what was done.

    Args:
        records: as read.
        report: what reading noticed.
        policy: "refuse" raises InputError if anything stops; "n" treats letters that are no base as unknown bases
            (and drops records without any sequence); "drop" leaves out every record with a problem.

    Returns:
        Records without problems, and a report that keeps the notes and adds what was done.
    """
    if policy not in POLICIES:
        raise SettingError(f'"{shorten(policy)}" is no way to treat problems. Ways: {", ".join(POLICIES)}.')
    if policy == "refuse":
        report.refuse()
        return records, report

    lengths = np.diff(records.offsets)
    invalid = records.codes == INVALID
    notes = list(report.notes)
    if report.counts.get("width"):
        notes.append(f"{report.counts['width']:,} rows are left out because their number of columns is wrong.")
    if policy == "n":
        keep = lengths > 0
        if invalid.any():
            notes.append(f"{int(invalid.sum()):,} letters that are no base are treated as N.")
        records = replace(records, codes=np.where(invalid, np.uint8(UNKNOWN), records.codes))
    else:
        bad = np.concatenate([[0], np.cumsum(invalid)])
        keep = (lengths > 0) & (bad[records.offsets[1:]] == bad[records.offsets[:-1]])
    if records.labels is not None:
        keep &= np.array([bool(label) for label in records.labels], bool)
    if not keep.all():
        notes.append(f"{int((~keep).sum()):,} of {len(keep):,} records are left out because of a problem.")
    if not keep.any():
        raise InputError(f"{', '.join(records.files)}: every record has a problem. The first: {report.problems[0]}")
    return take(records, np.flatnonzero(keep)), Report([], {}, notes)


def take(records: Records, index: NDArray[np.intp]) -> Records:
    """Some of the records, in the order of `index`."""
    starts, lengths = records.offsets[index], np.diff(records.offsets)[index]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    gather = np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])
    return replace(
        records,
        ids=[records.ids[i] for i in index],
        codes=records.codes[gather],
        offsets=offsets,
        labels=None if records.labels is None else [records.labels[i] for i in index],
        splits=None if records.splits is None else [records.splits[i] for i in index],
        file_of=records.file_of[index],
        lines=records.lines[index],
    )


def shorten(text: str, length: int = 60) -> str:
    """A hostile or long name in a form fit for one line of a message: printable, and cut."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    return printable if len(printable) <= length else printable[: length - 3] + "..."
