"""From files to a dataset: everything that is asked about reading, as one value that page, notebook and command line share."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from genomics import dataset as datasets
from genomics import io, negatives, tiling
from genomics.dataset import Dataset
from genomics.errors import InputError, SettingError
from genomics.io import Records, Report
from genomics.io.columns import looks_like_dna
from genomics.io.peek import Peek
from genomics.io.report import shorten

AROUND = ("start", "end", "body")
NEGATIVES = ("shuffled", "genome", "inner")

Tick = Callable[[str, float], None]


def silent(what: str, share: float) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be read, and how.

    Attributes:
        files: paths, together one dataset.
        names: what to call them; by default their own names.
        label: label column or header rule, see `io.read`; "-" for none.
        sequence: sequence column of a table.
        group: column or header rule for what belongs together.
        id: column (or header rule, as for groups) of the names; empty: found. Not together with a group or a feature.
        task: one of `genomics.labelling.TASKS`; empty to find it.
        policy: what to do with odd letters and broken records, see `io.clean`.
        file_labels: class by file name, where each file is one class.
        min_quality: for FASTQ, the mean Phred quality below which a read is left out.
        reference: the genome that BED and GFF intervals, or genomic negatives, are cut from.
        feature: for an annotated genome, the kind of feature to cut windows round ("CDS"); empty: whole records.
        around: see `AROUND`.
        before: bases of a window ahead of the feature's start or end.
        after: bases of a window from there on.
        negatives: one of `NEGATIVES`, or empty for none.
        words: for shuffled negatives, the length of the words whose counts are kept.
        per_positive: negatives for each positive.
        window: where sequences are cut into windows, the length of one in bases; 0: they stay whole.
        step: from one window to the next; 0: the length of a window.
        rename: how BED and GFF name contigs otherwise than the reference: "strip chr", "add chr", or empty.
        spliced: for BED of 12 columns, whether the blocks of each interval are joined.
        name: of the dataset; empty: the files' names.
        seed: of every draw.
    """

    files: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    label: str = ""
    sequence: str = ""
    group: str = ""
    id: str = ""
    task: str = ""
    policy: str = "refuse"
    file_labels: dict[str, str] | None = None
    min_quality: float = 0.0
    reference: str = ""
    feature: str = ""
    around: str = "start"
    before: int = 60
    after: int = 40
    negatives: str = ""
    words: int = 2
    per_positive: int = 1
    window: int = 0
    step: int = 0
    rename: str = ""
    spliced: bool = False
    name: str = ""
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuses what is not allowed.

        Raises:
            SettingError: it names the value and what is allowed.
        """
        for option, value, allowed in (("around", self.around, AROUND), ("negatives", self.negatives, ("", *NEGATIVES))):
            if value not in allowed:
                raise SettingError(f'{option} = "{shorten(value)}" is not allowed: choose {", ".join(filter(None, allowed))}.')
        if self.id and (self.feature or self.group not in ("", "-")):
            raise SettingError(f'id = "{shorten(self.id)}" is not allowed together with a group or a feature. Leave one of them out.')
        for option, number, low, high in (
            ("before", self.before, 0, 1_000_000),
            ("after", self.after, 0, 1_000_000),
            ("words", self.words, 1, 4),
            ("per_positive", self.per_positive, 1, 20),
            ("window", self.window, 0, 1_000_000),
            ("step", self.step, 0, 1_000_000),
            ("seed", self.seed, 0, 2**31 - 1),
            ("min_quality", self.min_quality, 0, 93),
        ):
            if not low <= number <= high:
                raise SettingError(f"{option} = {number} is not allowed: it is from {low} to {high:,}.")
        if self.feature and self.around != "body" and self.before + self.after < 1:
            raise SettingError("before = 0 and after = 0 leave a window of no bases. Choose at least one base.")

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `from_json` reads it back."""
        return asdict(self)


def from_json(asked: dict[str, Any]) -> Request:
    """A request from `Request.to_json`; what else it holds is passed over."""
    known = {field.name for field in fields(Request)}
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in asked.items() if name in known}
    return Request(**values)


