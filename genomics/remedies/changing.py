"""Changing records: cutting their sequences, their part, their identifier, their case; adding a second class."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from genomics import negatives, split
from genomics.audit import letters
from genomics.audit.finding import count_of
from genomics.dataset import Dataset, take
from genomics.remedies.leaving_out import without_empty_classes
from genomics.sequences import gather
from genomics.split import Split


def equalise_lengths(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """One length for all: that which at least 19 in 20 records of every class have."""
    groups = [dataset.lengths] if dataset.labels is None else [dataset.lengths[dataset.labels == c] for c in range(len(dataset.classes))]
    length = int(min(np.percentile(lengths, 5, method="lower") for lengths in groups if len(lengths)))
    keep = np.flatnonzero(dataset.lengths >= max(length, 1))
    start = dataset.offsets[keep] + (dataset.lengths[keep] - length) // 2
    made = take(dataset, keep)
    rows = np.asarray(dataset.codes[start[:, None] + np.arange(length)])
    cut = replace(made, codes=rows.reshape(-1), offsets=np.arange(len(keep) + 1, dtype=np.int64) * length, lower=None)
    lost = 1 - len(cut.codes) / max(len(dataset.codes), 1)
    note = f"Every sequence is cut to its middle {length:,} bases ({lost:.1%} of all bases are lost); {len(dataset) - len(keep):,} shorter ones are left out."
    return without_empty_classes(replace(cut, notes=(*dataset.notes, note)))


def strip_padding(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """Cuts filled ends off."""
    filling = letters.padded(dataset)
    return _trimmed(dataset, filling[:, 0], filling[:, 1], "filled ends")


def trim_adapters(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """Cuts ends off that many sequences share."""
    left, right = np.zeros(len(dataset), np.int64), np.zeros(len(dataset), np.int64)
    for side, text, holders in letters.adapters(dataset):
        (left if side == "left" else right)[holders] = len(text)
    return _trimmed(dataset, left, right, "adapter-like ends")


def _trimmed(dataset: Dataset, left: NDArray[np.int64], right: NDArray[np.int64], what: str) -> Dataset:
    """Cuts letters off both ends; records of which nothing is left go."""
    starts = dataset.offsets[:-1] + left
    lengths = np.maximum(dataset.lengths - left - right, 0)
    keep = np.flatnonzero(lengths > 0)
    offsets = np.concatenate([[0], np.cumsum(lengths[keep])]).astype(np.int64)
    cut = int(((left + right) > 0).sum())
    made = replace(take(dataset, keep), codes=gather(dataset.codes, starts[keep], offsets), offsets=offsets, lower=None)
    note = f"{int((dataset.lengths - lengths).sum()):,} letters of {what} are cut off {count_of(cut, 'record')}; {len(dataset) - len(keep):,} records had nothing else and are left out."
    return without_empty_classes(replace(made, notes=(*dataset.notes, note)))


def split_by_similarity(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """Writes down a split in which no 20-base word crosses."""
    return _with_split(dataset, split.make(dataset, "similarity", seed))


def forget_split(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """Forgets the file's own split, or draws another one."""
    if dataset.splits is None:
        return _with_split(dataset, split.make(dataset, "random", seed + 1))
    return replace(dataset, splits=None, notes=(*dataset.notes, "The file's own split is forgotten; the records are divided anew."))


def number_identifiers(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """Gives repeated identifiers a number."""
    taken, seen, made, changed = set(dataset.ids), set[str](), [], 0
    for name in dataset.ids:
        new, number = name, 1
        while new in seen or (new != name and new in taken):
            number += 1
            new = f"{name}_{number}"
        changed += new != name
        seen.add(new)
        made.append(new)
    return replace(dataset, ids=tuple(made), notes=(*dataset.notes, f"{count_of(changed, 'repeated identifier')} got a number."))


def forget_case(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """Forgets which letters were lower case."""
    return replace(dataset, lower=None, notes=(*dataset.notes, "Which letters were lower case is forgotten."))


def add_shuffled_negatives(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """Adds a second class: each sequence shuffled, with its dinucleotides kept."""
    return negatives.shuffled(dataset, seed=seed)


def _with_split(dataset: Dataset, divided: Split) -> Dataset:
    splits = np.zeros(len(dataset), np.int8)
    splits[divided.validation], splits[divided.test] = 1, 2
    return replace(dataset, splits=splits, notes=(*dataset.notes, *divided.notes))
