"""Negatives for somebody who has positives only: shuffled sequences, or windows of a genome that are like them.

Both kinds keep what is easy to tell apart, length and base composition, so that a network has to look at the order of the
bases. Windows of a genome are as real as the positives, but some may be positives that nobody knows of; shuffled
sequences are none, but look like nothing that evolved.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset, Names, take
from genomics.errors import InputError, SettingError
from genomics.io.contigs import Contig
from genomics.io.report import shorten
from genomics.negatives import matching
from genomics.negatives.matching import Interval, Windows
from genomics.negatives.shuffling import shuffle
from genomics.sequences import Codes, flatten
from genomics.similarity import gathered

SHUFFLED = "shuffled"
BACKGROUND = "background"
GC_STEPS = (0.05, 0.1)  # tolerances tried after the one asked for
_TRIES = 20
_MOST_PER_POSITIVE = 100

Numbers = NDArray[np.int64]


def shuffled(dataset: Dataset, k: int = 2, seed: int = 0, per_positive: int = 1, *, of: str = "") -> Dataset:
    """Adds shuffled copies of the positives as a class "shuffled", which comes first.

    A copy holds every word of k bases as often as its source, see `genomics.shuffling.shuffle`, and never equals it:
    copies that do are drawn anew, and left out if they still do (a run of one base has one order only). It keeps the
    split and the group of its source, so that both land on the same side of a split by either.

    Args:
        dataset: unlabelled, or of classes.
        k: length of the words to keep, 1 to 4.
        seed: of the draw.
        per_positive: how many for each positive, 1 to 100.
        of: the class that is positive; may be empty where there is one only. Other classes are left out.

    Returns:
        A binary dataset: positives, then negatives, with ids `name_shuffled` (`name_shuffled_1`, `_2` ... where there are
        several of each), and notes that say what was done.

    Raises:
        SettingError: k or per_positive is out of range, or the class is unknown.
        InputError: no class of positives, or no sequence that has another order.
    """
    positives, name, left = _choose_positives(dataset, of, SHUFFLED, per_positive)

    source = np.tile(np.arange(len(positives)), per_positive)
    codes, offsets = positives.flat(source)
    made, alike = _shuffled_until_unlike(codes, offsets, k, seed)
    keep = np.setdiff1d(np.arange(len(source)), alike)
    words = "bases" if k == 1 else f"words of {k} bases"
    if not len(keep):
        raise InputError(f"{shorten(dataset.name)}: no sequence has another order with the same {words}. Choose a smaller k.")

    turns = [f"_{turn + 1}" if per_positive > 1 else "" for turn in range(per_positive)]
    ids = [f"{positives.ids[at % len(positives)]}_{SHUFFLED}{turns[at // len(positives)]}" for at in keep.tolist()]
    codes, offsets = gathered(made, offsets, keep)
    if len(alike):
        left += (
            f"Shuffled copies left out because they still equal their source after {_TRIES} draws: {len(alike):,}. "
            "Such sequences are too short or too plain to have other orders.",
        )
    note = (
        f'Shuffled sequences added as negatives of "{shorten(name)}": {len(keep):,}, {per_positive} for each, with the same {words} '
        f"(Altschul and Erickson 1985) and seed {seed}. Each stays on the side of its source when the records are divided, and has its split and group, where there are some."
    )
    negatives = replace(take(positives, source[keep]), ids=ids, codes=codes, offsets=offsets)
    return _two_classes(dataset, positives, negatives, SHUFFLED, name, (*left, note))


def from_genome(
    dataset: Dataset,
    contigs: Sequence[Contig],
    *,
    of: str = "",
    avoid: Sequence[Interval] | None = None,
    seed: int = 0,
    per_positive: int = 1,
    gc_tolerance: float = 0.02,
) -> Dataset:
    """Adds windows of a genome as a class "background", which comes first; see `genomics.matching.windows`.

    Args:
        dataset: unlabelled, or of classes.
        contigs: the genome.
        of: the class that is positive; may be empty where there is one only. Other classes are left out.
        avoid: intervals that negatives must not touch: (contig, start, end), from 0, half open.
        seed: of the draw.
        per_positive: how many for each positive, 1 to 100.
        gc_tolerance: by how much the GC content may differ from the positive's, as a share from 0 to 1. Where there is no
            such window, 5 %, then 10 %, then the nearest of many are allowed.

    Returns:
        A binary dataset: positives, then negatives, with ids `contig:start-end(strand)` as in BED, and notes that say how
        well they match. A negative has the split of its positive and, where there are groups, its contig as the group.

    Raises:
        SettingError: a setting is out of range, or the class is unknown.
        InputError: no class of positives, an interval outside its contig, or too small a genome.
    """
    positives, name, left = _choose_positives(dataset, of, BACKGROUND, per_positive)
    if not 0 <= gc_tolerance <= 1:
        raise SettingError(f"A GC tolerance of {gc_tolerance:g} is not allowed: choose a share from 0 to 1, for instance 0.02.")

    steps = (gc_tolerance, *(step for step in GC_STEPS if step > gc_tolerance))
    found = matching.windows(
        positives.codes,
        positives.offsets,
        contigs,
        times=per_positive,
        avoid=avoid or (),
        tolerances=steps,
        rng=np.random.default_rng(seed),
    )
    rows = zip(found.contig.tolist(), found.start.tolist(), found.end.tolist(), found.backwards.tolist(), strict=True)
    ids = [f"{contigs[contig].name}:{start}-{end}({'-' if backwards else '+'})" for contig, start, end, backwards in rows]
    lower = None
    if positives.lower is not None:
        lower = _lower(contigs, found)
        if lower is None:
            left += ("Which letters were lower case is forgotten, because the genome does not say it.",)
    source = np.tile(np.arange(len(positives)), per_positive)
    negatives = replace(take(positives, source, **_groups(positives, contigs, found.contig)), ids=ids, codes=found.codes, lower=lower)
    notes = (*left, *_avoided(positives, found, avoid or ()), _matched(found, name, per_positive, steps, seed))
    return _two_classes(dataset, positives, negatives, BACKGROUND, name, notes)


def _shuffled_until_unlike(codes: Codes, offsets: Numbers, k: int, seed: int) -> tuple[Codes, Numbers]:
    """Shuffled sequences, and which of them (int64) equal their source whatever is drawn."""
    made = codes.copy()
    alike = np.arange(len(offsets) - 1)
    for attempt in range(_TRIES):
        some, ends = gathered(codes, offsets, alike)
        new = shuffle(some, ends, k, int(np.random.default_rng([seed, attempt]).integers(2**62)))
        made[matching.bases(offsets[alike], np.diff(ends))] = new
        alike = alike[np.diff(np.append(0, np.cumsum(new != some))[ends]) == 0]
        if not len(alike):
            break
    return made, alike


def _groups(positives: Dataset, contigs: Sequence[Contig], contig: Numbers) -> dict[str, Any]:
    """The contigs as groups, where positives have groups; those of the same name are the same."""
    if positives.groups is None:
        return {}
    number = {name: at for at, name in enumerate(positives.group_names)}
    of = np.array([number.setdefault(one.name, len(number)) for one in contigs], np.int32)
    return {"groups": of[contig], "group_names": tuple(number)}


def _lower(contigs: Sequence[Contig], found: Windows) -> NDArray[np.int32] | None:
    """How many letters of each window are lower case; None where a contig does not say."""
    masks = [contig.lower for contig in contigs if contig.lower is not None]
    if len(masks) < len(contigs):
        return None
    flat, offsets = flatten([mask.astype(np.uint8) for mask in masks])
    sums = np.append(0, np.cumsum(flat, dtype=np.int64))
    return (sums[offsets[found.contig] + found.end] - sums[offsets[found.contig] + found.start]).astype(np.int32)


def _avoided(positives: Dataset, found: Windows, avoid: Sequence[Interval]) -> list[str]:
    standing = len(np.unique(found.places.sequence))
    notes = [
        f"Positives found in the genome (exactly, on either strand): {standing:,} of {len(positives):,}. "
        f"Places where they stand, which no negative overlaps: {len(found.places.start):,}."
    ]
    if standing < len(positives):
        notes.append(f"Positives not found in the genome: {len(positives) - standing:,}. A negative may overlap the place they come from.")
    if avoid:
        notes.append(f"Intervals given to be avoided: {len(avoid):,}.")
    return notes


def _matched(found: Windows, name: str, per_positive: int, steps: Sequence[float], seed: int) -> str:
    within = np.searchsorted(np.array(steps) + matching.EPSILON, found.away)
    counts = np.bincount(within, minlength=len(steps) + 1).tolist()
    told = [f"{count:,} within {step * 100:g}" for count, step in zip(counts, steps, strict=False)]
    return (
        f'Windows of the genome added as negatives of "{shorten(name)}": {len(found.start):,}, {per_positive} for each, of its length, on a random strand, '
        f"with seed {seed}. GC content: {', '.join(told)} percentage points of the positive's, {counts[-1]:,} further away."
    )


def _choose_positives(dataset: Dataset, of: str, negative: str, per_positive: int) -> tuple[Dataset, str, tuple[str, ...]]:
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


def _two_classes(dataset: Dataset, positives: Dataset, negatives: Dataset, negative: str, positive: str, notes: Sequence[str]) -> Dataset:
    """Positives, then negatives, as one dataset of two classes.

    Args:
        dataset: what both were made of.
        positives: see `_choose_positives`.
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
