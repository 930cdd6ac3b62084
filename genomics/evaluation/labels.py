"""Several labels, of which a record may have none, one or more."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genomics import metrics
from genomics.evaluation.columns import guessed, stacked, table, widen_means
from genomics.evaluation.resampling import Floats, Groups, Measure, drawn_over
from genomics.evaluation.unmoved import widen_classes, widen_share
from genomics.evaluation.value import Evaluation, plain, thin

Ints = NDArray[np.int64]


def of_labels(
    probabilities: NDArray[np.floating],
    truth: NDArray[np.integer],
    labels: tuple[str, ...],
    train: NDArray[np.integer],
    *,
    seed: int = 0,
    groups: Groups = None,
) -> Evaluation:
    """Evaluates a probability for each label.

    Args:
        probabilities: (n, labels), each 0 to 1.
        truth: (n, labels), 1 where a record has the label.
        labels: names.
        train: (m, labels), of the training part, for the baseline that says of each label how common it is.
        seed: of the bootstrap.
        groups: (n,), what belongs together; see `genomics.evaluation.intervals`.

    Returns:
        `metrics` holds the mean over labels of auroc, auprc, f1, accuracy, log_loss and brier (labels that no record of
        this part has, or all have, have no auroc and no auprc and are left out of the mean), and subset_accuracy, the share of
        records for which every label is right. A label is said to be there where its probability is above one half.
    """
    sure = probabilities.astype(np.float64)
    true: Ints = truth.astype(np.int64)
    guess = np.tile(train.mean(0) if len(train) else np.zeros(len(labels)), (len(true), 1))
    together, each = table(_measures(sure, true), labels, len(true), seed=seed, groups=groups)
    baseline, guesses = guessed(_measures(guess, true)[1], labels, len(true))
    for number, label in enumerate(labels):
        widen_classes(each[label], np.stack([1 - sure[:, number], sure[:, number]], 1), true[:, number], groups)
    widen_share(together, "subset_accuracy", len(true), groups)
    widen_means(together, each)
    points = {}
    for number, label in enumerate(labels):
        if 0 < true[:, number].sum() < len(true):
            found = metrics.curves(true[:, number], sure[:, number])
            points[label] = {name: thin(values, curves=len(labels)) for name, values in found.items()}
    return Evaluation(
        records=len(true),
        metrics=together,
        baseline=baseline,
        confusion=[],
        curves=points,
        reliability=_reliability(sure, true),
        scatter={},
        parts=each,
        guesses=guesses,
        positives=dict(zip(labels, true.sum(0).tolist(), strict=True)),
        drawn=drawn_over(groups),
    )


def _measures(probabilities: Floats, truth: Ints) -> tuple[Measure, Measure]:
    """A quick and an exact one; see `genomics.evaluation.columns.table`."""
    columns = list(zip(np.ascontiguousarray(truth.T), np.ascontiguousarray(probabilities.T), strict=True))
    all_right = ((probabilities > 0.5) == (truth == 1)).all(1).astype(np.float64)

    def of(scores: list[Any]) -> Measure:
        def measure(weights: Floats) -> dict[str, Floats]:
            found = [
                metrics.areas(true, score, weights) | metrics.for_label(true, said, weights)
                for (true, said), score in zip(columns, scores, strict=True)
            ]
            return stacked(found) | {"subset_accuracy": (weights @ all_right / weights.sum(1))[:, None]}

        return measure

    return of([metrics.coarse(said, true) for true, said in columns]), of([said for _, said in columns])


def _reliability(probabilities: Floats, truth: Ints) -> dict[str, list[float | None]]:
    """Over all labels together: mean probability given, share that has the label, and how many, in ten bins."""
    given, has = probabilities.ravel(), truth.ravel()
    bins = np.minimum((given * metrics.BINS).astype(int), metrics.BINS - 1)
    mass = np.bincount(bins, minlength=metrics.BINS).astype(np.float64)
    with np.errstate(invalid="ignore"):
        means = [np.bincount(bins, weights, metrics.BINS) / mass for weights in (given, has)]
    return {"confidence": plain(means[0]), "accuracy": plain(means[1]), "records": plain(mass)}
