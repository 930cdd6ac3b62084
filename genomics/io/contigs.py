"""A reference, or any file of whole sequences: contigs with their codes, from FASTA, 2bit, GenBank or EMBL."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.sequences import Codes


class Contig(NamedTuple):
    """One sequence of a reference.

    Attributes:
        name: the first word of its header.
        codes: uint8 (length,).
        circular: whether the last base is followed by the first.
        lower: bool (length,), true where the file has lower case (soft masked); None where the format has no case.
    """

    name: str
    codes: Codes
    circular: bool = False
    lower: NDArray[np.bool_] | None = None
