"""Every metric for many weightings of the same records at once: the bootstrap of an interval is one matrix product.

Each function takes `weights`, (resamples, n), how often each record counts in each resample, and returns
(resamples,). A row of ones gives the plain metric; scikit-learn is the oracle of the tests. A resample in which a
metric does not exist (a class is missing) gives NaN.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BINS = 10
_TINY = 1e-15


def confusion(truth: Ints, predicted: Ints, classes: int, weights: Floats) -> Floats:
    """Records by true class (axis 1) and predicted class (axis 2): (resamples, classes, classes)."""
    cell = truth * classes + predicted
    return (weights @ np.eye(classes * classes)[cell]).reshape(-1, classes, classes)


def from_confusion(tables: Floats) -> dict[str, Floats]:
    """Accuracy, balanced accuracy, MCC, sensitivity, specificity, precision and F1.

    For two classes the last four are those of class 1; for more they are means over classes. MCC for more than two
    classes: Gorodkin 2004, doi 10.1016/j.compbiolchem.2004.09.006.
    """
    total = tables.sum((1, 2))
    right = np.trace(tables, axis1=1, axis2=2)
    true, predicted = tables.sum(2), tables.sum(1)
    hits = np.diagonal(tables, axis1=1, axis2=2)
    recall = _divide(hits, true)
    precision = _divide(hits, predicted, empty=0.0)
    f1 = _divide(2 * hits, true + predicted, empty=0.0)
    others = total[:, None] - true
    specificity = _divide(others - (predicted - hits), others)
    covariance = right * total - (true * predicted).sum(1)
    spread = np.sqrt((total**2 - (predicted**2).sum(1)) * (total**2 - (true**2).sum(1)))
    pick = (lambda values: values[:, 1]) if tables.shape[1] == 2 else (lambda values: values.mean(1))
    return {
        "accuracy": right / total,
        "balanced_accuracy": recall.mean(1),
        "mcc": _divide(covariance, spread, empty=0.0),
        "sensitivity": pick(recall),
        "specificity": pick(specificity),
        "precision": pick(precision),
        "f1": pick(f1),
    }


def auroc(truth: Ints, score: Floats, weights: Floats) -> Floats:
    """Area under the ROC curve; ties count half. `truth` is 0 or 1, higher scores speak for 1."""
    positive, negative = _by_threshold(truth, score, weights)
    below = np.cumsum(negative[:, ::-1], axis=1)[:, ::-1] - negative
    wins = (positive * (below + negative / 2)).sum(1)
    return _divide(wins, positive.sum(1) * negative.sum(1))


def auprc(truth: Ints, score: Floats, weights: Floats) -> Floats:
    """Average precision: the step-wise area under the precision-recall curve."""
    positive, negative = _by_threshold(truth, score, weights)
    hits, alarms = np.cumsum(positive, 1), np.cumsum(positive + negative, 1)
    return _divide((positive * _divide(hits, alarms, empty=0.0)).sum(1), hits[:, -1])


def curves(truth: Ints, score: Floats) -> dict[str, Floats]:
    """The points of the ROC and precision-recall curves, from the highest threshold down, each (points,).

    Returns:
        "false_positive_rate", "true_positive_rate" (recall), "precision", "threshold". The first point is (0, 0).
    """
    positive, negative = (part[0] for part in _by_threshold(truth, score, np.ones((1, len(truth)))))
    hits, alarms = np.cumsum(positive), np.cumsum(negative)
    start = np.zeros(1)
    return {
        "false_positive_rate": np.concatenate([start, alarms / max(alarms[-1], 1)]),
        "true_positive_rate": np.concatenate([start, hits / max(hits[-1], 1)]),
        "precision": np.concatenate([start + 1, hits / (hits + alarms)]),
        "threshold": np.concatenate([start + 1, np.unique(score)[::-1]]),
    }


def log_loss(truth: Ints, probabilities: Floats, weights: Floats) -> Floats:
    """Mean of -log of the probability given to the true class, in nats. `probabilities`: (n, classes)."""
    given = np.clip(probabilities[np.arange(len(truth)), truth], _TINY, 1)
    return _mean(-np.log(given), weights)


def brier(truth: Ints, probabilities: Floats, weights: Floats) -> Floats:
    """Mean squared error of the probabilities; for two classes of class 1 alone, for more summed over classes."""
    if probabilities.shape[1] == 2:
        return _mean((probabilities[:, 1] - truth) ** 2, weights)
    return _mean(((probabilities - np.eye(probabilities.shape[1])[truth]) ** 2).sum(1), weights)


def reliability(truth: Ints, probabilities: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """How sure the network is, how right it is, and how often, in ten bins of the winning class's probability.

    Returns:
        Mean confidence, accuracy and weight by bin, each (resamples, 10); NaN in an empty bin.
    """
    winner = probabilities.argmax(1)
    confidence = probabilities[np.arange(len(truth)), winner]
    member = np.eye(BINS)[np.minimum((confidence * BINS).astype(int), BINS - 1)]
    mass = weights @ member
    return (
        _divide(weights @ (member * confidence[:, None]), mass),
        _divide(weights @ (member * (winner == truth)[:, None]), mass),
        mass,
    )


def expected_calibration_error(truth: Ints, probabilities: Floats, weights: Floats) -> Floats:
    """Mean distance between confidence and accuracy over the bins of `reliability`, by their weight."""
    confidence, right, mass = reliability(truth, probabilities, weights)
    return np.nansum(np.abs(confidence - right) * mass, axis=1) / mass.sum(1)


def for_numbers(truth: Floats, predicted: Floats, weights: Floats) -> dict[str, Floats]:
    """Pearson, Spearman, R2 (of the predictions as they are), RMSE and MAE."""
    error = predicted - truth
    squared = _mean(error**2, weights)
    spread = _centred(truth[None, :], weights)
    return {
        "pearson": _pearson(truth[None, :], predicted[None, :], weights),
        "spearman": _pearson(_ranks(truth, weights), _ranks(predicted, weights), weights),
        "r2": 1 - _divide(squared, _rows_mean(spread**2, weights)),
        "rmse": np.sqrt(squared),
        "mae": _mean(np.abs(error), weights),
    }


def _by_threshold(truth: Ints, score: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Weight of positives and of negatives at each different score, highest first: (resamples, scores)."""
    order = np.argsort(-score, kind="stable")
    starts = np.flatnonzero(np.concatenate([[True], np.diff(score[order]) != 0]))
    sorted_weights, sorted_truth = weights[:, order], truth[order]
    positive = np.add.reduceat(sorted_weights * sorted_truth, starts, axis=1)
    return positive, np.add.reduceat(sorted_weights * (1 - sorted_truth), starts, axis=1)


