"""A map of sequences: those with like shares of 4-base words lie near each other."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset
from genomics.kmers import both_strands, kmer_profiles
from genomics.portrait import sample
from genomics.portrait.rows import Rows

WORD = 4
_RECORDS = 3_000
_LONGEST = 10_000


class Atlas(NamedTuple):
    """The first two principal components of the shares of the 136 words of 4 bases (both strands together).

    At most 3,000 records are looked at, evenly over classes and parts; of each the first 10,000 bases.

    Attributes:
        place: float32 (m, 2), centred. Of either axis the word that weighs most points to the right (or up).
        record: int32 (m,), index into the dataset.
        row: int16 (m,), the class's place in the portrait's classes (the first, where a record has several); -1 for none.
        part: int8 (m,), 0 train, 1 validation, 2 test, -1 none.
        explained: float64 (2,), share of the variance that each axis shows; 0 where there is none.
        wordless: records drawn that hold no word of 4 known bases, and are not on the map.
    """

    place: NDArray[np.float32]
    record: NDArray[np.int32]
    row: NDArray[np.int16]
    part: NDArray[np.int8]
    explained: NDArray[np.float64]
    wordless: int


def of(dataset: Dataset, rows: Rows, part: NDArray[np.int8], rng: np.random.Generator) -> Atlas:
    """Maps some records; `part` is int8 (n,), -1 for none."""
    number = rows.number if dataset.classes else np.full(len(dataset), -1, np.int32)
    drawn = sample.draw((number + 1) * 4 + part + 1, _RECORDS, rng)
    words = both_strands(WORD)
    joined = np.eye(len(words.names))[words.place]  # sums a word and its reverse complement
    shares = np.zeros((len(drawn), len(words.names)))
    for here, codes, offsets in sample.batches(dataset, drawn, _LONGEST):
        shares[here] = kmer_profiles(codes, offsets, WORD).astype(np.float64) @ joined
    known = shares.any(1)
    place, explained = _components(shares[known])
    index = drawn[known]
    return Atlas(
        place.astype(np.float32), index.astype(np.int32), number[index].astype(np.int16), part[index], explained, int((~known).sum())
    )


def _components(rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two principal components (n, 2) and their shares of the variance (2,)."""
    if len(rows) < 2:
        return np.zeros((len(rows), 2)), np.zeros(2)
    centred = rows - rows.mean(0)
    variances, axes = np.linalg.eigh(centred.T @ centred / (len(rows) - 1))
    axes, two = axes[:, :-3:-1], np.maximum(variances[:-3:-1], 0)
    heaviest = np.abs(axes).argmax(0)
    axes = axes * np.where(axes[heaviest, [0, 1]] < 0, -1, 1)
    total = float(np.trace(centred.T @ centred) / (len(rows) - 1))
    return centred @ axes, two / total if total > 0 else np.zeros(2)
