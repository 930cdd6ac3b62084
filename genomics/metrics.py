"""Every metric for many weightings of the same records at once: the bootstrap of an interval is one matrix product.

Each function takes `weights`, (resamples, n), how often each record counts in each resample, and returns
(resamples,). A row of ones gives the plain metric; scikit-learn is the oracle of the tests. A resample in which a
metric does not exist (a class is missing) gives NaN. Scores may be given as whole numbers from 0, as from `coarse`:
then they are not sorted again for each lot of resamples.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Scores = Floats | Ints

BINS = 10
_STEPS = 2000  # different scores of positives that are told apart where a score is made coarse
TINY = 1e-15
_FLAT = 1e-12  # a variance below this share of the mean square is rounding


def confusion(truth: Ints, predicted: Ints, classes: int, weights: Floats) -> Floats:
    """Records by true class (axis 1) and predicted class (axis 2): (resamples, classes, classes)."""
    return _sum_by(truth * classes + predicted, weights, classes * classes).reshape(-1, classes, classes)


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


def coarse(score: Floats, truth: Ints | None = None) -> Ints:
    """The place of each score among at most 2,000 chosen ones: whole numbers in the same order.

    Args:
        score: (n,).
        truth: (n,), 0 or 1, where areas under curves are wanted: scores of positives alone are told apart then, and
            negatives between two of them count as tied, which changes no area.

    Returns:
        (n,). Nothing is lost where there are no more than 2,000 different scores; else areas and rank correlations
        change by less than .0005.
    """
    anchors = np.sort(score if truth is None else score[truth == 1])
    kept = np.unique(anchors)
    if len(kept) > _STEPS:
        kept = np.unique(anchors[np.linspace(0, len(anchors) - 1, _STEPS).astype(int)])
    return np.searchsorted(kept, score, "left") + np.searchsorted(kept, score, "right")


def areas(truth: Ints, score: Scores, weights: Floats) -> dict[str, Floats]:
    """`auroc` and `auprc` from one look at the scores, by name."""
    positive, negative = _by_threshold(truth, score, weights)
    hits, alarms = np.cumsum(positive, 1), np.cumsum(negative, 1)
    wins = (positive * (alarms[:, -1:] - alarms + negative / 2)).sum(1)
    return {
        "auroc": _divide(wins, hits[:, -1] * alarms[:, -1]),
        "auprc": _divide((positive * _divide(hits, hits + alarms, empty=0.0)).sum(1), hits[:, -1]),
    }


def auroc(truth: Ints, score: Scores, weights: Floats) -> Floats:
    """Area under the ROC curve; ties count half. `truth` is 0 or 1, higher scores speak for 1."""
    return areas(truth, score, weights)["auroc"]


def auprc(truth: Ints, score: Scores, weights: Floats) -> Floats:
    """Average precision: the step-wise area under the precision-recall curve."""
    return areas(truth, score, weights)["auprc"]


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
    given = np.clip(probabilities[np.arange(len(truth)), truth], TINY, 1)
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


def for_label(truth: Ints, probability: Floats, weights: Floats) -> dict[str, Floats]:
    """Of one label that a record has or has not: accuracy, F1 (both at a probability of one half), log loss and Brier score.

    Args:
        truth: (n,), 0 or 1.
        probability: (n,), of 1.
        weights: (resamples, n).
    """
    said = probability > 0.5
    true = truth == 1
    given = np.clip(np.where(true, probability, 1 - probability), TINY, 1)
    columns = [said == true, said & true, said, true, -np.log(given), (probability - true) ** 2]
    right, hits, calls, positives, surprise, squared = (weights @ np.stack(columns, 1).astype(np.float64)).T
    total = weights.sum(1)
    return {
        "f1": _divide(2 * hits, calls + positives, empty=0.0),
        "accuracy": right / total,
        "log_loss": surprise / total,
        "brier": squared / total,
    }


def for_numbers(truth: Floats, predicted: Floats, weights: Floats, *, ranked: tuple[Ints, Ints] | None = None) -> dict[str, Floats]:
    """Pearson, Spearman, R2 (of the predictions as they are), RMSE and MAE.

    Args:
        truth: (n,).
        predicted: (n,).
        weights: (resamples, n).
        ranked: both made `coarse`, for Spearman on many records; else they are ranked as they are.
    """
    x, y, error = _centred(truth), _centred(predicted), predicted - truth
    columns = np.stack([x, y, x * x, y * y, x * y, error**2, np.abs(error)], 1)
    mean_x, mean_y, xx, yy, xy, squared, absolute = (weights @ columns / weights.sum(1)[:, None]).T
    of_x, of_y = _variance(xx, mean_x), _variance(yy, mean_y)
    return {
        "pearson": _divide(xy - mean_x * mean_y, np.sqrt(of_x * of_y)).clip(-1, 1),
        "spearman": _spearman(ranked[0], ranked[1], weights) if ranked else _spearman(truth, predicted, weights),
        "r2": 1 - _divide(squared, of_x),
        "rmse": np.sqrt(squared),
        "mae": absolute,
    }


def mean_over(columns: Floats) -> Floats:
    """The mean over labels or targets, those left out for which a number does not exist: (labels, resamples) to (resamples,)."""
    there = np.isfinite(columns)
    return _divide(np.where(there, columns, 0).sum(0), there.sum(0).astype(np.float64))


def _by_threshold(truth: Ints, score: Scores, weights: Floats) -> tuple[Floats, Floats]:
    """Weight of positives and of negatives at each different score, highest first: (resamples, scores)."""
    step = _steps(score)
    of = int(step.max()) + 1
    table = _sum_by((of - 1 - step) * 2 + truth, weights, 2 * of)
    return table[:, 1::2], table[:, ::2]


def _spearman(x: Scores, y: Scores, weights: Floats) -> Floats:
    middle = (weights.sum(1, keepdims=True) + 1) / 2  # the mean of all mid-ranks
    ranks, spread = [], []
    for step in (_steps(x), _steps(y)):
        mass = _sum_by(step, weights, int(step.max()) + 1)
        rank = np.cumsum(mass, axis=1) - (mass - 1) / 2 - middle
        spread.append((mass * rank**2).sum(1))
        ranks.append((rank, step))
    product = weights * np.take(*ranks[0], axis=1) * np.take(*ranks[1], axis=1)
    return _divide(product.sum(1), np.sqrt(spread[0] * spread[1]))


def _steps(score: Scores) -> Ints:
    """Scores as whole numbers from 0 in the same order."""
    return score.astype(np.int64) if score.dtype.kind == "i" else np.unique(score, return_inverse=True)[1]


def _sum_by(cell: Ints, weights: Floats, cells: int) -> Floats:
    """Weight in each cell: (resamples, cells). Row by row, because the table of one row stays in the processor's cache."""
    return np.stack([np.bincount(cell, row, cells) for row in weights])


def _centred(values: Floats) -> Floats:
    """Values without their mean. The first one goes first, so that a constant becomes exactly zero."""
    values = values - values[0]
    return values - values.mean()


def _variance(square: Floats, mean: Floats) -> Floats:
    found = square - mean**2
    return np.where(found > _FLAT * square, found, 0.0)


def _mean(values: Floats, weights: Floats) -> Floats:
    return weights @ values / weights.sum(1)


def _divide(top: Floats, bottom: Floats, *, empty: float = np.nan) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1), empty)
