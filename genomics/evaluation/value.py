"""What an evaluation is, and how it is kept."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Cell = dict[str, float | None]
Cells = dict[str, Cell]

_NONE: Mapping[str, Any] = MappingProxyType({})
_CURVE_POINTS = 400
_ALL_POINTS = 8_000  # of all curves of one part together, but never less than 40 a curve


class Evaluation(NamedTuple):
    """Everything the Results page shows of one part, as plain JSON values.

    Attributes:
        records: how many records it was measured on.
        metrics: by name: "value", and "low" and "high" of the 95 % bootstrap interval over records (over groups, where they
            were given and there are enough); of several labels or targets the mean over them.
        baseline: the same for always predicting the most common class of train (numbers: its mean); of labels and numbers values alone.
        confusion: records by true (outer) and predicted (inner) class; empty but for classes.
        curves: by class or label (for two classes the second only): ROC and precision-recall points.
        reliability: "confidence", "accuracy" and "records" by bin, of several labels over all of them together: the
            probability given, and how often the record has the label; empty for numbers.
        scatter: for one target, "truth" and "predicted" of up to 2,000 records.
        parts: of several labels or targets, the metrics of each by name.
        guesses: likewise the baseline's values, without intervals.
        positives: of several labels, how many records have each.
        scatters: of several targets, `scatter` by name.
        drawn: how many groups the intervals were drawn over; 0 for records.
    """

    records: int
    metrics: Cells
    baseline: Cells
    confusion: list[list[int]]
    curves: dict[str, dict[str, list[float]]]
    reliability: dict[str, list[float | None]]
    scatter: dict[str, list[float]]
    parts: Mapping[str, Cells] = _NONE
    guesses: Mapping[str, dict[str, float | None]] = _NONE
    positives: Mapping[str, int] = _NONE
    scatters: Mapping[str, dict[str, list[float]]] = _NONE
    drawn: int = 0


_ALWAYS = frozenset(Evaluation._fields) - frozenset(Evaluation._field_defaults)


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """Plain JSON; what is empty and need not be there is left out."""
    return {name: value for name, value in evaluation._asdict().items() if value or name in _ALWAYS}


def from_json(stored: dict[str, Any]) -> Evaluation:
    """Back from JSON; what a later version has added is passed over."""
    return Evaluation(**{name: value for name, value in stored.items() if name in Evaluation._fields})


def thin(values: NDArray[np.float64], *, curves: int = 1) -> list[float]:
    """A curve's values, both ends among them, as few as can be drawn where there are so many curves."""
    most = int(np.clip(_ALL_POINTS // max(curves, 1), 40, _CURVE_POINTS))
    keep = np.unique(np.linspace(0, len(values) - 1, min(len(values), most)).astype(int))
    return [round(float(value), 6) for value in values[keep]]


def plain(values: NDArray[np.float64]) -> list[float | None]:
    """Numbers for JSON: null where there is none."""
    return [float(value) if np.isfinite(value) else None for value in values]
