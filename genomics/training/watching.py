"""What can be watched while a network learns: its answers for a few fixed sequences, and the filters of its first layer."""

import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from genomics import disk, sequences
from genomics.dataset import Dataset
from genomics.fit import Fit
from genomics.sequences import Layout
from genomics.training import measuring
from genomics.training.tables import Scale

MOST = 8
_BASES = 240  # of a longer sequence those round the most informative position are shown
_AROUND, _CLEAR = 6, 1.0  # positions that are looked at together, and the bits from which on they stand out
_READ = 2000
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


def records(dataset: Dataset, index: NDArray[np.intp], layout: Layout, focus: int = 0) -> list[dict[str, Any]]:
    """Name, truth, and bases of some records as they are read, as JSON; "focus" is the most informative position among the bases."""
    start = max(0, min(focus - _BASES // 2, layout.length - _BASES))
    texts = [sequences.decode(row[start : start + _BASES]) for row in dataset.rows(index, layout)]
    return [
        {"id": dataset.ids[i], "truth": _truth(dataset, i), "sequence": text, "start": start, "focus": focus - start}
        for i, text in zip(index.tolist(), texts, strict=True)
    ]


def focus(dataset: Dataset, training: NDArray[np.intp], layout: Layout) -> int:
    """The position, from 0, round which the bases of a class differ most from its composition; 0 where no position stands out."""
    some = training[:: len(training) // _READ + 1]
    kinds = np.zeros(len(some)) if dataset.labels is None else dataset.labels[some]
    best, at = _CLEAR, 0
    for kind in np.unique(kinds):
        shares = sequences.position_frequencies(dataset.rows(some[kinds == kind], layout))
        bits = (shares * np.log2((shares + 1e-9) / (shares.mean(0) + 1e-9))).sum(1)
        sums = np.convolve(bits, np.ones(_AROUND), "same")
        if sums.max() > best:
            best, at = float(sums.max()), int(sums.argmax())
    return at


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
        self._layers = first_filters(model)
        self._written = -_FILTERS_SECONDS

    def write(self, epoch: int, *, last: bool = False) -> None:
        """Writes `filters.npz`: `kernels` float32 (filters, size, 4) and `epoch`, unless it was just written."""
        if not self._layers or (not last and time.monotonic() - self._written < _FILTERS_SECONDS):
            return
        kernels = side_by_side([np.asarray(layer.kernel.numpy(), np.float32) for layer in self._layers])
        with disk.replacing(self._folder / "filters.npz") as file:
            np.savez(file, kernels=kernels, epoch=np.array(epoch))
        self._written = time.monotonic()


def first_filters(model: keras.Model) -> list[Any]:
    """The convolutions that read bases themselves: one, or several of other widths beside each other; none over words or counts."""
    convolutions = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv1D | keras.layers.Conv2D)]
    words = any(isinstance(layer, keras.layers.Embedding) for layer in model.layers)
    if words or not convolutions or convolutions[0].kernel.shape[1] != 4:
        return []
    return [layer for layer in convolutions if layer.input is convolutions[0].input]


def side_by_side(kernels: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Filters of several layers as (filters, size, 4): the narrower ones with zeros on both sides.

    Args:
        kernels: (size, 4, filters) each, or (size, 4, 1, filters) of a picture of bases.
    """
    flat = [kernel.reshape(len(kernel), 4, -1).transpose(2, 0, 1) for kernel in kernels]
    widest = max(kernel.shape[1] for kernel in flat)
    room = [(widest - kernel.shape[1]) // 2 for kernel in flat]
    return np.concatenate(
        [np.pad(kernel, ((0, 0), (left, widest - kernel.shape[1] - left), (0, 0))) for kernel, left in zip(flat, room, strict=True)]
    )


def _truth(dataset: Dataset, i: int) -> Any:
    if dataset.members is not None:
        return [name for name, member in zip(dataset.classes, dataset.members[i], strict=True) if member]
    if dataset.labels is not None:
        return dataset.classes[dataset.labels[i]]
    return dataset.measured()[i].tolist()