def gather(request: Request, tick: Tick = silent) -> Dataset:
    """Reads, cleans, cuts, and adds negatives.

    Raises:
        GenomicsError: anything that stands in the way; the message says what to do.
    """
    records, report = read(request, tick)
    return finish(request, records, report, tick)


def read(request: Request, tick: Tick = silent) -> tuple[Records, Report]:
    """Reads all files as one set; problems are in the report, not raised.

    Raises:
        InputError: a file as a whole cannot be used.
    """
    if not request.files:
        raise InputError("There is nothing to read. Give at least one file.")
    names = request.names or tuple(Path(file).name for file in request.files)
    if request.feature:
        return _cut(request, names, tick)
    parts = []
    for number, (file, name) in enumerate(zip(request.files, names, strict=True)):
        tick(f"Reading {shorten(name, 40)}", number / len(names))
        parts.append(
            io.read(
                Path(file),
                name,
                label=request.label,
                sequence=request.sequence,
                group=request.id or request.group,
                reference=Path(request.reference) if request.reference else None,
                rename=request.rename,
                spliced=request.spliced,
                min_quality=request.min_quality,
            )
        )
    records, report = io.join(parts, file_labels=request.file_labels)
    if not request.id:
        return records, report
    if records.groups is None:  # the column of names is read as one of groups, which every record has
        raise InputError(f'{", ".join(names)} has no column "{shorten(request.id)}" for the ids. Leave the option out.')
    return replace(records, ids=records.groups, groups=None), report


def sequence_columns(seen: Peek) -> list[str]:
    """The columns of a table that hold DNA in more than half of the first rows, and the one that is read anyway."""
    cells = {name: seen.column(name) for name in seen.columns}
    return [name for name, texts in cells.items() if name == seen.sequence or 2 * sum(map(looks_like_dna, texts)) > len(texts)]


def finish(request: Request, records: Records, report: Report, tick: Tick = silent) -> Dataset:
    """Makes the dataset of what was read, with negatives where they are asked for.

    Raises:
        InputError: problems remain that the policy does not deal with, or the labels do not fit the task.
    """
    tick("Cleaning", 0.0)
    made = datasets.build(records, report, name=request.name, task=request.task, policy=request.policy)
    if request.window:
        tick("Cutting windows", 0.0)
        made = tiling.tile(made, request.window, request.step)
    if request.negatives == "shuffled":
        tick("Shuffling negatives", 0.0)
        return negatives.shuffled(made, k=request.words, seed=request.seed, per_positive=request.per_positive)
    if request.negatives == "genome":
        tick("Drawing negatives from the genome", 0.0)
        source = request.reference or (request.files[0] if request.feature else "")
        if not source:
            raise SettingError("Negatives from a genome need one: give its file as the reference.")
        return negatives.from_genome(made, io.read_contigs(Path(source)), seed=request.seed, per_positive=request.per_positive)
    if request.negatives == "inner" and not request.feature:
        raise SettingError("Negatives inside the same features need an annotated genome: name a feature, for instance CDS.")
    return made


def _cut(request: Request, names: tuple[str, ...], tick: Tick) -> tuple[Records, Report]:
    """Windows round the features of one annotated genome."""
    if len(request.files) != 1:
        raise SettingError("Windows are cut from one annotated genome at a time. Give one GenBank, EMBL or GFF file.")
    tick(f"Reading the genome {shorten(names[0], 40)}", 0.0)
    genome = io.read_annotated(Path(request.files[0]), names[0], reference=Path(request.reference) if request.reference else None)
    tick(f"Cutting windows round {shorten(request.feature, 40)}", 0.5)
    positives = io.windows(genome, kind=request.feature, around=request.around, before=request.before, after=request.after)
    label = f"{request.feature}_{request.around}" if request.around != "body" else request.feature
    if request.negatives != "inner":
        return _labelled(positives[0], label), positives[1]
    others = io.inner(genome, kind=request.feature, around=request.around, before=request.before, after=request.after, seed=request.seed)
    return io.join([(_labelled(positives[0], label), positives[1]), (_labelled(others[0], f"inside_{request.feature}"), others[1])])


def _labelled(records: Records, label: str) -> Records:
    return replace(records, labels=[label] * len(records))
