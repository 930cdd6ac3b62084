"""What differs besides the pattern that is looked for: between classes (shortcuts), and between the test part and train (drift)."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.audit.finding import Finding, Subject, examples
from genomics.audit.traits import Trait
from genomics.dataset import Dataset
from genomics.io.report import shorten
from genomics.sequences import BASES, Layout, position_frequencies
from genomics.split import PARTS

ALPHA = 1e-6  # so that a clean set raises nothing: many numbers are looked at
NOTABLE, STRONG = 0.60, 0.75  # area under the ROC curve: 0.5 is none, 1 is perfect
_NEARLY_ALL = 0.9  # share of records that one number puts on the right side from which on it decides alone
_DECIDED = 0.9  # share of a class that has the same base at a position, where
_UNDECIDED = 0.5  # at most this share of the other classes has it
_POSITIONS = 1_000
_AT_MOST = 20_000
_ENOUGH = 20  # records on either side, before a position is looked at
_RELATED = 0.3  # rank correlation between one number and a target
_SHARE = 0.1  # by which the share of a class differs between test and train
_CHANCE = 5.0  # standard errors; p < 1e-6


class Separation(NamedTuple):
    """How a number differs between two groups of records.

    Attributes:
        auroc: probability that a record of the second group has the larger number (ties count half).
        p: two-sided, of the rank sum test in its normal approximation (Mann & Whitney 1947, doi 10.1214/aoms/1177730491).
        balanced: mean of the shares of both groups that the best threshold puts on the right side: 0.5 is guessing.
        right: records on the right side of that threshold.
    """

    auroc: float
    p: float
    balanced: float
    right: int

    @property
    def strength(self) -> float:
        """The area whichever group is larger: 0.5 to 1."""
        return max(self.auroc, 1 - self.auroc)

    @property
    def notable(self) -> bool:
        """Large enough to matter and not by chance."""
        return self.strength >= NOTABLE and self.p < ALPHA


def check(subject: Subject) -> Iterator[Finding]:
    """Length, GC, unknown bases, letter case and single positions, held against the labels."""
    dataset = subject.dataset
    if len(dataset) < 8:
        return
    for trait in subject.traits:
        if np.ptp(trait.values):
            yield from _against_classes(dataset, trait) if dataset.labels is not None else _against_numbers(dataset, trait)
    if dataset.labels is not None and dataset.task != "unlabelled":
        yield from _positions(dataset)


def drift(subject: Subject) -> Iterator[Finding]:
    """Length, GC content, unknown bases, case and class shares of test against train."""
    dataset, split = subject.dataset, subject.split
    if split is None or min(len(split.train), len(split.test)) < 8:
        return
    index = np.concatenate([split.train, split.test])
    second = np.arange(len(index)) >= len(split.train)
    unlike = []
    for trait in subject.traits:
        apart = separation(trait.values[index], second)
        if apart.notable:
            here, there = (trait.values[split.part(part)].mean() for part in (PARTS[0], PARTS[2]))
            unlike.append(f"{trait.what} {trait.show.format(here)} in train, {trait.show.format(there)} in test")
    if dataset.labels is not None:
        shares = [np.bincount(dataset.labels[split.part(part)], minlength=len(dataset.classes)) for part in (PARTS[0], PARTS[2])]
        train, test = (counts / counts.sum() for counts in shares)
        error = np.sqrt((train * (1 - train)) / len(split.train) + (test * (1 - test)) / len(split.test))
        far = (np.abs(train - test) > _SHARE) & (np.abs(train - test) > _CHANCE * error)
        unlike += [
            f'"{shorten(dataset.classes[number])}" {train[number]:.0%} of train, {test[number]:.0%} of test'
            for number in np.flatnonzero(far)
        ]
    if unlike:
        yield Finding(
            code="test_unlike_train",
            severity="warn",
            count=len(unlike),
            records=len(split.test),
            message=f"The test part is unlike train: {'; '.join(unlike)}.",
            meaning="The test then also measures how well the network copes with other sequences than it learned from. That may be the question "
            "(another species, another laboratory), or a mistake in dividing.",
            remedy="If it is not meant so, divide anew at random.",
            action="forget_split",
        )


def told_apart(values: NDArray[np.float64], labels: NDArray[np.int32], classes: int) -> tuple[int, Separation] | None:
    """The class that a number tells best from all others, and how well; None where no class has both sides."""
    found = []
    for number in range(classes):
        second = labels == number
        if 0 < second.sum() < len(labels):
            found.append((number, separation(values, second)))
        if classes == 2 and found:
            return 1, separation(values, labels == 1)
    return max(found, key=lambda pair: pair[1].strength) if found else None


def _against_classes(dataset: Dataset, trait: Trait) -> Iterator[Finding]:
    labels = dataset.labelled()
    best = told_apart(trait.values, labels, len(dataset.classes))
    if best is None or not best[1].notable:
        return
    number, apart = best
    second = labels == number
    here, there = np.median(trait.values[second]), np.median(trait.values[~second])
    if here == there:
        here, there = trait.values[second].mean(), trait.values[~second].mean()
    others = f'"{shorten(dataset.classes[1 - number])}"' if len(dataset.classes) == 2 else "the others"
    alone = trait.code in ("length_shortcut", "unknown_shortcut") and apart.balanced >= _NEARLY_ALL
    yield Finding(
        code=trait.code,
        severity="stop" if alone else "warn" if apart.strength >= STRONG else "note",
        count=apart.right,
        records=len(labels),
        message=f'{trait.what[:1].upper()}{trait.what[1:]} alone tells "{shorten(dataset.classes[number])}" ({trait.show.format(here)}) from {others} '
        f"({trait.show.format(there)}): balanced accuracy {apart.balanced:.0%}, chance is 50%; {apart.right:,} of {len(labels):,} records are classified correctly.",
        meaning=trait.meaning,
        remedy=trait.remedy,
        action=trait.action,
        examples=examples(dataset, np.flatnonzero(second)[np.argsort(-np.abs(trait.values[second] - there), kind="stable")]),
    )


def _against_numbers(dataset: Dataset, trait: Trait) -> Iterator[Finding]:
    if dataset.targets is None:
        return
    targets = dataset.targets if dataset.targets.ndim == 1 else dataset.targets[:, 0]
    ranks = [np.unique(values, return_inverse=True)[1].astype(float) for values in (trait.values, targets)]
    if not all(np.ptp(rank) for rank in ranks):
        return
    related = float(np.corrcoef(ranks[0], ranks[1])[0, 1])
    z = abs(np.arctanh(min(abs(related), 1 - 1e-12))) * np.sqrt(max(len(targets) - 3, 1))
    if abs(related) < _RELATED or z < 5:  # p < 1e-6
        return
    yield Finding(
        code=trait.code,
        severity="warn" if abs(related) >= 0.5 else "note",
        count=len(targets),
        records=len(targets),
        message=f"{trait.what[:1].upper()}{trait.what[1:]} alone goes with the numbers: rank correlation {related:.2f} (0 is none, 1 is perfect).",
        meaning=trait.meaning,
        remedy="Hold the network's results against this: only what is better was learned from patterns.",
    )


def _positions(dataset: Dataset) -> Iterator[Finding]:
    """Single positions at which nearly all of a class has one base and the others have not."""
    labels = dataset.labelled()
    rng = np.random.default_rng(0)
    index = np.sort(rng.choice(len(dataset), min(len(dataset), _AT_MOST), replace=False))
    length = int(min(dataset.lengths.min(), _POSITIONS)) if len(dataset.lengths) else 0
    if length < 1 or len(index) < 40:
        return
    found: dict[str, list[tuple[float, str]]] = {}
    for side in ("left", "right") if np.ptp(dataset.lengths) else ("left",):
        rows = dataset.rows(index, Layout(length, side))
        for number, name in enumerate(dataset.classes):
            second = labels[index] == number
            if min(second.sum(), (~second).sum()) < _ENOUGH:
                continue
            here, there = position_frequencies(rows[second]), position_frequencies(rows[~second])
            for position, base in zip(*np.nonzero((here >= _DECIDED) & (there <= _UNDECIDED)), strict=True):
                place = f"{position + 1}" if side == "left" else f"{length - position} from the end"
                found.setdefault(name, []).append((float(here[position, base]), f"{BASES[base]} at {place}"))
    if not found:
        return
    named = [
        f'"{shorten(name)}" has {", ".join(place for _, place in places[:6])}{" and more" if len(places) > 6 else ""} ({max(places)[0]:.0%})'
        for name, places in found.items()
    ]
    yield Finding(
        code="position_shortcut",
        severity="note",
        count=sum(map(len, found.values())),
        records=int(np.isin(labels, [dataset.classes.index(name) for name in found]).sum()),
        message=f"Single positions tell the class, because nearly all of it agree there and the others do not: {'; '.join(named)}.",
        meaning="That is biology where a site stands there (a start codon, a splice site). It is a trap where it comes from how the sequences "
        "were cut (an adapter, a restriction site, an anchor codon that another class lacks).",
        remedy="If it is not what is looked for, choose sequences for the other classes that have the same bases there.",
    )


def separation(values: NDArray[np.float64], second: NDArray[np.bool_]) -> Separation:
    """Holds two groups against each other.

    Args:
        values: float64 (n,), finite.
        second: bool (n,), whether a record is of the second group; both groups have members.
    """
    order = np.argsort(values, kind="stable")
    ordered, member = values[order], second[order].astype(np.int64)
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    sizes = np.diff(np.append(starts, len(values)))
    ones = np.add.reduceat(member, starts)
    zeros = sizes - ones
    n1, n0 = int(ones.sum()), int(zeros.sum())
    below = np.cumsum(zeros) - zeros
    auroc = float((ones * (below + zeros / 2)).sum() / (n1 * n0))
    n = n0 + n1
    ties = float((sizes.astype(float) ** 3 - sizes).sum()) / (n * max(n - 1, 1))
    variance = (n + 1 - ties) / (12 * n1 * n0)
    z = (auroc - 0.5) / math.sqrt(variance) if variance > 0 else 0.0
    lower = np.concatenate([[0], np.cumsum(zeros)]), np.concatenate([[0], np.cumsum(ones)])  # of each group, below each threshold
    rises = lower[0] / n0 + (n1 - lower[1]) / n1  # right where the second group lies above; the other way round it is 2 less that
    best = int(np.argmax(np.maximum(rises, 2 - rises)))
    right = int(lower[0][best] + n1 - lower[1][best])
    if rises[best] < 1:
        right = n - right
    return Separation(auroc, math.erfc(abs(z) / math.sqrt(2)), float(max(rises[best], 2 - rises[best])) / 2, right)
