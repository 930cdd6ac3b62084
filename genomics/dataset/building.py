"""From what was read to a dataset."""

import numpy as np

from genomics import labelling
from genomics.dataset.names import compact
from genomics.dataset.value import Dataset
from genomics.io.report import Records, Report, clean


def build(records: Records, report: Report, *, name: str = "", task: str = "", policy: str = "refuse") -> Dataset:
    """Makes a dataset of what was read.

    Args:
        records: from `io.read` or `io.join`.
        report: likewise.
        name: for people; by default the file names.
        task: one of `genomics.labelling.TASKS`; empty to infer it, see `genomics.labelling.infer_task`.
        policy: what to do with problems, see `io.clean`.

    Raises:
        InputError: problems remain, or the labels do not fit the task.
    """
    records, report = clean(records, report, policy)
    if records.labels is not None and not all(records.labels):
        report.refuse()
    meaning = labelling.understand(records, task)
    splits = groups = None
    group_names: tuple[str, ...] = ()
    if records.splits is not None:
        splits = np.array([("train", "validation", "test").index(s) for s in records.splits], np.int8)
    if records.groups is not None:
        number: dict[str, int] = {}
        groups = np.array([number.setdefault(group, len(number)) for group in records.groups], np.int32)
        group_names = tuple(number)
    return Dataset(
        name=name or _joined(records.files),
        ids=compact(records.ids),
        codes=records.codes,
        offsets=records.offsets,
        splits=splits,
        groups=groups,
        group_names=group_names,
        lower=records.lower if records.lower is not None and records.lower.any() else None,
        **meaning._replace(notes=(*report.notes, *meaning.notes))._asdict(),
    )


def _joined(files: list[str]) -> str:
    return ", ".join(files[:3]) + (f" and {len(files) - 3:,} more" if len(files) > 3 else "")
