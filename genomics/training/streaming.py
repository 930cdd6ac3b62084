"""Encoded sequences: in memory where they fit, else encoded anew, piece by piece, whenever they are asked for.

A dataset's codes may be mapped from disk, so that training needs no more memory than the pieces in hand.
"""

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genomics import inputs
from genomics.dataset import Dataset
from genomics.encoding import ENCODINGS
from genomics.recipe import Recipe, predictor

IN_MEMORY = 1 << 30  # bytes of one encoded part
_PIECE = 1 << 22  # bases encoded at once

Rows = slice | NDArray[np.intp]


class Reader:
    """Sequences that look like their encoded array, but are encoded only when some are taken.

    Args:
        recipe: says how.
        dataset: whose they are.
        index: intp (n,), which of them.
    """

    def __init__(self, recipe: Recipe, dataset: Dataset, index: NDArray[np.intp]) -> None:
        self._recipe = recipe
        self._dataset = dataset
        self._index = index
        self.shape = (len(index), *inputs.shape(recipe))

    def __len__(self) -> int:
        return len(self._index)

    def __getitem__(self, rows: Rows) -> NDArray[Any]:
        return inputs.encode(self._recipe, self._dataset, self._index[rows])


def encoded(recipe: Recipe, dataset: Dataset, index: NDArray[np.intp]) -> "NDArray[Any] | Reader":
    """Some sequences as (n, ...), an array or what behaves like one; made in pieces, to need little more than the result."""
    reader = Reader(recipe, dataset, index)
    dtype = np.dtype(ENCODINGS[predictor(recipe.architecture).encoding(recipe.config)[0]].dtype)
    if prod(reader.shape) * dtype.itemsize > IN_MEMORY:
        return reader
    array = np.empty(reader.shape, dtype)
    longest = max(recipe.layout.length, int(dataset.lengths.mean()))
    at_once = max(1, _PIECE // longest)
    for at in range(0, len(index), at_once):
        array[at : at + at_once] = reader[slice(at, at + at_once)]
    return array
