"""What a dataset is: a frozen value whose fingerprint follows from its content."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genomics import sequences, similarity
from genomics.errors import InputError


@dataclass(frozen=True, kw_only=True, eq=False)  # no slots: what follows from the content is worked out once and kept
class Dataset:
    """Sequences with what is known about each.

    Attributes:
        name: for people.
        ids: one text a record, not necessarily unique.
        codes: uint8 (total,), flat: A C G T = 0 to 3, unknown = 4.
        offsets: int64 (n + 1,).
        task: one of `genomics.labelling.TASKS`.
        classes: names; for a binary task the negative one first. Empty for regression and unlabelled sets.
        labels: int32 (n,), index into `classes`, or None.
        members: uint8 (n, classes), for multilabel: 1 where a record belongs to a class; or None.
        targets: float32, for regression: (n,), or (n, targets) where there are several; or None.
        target_names: of several targets, where known.
        splits: int8 (n,), the file's own: 0 train, 1 validation, 2 test; or None.
        folds: int16 (n,), folds that were given from outside, 0 to k - 1; or None.
        groups: int32 (n,), index into `group_names`: what belongs together (a chromosome, a family); or None.
        group_names: names of the groups.
        together: int32 (n,), equal where records must not be torn apart at random (a sequence and its shuffled copy, windows
            of one sequence); or None.
        lower: int32 (n,), how many letters of each were lower case in the file; or None.
        notes: what reading did, in sentences.
        parent: the fingerprint of the dataset this one was made from; empty for one that was read.
        remedy: what was done to the parent, see `genomics.remedies`.
    """

    name: str
    ids: Sequence[str]
    codes: sequences.Codes
    offsets: NDArray[np.int64]
    task: str
    classes: tuple[str, ...] = ()
    labels: NDArray[np.int32] | None = None
    members: NDArray[np.uint8] | None = None
    targets: NDArray[np.float32] | None = None
    target_names: tuple[str, ...] = ()
    splits: NDArray[np.int8] | None = None
    folds: NDArray[np.int16] | None = None
    groups: NDArray[np.int32] | None = None
    group_names: tuple[str, ...] = ()
    together: NDArray[np.int32] | None = None
    lower: NDArray[np.int32] | None = None
    notes: tuple[str, ...] = ()
    parent: str = ""
    remedy: str = ""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Length of each sequence in bases, (n,)."""
        return np.diff(self.offsets)

    @cached_property
    def fingerprint(self) -> str:
        """sha256 over the content (not the name): 16 hexadecimal digits, which name the folder."""
        digest = hashlib.sha256(json.dumps([self.task, self.classes, list(self.ids)]).encode())
        for array in (self.codes, self.offsets, self.labels, self.targets, self.splits):
            digest.update(b"-" if array is None else np.ascontiguousarray(array).data)
        for name in ("members", "groups", "together", "lower", "folds"):
            later = getattr(self, name)
            if later is not None:  # a dataset without them keeps the fingerprint it had before there were any
                digest.update(name.encode() + np.ascontiguousarray(later).tobytes())
        if self.group_names or self.target_names:
            digest.update(json.dumps([self.group_names, self.target_names]).encode())
        return digest.hexdigest()[:16]

    @cached_property
    def repeats(self) -> similarity.Groups:
        """A group number for each record, equal for equal sequences and for reverse complements: int64 (n,)."""
        return similarity.same(self.codes, self.offsets)

    @cached_property
    def families(self) -> similarity.Groups:
        """A family number for each record: those linked by shared 20-base words, on either strand: int64 (n,)."""
        return similarity.compare(self.codes, self.offsets, repeats=self.repeats).families

    def sequence(self, index: int) -> str:
        """One sequence as text."""
        return sequences.decode(self.codes[self.offsets[index] : self.offsets[index + 1]])

    def counts(self) -> dict[str, int]:
        """Records by class name; empty without classes. A record of several classes counts for each."""
        if self.members is not None:
            return dict(zip(self.classes, self.members.sum(0, dtype=np.int64).tolist(), strict=True))
        if self.labels is None:
            return {}
        return dict(zip(self.classes, np.bincount(self.labels, minlength=len(self.classes)).tolist(), strict=True))

    def labelled(self) -> NDArray[np.int32]:
        """The labels, where there must be some.

        Raises:
            InputError: there are none.
        """
        if self.labels is None:
            raise InputError(f"{self.name} has no labels. Give a label column, or one file per class.")
        return self.labels

    def measured(self) -> NDArray[np.float32]:
        """The targets, where there must be some.

        Raises:
            InputError: there are none.
        """
        if self.targets is None:
            raise InputError(f"{self.name} has no numbers to predict. Give a column of them.")
        return self.targets

    def rows(self, index: NDArray[np.intp], layout: sequences.Layout) -> sequences.Codes:
        """Some sequences as a rectangle: uint8 (len(index), layout.length)."""
        codes, offsets = self.flat(index)
        return sequences.matrix(codes, offsets, layout)

    def flat(self, index: NDArray[np.intp], layout: sequences.Layout | None = None) -> tuple[sequences.Codes, NDArray[np.int64]]:
        """Some sequences as flat codes and offsets; with a layout only the part that it keeps, and nothing filled."""
        starts, lengths = self.offsets[index], self.lengths[index]
        if layout:
            surplus = np.maximum(lengths - layout.length, 0)
            starts = starts + {"left": 0 * surplus, "centre": surplus // 2, "right": surplus}[layout.anchor]
            lengths = lengths - surplus
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return sequences.gather(self.codes, starts, offsets), offsets


def take(dataset: Dataset, index: NDArray[np.intp], **changes: Any) -> Dataset:
    """Some of the records in the order of `index`, as a dataset of its own.

    Args:
        dataset: the one to take from.
        index: intp (m,).
        changes: fields to replace, for instance `notes`.
    """
    codes, offsets = dataset.flat(index)
    per_record = {
        field: None if (values := getattr(dataset, field)) is None else values[index]
        for field in ("labels", "members", "targets", "splits", "folds", "groups", "together", "lower")
    }
    fields: dict[str, Any] = {
        **{field: getattr(dataset, field) for field in ("name", "task", "classes", "target_names", "group_names", "notes")},
        **per_record,
        "ids": [dataset.ids[i] for i in index.tolist()],
        "codes": codes,
        "offsets": offsets,
    }
    return Dataset(**fields | changes)
