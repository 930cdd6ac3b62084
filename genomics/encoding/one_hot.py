"""One row of four per base; kept as codes here and unfolded inside the model, 16 times smaller than float32 one-hot."""

import numpy as np
from numpy.typing import NDArray

from genomics.encoding.kind import Encoding
from genomics.sequences import Codes, Layout, matrix


def encode(codes: Codes, offsets: NDArray[np.int64], layout: Layout, size: int) -> Codes:
    """Lays sequences out as uint8 (n, layout.length): A C G T = 0 to 3; 4 (unknown, filled) unfolds to zeros."""
    return matrix(codes, offsets, layout)


ENCODING = Encoding(
    name="one_hot",
    summary="each base as four numbers, one of them 1; unknown bases as zeros",
    encode=encode,
    shape=lambda layout, size: (layout.length,),
    dtype="uint8",
    codes=True,
)
