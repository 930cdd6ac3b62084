"""Sequences as a recipe's architecture reads them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset
from genomics.encoding import ENCODINGS
from genomics.layouts import cost_of_layout
from genomics.recipe import Recipe, predictor


def encode(recipe: Recipe, dataset: Dataset, index: NDArray[np.intp]) -> NDArray[Any]:
    """Some sequences, encoded: one row each, (len(index), ...)."""
    name, size = predictor(recipe.architecture).encoding(recipe.config)
    return ENCODINGS[name].encode(*dataset.flat(index), recipe.layout, size)


def shape(recipe: Recipe) -> tuple[int, ...]:
    """Shape of one encoded sequence."""
    name, size = predictor(recipe.architecture).encoding(recipe.config)
    return ENCODINGS[name].shape(recipe.layout, size)


def cost(recipe: Recipe, dataset: Dataset) -> str:
    """What laying sequences out does to them, as a sentence; empty where nothing is cut or filled, or all is read whole."""
    if recipe.kind == "predictor" and ENCODINGS[predictor(recipe.architecture).encoding(recipe.config)[0]].whole:
        return ""
    return cost_of_layout(dataset, recipe.layout)
