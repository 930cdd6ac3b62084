"""The labelled set of sequences: a frozen value with a fingerprint, kept in `datasets/<fingerprint>/`."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from genomics import labelling, runs, sequences
from genomics.errors import InputError, SettingError
from genomics.io.report import Records, Report, clean
from genomics.labelling import TASKS


@dataclass(frozen=True, kw_only=True, eq=False)  # no slots: the fingerprint is worked out once and kept
class Dataset:
    """Sequences with what is known about each.

    Attributes:
        name: for people.
        ids: one text a record, not necessarily unique.
        codes: uint8 (total,), flat: A C G T = 0 to 3, unknown = 4.
        offsets: int64 (n + 1,).
        task: one of `TASKS`.
        classes: names; for a binary task the negative one first. Empty for regression and unlabelled sets.
        labels: int32 (n,), index into `classes`, or None.
        targets: float32 (n,), for regression, or None.
        splits: int8 (n,), the file's own: 0 train, 1 validation, 2 test; or None.
        notes: what reading did, in sentences.
    """

    name: str
    ids: tuple[str, ...]
    codes: sequences.Codes
    offsets: NDArray[np.int64]
    task: str
    classes: tuple[str, ...] = ()
    labels: NDArray[np.int32] | None = None
    targets: NDArray[np.float32] | None = None
    splits: NDArray[np.int8] | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Length of each sequence in bases, (n,)."""
        return np.diff(self.offsets)

    @cached_property
    def fingerprint(self) -> str:
        """sha256 over the content (not the name): 16 hexadecimal digits, which name the folder."""
        digest = hashlib.sha256(json.dumps([self.task, self.classes, self.ids]).encode())
        for array in (self.codes, self.offsets, self.labels, self.targets, self.splits):
            digest.update(b"-" if array is None else np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:16]

    def sequence(self, index: int) -> str:
        """One sequence as text."""
        return sequences.decode(self.codes[self.offsets[index] : self.offsets[index + 1]])

    def counts(self) -> dict[str, int]:
        """Records by class name; empty without classes."""
        if self.labels is None:
            return {}
        return dict(zip(self.classes, np.bincount(self.labels, minlength=len(self.classes)).tolist(), strict=True))

    def labelled(self) -> NDArray[np.int32]:
        """The labels, where there must be some.

        Raises:
            InputError: there are none.
        """
        if self.labels is None:
            raise InputError(f"{self.name} has no labels. Give a label column, or one file per class.")
        return self.labels

    def measured(self) -> NDArray[np.float32]:
        """The targets, where there must be some.

        Raises:
            InputError: there are none.
        """
        if self.targets is None:
            raise InputError(f"{self.name} has no numbers to predict. Give a column of them.")
        return self.targets

    def rows(self, index: NDArray[np.intp], layout: sequences.Layout) -> sequences.Codes:
        """Some sequences as a rectangle: uint8 (len(index), layout.length)."""
        codes, offsets = self.flat(index)
        return sequences.matrix(codes, offsets, layout)

    def flat(self, index: NDArray[np.intp]) -> tuple[sequences.Codes, NDArray[np.int64]]:
        """Some sequences as flat codes and offsets."""
        starts, lengths = self.offsets[index], self.lengths[index]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return self.codes[np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])], offsets


