"""Several files as one set."""

import numpy as np

from genomics.errors import InputError
from genomics.io import letters
from genomics.io.report import Records, Report
from genomics.io.wording import shorten


def join(parts: list[tuple[Records, Report]], *, file_labels: dict[str, str] | None = None) -> tuple[Records, Report]:
    """Several files as one set; where none has labels, each file is a class of its own.

    Args:
        parts: what `read` returned for each.
        file_labels: class by file name, where each file is one class; by default the name without its endings.

    Raises:
        InputError: some of the files have labels and some have not.
    """
    records = [part for part, _ in parts]
    labelled = [part.labels is not None for part in records]
    notes = [note for _, report in parts for note in report.notes]
    if any(labelled) and not all(labelled) and not file_labels:
        without = next(part.files[0] for part in records if part.labels is None)
        raise InputError(f"{without} has no labels, but another file has. Give all files labels, or none (then each file is a class).")

    per_file = file_labels or (None if any(labelled) or len(parts) == 1 else class_names([part.files[0] for part in records]))
    labels: list[str] | None = None
    if per_file:
        labels = [per_file[part.files[0]] for part in records for _ in range(len(part))]
        notes.append("Each file is one class: " + ", ".join(f"{file} = {shorten(label)}" for file, label in per_file.items()) + ".")
    elif all(labelled):
        labels = [label for part in records for label in part.labels or []]
    splits = [s for part in records for s in part.splits or []] if all(part.splits for part in records) else None

    shifts = np.cumsum([0] + [part.offsets[-1] for part in records])
    offsets = [part.offsets[1:] + shift for part, shift in zip(records, shifts, strict=False)]
    together = Records(
        files=[part.files[0] for part in records],
        ids=[id for part in records for id in part.ids],
        codes=letters.joined([part.codes for part in records]),
        offsets=np.concatenate([np.zeros(1, np.int64), *offsets]),
        labels=labels,
        splits=splits,
        groups=[group for part in records for group in part.groups or []] if all(part.groups for part in records) else None,
        lower=None if any(part.lower is None for part in records) else np.concatenate([part.lower for part in records]),
        label_names=records[0].label_names,
        file_of=np.concatenate([np.full(len(part), number, np.int32) for number, part in enumerate(records)]),
        lines=np.concatenate([part.lines for part in records]),
    )
    counts: dict[str, int] = {}
    for _, report in parts:
        for code, count in report.counts.items():
            counts[code] = counts.get(code, 0) + count
    return together, Report([p for _, report in parts for p in report.problems], counts, notes)


def class_names(files: list[str]) -> dict[str, str]:
    """A class name for each file: its name without endings; the whole name where two would be equal."""
    short = [file.split(".")[0] or file for file in files]
    if len(set(files)) < len(files):
        twice = next(file for file in files if files.count(file) > 1)
        raise InputError(f'Two files are called "{twice}". Rename one, so that each class has a name of its own.')
    return dict(zip(files, short if len(set(short)) == len(short) else files, strict=True))
