"""The same sequence more than once: within a class, across classes, across the split; and sequences that share long words."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from genomics import similarity
from genomics.audit.finding import Finding, Subject, count_of, examples
from genomics.dataset import Dataset
from genomics.split import crossing_repeats, strata_of

_FALSE_ALARM = 1e-4  # probability that chance alone gives a near-duplicate anywhere in the set
_LONGEST = 62  # see `similarity.sharing`
_UNLIKE = 0.5  # standard deviations between the numbers of equal sequences


def check(subject: Subject) -> Iterator[Finding]:
    """Duplicates, reverse-complement duplicates, conflicting labels, leaks, near-duplicates, identifiers."""
    dataset = subject.dataset
    classes = strata_of(dataset)
    exact = similarity.same(dataset.codes, dataset.offsets, strands=False)
    yield from _duplicates(dataset, exact, classes)
    yield from _turned(dataset, exact, classes)
    yield from _conflicts(dataset, classes)
    if subject.split is not None and subject.crossing is not None:
        leaked = crossing_repeats(dataset, subject.split)
        yield from _leaks(subject, exact, leaked)
        yield from _near(subject, leaked)
    yield from _identifiers(dataset)


def stretch(subject: Subject) -> int:
    """The length from which a shared stretch is no chance, in bases: at least 20, more in large sets.

    In `n` bases the expected number of places that agree by chance grows with the square of `n`; each further base
    divides it by about four.
    """
    if subject.split is None:
        return similarity.WORD
    codes, offsets = subject.dataset.codes, subject.dataset.offsets
    sample = codes[:4_000_000] if len(codes) > 4_000_000 else codes
    bases = np.diff(offsets)
    test = float(bases[subject.split.test].sum())
    expected = test * (float(bases.sum()) - test) * similarity.chance_of_a_word(sample)
    further = similarity.chance_of_a_word(sample, 1) / 2 or 0.25
    needed = 0 if expected <= _FALSE_ALARM else int(np.ceil(np.log(_FALSE_ALARM / expected) / np.log(further)))
    return min(similarity.WORD + needed, _LONGEST)


def near_duplicates(subject: Subject) -> NDArray[np.intp]:
    """Test records that share a stretch longer than chance allows with train or validation, but are not equal to any there."""
    if subject.split is None or subject.crossing is None:
        return np.zeros(0, np.intp)
    divided, dataset, length = subject.split, subject.dataset, stretch(subject)
    test = divided.test[(subject.crossing[divided.test] > length - similarity.WORD) & ~crossing_repeats(dataset, divided)]
    outside = np.concatenate([divided.train, divided.validation])
    return test[similarity.sharing(dataset.codes, dataset.offsets, test, outside, length)]


def _later_copies(keys: NDArray[np.int64]) -> NDArray[np.intp]:
    """Records whose key an earlier record has."""
    _, first = np.unique(keys, return_index=True)
    later = np.ones(len(keys), bool)
    later[first] = False
    return np.flatnonzero(later)


def _duplicates(dataset: Dataset, exact: NDArray[np.int64], classes: NDArray[np.int64]) -> Iterator[Finding]:
    later = _later_copies(exact * (int(classes.max(initial=0)) + 1) + classes)
    if not len(later):
        return
    large = len(later) >= 0.1 * len(dataset)
    yield Finding(
        code="duplicates",
        severity="warn" if large else "note",
        count=len(later),
        records=int(np.isin(exact, exact[later]).sum()),
        message=f"{count_of(len(later), 'record')} of {len(dataset):,} ({len(later) / len(dataset):.1%}) {'repeats' if len(later) == 1 else 'repeat'} the sequence and class of an earlier one.",
        meaning="A repeated sequence counts several times in training and in every percentage, though it is one observation.",
        remedy="Keep one of each.",
        action="keep_one_of_each",
        examples=examples(dataset, later),
    )


def _turned(dataset: Dataset, exact: NDArray[np.int64], classes: NDArray[np.int64]) -> Iterator[Finding]:
    width = int(classes.max(initial=0)) + 1
    forward, both = exact * width + classes, dataset.repeats * width + classes
    _, first = np.unique(forward, return_index=True)
    first.sort()
    turned = first[_later_copies(both[first])]
    if not len(turned):
        return
    yield Finding(
        code="reverse_complement_duplicates",
        severity="note",
        count=len(turned),
        records=int(np.isin(forward, forward[turned]).sum()),
        message=f"{count_of(len(turned), 'sequence')} {'is' if len(turned) == 1 else 'are'} the reverse complement of another one of the same class.",
        meaning="Both are the same piece of double-stranded DNA. A random split keeps them together; a file's own split may not.",
        remedy="Keep one strand of each, unless the strand matters to the question.",
        action="keep_one_of_each",
        examples=examples(dataset, turned),
    )


def _conflicts(dataset: Dataset, classes: NDArray[np.int64]) -> Iterator[Finding]:
    groups = conflicting(dataset, classes)
    if not len(groups):
        return
    members = np.flatnonzero(np.isin(dataset.repeats, groups))
    numbers = dataset.targets is not None
    yield Finding(
        code="label_conflict",
        severity="warn" if len(members) < 0.05 * len(dataset) else "stop",
        count=len(groups),
        records=len(members),
        message=f"{count_of(len(groups), 'sequence')} (either strand; {count_of(len(members), 'record')}) "
        + ("come with numbers that differ by more than half a standard deviation." if numbers else "stand in more than one class."),
        meaning="No network can be right about them: for the same letters it is told different answers."
        if not numbers
        else "The same letters come with different answers: that spread limits how good any prediction can be.",
        remedy="Leave all copies of these sequences out, or mend the labels.",
        action="drop_conflicts",
        examples=examples(dataset, members),
    )


def conflicting(dataset: Dataset, classes: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """Groups of equal sequences (numbers of `dataset.repeats`) whose labels disagree."""
    repeats = dataset.repeats
    if dataset.targets is not None:
        numbers = dataset.targets if dataset.targets.ndim == 1 else dataset.targets[:, 0]
        low, high = np.full(repeats.max() + 1, np.inf), np.full(repeats.max() + 1, -np.inf)
        np.minimum.at(low, repeats, numbers)
        np.maximum.at(high, repeats, numbers)
        return np.flatnonzero(high - low > _UNLIKE * float(numbers.std()))
    classes = strata_of(dataset) if classes is None else classes
    pairs = np.unique(np.stack([repeats, classes]), axis=1)[0]
    return np.unique(pairs[1:][pairs[1:] == pairs[:-1]])


def _leaks(subject: Subject, exact: NDArray[np.int64], leaked: NDArray[np.bool_]) -> Iterator[Finding]:
    dataset, split = subject.dataset, subject.split
    if split is None or not leaked.any():
        return
    outside = np.concatenate([split.train, split.validation])
    turned = int((leaked & ~np.isin(exact[split.test], exact[outside])).sum())
    count = int(leaked.sum())
    yield Finding(
        code="leak",
        severity="stop" if count >= 0.01 * len(leaked) else "warn",
        count=count,
        records=count,
        message=f"{count_of(count, 'test record')} of {len(leaked):,} ({count / len(leaked):.1%}) {'is' if count == 1 else 'are'} also in train or validation"
        + (f", {turned:,} of them as the reverse complement." if turned else "."),
        meaning="A network may know these answers by heart: the test then measures memory, not understanding.",
        remedy="Leave these sequences out of train and validation, so that the test stays as it is.",
        action="drop_leaks_from_train",
        examples=examples(dataset, split.test[leaked]),
    )


def _near(subject: Subject, leaked: NDArray[np.bool_]) -> Iterator[Finding]:
    dataset, split = subject.dataset, subject.split
    near = near_duplicates(subject)
    if split is None or not len(near):
        return
    share = len(near) / len(split.test)
    yield Finding(
        code="near_duplicates",
        severity="warn" if share >= 0.01 else "note",
        count=len(near),
        records=len(near),
        message=f"{count_of(len(near), 'test record')} of {len(split.test):,} ({share:.1%}) {'shares' if len(near) == 1 else 'share'} a stretch of {stretch(subject)} or more bases, on either "
        "strand, with train or validation, without being equal.",
        meaning="Overlapping windows, paralogues or repeats stand on both sides: the test is easier than new sequences would be.",
        remedy="Divide by similarity, so that no family of sequences is on both sides.",
        action="split_by_similarity",
        examples=examples(dataset, near),
    )


def _identifiers(dataset: Dataset) -> Iterator[Finding]:
    seen: set[str] = set()
    again = [number for number, name in enumerate(dataset.ids) if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
    if again:
        yield Finding(
            code="repeated_identifiers",
            severity="note",
            count=len(again),
            records=len(again),
            message=f"{count_of(len(again), 'record')} {'has' if len(again) == 1 else 'have'} an identifier that an earlier one has.",
            meaning="Results are listed by identifier: two records of one name cannot be told apart there.",
            remedy="Number the repeated identifiers.",
            action="number_identifiers",
            examples=examples(dataset, again),
        )
