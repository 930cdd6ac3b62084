"""Leaving records out: every remedy that keeps some of the records and touches none of them."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from genomics.audit import letters, repeats
from genomics.audit.finding import count_of
from genomics.dataset import Dataset, take
from genomics.errors import SettingError
from genomics.sequences import UNKNOWN, count_codes, gc_content
from genomics.split import Split, strata_of

_GC_BINS = 20
_TINY = 10

Keep = NDArray[np.intp]


def keep_one_of_each(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """One record of each sequence of a class, from whichever strand; the one in the test part where there is one."""
    classes = strata_of(dataset)
    keys = dataset.repeats * (int(classes.max()) + 1) + classes
    order = np.arange(len(dataset))
    if dataset.splits is not None:  # a copy in the test part is the one to keep
        order = np.lexsort((order, -dataset.splits))
    _, first = np.unique(keys[order], return_index=True)
    keep = order[first]
    return _kept(
        dataset, keep, f"Of each sequence of a class (either strand) one record is kept; {len(dataset) - len(keep):,} copies are left out."
    )


def drop_conflicts(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """Leaves out all copies of sequences whose labels disagree."""
    groups = repeats.conflicting(dataset)
    keep = np.flatnonzero(~np.isin(dataset.repeats, groups))
    return _kept(
        dataset,
        keep,
        f"{count_of(len(groups), 'sequence')} with conflicting labels {'is' if len(groups) == 1 else 'are'} left out, all copies.",
    )


def drop_leaks_from_train(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """Leaves out of train and validation what is also in the test part."""
    if divided is None:
        return dataset
    outside = np.concatenate([divided.train, divided.validation])
    leaking = outside[np.isin(dataset.repeats[outside], dataset.repeats[divided.test])]
    keep = np.setdiff1d(np.arange(len(dataset)), leaking)
    return _kept(
        dataset, keep, f"{count_of(len(leaking), 'record')} of train and validation whose sequence is in the test part are left out."
    )


def match_gc(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """Leaves records out at random until all classes have the same GC contents, in 20 bins."""
    labels = dataset.labelled()
    gc = np.nan_to_num(gc_content(dataset.codes, dataset.offsets), nan=0.5)
    edges = np.quantile(gc, np.linspace(0, 1, _GC_BINS + 1)[1:-1])
    cell = np.searchsorted(edges, gc, side="right")
    table = np.zeros((len(dataset.classes), _GC_BINS), np.int64)
    np.add.at(table, (labels, cell), 1)
    sizes = np.maximum(table.sum(1, keepdims=True), 1)
    quota = np.floor((table / sizes).min(0) * sizes + 1e-9).astype(np.int64)
    keep = _drawn(labels * _GC_BINS + cell, quota.reshape(-1), seed)
    return _kept(dataset, keep, "Records are left out at random until all classes have the same GC contents.")


def balance_classes(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """Leaves records of the commoner classes out at random until all are equally large."""
    labels = dataset.labelled()
    sizes = np.bincount(labels, minlength=len(dataset.classes))
    keep = _drawn(labels.astype(np.int64), np.full(len(sizes), sizes[sizes > 0].min()), seed)
    return _kept(dataset, keep, "Records of the commoner classes are left out at random until all classes are equally large.")


def drop_tiny_classes(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """Leaves out classes with fewer than 10 different sequences."""
    labels = dataset.labelled()
    _, first = np.unique(dataset.repeats, return_index=True)
    tiny = np.flatnonzero(np.bincount(labels[first], minlength=len(dataset.classes)) < _TINY)
    return _kept(
        dataset,
        np.flatnonzero(~np.isin(labels, tiny)),
        f"{count_of(len(tiny), 'class', 'classes')} with fewer than {_TINY} different sequences left out.",
    )


def drop_unknown(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """Leaves out records that hold an unknown base."""
    holes = count_codes(dataset.codes, dataset.offsets, (UNKNOWN,))
    return _kept(dataset, np.flatnonzero(holes == 0), f"{count_of(int((holes > 0).sum()), 'record')} with unknown bases left out.")


def drop_low_complexity(dataset: Dataset, divided: Split | None, seed: int) -> Dataset:
    """Leaves out records that are mostly a short pattern repeated."""
    poor = letters.low_complexity(dataset)
    return _kept(dataset, np.setdiff1d(np.arange(len(dataset)), poor), f"{count_of(len(poor), 'record')} of low complexity left out.")


def _kept(dataset: Dataset, keep: Keep, said: str, **changes: object) -> Dataset:
    if not len(keep):
        raise SettingError(f"That would leave no record of {dataset.name}. Nothing was changed.")
    note = f"{said} {len(keep):,} of {len(dataset):,} records are left."
    return without_empty_classes(take(dataset, np.sort(keep), notes=(*dataset.notes, note), **changes))


def without_empty_classes(dataset: Dataset) -> Dataset:
    """Classes that have no member any more are forgotten; with one left there is nothing to tell apart."""
    if dataset.labels is None:
        return dataset
    present = np.unique(dataset.labels)
    if len(present) == len(dataset.classes):
        return dataset
    classes = tuple(dataset.classes[number] for number in present)
    task = {1: "unlabelled", 2: "binary"}.get(len(classes), "multiclass")
    return replace(dataset, classes=classes, task=task, labels=np.searchsorted(present, dataset.labels).astype(np.int32))


def _drawn(cells: NDArray[np.int64], quota: NDArray[np.int64], seed: int) -> Keep:
    """So many records of each cell, at random."""
    order = np.random.default_rng(seed).permutation(len(cells))
    order = order[np.argsort(cells[order], kind="stable")]
    ordered = cells[order]
    rank = np.arange(len(cells)) - np.searchsorted(ordered, ordered)
    return order[rank < quota[ordered]]
