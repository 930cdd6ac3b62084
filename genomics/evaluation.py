"""How good a predictor is on records it has not seen: metrics with intervals, curves, and what guessing would score."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics import metrics

RESAMPLES = (200, 1000)  # of large and of small sets: the more records, the less a percentile needs
_WORK = 3_000_000  # weights drawn for one set, within these bounds
_AT_ONCE = 2_000_000  # weights held in memory at a time
_CURVE_POINTS = 400


class Evaluation(NamedTuple):
    """Everything the Results page shows of one part, as plain JSON values.

    Attributes:
        records: how many records it was measured on.
        metrics: by name: "value", and "low" and "high" of the 95 % bootstrap interval over records.
        baseline: the same for always guessing what is commonest in train (regression: the mean of train).
        confusion: records by true (outer) and predicted (inner) class; empty for regression.
        curves: by class name (for two classes the second only): ROC and precision-recall points.
        reliability: "confidence", "accuracy" and "records" by bin; empty for regression.
        scatter: for regression, "truth" and "predicted" of up to 2,000 records.
    """

    records: int
    metrics: dict[str, dict[str, float | None]]
    baseline: dict[str, dict[str, float | None]]
    confusion: list[list[int]]
    curves: dict[str, dict[str, list[float]]]
    reliability: dict[str, list[float | None]]
    scatter: dict[str, list[float]]


def of_classes(
    probabilities: NDArray[np.floating], truth: NDArray[np.integer], classes: tuple[str, ...], train: NDArray[np.integer], *, seed: int = 0
) -> Evaluation:
    """Evaluates class probabilities.

    Args:
        probabilities: (n, classes), rows sum to 1.
        truth: (n,), index into classes.
        classes: names; of two, the second counts as positive.
        train: labels of the training part, for the majority baseline.
        seed: of the bootstrap.
    """
    sure: NDArray[np.float64] = probabilities.astype(np.float64)
    true: NDArray[np.int64] = truth.astype(np.int64)
    share = np.bincount(train, minlength=len(classes)) / max(len(train), 1)
    guess = np.tile(share, (len(true), 1))
    points = {}
    for number in range(1 if len(classes) == 2 else 0, len(classes)):
        is_class = (true == number).astype(np.int64)
        if 0 < is_class.sum() < len(true):
            found = metrics.curves(is_class, sure[:, number])
            points[classes[number]] = {name: _thin(values) for name, values in found.items()}
    once = np.ones((1, len(true)))
    table = metrics.confusion(true, sure.argmax(1), len(classes), once)[0].astype(int).tolist()
    confidence, right, mass = (part[0] for part in metrics.reliability(true, sure, once))
    return Evaluation(
        records=len(true),
        metrics=class_intervals(sure, true, seed=seed),
        baseline=intervals(lambda w: _class_metrics(guess, true, w), len(true), seed=seed),
        confusion=table,
        curves=points,
        reliability={"confidence": _plain(confidence), "accuracy": _plain(right), "records": _plain(mass)},
        scatter={},
    )


def class_intervals(probabilities: NDArray[np.float64], truth: NDArray[np.int64], *, seed: int = 0) -> dict[str, dict[str, float | None]]:
    """The metrics of `of_classes` alone, each with its interval.

    Args:
        probabilities: (n, classes), rows summing to 1.
        truth: (n,), class numbers.
        seed: of the draw.
    """
    table = metrics.confusion(truth, probabilities.argmax(1), probabilities.shape[1], np.ones((1, len(truth))))[0].astype(int).tolist()
    return _widen(intervals(lambda w: _class_metrics(probabilities, truth, w), len(truth), seed=seed), table)


def of_numbers(predicted: NDArray[np.floating], truth: NDArray[np.floating], train: NDArray[np.floating], *, seed: int = 0) -> Evaluation:
    """Evaluates predicted numbers, each array (n,); `train` holds the training part's targets."""
    said: NDArray[np.float64] = predicted.astype(np.float64)
    true: NDArray[np.float64] = truth.astype(np.float64)
    guess = np.full_like(true, train.mean())
    shown = np.random.default_rng(seed).permutation(len(true))[:2000]
    return Evaluation(
        records=len(true),
        metrics=intervals(lambda w: metrics.for_numbers(true, said, w), len(true), seed=seed),
        baseline=intervals(lambda w: metrics.for_numbers(true, guess, w), len(true), seed=seed),
        confusion=[],
        curves={},
        reliability={},
        scatter={"truth": true[shown].tolist(), "predicted": said[shown].tolist()},
    )


