"""What a division must respect: strata are divided in proportion, units are never torn, and what cannot be divided fairly is refused."""

import numpy as np
from numpy.typing import NDArray

from genomics import dealing
from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.io.report import shorten
from genomics.split.value import PARTS, Split

_ENOUGH = 10  # units that must not be torn, below which windows of one sequence are drawn one by one
LARGE = 0.5  # share of all records in one unit beyond which no fair division exists
LEAST_WATCHED, MOST_WATCHED = 0.02, 0.5

Ints = NDArray[np.int64]


def strata_of(dataset: Dataset) -> Ints:
    """The class of each record, which is divided in proportion; for several labels, which of them; 0 without: int64 (n,)."""
    if dataset.members is not None:
        return np.unique(dataset.members, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return np.zeros(len(dataset), np.int64) if dataset.labels is None else dataset.labels.astype(np.int64)


def way_of(dataset: Dataset) -> str:
    """What `strata_of` keeps in proportion, in words; empty where there is nothing, as with numbers."""
    return "in proportion to labels" if dataset.members is not None else "" if dataset.labels is None else "class by class"


def units_of(dataset: Dataset, how: str) -> Ints:
    """What is never torn: a number for each record."""
    if how == "group" and dataset.groups is not None:
        return dataset.groups.astype(np.int64)
    if how == "similarity":
        return dataset.families
    if dataset.together is None:
        return dataset.repeats
    joined = dealing.joined(dataset.repeats, dataset.together.astype(np.int64))
    few = np.bincount(joined).max() > LARGE * len(joined) or len(np.unique(joined)) < _ENOUGH
    return dataset.repeats if few else joined


def whole(strata: Ints, units: Ints, how: str, *, mixed: bool) -> Ints:
    """The class that a unit counts for: equal sequences count for that of the first, groups and families for all they hold."""
    if how in ("group", "similarity") or mixed:
        return strata
    _, first, owner = np.unique(units, return_index=True, return_inverse=True)
    return strata[first][owner]


def check_sizes(dataset: Dataset, strata: Ints, units: Ints, how: str, needed: int, among: NDArray[np.intp] | None = None) -> None:
    """Refuses what cannot be divided so that each part holds each class."""
    among = np.arange(len(units)) if among is None else among
    kept = how in ("group", "similarity")
    mixed = kept or (units is not dataset.repeats)  # then a unit may hold several classes
    _, first, sizes = np.unique(units[among], return_index=True, return_counts=True)
    what = {"group": "groups", "similarity": "families of similar sequences"}.get(how, "different sequences (either strand)")
    least = needed if mixed else 2 * needed
    if len(first) < least:
        what = "different sequence (either strand)" if len(first) == 1 and not kept else what
        raise SettingError(
            f"{len(first):,} {what} {'is' if len(first) == 1 else 'are'} too few to divide into train, validation and test. Add more.{_other_way(how)}"
        )
    if kept and sizes.max() > LARGE * len(among):
        raise SettingError(
            f"One of the {what} holds {sizes.max() / len(among):.0%} of all records, so that no fair division exists.{_other_way(how)}"
        )
    if dataset.labels is None:
        return
    pairs = np.unique(np.stack([units[among], strata[among]]), axis=1) if mixed else None
    held = strata[among][first] if pairs is None else pairs[1]
    for name, size in zip(dataset.classes, np.bincount(held, minlength=len(dataset.classes)), strict=True):
        if size >= needed:
            continue
        if pairs is not None:
            raise SettingError(
                f'The class "{shorten(name)}" is in {size} of the {what}; at least {needed} are needed, so that each part can hold one.{_other_way(how)}'
            )
        raise SettingError(
            f'The class "{shorten(name)}" has {size} {"member" if size == 1 else "members"} (equal sequences, on either strand, '
            f"count once); at least {needed} are needed, so that each part can hold one. Add records of that class, or leave it out."
        )


def check_parts(dataset: Dataset, made: Split) -> None:
    """Refuses a division in which a class has nothing to learn from, or a part is empty."""
    for part in PARTS:
        if not len(made.part(part)):
            raise SettingError(
                f"The {part} part would be empty: what must stay together is too large. Choose another seed or way to split."
            )
    if dataset.labels is None:
        return
    for part in ("train", "validation"):
        here = np.bincount(dataset.labels[made.part(part)], minlength=len(dataset.classes))
        if not here.all():
            name = shorten(dataset.classes[int(here.argmin())])
            raise SettingError(f'The {part} part would have no record of the class "{name}". Choose another seed, or the random split.')


def check_fraction(fraction: float, *, given: bool = False) -> None:
    """Refuses a share to watch that is too small or too large, and any where a validation part came with the file (`given`)."""
    if fraction and not LEAST_WATCHED <= fraction <= MOST_WATCHED:
        raise SettingError(
            f"validation fraction = {fraction:g} is not allowed: it is a number from {LEAST_WATCHED:g} to {MOST_WATCHED:g}, the share of what is "
            "not tested that is watched; or 0 for the usual."
        )
    if fraction and given:
        raise SettingError(
            "The file has a validation part of its own, and that is watched: a validation fraction has nothing to divide. Leave it out, "
            "or choose the random split."
        )


def _other_way(how: str) -> str:
    return " Or choose the random split, and read its numbers with care." if how in ("group", "similarity") else ""
