"""What labels mean: the task they suggest, the order of classes, numbers."""

import numpy as np
from numpy.typing import NDArray

from genomics.errors import InputError
from genomics.io.report import Records, shorten

TASKS = ("binary", "multiclass", "regression", "unlabelled")
_NEGATIVE = ("non", "not", "no_", "no-", "neg", "-", "inactive", "un", "background", "control", "decoy", "random", "shuffled", "false")
_MANY_VALUES = 20


def class_order(names: set[str]) -> tuple[str, ...]:
    """Class names in order; of two, the one that sounds negative ("non-promoter", "0", "control") first."""
    ordered = sorted(names, key=lambda name: (_number(name) is None, _number(name) or 0.0, name))
    if len(ordered) == 2 and ordered[1].lower().startswith(_NEGATIVE) and not ordered[0].lower().startswith(_NEGATIVE):
        ordered.reverse()
    return tuple(ordered)


def infer_task(labels: list[str] | None) -> str:
    """The task that labels suggest; see `genomics.dataset.build`."""
    if labels is None:
        return "unlabelled"
    values = set(labels)
    if len(values) == 1:
        return "unlabelled"
    numbers = [_number(value) for value in values]
    if len(values) > _MANY_VALUES and all(n is not None for n in numbers) and any(n != int(n) for n in numbers if n is not None):
        return "regression"
    return "binary" if len(values) == 2 else "multiclass"


def check_classes(task: str, classes: tuple[str, ...], records: Records) -> None:
    """Raises InputError where classes do not fit the task."""
    files = ", ".join(records.files)
    if task == "binary" and len(classes) != 2:
        raise InputError(f"{files}: a binary task has two classes, but there are {len(classes):,}. Choose multiclass, or mend the labels.")
    if task == "multiclass" and len(classes) < 2:
        raise InputError(f"{files}: there is one class only ({shorten(classes[0])}). Add records of another class.")
    if task == "multiclass" and len(classes) > max(50, len(records) // 5):
        raise InputError(
            f"{files}: {len(classes):,} different labels for {len(records):,} records are too many for classes. "
            "Choose another label column, or the task regression if the labels are measurements."
        )


def numbers(records: Records) -> NDArray[np.float32]:
    """The labels as numbers, float32 (n,); InputError names the record and line of one that is none."""
    values = [_number(label) for label in records.labels or []]
    for index, value in enumerate(values):
        if value is None or abs(value) > float(np.finfo(np.float32).max):
            label = shorten((records.labels or [])[index])
            file, line = records.files[records.file_of[index]], int(records.lines[index])
            comma = " Write decimals with a point, not a comma." if _number(label.replace(",", ".")) is not None else ""
            raise InputError(
                f'{file}, record {index + 1:,}, line {line:,}: "{label}" is not a number (up to 3.4e38). Regression needs one for each record.{comma}'
            )
    if len(values) != len(records):
        raise InputError(f"{', '.join(records.files)}: regression needs a number for each record. Give a label column.")
    return np.array(values, np.float32)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None