def intervals(
    measure: Callable[[NDArray[np.float64]], dict[str, NDArray[np.float64]]], records: int, *, seed: int = 0, resamples: int = 0
) -> dict[str, dict[str, float | None]]:
    """The value of each metric, and its 95 % percentile interval over records drawn again with replacement.

    Args:
        measure: weights (resamples, n) to metrics (resamples,) by name.
        records: n.
        seed: of the draw.
        resamples: how many; 0 chooses 200 to 1,000 by the number of records. Resamples in which a metric does not exist are passed over.

    Returns:
        {"value", "low", "high"} by name; null where the metric does not exist.
    """
    resamples = resamples or int(np.clip(_WORK // max(records, 1), *RESAMPLES))
    rng = np.random.default_rng(seed)
    values = {name: array[0] for name, array in measure(np.ones((1, records))).items()}
    drawn: dict[str, list[NDArray[np.float64]]] = {name: [] for name in values}
    at_once = max(1, _AT_ONCE // records)
    for start in range(0, resamples, at_once):
        rows = min(at_once, resamples - start)
        picks = rng.integers(0, records, (rows, records)) + np.arange(rows)[:, None] * records
        weights = np.bincount(picks.ravel(), minlength=rows * records).reshape(rows, records).astype(np.float64)
        for name, array in measure(weights).items():
            drawn[name].append(array)
    return {name: _interval(value, np.concatenate(drawn[name])) for name, value in values.items()}


def wilson(right: float, of: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson 1927, doi 10.1080/01621459.1927.10502953)."""
    z = 1.959964
    middle = (right + z**2 / 2) / (of + z**2)
    reach = z / (of + z**2) * float(np.sqrt(right * (of - right) / of + z**2 / 4))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _widen(cells: dict[str, dict[str, float | None]], table: list[list[int]]) -> dict[str, dict[str, float | None]]:
    """Gives shares of exactly 0 or 1 Wilson's interval: drawn again, they never vary, and would look certain."""
    counts = np.array(table, float)
    shares = {"accuracy": (np.trace(counts), counts.sum())}
    if len(counts) == 2:
        shares |= {
            "sensitivity": (counts[1, 1], counts[1].sum()),
            "specificity": (counts[0, 0], counts[0].sum()),
            "precision": (counts[1, 1], counts[:, 1].sum()),
        }
    for name, (right, of) in shares.items():
        if of and right in (0, of) and cells[name]["value"] is not None:
            low, high = wilson(float(right), float(of))
            cells[name] |= {"low": low, "high": high}
    return cells


def _interval(value: float, drawn: NDArray[np.float64]) -> dict[str, float | None]:
    finite = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or not len(finite):
        return {"value": None, "low": None, "high": None}
    low, high = np.percentile(finite, [2.5, 97.5])
    return {"value": float(value), "low": float(min(low, value)), "high": float(max(high, value))}


def _class_metrics(
    probabilities: NDArray[np.float64], truth: NDArray[np.int64], weights: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    classes = probabilities.shape[1]
    positives = [1] if classes == 2 else range(classes)
    areas = {
        name: np.mean([area((truth == number).astype(np.int64), probabilities[:, number], weights) for number in positives], axis=0)
        for name, area in (("auroc", metrics.auroc), ("auprc", metrics.auprc))
    }
    return {
        **metrics.from_confusion(metrics.confusion(truth, probabilities.argmax(1), classes, weights)),
        **areas,
        "brier": metrics.brier(truth, probabilities, weights),
        "ece": metrics.expected_calibration_error(truth, probabilities, weights),
        "log_loss": metrics.log_loss(truth, probabilities, weights),
    }


def _thin(values: NDArray[np.float64]) -> list[float]:
    keep = np.unique(np.linspace(0, len(values) - 1, min(len(values), _CURVE_POINTS)).astype(int))
    return [round(float(value), 6) for value in values[keep]]


def _plain(values: NDArray[np.float64]) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """Plain JSON."""
    return evaluation._asdict()


def from_json(stored: dict[str, Any]) -> Evaluation:
    """Back from JSON."""
    return Evaluation(**stored)
