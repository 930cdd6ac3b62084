"""Whether the test part is like the part that is learned from."""

from collections.abc import Iterator

import numpy as np

from genomics.audit.finding import Finding, Subject
from genomics.audit.ranking import separation
from genomics.io.report import shorten
from genomics.split import PARTS

_SHARE = 0.1
_CHANCE = 5.0  # standard errors; p < 1e-6


def check(subject: Subject) -> Iterator[Finding]:
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
