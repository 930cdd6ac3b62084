"""Words that are in more records of one class than of the others, or that go with a number."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset
from genomics.kmers import BothStrands, both_strands, kmer_indices
from genomics.portrait import sample
from genomics.portrait.rows import MOST, Rows
from genomics.sequences import Codes

SHORT, LONG = 4, 6  # bases of a word
_LARGE = 200_000  # bases of the whole set from which on words are long
_RECORDS = 50_000
_BASES = 10_000_000
_LONGEST = 20_000  # bases of a record: with more, nearly every word is in it anyway
_PSEUDO = 0.5


class Enrichment(NamedTuple):
    """Whether a record holds a word (however often, on either strand), held against classes or numbers.

    At most 50,000 records are looked at, evenly over the classes, fewer where that were more than 10 million bases; of each
    record the first 20,000 bases. The p values are two-sided, of the test of two proportions with a pooled variance; its
    square is n times that of the correlation between two yes-or-no answers, and the same is used for numbers. The q values
    are those of Benjamini & Hochberg 1995 (doi 10.1111/j.2517-6161.1995.tb02031.x), over the words of one row.

    Attributes:
        rows: classes, or names of numbers (at most 50). None for unlabelled sets and where there is one class.
        kind: "ratio" for classes, "correlation" for numbers.
        words: one name for each word and its reverse complement.
        held: int32 (rows, words), records of each class that hold each word; no rows for numbers.
        holders: int32 (words,), records of all that hold each word.
        looked_at: int64 (rows,), records of each class, or with each number.
        records: looked at in all; a record of several classes counts once.
        effect: float32 (rows, words). "ratio": log2 of (held + 0.5) / (records + 1) of the class over the same of all others.
            "correlation": of holding the word with the number, -1 to 1.
        p: float64 (rows, words); 1 where nothing can be said.
        q: float64 (rows, words).
    """

    rows: tuple[str, ...]
    kind: str
    words: tuple[str, ...]
    held: NDArray[np.int32]
    holders: NDArray[np.int32]
    looked_at: NDArray[np.int64]
    records: int
    effect: NDArray[np.float32]
    p: NDArray[np.float64]
    q: NDArray[np.float64]


def of(dataset: Dataset, rows: Rows, rng: np.random.Generator) -> Enrichment:
    """Counts words of 4 bases, or of 6 in sets of 200,000 bases or more."""
    if dataset.targets is None and (dataset.task == "unlabelled" or len(rows.names) < 2):
        return _against_classes((), (), np.zeros((0, 0)), np.zeros(0), np.zeros(0), 0)
    mean = float(np.minimum(dataset.lengths, _LONGEST).mean()) if len(dataset) else 0.0
    most = min(_RECORDS, int(_BASES / max(mean, 1)))
    single = dataset.targets is None and rows.members is None
    index = sample.draw(rows.number if single else np.zeros(len(dataset), np.int8), most, rng)
    k = SHORT if dataset.offsets[-1] < _LARGE else LONG
    words = both_strands(k).names

    if dataset.targets is not None:
        names, weights = _numbers(dataset.targets, dataset.target_names, index)
        sums, holders = _sums(dataset, index, weights, k)
        return _against_numbers(names, words, sums, holders, len(index))
    weights = np.column_stack([rows.holds(row)[index] for row in range(len(rows.names))]).astype(np.float32)
    sums, holders = _sums(dataset, index, weights, k)
    return _against_classes(rows.names, words, sums, holders, weights.sum(0, dtype=np.float64), len(index))


def _against_classes(
    names: tuple[str, ...],
    words: tuple[str, ...],
    held: NDArray[np.float64],
    holders: NDArray[np.float64],
    size: NDArray[np.float64],
    n: int,
) -> Enrichment:
    here, others = size[:, None], n - size[:, None]
    elsewhere = holders - held
    ratio = np.log2((held + _PSEUDO) / (here + 2 * _PSEUDO)) - np.log2((elsewhere + _PSEUDO) / (others + 2 * _PSEUDO))
    share = holders / max(n, 1)
    variance = share * (1 - share) * n / np.maximum(here * others, 1)
    difference = held / np.maximum(here, 1) - elsewhere / np.maximum(others, 1)
    possible = (variance > 0) & (here > 0) & (others > 0)
    z = np.divide(difference, np.sqrt(variance), out=np.zeros_like(difference), where=possible)
    return _told("ratio", names, words, held, holders, size, n, ratio, z)


def _against_numbers(
    names: tuple[str, ...], words: tuple[str, ...], sums: NDArray[np.float64], holders: NDArray[np.float64], n: int
) -> Enrichment:
    share = holders / max(n, 1)
    spread = np.sqrt(share * (1 - share))
    r = np.divide(sums / max(n, 1), spread, out=np.zeros_like(sums), where=spread > 0)
    return _told("correlation", names, words, sums[:0], holders, np.full(len(names), n), n, r, r * math.sqrt(n))


def _told(
    kind: str,
    names: tuple[str, ...],
    words: tuple[str, ...],
    held: NDArray[np.float64],
    holders: NDArray[np.float64],
    size: NDArray[np.generic],
    n: int,
    effect: NDArray[np.float64],
    z: NDArray[np.float64],
) -> Enrichment:
    p = np.array([math.erfc(value) for value in (np.abs(z) / math.sqrt(2)).flat]).reshape(z.shape)
    q = p
    if p.size:
        from scipy.stats import false_discovery_control  # here, because the dashboard's server, which imports this file, never needs it

        q = false_discovery_control(p, axis=-1)
    counts = held.astype(np.int32), holders.astype(np.int32), size.astype(np.int64)
    return Enrichment(names, kind, words, *counts, n, effect.astype(np.float32), p, q)


def _numbers(targets: NDArray[np.float32], names: tuple[str, ...], index: NDArray[np.intp]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Names of the first 50 targets, and their values less the mean in units of the standard deviation, (records, targets)."""
    values = targets.reshape(len(targets), -1)[index, :MOST].astype(np.float64)
    values -= values.mean(0) if len(values) else 0
    scale = values.std(0) if len(values) else np.zeros(values.shape[1])
    values = np.divide(values, scale, out=np.zeros_like(values), where=scale > 0)
    plain = ("number",) if values.shape[1] == 1 else tuple(f"number {at + 1}" for at in range(values.shape[1]))
    return names[:MOST] or plain, values.astype(np.float32)


def _sums(
    dataset: Dataset, index: NDArray[np.intp], weights: NDArray[np.float32], k: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights summed over the records that hold a word, (columns, words), and how many records hold it, (words,)."""
    words = both_strands(k)
    columns = np.column_stack([np.ones(len(index), np.float32), weights])
    sums = np.zeros((len(words.names), columns.shape[1]))
    for here, codes, offsets in sample.batches(dataset, index, _LONGEST):
        sums += _held(codes, offsets, words, k).T @ columns[here]  # five times as fast as columns.T @ held, on two busy cores
    return sums[:, 1:].T, sums[:, 0]


def _held(codes: Codes, offsets: NDArray[np.int64], words: BothStrands, k: int) -> NDArray[np.float32]:
    """1 where a record holds a word: float32 (records, words)."""
    numbers, width = kmer_indices(codes, k), len(words.names)
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    first, last = owner[: len(numbers)], owner[len(owner) - len(numbers) :]
    held = np.zeros((len(offsets) - 1) * width + 1, np.float32)  # the last one is for what is no word of one record
    held[np.where((numbers >= 0) & (first == last), first * width + words.place[numbers], len(held) - 1)] = 1
    return held[:-1].reshape(-1, width)
