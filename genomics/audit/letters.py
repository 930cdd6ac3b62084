"""What sequences hold that is no signal: filled ends, adapters, low complexity, unknown bases."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from genomics.audit.finding import Finding, Subject, count_of, examples
from genomics.dataset import Dataset
from genomics.kmers import kmer_indices, kmer_tables
from genomics.sequences import UNKNOWN, Codes, Layout, chunks, count_codes, decode, matrix

_N_RUN, _N_SHORT = 5, 3
_BASE_RUN, _BASE_SHORT = 15, 8
_COMMON = 0.02
_STEPS = 64
_ADAPTER, _LONGEST_ADAPTER, _ADAPTER_SHARE = 12, 70, 0.2
_REPETITIVE = 0.15  # probability that two random triplets of a sequence are equal; 1/64 in random sequence
_CHANCE = 80
_SAMPLE = 4_000_000
_SHORTEST = 20
_MANY_UNKNOWN = 0.05
_PIECE = 500_000  # bases looked at at once


def check(subject: Subject) -> Iterator[Finding]:
    """Padding runs, adapter-like ends, low complexity, unknown bases."""
    dataset = subject.dataset
    yield from _padding(dataset)
    yield from _adapters(dataset)
    yield from _complexity(dataset)
    yield from _unknown(dataset)


def padded(dataset: Dataset) -> NDArray[np.int64]:
    """How many letters of each record's start and end are filling: int64 (n, 2).

    A run of one letter at an end is filling from 5 N or from 15 of a base on (of a base, in at least two records). Where
    at least 2 % of the records have a run of 3 N or 8 of a base there, so short ones are, too; and where most runs are
    filling, all shorter runs of N.
    """
    found = np.zeros((len(dataset), 2), np.int64)
    for side, anchor in enumerate(("left", "right")):
        runs, letters = end_runs(dataset.codes, dataset.offsets, anchor)
        for letter in range(5):
            here = letters == letter
            surely, perhaps = (_N_RUN, _N_SHORT) if letter == UNKNOWN else (_BASE_RUN, _BASE_SHORT)
            common = (here & (runs >= perhaps)).sum() >= max(2, _COMMON * len(dataset))
            filled = here & (runs >= (perhaps if common else surely))
            if letter == UNKNOWN and 2 * filled.sum() > here.sum():
                filled = here
            if letter == UNKNOWN or filled.sum() >= 2:
                found[filled, side] = runs[filled]
    return found


def end_runs(codes: Codes, offsets: NDArray[np.int64], anchor: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The run of equal letters at one end of each sequence.

    Returns:
        Its length (0 for an empty sequence) and its letter's code (-1 for none), each int64 (n,).
    """
    lengths = np.diff(offsets)
    runs, letters = np.zeros(len(lengths), np.int64), np.full(len(lengths), -1, np.int64)
    going = np.flatnonzero(lengths)
    ends = offsets[:-1] if anchor == "left" else offsets[1:] - 1
    step = 1 if anchor == "left" else -1
    letters[going] = codes[ends[going]]
    for at in range(_STEPS):
        going = going[at < lengths[going]]
        going = going[codes[ends[going] + step * at] == letters[going]]
        runs[going] += 1
    for record in going.tolist():  # the few that go on
        rest = codes[offsets[record] : offsets[record + 1]][::step]
        runs[record] = next((at + int(np.argmax(other)) for at, other in _unlike(rest, letters[record]) if other.any()), len(rest))
    return runs, letters


