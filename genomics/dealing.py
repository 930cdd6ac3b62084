"""Dealing records into parts: in proportion class by class, without tearing what belongs together."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def deal(strata: Ints, units: Ints, fractions: tuple[float, ...], rng: np.random.Generator) -> Ints:
    """Gives each record a part, so that each stratum is divided by `fractions` and no unit is torn.

    Units of several records are dealt one by one, large ones first, otherwise in random order: each goes to the part
    that lacks most of what the unit holds. Single records, mostly the bulk, then fill up what is missing at random.
    Every part gets something of every stratum as long as there are enough units.

    Args:
        strata: int64 (n,), the class of each record.
        units: int64 (n,), equal where records must stay together.
        fractions: of each part, summing to 1.
        rng: of the draw.

    Returns:
        int64 (n,), the number of the part.
    """
    _, first, owner, sizes = np.unique(units, return_index=True, return_inverse=True, return_counts=True)
    classes = int(strata.max()) + 1 if len(strata) else 1
    wanted = np.outer(fractions, np.bincount(strata, minlength=classes))
    chosen = np.zeros(len(first), np.int64)

    single = sizes == 1
    alone = np.flatnonzero(single)
    singles_of = strata[first[alone]]
    held = _deal_large(strata, owner, sizes, wanted, np.bincount(singles_of, minlength=classes), chosen, rng)
    for stratum in np.unique(singles_of):
        members = rng.permutation(alone[singles_of == stratum])
        quota = _quotas(wanted[:, stratum] - held[:, stratum], held[:, stratum] > 0, len(members))
        chosen[members] = np.repeat(np.arange(len(quota)), quota)
    return chosen[owner]


def joined(one: Ints, other: Ints) -> Ints:
    """Units that keep together what either of two numberings does: int64 (n,)."""
    _, one = np.unique(one, return_inverse=True)
    _, other = np.unique(other, return_inverse=True)
    units = other.astype(np.int64)
    while True:
        before = units
        for numbering in (one, other):
            least = np.full(int(numbering.max(initial=-1)) + 1, np.iinfo(np.int64).max)
            np.minimum.at(least, numbering, units)
            units = least[numbering]
        if np.array_equal(units, before):
            return np.unique(units, return_inverse=True)[1].astype(np.int64)


def _deal_large(
    strata: Ints, owner: Ints, sizes: Ints, wanted: NDArray[np.float64], singles: Ints, chosen: Ints, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Deals the units of several records into `chosen`; returns what each part then holds, (parts, strata)."""
    held = np.zeros_like(wanted)
    large = rng.permutation(np.flatnonzero(sizes > 1))
    large = large[np.argsort(-sizes[large], kind="stable")]
    if not len(large):
        return held
    place = np.full(len(sizes), -1)
    place[large] = np.arange(len(large))
    inside = place[owner] >= 0
    holds = np.zeros((len(large), wanted.shape[1]))
    np.add.at(holds, (place[owner[inside]], strata[inside]), 1)
    totals = np.maximum(wanted.sum(0), 1)
    left = (holds > 0).sum(0) + singles
    for number, unit in enumerate(large):
        here = holds[number]
        lacks = ((wanted - held) * (here / totals)).sum(1)
        for stratum in np.flatnonzero(here):
            bare = held[:, stratum] == 0
            if bare.any() and left[stratum] <= bare.sum():  # the last ones go to parts that have none yet
                lacks[~bare] = -np.inf
        left -= here > 0
        part = int(np.argmax(lacks))
        chosen[unit] = part
        held[part] += here
    return held


def _quotas(lacking: NDArray[np.float64], started: NDArray[np.bool_], count: int) -> Ints:
    """How many of `count` single records each part gets, by largest remainder; a part that has none gets one, if it goes."""
    lacking = np.maximum(lacking, 0)
    shares = lacking / lacking.sum() * count if lacking.sum() else np.full(len(lacking), count / len(lacking))
    quota = np.floor(shares).astype(np.int64)
    order = np.argsort(-(shares - quota), kind="stable")
    quota[order[: count - int(quota.sum())]] += 1
    for part in np.flatnonzero(~started & (quota == 0)):
        donor = int(np.argmax(quota - (~started & (quota == 1)) * count))
        if quota[donor] > (0 if started[donor] else 1):
            quota[donor] -= 1
            quota[part] += 1
    return quota
