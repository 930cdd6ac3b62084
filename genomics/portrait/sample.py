"""Looking at some of the records, and at the ends of very long ones, a batch at a time."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset
from genomics.sequences import Codes, chunks, gather

_BASES = 250_000  # of a batch: its positions take eight times the room of its bases
_RECORDS = 1_024


def draw(strata: NDArray[np.integer], most: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Draws records so that no stratum gives more than another that still has some; small strata give all.

    Args:
        strata: int (n,), what each record belongs to.
        most: records to draw in all; each stratum gives at least one.
        rng: of the draw.

    Returns:
        intp (m,), sorted.
    """
    if len(strata) <= most:
        return np.arange(len(strata))
    shuffled = rng.permutation(len(strata))
    shuffled = shuffled[np.argsort(strata[shuffled], kind="stable")]
    starts = np.flatnonzero(np.concatenate([[True], np.diff(strata[shuffled]) != 0]))
    sizes = np.diff(np.append(starts, len(strata)))
    place = np.arange(len(strata)) - np.repeat(starts, sizes)
    return np.sort(shuffled[place < level(sizes, most)])


def level(sizes: NDArray[np.integer], most: int) -> int:
    """The largest number, at least 1, such that taking so many of each size, where it has them, is no more than `most`."""
    ordered = np.sort(sizes)
    before = np.cumsum(ordered) - ordered
    room = (most - before) // np.arange(len(ordered), 0, -1)
    large = ordered > room
    return max(1, int(room[large.argmax()] if large.any() else ordered.max(initial=1)))


def batches(
    dataset: Dataset, index: NDArray[np.intp], longest: int, side: str = "left"
) -> Iterator[tuple[slice, Codes, NDArray[np.int64]]]:
    """Some sequences as flat codes, a batch at a time.

    Args:
        dataset: to take from.
        index: intp (m,), which records.
        longest: bases of each to take at most.
        side: from which end, "left" or "right".

    Yields:
        The places in `index`, codes uint8 (bases,) and offsets int64 (records + 1,).
    """
    lengths = np.minimum(dataset.offsets[index + 1] - dataset.offsets[index], longest)
    starts = dataset.offsets[index] if side == "left" else dataset.offsets[index + 1] - lengths
    ends = np.concatenate([[0], np.cumsum(lengths)])
    for first, last in chunks(ends, _BASES, _RECORDS):
        offsets = ends[first : last + 1] - ends[first]
        yield slice(first, last), gather(dataset.codes, starts[first:last], offsets), offsets