def _ranks(values: Floats, weights: Floats) -> Floats:
    """Mid-rank of each record among the weighted records: (resamples, n)."""
    _, group = np.unique(values, return_inverse=True)
    mass = _sum_by(group, weights)
    before = np.cumsum(mass, axis=1) - mass
    return (before + (mass + 1) / 2)[:, group]


def _sum_by(group: Ints, weights: Floats) -> Floats:
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.concatenate([[True], np.diff(group[order]) != 0]))
    return np.add.reduceat(weights[:, order], starts, axis=1)


def _pearson(x: Floats, y: Floats, weights: Floats) -> Floats:
    x, y = _centred(x, weights), _centred(y, weights)
    return _divide((weights * x * y).sum(1), np.sqrt((weights * x * x).sum(1) * (weights * y * y).sum(1)))


def _centred(values: Floats, weights: Floats) -> Floats:
    """Values without their mean. The first one goes first, so that a constant becomes exactly zero."""
    values = values - values[:, :1]
    return values - _rows_mean(values, weights)[:, None]


def _rows_mean(values: Floats, weights: Floats) -> Floats:
    return (weights * values).sum(1) / weights.sum(1)


def _mean(values: Floats, weights: Floats) -> Floats:
    return weights @ values / weights.sum(1)


def _divide(top: Floats, bottom: Floats, *, empty: float = np.nan) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1), empty)
