"""From a recipe and a dataset to the arrays a network reads: encoded inputs, targets, weights, by part."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset
from genomics.inputs import encode
from genomics.recipe import Recipe
from genomics.split import PARTS, Split


class Part(NamedTuple):
    """One part of a split, encoded.

    Attributes:
        x: the encoding's array, (n, ...).
        y: float32 (n,) for two classes (0, 1) and for regression (standardised); int32 (n,) for more classes.
        weight: float32 (n,), mean 1 over train.
    """

    x: NDArray[Any]
    y: NDArray[Any]
    weight: NDArray[np.float32]


class Tables(NamedTuple):
    """All parts, and what was learned from train to make them."""

    parts: dict[str, Part]
    scale: tuple[float, float]  # mean and standard deviation of regression targets in train; (0, 1) otherwise
    class_weights: tuple[float, ...]  # one a class; empty for regression


def prepare(recipe: Recipe, dataset: Dataset, split: Split) -> Tables:
    """Encodes all three parts; whatever is learned from data (scale, weights) is learned from train alone."""
    y, scale = targets(dataset, split.train)
    weights = class_weights(dataset, split.train) if recipe.fit.class_weights else (1.0,) * len(dataset.classes)
    parts = {}
    for name in PARTS:
        index = split.part(name)
        weight = np.ones(len(index), np.float32)
        if dataset.task != "regression" and dataset.labels is not None:
            weight = np.asarray(weights, np.float32)[dataset.labels[index]]
        parts[name] = Part(encode(recipe, dataset, index), y[index], weight)
    return Tables(parts, scale, weights)


def targets(dataset: Dataset, train: NDArray[np.intp]) -> tuple[NDArray[Any], tuple[float, float]]:
    """What the network should say for each record, and the scale of regression targets."""
    if dataset.task == "regression":
        numbers = dataset.measured()
        seen = numbers[train].astype(np.float64)
        scale = (float(seen.mean()), float(seen.std()) or 1.0)
        return ((numbers - scale[0]) / scale[1]).astype(np.float32), scale
    return dataset.labelled().astype(np.float32 if dataset.task == "binary" else np.int32), (0.0, 1.0)


def class_weights(dataset: Dataset, train: NDArray[np.intp]) -> tuple[float, ...]:
    """Weights that let all classes count the same, with mean 1 over train; empty for regression."""
    if dataset.labels is None:
        return ()
    counts = np.bincount(dataset.labels[train], minlength=len(dataset.classes))
    present = counts > 0
    weights = np.where(present, len(train) / (present.sum() * np.maximum(counts, 1)), 0.0)
    return tuple(float(weight) for weight in weights)
