"""Long sequences as windows: each becomes a record of its own that knows which sequence it is of."""

from dataclasses import replace

import numpy as np

from genomics.dataset import Dataset, take
from genomics.errors import SettingError
from genomics.sequences import gather

_MOST = 20_000_000


def tile(dataset: Dataset, length: int, step: int = 0) -> Dataset:
    """Cuts every sequence into windows of one length, from its first base on.

    Args:
        dataset: what to cut. Labels, numbers and the file's own split go with each window.
        length: of a window, in bases.
        step: from one window's first base to the next one's; 0: the length, so that windows do not overlap.

    Returns:
        A dataset whose groups are the sequences the windows are of (or their groups, where there are some), and a random
        split keeps the windows of one sequence together, if there are enough sequences. What is left over at an end, and sequences that are too short, is counted in
        the last note.

    Raises:
        SettingError: a length or step that is not allowed, or no sequence is long enough.
    """
    step = step or length
    if not 1 <= length <= 1_000_000 or not 1 <= step <= 1_000_000:
        raise SettingError(f"window = {length}, step = {step} is not allowed: both are from 1 to 1,000,000 bases.")
    counts = np.maximum((dataset.lengths - length) // step + 1, 0)
    total = int(counts.sum())
    if not total:
        raise SettingError(f"No sequence of {dataset.name} has {length:,} bases; the longest has {int(dataset.lengths.max()):,}.")
    if total > _MOST:
        raise SettingError(f"That would be {total:,} windows; at most {_MOST:,} are made. Choose longer windows or a larger step.")

    owner = np.repeat(np.arange(len(dataset)), counts)
    rank = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
    starts = dataset.offsets[owner] + rank * step
    offsets = np.arange(total + 1, dtype=np.int64) * length
    covered = np.minimum((counts - 1) * step + length, dataset.lengths)[counts > 0].sum()
    lost = 1 - float(covered if step <= length else counts.sum() * length) / max(int(dataset.offsets[-1]), 1)
    short = int((counts == 0).sum())
    note = (
        f"Every sequence is cut into windows of {length:,} bp, one each {step:,} bp: {total:,} windows; {lost:.1%} of all bases are in none"
        + (f"; {short:,} sequences are shorter and left out." if short else ".")
    )
    ids = [f"{dataset.ids[i]}:{at + 1}-{at + length}" for i, at in zip(owner.tolist(), (rank * step).tolist(), strict=True)]
    groups = np.arange(len(dataset), dtype=np.int32) if dataset.groups is None else dataset.groups
    bare = replace(dataset, codes=dataset.codes[:0], offsets=np.zeros_like(dataset.offsets), lower=None)  # taken many times at no cost
    return replace(
        take(bare, owner),
        ids=tuple(ids),
        codes=gather(dataset.codes, starts, offsets),
        offsets=offsets,
        groups=groups[owner],
        together=owner.astype(np.int32) if dataset.together is None else dataset.together[owner],
        group_names=tuple(dataset.ids) if dataset.groups is None else dataset.group_names,
        notes=(*dataset.notes, note),
    )
