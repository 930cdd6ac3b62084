"""What a shortcut may look at: features of some records, and how they are scaled by the records it learns from."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics import kmers, sequences
from genomics.dataset import Dataset
from genomics.sequences import Layout

WORD = 4  # bases

_INTERVALS = 16  # of a length or a share: enough to see that one class lies in the middle of the other
_WIDEST = 1_000  # bases of a sequence, from its start, whose positions are looked at
_PIECE = (1_000_000, 2_048)  # bases and records whose features are made at a time

Floats = NDArray[np.float32]
Index = NDArray[np.intp]
Function = Callable[[Floats], Floats]


class Look(NamedTuple):
    """One thing to look at.

    Attributes:
        name: see `genomics.shortcuts.Shortcut`.
        title: for a table.
        what: the same within a sentence.
        features: float32 (records, columns) of some records.
        columns: how many.
        scale: makes of the features learned from the function that scales any.
    """

    name: str
    title: str
    what: str
    features: Callable[[Dataset, Index], Floats]
    columns: int
    scale: Callable[[Floats], Function]


def looks(dataset: Dataset, pool: Index) -> list[Look]:
    """Everything there is to look at, the simplest first; `pool` are the records to learn from."""
    width = int(np.clip(dataset.lengths[pool].max(), 1, _WIDEST))
    at_each = partial(one_hot, width=width)
    return [
        Look("length", "Length only", "the length", length, 1, by_interval),
        Look("gc", "GC only", "the GC content", gc, 1, by_interval),
        Look(
            "case", "Unknown bases and case only", "the shares of unknown bases and of lower-case letters", unknown_and_case, 2, by_interval
        ),
        Look("words", f"{WORD}-mers", f"the frequencies of the {4**WORD} {WORD}-mers", words, 4**WORD, standardised),
        Look("positions", "Base at each position", f"the base at each of the first {width:,} positions", at_each, 4 * width, centred),
    ]


def pieces(dataset: Dataset, index: Index) -> Iterator[Index]:
    """The records in their order, in pieces of bounded size."""
    bases, records = _PIECE
    filled = np.cumsum(dataset.lengths[index]) // bases
    cut = (np.diff(filled) > 0) | (np.arange(1, len(index)) % records == 0)
    yield from np.split(index, np.flatnonzero(cut) + 1)


def length(dataset: Dataset, index: Index) -> Floats:
    """(records, 1), in bases."""
    return dataset.lengths[index].astype(np.float32)[:, None]


def gc(dataset: Dataset, index: Index) -> Floats:
    """(records, 1), among the known bases; one half where none is known."""
    return np.nan_to_num(sequences.gc_content(*dataset.flat(index)), nan=0.5).astype(np.float32)[:, None]


def unknown_and_case(dataset: Dataset, index: Index) -> Floats:
    """(records, 2): the shares of unknown bases and of letters that were lower case in the file."""
    codes, offsets = dataset.flat(index)
    unknown = sequences.count_codes(codes, offsets, (sequences.UNKNOWN,))
    lower = np.zeros(len(index)) if dataset.lower is None else dataset.lower[index]
    shares = np.stack([unknown, lower], axis=1) / np.maximum(np.diff(offsets), 1)[:, None]
    return shares.astype(np.float32)


def words(dataset: Dataset, index: Index) -> Floats:
    """(records, 4**WORD), see `genomics.kmers.kmer_profiles`."""
    return kmers.kmer_profiles(*dataset.flat(index), WORD)


def one_hot(dataset: Dataset, index: Index, width: int) -> Floats:
    """(records, 4 * width): the base at each position from the start; zeros where unknown or past the end."""
    rows = dataset.rows(index, Layout(width, "left"))
    return (rows[:, :, None] == np.arange(4, dtype=np.uint8)).reshape(len(rows), -1).astype(np.float32)


def by_interval(known: Floats) -> Function:
    """Each column standardised, and which of up to 16 equally filled intervals it falls into."""
    shares = np.linspace(0, 1, min(_INTERVALS, max(2, len(known) // 10)) + 1)[1:-1]
    edges = [np.unique(np.quantile(column, shares, method="lower")) for column in known.T]
    scale = standardised(known)

    def scaled(rows: Floats) -> Floats:
        inside = [np.eye(len(cuts) + 1)[np.searchsorted(cuts, column)] for cuts, column in zip(edges, rows.T, strict=True)]
        return np.concatenate([scale(rows), *inside], axis=1).astype(np.float32)

    return scaled


def standardised(known: Floats) -> Function:
    """Each column with mean 0 and standard deviation 1; one that does not vary becomes 0."""
    mean, spread = known.mean(0, dtype=np.float64), known.std(0, dtype=np.float64)
    spread[spread == 0] = 1
    return lambda rows: ((rows - mean) / spread).astype(np.float32)


def centred(known: Floats) -> Function:
    """Each column with mean 0: a fit whose constant is not penalised stays the same, and is found sooner."""
    mean = known.mean(0, dtype=np.float64).astype(np.float32)
    return lambda rows: rows - mean
