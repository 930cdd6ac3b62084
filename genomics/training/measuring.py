"""What validation shows at the end of an epoch, besides the loss."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genomics import metrics
from genomics.fit import METRICS, Fit

Outputs = NDArray[np.float32]


def names(task: str) -> list[str]:
    """What is measured for a task."""
    return [name for name, tasks in METRICS.items() if task in tasks and name != "loss"]


def measure(task: str, fit: Fit, y: NDArray[Any], outputs: Outputs) -> dict[str, float]:
    """All that `names` lists, by name; NaN where it does not exist (a class is missing).

    Args:
        task: binary, multiclass, multilabel or regression.
        fit: for the loss, which says what outputs of numbers mean.
        y: targets as in `genomics.training.tables.Part`, (n,) or (n, outputs).
        outputs: linear, (n, outputs). Of several labels or targets the mean over those that can be measured is given.
    """
    once = np.ones((1, len(y)))
    if task == "regression":
        said = np.exp(outputs) if fit.loss == "poisson" else outputs
        columns = zip(y.reshape(outputs.shape).astype(np.float64).T, said.astype(np.float64).T, strict=True)
        each = [metrics.for_numbers(truth, answer, once) for truth, answer in columns]
        return {name: _mean([one[name][0] for one in each]) for name in names(task)}
    if task == "multilabel":
        return {
            name: _mean([area(y[:, label].astype(np.int64), outputs[:, label], once)[0] for label in range(y.shape[1])])
            for name, area in _areas()
        }
    truth, shares = y.astype(np.int64), probabilities(task, outputs)
    table = metrics.confusion(truth, shares.argmax(1), shares.shape[1], once)
    found = metrics.from_confusion(table)
    positives = [1] if task == "binary" else range(shares.shape[1])
    areas = {
        name: _mean([area((truth == number).astype(np.int64), shares[:, number], once)[0] for number in positives])
        for name, area in _areas()
    }
    return {name: areas[name] if name in areas else float(found[name][0]) for name in names(task)}


def leaning(task: str, y: NDArray[Any], outputs: Outputs) -> dict[str, float]:
    """Whether all is given to one class: the share of the class said most often, and that of the commonest; empty without classes."""
    if task not in ("binary", "multiclass"):
        return {}
    shares = probabilities(task, outputs)
    said, true = (np.bincount(classes, minlength=shares.shape[1]) / len(y) for classes in (shares.argmax(1), y.astype(np.int64)))
    return {"val_share": float(said.max()), "val_common": float(true.max())}


def probabilities(task: str, outputs: Outputs) -> NDArray[np.float64]:
    """Of classes (n, classes), rows summing to 1; of several labels (n, labels), each by itself."""
    linear = outputs.astype(np.float64)
    if task == "multilabel":
        return np.asarray((1 + np.tanh(linear / 2)) / 2)
    if task == "binary":
        linear = np.concatenate([np.zeros_like(linear), linear], axis=1)
    raised = np.exp(linear - linear.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True))


def _areas() -> list[tuple[str, Any]]:
    return [("auroc", metrics.auroc), ("auprc", metrics.auprc)]


def _mean(values: list[np.float64]) -> float:
    finite = [float(value) for value in values if np.isfinite(value)]
    return sum(finite) / len(finite) if finite else float("nan")
