"""Positives and their negatives as the two classes of one set; what belongs to a positive stays with it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from genomics.dataset import Dataset, Names, take
from genomics.errors import InputError, SettingError
from genomics.io.report import shorten

_MOST_PER_POSITIVE = 100


def positives(dataset: Dataset, of: str, negative: str, per_positive: int) -> tuple[Dataset, str, tuple[str, ...]]:
    """The records that negatives are made of.

    Args:
        dataset: sequences of one class, without labels, or of several classes.
        of: the class of the positives; empty where there is one only.
        negative: what the class of negatives will be called.
        per_positive: how many negatives each will get, 1 to 100.

    Returns:
        the positives, each with a number in `together` that its negatives get as well; the name of their class; a note on
        what is left out.

    Raises:
        SettingError: a number or a class that is not allowed.
        InputError: no positives, or a task that has no classes.
    """
    if not 1 <= per_positive <= _MOST_PER_POSITIVE:
        raise SettingError(f"{per_positive:,} negatives for each positive are not allowed: choose 1 to {_MOST_PER_POSITIVE}.")
    title = shorten(dataset.name)
    if dataset.task in ("regression", "multilabel"):
        raise InputError(
            f"{title} is a {dataset.task} set, which has no class of positives. Give sequences of one class, or without labels."
        )
    if not len(dataset):
        raise InputError(f"{title} holds no sequence to make negatives of. Give some positives.")
    listed = ", ".join(f'"{shorten(name)}"' for name in dataset.classes) or "none, so leave it empty"
    if of and of not in dataset.classes:
        raise SettingError(f'"{shorten(of)}" is no class of {title}. Classes: {listed}.')
    if not of and len(dataset.classes) > 1:
        raise SettingError(f"{title} has several classes ({listed}). Say which one is positive.")
    name = of or (dataset.classes[0] if dataset.classes else "positive")
    if name == negative:
        raise SettingError(f'The class "{name}" cannot have negatives of the same name. Choose another class, or rename it.')
    if dataset.labels is None or len(dataset.classes) == 1:
        return _paired(dataset), name, ()
    members = take(dataset, np.flatnonzero(dataset.labels == dataset.classes.index(name)))
    if not len(members):
        raise InputError(f'The class "{shorten(name)}" of {title} has no member. Choose another class.')
    return _paired(members), name, (f'Records of classes other than "{shorten(name)}" left out: {len(dataset) - len(members):,}.',)


def _paired(positives: Dataset) -> Dataset:
    """Each with a number that its negatives get, too: torn apart, test would be the mirror image of train."""
    if positives.together is not None:
        return positives
    return replace(positives, together=np.arange(len(positives), dtype=np.int32))


def both(dataset: Dataset, positives: Dataset, negatives: Dataset, negative: str, positive: str, notes: Sequence[str]) -> Dataset:
    """Positives, then negatives, as one dataset of two classes.

    Args:
        dataset: what both were made of.
        positives: see `positives`.
        negatives: with the same columns.
        negative: name of their class.
        positive: name of the other.
        notes: on how they were made.
    """

    def joined(field: str) -> Any:
        parts = getattr(positives, field), getattr(negatives, field)
        return None if parts[0] is None or parts[1] is None else np.concatenate(parts)

    return Dataset(
        name=f"{dataset.name} with {negative} negatives",
        ids=Names([*positives.ids, *negatives.ids]),
        codes=joined("codes"),
        offsets=np.append(positives.offsets, positives.offsets[-1] + negatives.offsets[1:]),
        task="binary",
        classes=(negative, positive),  # not `labelling.class_order`, for a positive class may be called "non-coding"
        labels=np.repeat(np.array([1, 0], np.int32), [len(positives), len(negatives)]),
        splits=joined("splits"),
        groups=joined("groups"),
        group_names=negatives.group_names,
        together=joined("together"),
        lower=joined("lower"),
        notes=(*dataset.notes, *notes),
        parent=dataset.fingerprint,
        remedy=f"add_{negative}_negatives",
    )
