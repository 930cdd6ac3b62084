"""Do the training sequences have a direction, or do they look alike on both strands?

Where they look alike, a network may read either strand: twice the examples, and calmer answers. Where they have a
direction (promoters before a start, splice sites), the other strand is another thing, and reading it does harm.

The test turns each sequence over by the toss of a coin. If both strands are alike, that changes nothing but the
chance part of the sum of all differences between a sequence and its reverse complement.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset
from genomics.kmers import kmer_profiles
from genomics.sequences import Layout, other_strand

MOST = 5000  # sequences looked at
FEWEST = 20  # below which nothing can be told
DRAWS = 99
_BASES = 2_000_000  # of all sequences looked at
_WORD = 3
_PLACES = 400  # positions told apart

# The number of each word's reverse complement: its bases complemented (3 - base) and in opposite order.
_OTHER = sum((3 - np.arange(4**_WORD) // 4**place % 4) * 4 ** (_WORD - 1 - place) for place in range(_WORD))

Floats = NDArray[np.float32]


class Strands(NamedTuple):
    """Whether both strands look alike, and why, as a sentence."""

    alike: bool
    why: str


def symmetric(dataset: Dataset, train: NDArray[np.intp], layout: Layout, *, seed: int = 0) -> Strands:
    """Tells whether training sequences look alike on both strands, class by class; with numbers, also by their numbers.

    Compared are the share of each 3-base word and the bases at each position. Of long sequences the positions are
    taken together by 400ths.

    Args:
        dataset: any but an unlabelled one.
        train: intp (n,), the training part; at most 5,000 of it are looked at.
        layout: how a network will read them.
        seed: of the choice among many, and of the coins.
    """
    rng = np.random.default_rng(seed)
    most = min(MOST, max(FEWEST, _BASES // layout.length))
    index = train if len(train) <= most else np.sort(rng.choice(train, most, replace=False))
    if len(index) < FEWEST:
        return Strands(False, f"The other strand is not used: {len(index)} training sequences are too few to tell whether both look alike.")

    rows = dataset.rows(index, layout)
    turned = other_strand(rows, layout.anchor)
    words = _words(rows)
    differences = [words - words[:, _OTHER], _places(rows) - _places(turned)]
    signs = rng.integers(0, 2, (DRAWS, len(index))).astype(np.float32) * 2 - 1
    signs = np.concatenate([np.ones((1, len(index)), np.float32), signs])  # as they are, then turned over by chance
    for name, weight in _views(dataset, index):
        used = np.flatnonzero(weight)
        if len(used) >= FEWEST and _stands_out([some[used] for some in differences], signs[:, used] * weight[used]):
            return Strands(False, f"The other strand is not used: {name} have a direction (their two strands differ).")
    return Strands(True, "Training sequences look alike on both strands: each is read from both, and the mean of both answers is given.")


def _stands_out(differences: list[Floats], signs: Floats) -> bool:
    """Whether the sum of differences, the first row of `signs`, is larger than with every other row."""
    scores = []
    for some in differences:
        spread = np.sqrt(np.einsum("n,nf->f", signs[0] ** 2, some**2))
        z = (signs @ some)[:, spread > 0] / spread[spread > 0]
        if z.shape[1]:
            scores += [(z**2).sum(1), np.abs(z).max(1)]  # a little everywhere, or much at one place
    if not scores:
        return False
    table = np.stack(scores)
    table = (table - table.mean(1, keepdims=True)) / np.maximum(table.std(1, keepdims=True), 1e-12)
    largest = table.max(0)
    return bool(largest[0] > largest[1:].max())


def _views(dataset: Dataset, index: NDArray[np.intp]) -> list[tuple[str, Floats]]:
    """What to look at by itself, and how much each sequence counts in it."""
    everything = [("the training sequences", np.ones(len(index), np.float32))]
    if dataset.labels is not None:
        return [(f'sequences of the class "{name}"', _is(dataset.labels[index] == number)) for number, name in enumerate(dataset.classes)]
    if dataset.members is not None:
        labels = [(f'sequences labelled "{name}"', _is(dataset.members[index, number])) for number, name in enumerate(dataset.classes)]
        return everything + labels
    targets = dataset.measured()[index].reshape(len(index), -1).astype(np.float32)
    apart = targets - targets.mean(0)
    return everything + [("sequences with high or low numbers", column / max(float(column.std()), 1e-12)) for column in apart.T]


def _is(chosen: NDArray[np.generic]) -> Floats:
    return chosen.astype(np.float32)


def _words(rows: NDArray[np.uint8]) -> Floats:
    offsets = np.arange(len(rows) + 1, dtype=np.int64) * rows.shape[1]
    return kmer_profiles(np.ascontiguousarray(rows).ravel(), offsets, _WORD)


def _places(rows: NDArray[np.uint8]) -> Floats:
    """How often each base stands in each stretch: float32 (n, stretches * 4)."""
    width = -(-rows.shape[1] // _PLACES)
    padded = np.pad(rows, ((0, 0), (0, -rows.shape[1] % width)), constant_values=4)
    stretches = padded.reshape(len(rows), -1, width)
    return np.stack([(stretches == base).sum(2, dtype=np.uint16) for base in range(4)], axis=2).reshape(len(rows), -1).astype(np.float32)
