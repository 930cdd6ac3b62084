"""What an encoding is."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.sequences import Codes, Layout

Array = NDArray[Any]


class Encoding(NamedTuple):
    """One way to turn flat codes into rows of numbers.

    Attributes:
        name: the registry's key.
        summary: one sentence for people.
        encode: (codes uint8 (total,), offsets (n + 1,), layout, size) to an array (n, ...).
        shape: (layout, size) to the shape of one row.
        dtype: of the array.
        codes: whether a row is the laid-out sequence itself, uint8 (layout.length,), 0 to 3 for A C G T and 4 for unknown
            or filled, which the model unfolds; else it holds counts.
        whole: whether it reads whole sequences and so needs no layout.
        reverse: of counts, (size) to a permutation of a row's cells, int64 (cells,): `row.ravel()[reverse(size)]` is the
            row of the other strand. None where rows are codes.
    """

    name: str
    summary: str
    encode: Callable[[Codes, NDArray[np.int64], Layout, int], Array]
    shape: Callable[[Layout, int], tuple[int, ...]]
    dtype: str
    codes: bool = False
    whole: bool = False
    reverse: Callable[[int], NDArray[np.int64]] | None = None
