"""What labels mean: the task they suggest, the order of classes, numbers, several labels a record."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.errors import InputError, SettingError
from genomics.io.report import Records, shorten

TASKS = ("binary", "multiclass", "multilabel", "regression", "unlabelled")
SEPARATOR = ";"
_NEGATIVE = ("non", "not", "no_", "no-", "neg", "-", "inactive", "un", "background", "control", "decoy", "random", "shuffled", "false")
_MANY_VALUES = 20
_MOST_CLASSES = 50


class Meaning(NamedTuple):
    """What the labels of a set are; see `genomics.dataset.Dataset` for the fields."""

    task: str
    classes: tuple[str, ...] = ()
    labels: NDArray[np.int32] | None = None
    members: NDArray[np.uint8] | None = None
    targets: NDArray[np.float32] | None = None
    target_names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def understand(records: Records, task: str = "") -> Meaning:
    """Works out what labels mean.

    Args:
        records: each with a label, or none with one.
        task: one of `TASKS`; empty to infer it, see `infer_task`.

    Raises:
        SettingError: no such task.
        InputError: the labels do not fit the task.
    """
    inferred = infer_task(records.labels, records.label_names)
    asked, task = task, task or inferred
    if task not in TASKS:
        raise SettingError(f'"{shorten(task)}" is no task. Tasks: {", ".join(TASKS)}.')

    notes = () if asked or records.labels is None else _doubts(records.labels, task)
    if task == "regression":
        targets = numbers(records)
        names = records.label_names if targets.ndim == 2 and len(records.label_names) == targets.shape[1] else ()
        return Meaning(task, targets=targets, target_names=names, notes=notes)
    if records.labels is None:
        if task != "unlabelled":
            raise InputError(f"{', '.join(records.files)}: a {task} task needs labels. Give a label column, or one file per class.")
        return Meaning(task)
    if task == "multilabel":
        classes, members = _memberships(records)
        return Meaning(task, classes, members=members, notes=notes)
    classes = class_order(set(records.labels))
    number = {label: index for index, label in enumerate(classes)}
    check_classes(task, classes, records)
    return Meaning(task, classes, labels=np.array([number[label] for label in records.labels], np.int32), notes=notes)


def class_order(names: set[str]) -> tuple[str, ...]:
    """Class names in order; of two, the one that sounds negative ("non-promoter", "0", "control") first."""
    ordered = sorted(names, key=lambda name: (_number(name) is None, _number(name) or 0.0, name))
    if len(ordered) == 2 and ordered[1].lower().startswith(_NEGATIVE) and not ordered[0].lower().startswith(_NEGATIVE):
        ordered.reverse()
    return tuple(ordered)


def infer_task(labels: list[str] | None, names: tuple[str, ...] = ()) -> str:
    """The task that labels suggest.

    None, or one class: unlabelled. Numbers of more than 20 different values: regression, unless they count classes from
    0 or 1 without a gap. Several columns: regression
    where they hold numbers other than 0 and 1, else multilabel. Names joined by ";": multilabel. Else binary or
    multiclass.
    """
    if labels is None:
        return "unlabelled"
    values = set(labels)
    if len(names) > 1:
        parts = {part for value in values for part in value.split(SEPARATOR)}
        return "regression" if parts - {"0", "1"} and all(_number(part) is not None for part in parts) else "multilabel"
    if len(values) == 1:
        return "unlabelled"
    if len(values) > _MANY_VALUES and _are_measurements(values):
        return "regression"
    if any(SEPARATOR in value for value in values):
        return "multilabel"
    return "binary" if len(values) == 2 else "multiclass"


def check_classes(task: str, classes: tuple[str, ...], records: Records) -> None:
    """Raises InputError where classes do not fit the task."""
    files = ", ".join(records.files)
    if task == "binary" and len(classes) != 2:
        raise InputError(f"{files}: a binary task has two classes, but there are {len(classes):,}. Choose multiclass, or mend the labels.")
    if task == "multiclass" and len(classes) < 2:
        raise InputError(f"{files}: there is one class only ({shorten(classes[0])}). Add records of another class.")
    if task == "multiclass" and len(classes) > max(_MOST_CLASSES, len(records) // 5):
        raise InputError(
            f"{files}: {len(classes):,} different labels for {len(records):,} records are too many for classes. "
            "Choose another label column, or the task regression if the labels are measurements."
        )


def numbers(records: Records) -> NDArray[np.float32]:
    """The labels as numbers: float32 (n,), or (n, targets) where each holds several with ";" between them.

    Raises:
        InputError: one is no number, or they are not equally many; the message names the record and line.
    """
    rows = [label.split(SEPARATOR) for label in records.labels or []]
    if len(rows) != len(records):
        raise InputError(f"{', '.join(records.files)}: regression needs a number for each record. Give a label column.")
    width = len(rows[0]) if rows else 1
    values = np.zeros((len(rows), width), np.float64)
    largest = float(np.finfo(np.float32).max)
    for index, row in enumerate(rows):
        found = [_number(text) for text in row]
        if len(found) != width:
            raise InputError(
                f"{_place(records, index)}: {len(found)} numbers where the first record has {width}. Give each record equally many."
            )
        for at, value in enumerate(found):
            if value is None or abs(value) > largest:
                label = shorten(row[at])
                comma = " Write decimals with a point, not a comma." if _number(label.replace(",", ".")) is not None else ""
                raise InputError(
                    f'{_place(records, index)}: "{label}" is not a number (up to 3.4e38). Regression needs one for each record.{comma}'
                )
            values[index, at] = value
    return (values[:, 0] if width == 1 else values).astype(np.float32)


def _memberships(records: Records) -> tuple[tuple[str, ...], NDArray[np.uint8]]:
    """Class names, and uint8 (n, classes): 1 where a record belongs to a class."""
    rows = [[part.strip() for part in label.split(SEPARATOR)] for label in records.labels or []]
    if len(records.label_names) > 1 and all(part in ("0", "1") for row in rows for part in row):
        return records.label_names, np.array(rows, np.uint8)
    classes = class_order({part for row in rows for part in row if part})
    if len(classes) < 2:
        raise InputError(f'{", ".join(records.files)}: a multilabel task needs at least two classes. Write several as "a;b".')
    if len(classes) > _MOST_CLASSES:
        raise InputError(f"{', '.join(records.files)}: {len(classes):,} different labels are too many for a multilabel task (at most 50).")
    number = {name: index for index, name in enumerate(classes)}
    members = np.zeros((len(rows), len(classes)), np.uint8)
    for index, row in enumerate(rows):
        members[index, [number[part] for part in row if part]] = 1
    return classes, members


def _doubts(labels: list[str], task: str) -> tuple[str, ...]:
    """What was assumed of labels that could mean something else."""
    values = set(labels)
    numeric = all(_number(value) is not None for value in values)
    if numeric and task == "regression":
        return (f"The labels are {len(values):,} different numbers and taken as measurements (regression). If they are classes, say so.",)
    if numeric and task in ("binary", "multiclass"):
        named = " and ".join(sorted(values)) if len(values) == 2 else f"{len(values)} different numbers"
        return (f"The labels are {named} and taken as classes. If they are measurements, choose regression.",)
    return ()


def _are_measurements(values: set[str]) -> bool:
    """Whether texts are numbers that do not simply count classes."""
    found = [_number(value) for value in values]
    if any(number is None for number in found):
        return False
    ordered = sorted(number for number in found if number is not None)
    return ordered not in ([float(n) for n in range(len(ordered))], [float(n + 1) for n in range(len(ordered))])


def _place(records: Records, index: int) -> str:
    line = int(records.lines[index])
    return f"{records.files[records.file_of[index]]}, record {index + 1:,}{f', line {line:,}' if line else ''}"


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None
