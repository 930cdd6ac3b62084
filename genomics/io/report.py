"""What reading yields: the records, and every problem met, by file, record and line."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.errors import InputError
from genomics.io import editing
from genomics.io.letters import ODD
from genomics.io.policy import WHOLE, Policy, parse_policy
from genomics.io.wording import shorten as shorten
from genomics.sequences import UNKNOWN, Codes, gather

POLICIES = tuple(WHOLE)
SHOWN = 200
_PLURALS = {"gap": "gaps (- or .)", "stop": "stops (*)", "other": "letters that are no base", "iupac": "unknown bases"}
_LETTERS = {"gap": "gap", "stop": "stop", "not_a_base": "other"}  # codes of problems with letters, and what a policy calls them


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
        codes: uint8 (total,), flat, see `genomics.sequences`; above 4 for what is no base.
        offsets: int64 (n + 1,).
        labels: one text a record, or None where there are none.
        splits: "train", "validation" or "test" for each record, or None.
        groups: what a record belongs to (a chromosome, a family), one text each, or None.
        lower: int32 (n,), how many letters of each record are lower case; None where that is not known.
        label_names: the columns that the labels come from; several are joined with ";" in each label.
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
    groups: list[str] | None = None
    lower: NDArray[np.int32] | None = None
    label_names: tuple[str, ...] = ()

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
        if self.counts[code] <= SHOWN:
            self.problems.append(Problem(self.file, record, id, line, code, reason, remedy, stops))

    def report(self) -> Report:
        """All that was noticed."""
        return Report(self.problems, self.counts, self.notes)


def untreated(report: Report, policy: Policy | str) -> Report:
    """What is left of a report's problems where a policy refuses their kind; nothing where it treats them all."""
    policy = parse_policy(policy) if isinstance(policy, str) else policy
    refused = {p.code for p in report.problems if p.stops and getattr(policy, _LETTERS.get(p.code, "missing")) == "refuse"}
    return Report([p for p in report.problems if p.code in refused], report.counts, [])


def clean(records: Records, report: Report, policy: str | Policy) -> tuple[Records, Report]:
    """Deals with the records that have problems, as chosen, and says what was done.

    Args:
        records: as read.
        report: what reading noticed.
        policy: a `Policy`, or its text, see `parse_policy`. "refuse" raises InputError if anything stops; "n" treats
            letters that are no base as unknown bases (and drops records without any sequence); "drop" leaves out every
            record with a problem. What becomes an unknown base is then treated as `iupac` says.

    Returns:
        Records without problems, and a report that keeps the notes and adds what was done.

    Raises:
        InputError: a problem that is to be refused, or no record is left.
        SettingError: no such policy.
    """
    policy = parse_policy(policy) if isinstance(policy, str) else policy
    untreated(report, policy).refuse()
    if policy == Policy():
        return records, report

    notes = list(report.notes)
    if report.counts.get("width"):
        notes.append(f"{report.counts['width']:,} rows are left out because their number of columns is wrong.")
    now, sound, touched = _treat(records, policy, notes)
    labelled = np.ones(len(records), bool) if records.labels is None else np.array([bool(label) for label in records.labels], bool)
    keep = (sound & labelled)[now.owners] & (np.diff(now.offsets) > 0)
    left = np.zeros(len(records), bool)
    left[now.owners[keep]] = True
    gone = int((~left).sum())
    if gone:
        notes.append(f"{gone:,} of {len(records):,} records are left out because of a problem.")
    if not keep.any():
        first = report.problems[0] if report.problems else "it holds unknown bases only."
        raise InputError(f"{', '.join(records.files)}: every record has a problem. The first: {first}")
    if records.lower is not None and records.lower[touched].any():
        notes.append("How many letters are lower case is not known any more, because letters were taken out.")
        records = replace(records, lower=None)
    if keep.all() and np.array_equal(now.owners, np.arange(len(records))):
        return replace(records, codes=now.codes, offsets=now.offsets), Report([], {}, notes)
    return take(_with(records, now), np.flatnonzero(keep)), Report([], {}, notes)


def _treat(records: Records, policy: Policy, notes: list[str]) -> tuple[editing.Edited, editing.Marks, editing.Marks]:
    """Deals with odd letters, kind after kind.

    Returns:
        The sequences that are left; bool (n,), which records are not to be dropped; bool (n,), which lost letters.
    """
    now = editing.Edited(records.codes, records.offsets, np.arange(len(records)))
    sound, touched = np.ones(len(records), bool), np.zeros(len(records), bool)
    for kind, code in {**ODD, "iupac": UNKNOWN}.items():
        way = getattr(policy, kind)
        if (kind, way) == ("iupac", "n"):  # unknown bases are that already
            continue
        marked = now.codes == code
        count = int(np.count_nonzero(marked))
        if not count:
            continue
        holding = np.unique(now.owners[editing.per_sequence(marked, now.offsets) > 0])
        if way == "refuse":
            raise InputError(_first(records, int(holding[0]), kind, count))
        if way == "n":
            now = now._replace(codes=np.where(marked, np.uint8(UNKNOWN), now.codes))
            notes.append(f"{count:,} {_PLURALS[kind]} are treated as N.")
        elif way == "drop":
            sound[holding] = False
            notes.append(f"{len(holding):,} records hold {_PLURALS[kind]}.")
        else:
            touched[holding] = True
            before = now
            now = (editing.remove if way == "remove" else editing.split)(now.codes, now.offsets, marked)
            now = now._replace(owners=before.owners[now.owners])
            cut = f"Records are cut at {count:,} {_PLURALS[kind]}: {len(before.owners):,} become {len(now.owners):,}."
            notes.append(f"{count:,} {_PLURALS[kind]} are removed." if way == "remove" else cut)
    return now, sound, touched


def _first(records: Records, index: int, kind: str, count: int) -> str:
    reason, remedy = f"it holds {_PLURALS[kind]} ({count:,} in all).", f"Remove them, or choose {kind}=n, remove, split or drop."
    file, line = records.files[records.file_of[index]], int(records.lines[index])
    return str(Problem(file, index + 1, records.ids[index], line, kind, reason, remedy))


def _with(records: Records, pieces: editing.Edited) -> Records:
    """Records made of others' pieces; where a record has several, their names are numbered from 1."""
    owners = pieces.owners
    number = np.arange(len(owners)) - np.searchsorted(owners, owners)
    several = np.bincount(owners, minlength=len(records))[owners] > 1
    named = take(replace(records, codes=np.zeros(0, np.uint8), offsets=np.zeros(len(records) + 1, np.int64)), owners)
    ids = [f"{id}_{n + 1}" if many else id for id, n, many in zip(named.ids, number.tolist(), several.tolist(), strict=True)]
    return replace(named, ids=ids, codes=pieces.codes, offsets=pieces.offsets)


def take(records: Records, index: NDArray[np.intp]) -> Records:
    """Some of the records, in the order of `index`."""
    starts, lengths = records.offsets[index], np.diff(records.offsets)[index]
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return replace(
        records,
        ids=[records.ids[i] for i in index],
        codes=gather(records.codes, starts, offsets),
        offsets=offsets,
        labels=None if records.labels is None else [records.labels[i] for i in index],
        splits=None if records.splits is None else [records.splits[i] for i in index],
        groups=None if records.groups is None else [records.groups[i] for i in index],
        lower=None if records.lower is None else records.lower[index],
        file_of=records.file_of[index],
        lines=records.lines[index],
    )
