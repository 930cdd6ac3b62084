"""Changing what is known of records: their part, their identifier, their case; adding a second class."""

from dataclasses import replace

import numpy as np

from genomics import negatives, split
from genomics.audit.finding import count_of
from genomics.dataset import Dataset
from genomics.split import Split


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
