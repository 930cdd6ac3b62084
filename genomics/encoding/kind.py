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
        whole: whether it reads whole sequences and so needs no layout.
    """

    name: str
    summary: str
    encode: Callable[[Codes, NDArray[np.int64], Layout, int], Array]
    shape: Callable[[Layout, int], tuple[int, ...]]
    dtype: str
    whole: bool = False
