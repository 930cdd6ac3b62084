"""Two or more classes, one a record."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genomics import metrics
from genomics.evaluation.resampling import Groups, Measure, drawn_over, intervals
from genomics.evaluation.unmoved import widen_classes
from genomics.evaluation.value import Cells, Evaluation, plain, thin


def of_classes(
    probabilities: NDArray[np.floating],
    truth: NDArray[np.integer],
    classes: tuple[str, ...],
    train: NDArray[np.integer],
    *,
    seed: int = 0,
    groups: Groups = None,
) -> Evaluation:
    """Evaluates class probabilities.

    Args:
        probabilities: (n, classes), rows sum to 1.
        truth: (n,), index into classes.
        classes: names; of two, the second counts as positive.
        train: labels of the training part, for the majority baseline.
        seed: of the bootstrap.
        groups: (n,), what belongs together; see `genomics.evaluation.intervals`.
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
            points[classes[number]] = {name: thin(values) for name, values in found.items()}
    once = np.ones((1, len(true)))
    confidence, right, mass = (part[0] for part in metrics.reliability(true, sure, once))
    return Evaluation(
        records=len(true),
        metrics=class_intervals(sure, true, seed=seed, groups=groups),
        baseline=_intervals(guess, true, seed, groups),
        confusion=metrics.confusion(true, sure.argmax(1), len(classes), once)[0].astype(int).tolist(),
        curves=points,
        reliability={"confidence": plain(confidence), "accuracy": plain(right), "records": plain(mass)},
        scatter={},
        drawn=drawn_over(groups),
    )


def class_intervals(probabilities: NDArray[np.float64], truth: NDArray[np.int64], *, seed: int = 0, groups: Groups = None) -> Cells:
    """The metrics of `of_classes` alone, each with its interval.

    Args:
        probabilities: (n, classes), rows summing to 1.
        truth: (n,), class numbers.
        seed: of the draw.
        groups: (n,), what belongs together.
    """
    cells = _intervals(probabilities, truth, seed, groups)
    widen_classes(cells, probabilities, truth, groups)
    return cells


def _intervals(probabilities: NDArray[np.float64], truth: NDArray[np.int64], seed: int, groups: Groups) -> Cells:
    members = [(truth == number).astype(np.int64) for number in range(probabilities.shape[1])]
    quick = [metrics.coarse(score, member) for score, member in zip(probabilities.T, members, strict=True)]
    once = _measure(probabilities, truth, members, list(probabilities.T))
    return intervals(_measure(probabilities, truth, members, quick), len(truth), seed=seed, groups=groups, once=once)


def _measure(probabilities: NDArray[np.float64], truth: NDArray[np.int64], members: list[NDArray[np.int64]], scores: list[Any]) -> Measure:
    classes = probabilities.shape[1]
    said = probabilities.argmax(1)
    positives = [1] if classes == 2 else range(classes)

    def measure(weights: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        areas = [metrics.areas(members[number], scores[number], weights) for number in positives]
        return {
            **metrics.from_confusion(metrics.confusion(truth, said, classes, weights)),
            **{name: np.mean([area[name] for area in areas], axis=0) for name in areas[0]},
            "brier": metrics.brier(truth, probabilities, weights),
            "ece": metrics.expected_calibration_error(truth, probabilities, weights),
            "log_loss": metrics.log_loss(truth, probabilities, weights),
        }

    return measure
