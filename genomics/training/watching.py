"""What can be watched while a network learns: its answers for a few fixed sequences, and the filters of its first layer."""

import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from genomics import disk
from genomics.dataset import Dataset
from genomics.fit import Fit
from genomics.training import measuring
from genomics.training.tables import Scale

MOST = 8
_BASES = 60
_FILTERS_SECONDS = 2.0
_SEED = 8  # of the choice, equal in all runs, so that they can be compared


def choose(dataset: Dataset, validation: NDArray[np.intp]) -> NDArray[np.intp]:
    """Up to 8 rows of the validation part: of each class in turn, or from the lowest number to the highest."""
    rows = np.random.default_rng(_SEED).permutation(len(validation))
    if dataset.labels is not None:
        labels = dataset.labels[validation[rows]]
        turn = np.empty(len(rows), np.int64)
        for label in np.unique(labels):
            turn[labels == label] = np.arange((labels == label).sum())
        rows = rows[np.lexsort((labels, turn))]
    elif dataset.targets is not None:
        first = dataset.targets.reshape(len(dataset), -1)[validation, 0]
        rows = np.argsort(first, kind="stable")[np.unique(np.linspace(0, len(first) - 1, MOST).round().astype(int))]
    return rows[:MOST]


def records(dataset: Dataset, index: NDArray[np.intp]) -> list[dict[str, Any]]:
    """Name, truth and first bases of some records, as JSON."""
    return [{"id": dataset.ids[i], "truth": _truth(dataset, i), "sequence": dataset.sequence(i)[:_BASES]} for i in index.tolist()]


def said(task: str, fit: Fit, outputs: NDArray[np.float32], scale: Scale) -> list[Any]:
    """What the network says of each: probabilities by class or label, or numbers in their own unit (of one target one number)."""
    if task != "regression":
        return measuring.probabilities(task, outputs).round(4).tolist()
    numbers = np.exp(outputs.astype(np.float64)) if fit.loss == "poisson" else outputs * np.array(scale[1]) + np.array(scale[0])
    return numbers[:, 0].tolist() if numbers.shape[1] == 1 else numbers.tolist()


class Filters:
    """Writes the filters of a network's first convolution into the run's folder, now and then.

    Args:
        folder: the run's.
        model: in training.
    """

    def __init__(self, folder: Path, model: keras.Model) -> None:
        self._folder = folder
        self._layer = next((layer for layer in model.layers if layer.name == "conv_1" and _reads_bases(layer)), None)
        self._written = -_FILTERS_SECONDS

    def write(self, epoch: int, *, last: bool = False) -> None:
        """Writes `filters.npz`: `kernels` float32 (filters, size, 4) and `epoch`, unless it was just written."""
        if self._layer is None or (not last and time.monotonic() - self._written < _FILTERS_SECONDS):
            return
        kernels = np.asarray(self._layer.kernel.numpy(), np.float32).transpose(2, 0, 1)
        with disk.replacing(self._folder / "filters.npz") as file:
            np.savez(file, kernels=kernels, epoch=np.array(epoch))
        self._written = time.monotonic()


def _reads_bases(layer: Any) -> bool:
    shape = layer.kernel.shape
    return len(shape) == 3 and shape[1] == 4


def _truth(dataset: Dataset, i: int) -> Any:
    if dataset.members is not None:
        return [name for name, member in zip(dataset.classes, dataset.members[i], strict=True) if member]
    if dataset.labels is not None:
        return dataset.classes[dataset.labels[i]]
    return dataset.measured()[i].tolist()