def build(records: Records, report: Report, *, name: str = "", task: str = "", policy: str = "refuse") -> Dataset:
    """Makes a dataset of what was read.

    Args:
        records: from `io.read` or `io.join`.
        report: likewise.
        name: for people; by default the file names.
        task: one of `TASKS`; empty to infer it: no labels or one class: unlabelled; numbers of more than 20
            different values, not all whole: regression; else binary or multiclass.
        policy: what to do with problems, see `io.clean`.

    Raises:
        InputError: problems remain, or the labels do not fit the task.
    """
    records, report = clean(records, report, policy)
    if records.labels is not None and not all(records.labels):
        report.refuse()
    task = task or labelling.infer_task(records.labels)
    if task not in TASKS:
        raise SettingError(f'"{task}" is no task. Tasks: {", ".join(TASKS)}.')

    classes: tuple[str, ...] = ()
    labels = targets = None
    if task == "regression":
        targets = labelling.numbers(records)
    elif records.labels is not None:
        classes = labelling.class_order(set(records.labels))
        number = {label: index for index, label in enumerate(classes)}
        labels = np.array([number[label] for label in records.labels], np.int32)
        labelling.check_classes(task, classes, records)
    elif task != "unlabelled":
        raise InputError(f"{', '.join(records.files)}: a {task} task needs labels. Give a label column, or one file per class.")

    splits = None
    if records.splits is not None:
        splits = np.array([("train", "validation", "test").index(s) for s in records.splits], np.int8)
    return Dataset(
        name=name or ", ".join(records.files),
        ids=tuple(records.ids),
        codes=records.codes,
        offsets=records.offsets,
        task=task,
        classes=classes,
        labels=labels,
        targets=targets,
        splits=splits,
        notes=tuple(report.notes),
    )


def save(dataset: Dataset, root: Path) -> Path:
    """Writes a dataset into a workspace, once; the same content lands in the same folder.

    Returns:
        `root/datasets/<fingerprint>`, with `records.parquet` and `dataset.json`.
    """
    folder = root / "datasets" / dataset.fingerprint
    if (folder / "dataset.json").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    text = pa.LargeStringArray.from_buffers(
        len(dataset), pa.py_buffer(dataset.offsets), pa.py_buffer(sequences.decode(dataset.codes).encode())
    )
    columns: dict[str, Any] = {"id": pa.array(dataset.ids, pa.string()), "sequence": text}
    for column, values in (("label", dataset.labels), ("target", dataset.targets), ("split", dataset.splits)):
        if values is not None:
            columns[column] = pa.array(values)
    with runs.replacing(folder / "records.parquet") as file:
        pq.write_table(pa.table(columns), file, compression="zstd")
    about = {
        "name": dataset.name,
        "task": dataset.task,
        "classes": dataset.classes,
        "records": len(dataset),
        "bases": int(dataset.offsets[-1]),
        "lengths": [int(dataset.lengths.min()), int(np.median(dataset.lengths)), int(dataset.lengths.max())],
        "counts": dataset.counts(),
        "notes": dataset.notes,
    }
    runs.write_json(folder / "dataset.json", about)
    return folder


def load(root: Path, fingerprint: str) -> Dataset:
    """Reads a dataset back.

    Raises:
        InputError: it is not in the workspace.
    """
    folder = root / "datasets" / fingerprint
    if not fingerprint.isalnum() or not (folder / "dataset.json").is_file():
        raise InputError(f'There is no dataset "{fingerprint[:40]}" in {root}. Add its file again on the Data page.')
    about = json.loads((folder / "dataset.json").read_text("utf-8"))
    table = pq.read_table(folder / "records.parquet")
    text = table["sequence"].combine_chunks()
    lengths = pc.binary_length(text).to_numpy()
    letters = b"".join(value.as_buffer() for value in text) if len(text) else b""

    def column(name: str, dtype: Any) -> Any:
        return table[name].to_numpy().astype(dtype) if name in table.column_names else None

    return Dataset(
        name=about["name"],
        ids=tuple(table["id"].to_pylist()),
        codes=sequences.encode(letters),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        task=about["task"],
        classes=tuple(about["classes"]),
        labels=column("label", np.int32),
        targets=column("target", np.float32),
        splits=column("split", np.int8),
        notes=tuple(about["notes"]),
    )


def listing(root: Path) -> list[dict[str, Any]]:
    """What `dataset.json` says of each dataset in a workspace, newest first, with its "fingerprint"."""
    files = sorted((root / "datasets").glob("*/dataset.json"), key=lambda p: p.stat().st_mtime, reverse=True)
    return [{"fingerprint": file.parent.name, **json.loads(file.read_text("utf-8"))} for file in files]
