"""What a division is: index arrays for who is learned from, looked at while learning, and asked once at the end."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset

HOW = ("auto", "random", "group", "similarity", "file")
PARTS = ("train", "validation", "test")


class Split(NamedTuple):
    """Index arrays into a dataset, sorted, without overlap, and the sentences that say how it was made."""

    train: NDArray[np.intp]
    validation: NDArray[np.intp]
    test: NDArray[np.intp]
    how: str
    notes: tuple[str, ...]

    def part(self, name: str) -> NDArray[np.intp]:
        """One of `PARTS` by name."""
        return {"train": self.train, "validation": self.validation, "test": self.test}[name]


def of_class(dataset: Dataset, divided: Split, name: str) -> Split:
    """The members of one class in each part; all of it where the name is empty."""
    if not name or dataset.labels is None:
        return divided
    member = dataset.labels == dataset.classes.index(name)
    return divided._replace(**{part: divided.part(part)[member[divided.part(part)]] for part in PARTS})


def crossing_repeats(dataset: Dataset, divided: Split) -> NDArray[np.bool_]:
    """Which test records are, on either strand, also in train or validation: bool (len(test),)."""
    outside = np.concatenate([divided.train, divided.validation])
    return np.isin(dataset.repeats[divided.test], dataset.repeats[outside])
