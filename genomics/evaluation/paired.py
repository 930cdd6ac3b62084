"""The difference between two predictors on the same records."""

import math
from collections.abc import Callable

import numpy as np

from genomics import metrics
from genomics.evaluation.resampling import Floats, Groups, cell, resampled
from genomics.evaluation.unmoved import still
from genomics.evaluation.value import Cell


def difference(task: str, one: Floats, other: Floats, truth: Floats, cells: tuple[Cell, Cell], groups: Groups = None) -> Cell:
    """The main metric of one predictor minus that of another, with its 95 % interval; null where one of them has none.

    Both are measured on the same resamples, so that what makes a resample easy or hard for both cancels out. Where no
    resample moves one of the two, the interval follows from their own as if they were independent (Zou & Donner 2008,
    doi 10.1002/sim.3095). Of several labels or targets the mean of the differences is taken.

    Args:
        task: decides the metric, see `genomics.shortcuts.MAIN`.
        one: what it predicts: (n, classes), (n, labels) or (n, targets).
        other: likewise.
        truth: (n,) class numbers, (n, labels) or (n, targets).
        cells: the main metric of each with its interval.
        groups: (n,), what belongs together.
    """
    both = [_main(task, said, truth) for said in (one, other)]

    def measure(weights: Floats) -> dict[str, Floats]:
        first, second = (main(weights) for main in both)
        return {"one": first, "other": second, "difference": first - second}

    values, drawn = resampled(measure, len(truth), groups=groups)
    apart, *each = (
        cell(float(metrics.mean_over(values[name])), metrics.mean_over(drawn[name].T)) for name in ("difference", "one", "other")
    )
    if apart["value"] is None or not any(map(still, each)):
        return apart
    down, up, below, above = (abs(float(of[end] or 0) - float(of["value"] or 0)) for of in cells for end in ("low", "high"))
    middle = apart["value"]
    return {"value": middle, "low": middle - math.hypot(down, above), "high": middle + math.hypot(up, below)}


def _main(task: str, said: Floats, truth: Floats) -> Callable[[Floats], Floats]:
    """Weights (resamples, n) to the main metric (resamples, columns)."""
    if task in ("binary", "multiclass"):
        name, classes, predicted, true = "mcc" if task == "binary" else "accuracy", said.shape[1], said.argmax(1), truth.astype(np.int64)
        return lambda weights: metrics.from_confusion(metrics.confusion(true, predicted, classes, weights))[name][:, None]
    columns = list(zip(said.T, truth.reshape(len(truth), -1).T, strict=True))
    if task == "multilabel":
        ranked = [(member, metrics.coarse(score, member)) for score, true in columns for member in [true.astype(np.int64)]]
        return lambda weights: np.stack([metrics.auroc(true, score, weights) for true, score in ranked], 1)
    return lambda weights: np.stack([metrics.for_numbers(true, score, weights)["pearson"] for score, true in columns], 1)