def _unlike(codes: Codes, letter: int) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Which bases are not one letter, piece by piece with the place that each begins at."""
    return ((at, codes[at : at + _PIECE] != letter) for at in range(0, len(codes), _PIECE))


def adapters(dataset: Dataset) -> list[tuple[str, str, NDArray[np.intp]]]:
    """Ends that many different sequences share: (side, the bases, the records), longest first.

    A stretch of 12 to 70 bases at the very start or end of at least a fifth of the different sequences, no run of one letter.
    """
    _, first = np.unique(dataset.repeats, return_index=True)
    long_enough = np.flatnonzero(dataset.lengths >= 2 * _ADAPTER)
    different = np.intersect1d(first, long_enough)
    found = []
    for side in ("left", "right"):
        if len(different) < 20:
            break
        ends = _ends(dataset, different, side, _ADAPTER)
        words = kmer_indices(ends, _ADAPTER)[:, 0]
        kinds, counts = np.unique(words[words >= 0], return_counts=True)
        if not len(kinds) or counts.max() < max(10, _ADAPTER_SHARE * len(different)):
            continue
        word = kinds[counts.argmax()]
        holders = long_enough[kmer_indices(_ends(dataset, long_enough, side, _ADAPTER), _ADAPTER)[:, 0] == word]
        length = _common(dataset, holders, side)
        if length > _LONGEST_ADAPTER:
            continue  # so much in common is kinship, not an adapter
        ends = _ends(dataset, holders, side, length)
        kinds, inverse, counts = np.unique(ends, axis=0, return_inverse=True, return_counts=True)
        same = inverse.reshape(-1) == counts.argmax()
        text = decode(kinds[counts.argmax()])
        if len(set(text)) > 1:  # a run of one letter is filling
            found.append((side, text, holders[same]))
    return found


def repetitive(codes: Codes, offsets: NDArray[np.int64]) -> NDArray[np.float64]:
    """How likely two triplets of a sequence are equal: float64 (n,); 1/64 for random sequence, 1 for one base only.

    The score of DUST (Morgulis 2006, doi 10.1089/cmb.2006.13.1028) over the whole sequence, divided by its maximum.
    """
    found = np.zeros(len(offsets) - 1)
    for first, last in chunks(offsets, _PIECE):
        low, high = int(offsets[first]), int(offsets[last])
        counts = kmer_tables(codes[low:high], offsets[first : last + 1] - low, 3)
        total = counts.sum(1)
        pairs = (counts * (counts - 1.0)).sum(1)
        found[first:last] = np.where(total > 1, pairs / np.maximum(total * (total - 1.0), 1), 0)
    return found


def low_complexity(dataset: Dataset) -> NDArray[np.intp]:
    """Records of 20 or more bases that are mostly a short pattern repeated.

    The shorter a sequence and the more uneven the bases, the more repetition is chance: the score must lie above what
    random sequences of the same length and bases reach once in a million (measured for 20 to 400 bp, 20 to 50 % GC).
    """
    sample = dataset.codes[:_SAMPLE]
    gc = float(np.clip(((sample == 1) | (sample == 2)).sum() / max(int((sample < UNKNOWN).sum()), 1), 0.2, 0.8))
    even = ((gc**2 + (1 - gc) ** 2) / 2) ** 3  # how often two triplets of random sequence agree
    usual = even + _CHANCE * np.sqrt(even) / np.maximum(dataset.lengths - 2, 1)
    scores = repetitive(dataset.codes, dataset.offsets)
    return np.flatnonzero((scores > np.maximum(usual, _REPETITIVE)) & (dataset.lengths >= _SHORTEST))


def _padding(dataset: Dataset) -> Iterator[Finding]:
    filling = padded(dataset)
    records = np.flatnonzero(filling.any(1))
    if not len(records):
        return
    total = int(filling.sum())
    yield Finding(
        code="padding",
        severity="warn" if len(records) >= 0.05 * len(dataset) else "note",
        count=len(records),
        records=len(records),
        message=f"{count_of(len(records), 'record')} of {len(dataset):,} {'begins or ends' if len(records) == 1 else 'begin or end'} with a run of one "
        f"letter, {total:,} letters in all: filling, or natural repeats.",
        meaning="Where filling stands tells how long the sequence was, and that may tell its class.",
        remedy="Cut the runs off. Sequences of unlike length are no problem; how they are laid out is chosen and shown in training.",
        action="strip_padding",
        examples=examples(dataset, records),
    )


def _adapters(dataset: Dataset) -> Iterator[Finding]:
    for side, text, holders in adapters(dataset):
        where = "begin" if side == "left" else "end"
        shown = text if len(text) <= 40 else text[:40] + "..."
        yield Finding(
            code="adapter",
            severity="warn",
            count=len(holders),
            records=len(holders),
            message=f"{count_of(len(holders), 'record')} of {len(dataset):,} {where if len(holders) > 1 else where + 's'} with the same {len(text):,} bases: {shown}.",
            meaning="Such ends mostly come from the laboratory (adapters, primers, a vector), not from the genome. If one class has them more "
            "often, they give the answer away.",
            remedy="Cut them off.",
            action="trim_adapters",
            examples=examples(dataset, holders),
        )


def _complexity(dataset: Dataset) -> Iterator[Finding]:
    records = low_complexity(dataset)
    if len(records):
        yield Finding(
            code="low_complexity",
            severity="warn" if len(records) >= 0.05 * len(dataset) else "note",
            count=len(records),
            records=len(records),
            message=f"{count_of(len(records), 'record')} of {len(dataset):,} {'is' if len(records) == 1 else 'are'} mostly a short pattern repeated.",
            meaning="Microsatellites and runs of one base look alike everywhere in a genome; they carry little and link unrelated sequences.",
            remedy="Leave them out, unless repeats are the question.",
            action="drop_low_complexity",
            examples=examples(dataset, records),
        )


def _unknown(dataset: Dataset) -> Iterator[Finding]:
    holes = count_codes(dataset.codes, dataset.offsets, (UNKNOWN,))
    records = np.flatnonzero(holes)
    if not len(records):
        return
    share = holes.sum() / max(len(dataset.codes), 1)
    yield Finding(
        code="unknown_bases",
        severity="warn" if share >= _MANY_UNKNOWN else "note",
        count=len(records),
        records=len(records),
        message=f"{count_of(len(records), 'record')} of {len(dataset):,} {'holds' if len(records) == 1 else 'hold'} unknown bases (N or another IUPAC letter): {count_of(int(holes.sum()), 'letter')}, {share:.2%} of all.",
        meaning="They are read as no base at all, never as a random one. A few do no harm.",
        remedy="Nothing; or leave these records out."
        if 2 * len(records) < len(dataset)
        else "Nothing: leaving them out would take most of the set.",
        action="drop_unknown",
        examples=examples(dataset, records[np.argsort(-holes[records], kind="stable")]),
    )


def _ends(dataset: Dataset, index: NDArray[np.intp], side: str, length: int) -> Codes:
    """The first or last bases of some records, uint8 (len(index), length)."""
    ends = dataset.offsets[index] if side == "left" else dataset.offsets[index + 1] - length
    return np.asarray(dataset.codes[ends[:, None] + np.arange(length)])


def _common(dataset: Dataset, holders: NDArray[np.intp], side: str) -> int:
    """How many bases nearly all holders share from that end on."""
    most = int(min(dataset.lengths[holders].min(), 200))
    rows = matrix(*dataset.flat(holders), Layout(most, side))
    columns = rows if side == "left" else rows[:, ::-1]
    agree = (columns == columns[0]).mean(0) >= 0.9
    return most if agree.all() else int(np.argmin(agree))
