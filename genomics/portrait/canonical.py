"""Words counted on both strands together: a word and its reverse complement are one, named by the first in the alphabet."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.sequences import decode


class Canonical(NamedTuple):
    """The different words of one length.

    Attributes:
        names: 136 words for 4 bases, 2,080 for 6, in alphabetical order.
        place: int64 (4**k,), the place in `names` of the word with each number of `genomics.kmers.kmer_indices`.
    """

    names: tuple[str, ...]
    place: NDArray[np.int64]


@cache
def words(k: int) -> Canonical:
    """The different words of `k` bases."""
    numbers = np.arange(4**k)
    rest, other = numbers, np.zeros_like(numbers)
    for _ in range(k):
        other = other * 4 + 3 - rest % 4
        rest = rest // 4
    kept, place = np.unique(np.minimum(numbers, other), return_inverse=True)
    letters = (kept[:, None] // 4 ** np.arange(k)[::-1] % 4).astype(np.uint8)
    place.flags.writeable = False
    return Canonical(tuple(decode(word) for word in letters), place)
