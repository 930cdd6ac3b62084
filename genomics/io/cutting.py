"""Records cut out of an annotated genome: round the starts or ends of its features, their bodies, or other places inside them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.errors import InputError, SettingError
from genomics.io.features import Annotated, Feature, kinds
from genomics.io.report import Collector, Records, Report, shorten
from genomics.io.stretches import SIGNS, Stretch, cut, fits, report_letters, span

AROUND = ("start", "end", "body")


class _Window(NamedTuple):
    """One record to be cut: `position` is the base that its name tells, counted from 0."""

    feature: Feature
    position: int
    parts: tuple[tuple[int, int], ...]


def windows(annotated: Annotated, *, kind: str = "CDS", around: str = "start", before: int = 60, after: int = 40) -> tuple[Records, Report]:
    """Cuts one record for each feature of a kind, read in the feature's own direction.

    Features that open beyond what is known have no start or end to cut round; they are left out and counted, and so are
    windows that leave a linear contig and features at the same place as one before them.

    Args:
        annotated: from `annotation.read`.
        kind: of the features, see `annotation.kinds`.
        around: "start": `before` bases ahead of the first base, and `after` from it on. "end": `before` bases up to the
            last one, which is the last of them, and `after` beyond it. "body": the feature itself, its parts joined.
        before: bases, at least 0; not used for bodies.
        after: likewise.

    Returns:
        Records in the order of the annotation and the notes. Ids are "name_place(strand)" with the place of the first
        base (for "end" the last one) as GenBank counts; groups are contigs where there are several.

    Raises:
        SettingError: no such kind or place, or an empty window.
        InputError: no window is left.

    Example:
        >>> from genomics.io.contigs import Contig
        >>> from genomics.sequences import decode, encode
        >>> genome = Annotated([Contig("c", encode("AACCATGGTT"))], [Feature(0, "CDS", "x", ((4, 10),), 1)], [])
        >>> records, _ = windows(genome, before=2, after=3)
        >>> records.ids, decode(records.codes)
        (['x_5(+)'], 'CCATG')
    """
    found, notes = _windows(annotated, kind, around, before, after)
    return _records(annotated, found, f"{annotated.file} ({kind} {around})", "", [*annotated.notes, *notes])


def inner(
    annotated: Annotated, *, kind: str = "CDS", around: str = "start", before: int = 60, after: int = 40, seed: int = 0
) -> tuple[Records, Report]:
    """Cuts as many windows as `windows` does, at other places inside the same features: examples of what is no start.

    Each lies inside one part of a feature, in its direction, at a place drawn with equal chances among those where it
    shares no base with a window of `windows` or with one drawn before. Where a feature has no such place, another one
    gives a second window.

    Args:
        annotated: as for `windows`, and so are the other arguments; but `around` is "start" or "end".
        kind: likewise.
        around: likewise.
        before: likewise.
        after: likewise.
        seed: of the draw.

    Returns:
        Records in the order of the annotation, and the notes. Ids are "name_inner_place(strand)".

    Raises:
        SettingError: as for `windows`, and for bodies.
        InputError: no feature has room for a window.
    """
    if around == "body":
        raise SettingError('around = "body" is not allowed here: inside a body there is no other body. Choose start or end.')
    rng = np.random.default_rng(seed)
    positive, _ = _windows(annotated, kind, around, before, after)
    taken = [np.zeros(len(contig.codes), bool) for contig in annotated.contigs]
    for window in positive:
        _take(taken[window.feature.contig], window.parts)

    drawn: list[tuple[int, _Window]] = []
    order = rng.permutation(len(positive)).tolist()
    while order and len(drawn) < len(positive):  # in later rounds only features that had room are asked again
        with_room = []
        for number in order[: len(positive) - len(drawn)]:
            place = _draw(positive[number].feature, taken, around, before, after, rng)
            if place is not None:
                drawn.append((number, place))
                with_room.append(number)
        order = rng.permutation(with_room).tolist()
    chosen = [window for _, window in sorted(drawn, key=lambda item: item[0])]
    without = len(positive) - len({number for number, _ in drawn})
    notes = [
        f"{annotated.file}: {len(chosen):,} windows inside {len(positive) - without:,} {kind} features; {without:,} have no free place for one."
    ]
    return _records(annotated, chosen, f"{annotated.file} (inside {kind})", "_inner", notes)


def _windows(annotated: Annotated, kind: str, around: str, before: int, after: int) -> tuple[list[_Window], list[str]]:
    """What can be cut, and sentences on what cannot."""
    _check(annotated, kind, around, before, after)
    features = [feature for feature in annotated.features if feature.kind == kind]
    found: dict[tuple[object, ...], _Window] = {}
    partial = outside = 0
    for feature in features:
        partial += feature.partial
        if feature.partial and around != "body":
            continue
        window = _window(feature, around, before, after)
        if not all(fits(annotated.contigs[feature.contig], start, end) for start, end in window.parts):
            outside += 1
            continue
        found.setdefault((feature.contig, feature.strand, window.parts), window)
    twice = len(features) - len(found) - outside - (partial if around != "body" else 0)
    notes = [f"{annotated.file}: {len(found):,} of {len(features):,} {kind} features are cut ({around})."]
    if partial:
        notes.append(
            f"{annotated.file}: {partial:,} features open beyond what is known; they are {'cut as they are' if around == 'body' else 'left out'}."
        )
    notes += [f"{annotated.file}: {outside:,} windows leave their contig; they are left out."] if outside else []
    notes += [f"{annotated.file}: {twice:,} features lie at the same place as one before them; each place is cut once."] if twice else []
    return list(found.values()), notes


def _check(annotated: Annotated, kind: str, around: str, before: int, after: int) -> None:
    if around not in AROUND:
        raise SettingError(f'around = "{shorten(around)}" is not allowed. Choose one of {", ".join(AROUND)}.')
    if around != "body" and (before < 0 or after < 0 or before + after == 0):
        raise SettingError(f"before = {before}, after = {after}: neither may be negative, and a window holds at least one base.")
    counts = kinds(annotated)
    if kind not in counts:
        listed = ", ".join(f"{shorten(name)} ({count:,})" for name, count in counts.items()) or "none"
        raise SettingError(f'{annotated.file} has no features of the kind "{shorten(kind)}". Kinds: {listed}.')


def _window(feature: Feature, around: str, before: int, after: int) -> _Window:
    if around == "body":
        return _Window(feature, feature.position(), feature.parts)
    position = feature.position() if around == "start" else feature.last()
    return _Window(feature, position, (_span(position, feature.strand, around, before, after),))


def _span(position: int, strand: int, around: str, before: int, after: int) -> tuple[int, int]:
    """An end is the border behind the last base, a start the border ahead of the first."""
    return span(position if around == "start" else position + strand, strand, before, after)


def _take(taken: NDArray[np.bool_], parts: Sequence[tuple[int, int]]) -> None:
    for start, end in parts:
        taken[np.arange(start, end) % len(taken)] = True


def _draw(
    feature: Feature, taken: list[NDArray[np.bool_]], around: str, before: int, after: int, rng: np.random.Generator
) -> _Window | None:
    """A free window inside a feature, which is then taken; None where there is none."""
    size, here = before + after, taken[feature.contig]
    starts: list[int] = []
    for start, end in feature.parts:
        used = np.concatenate([[0], np.cumsum(here[start:end])])
        starts += (start + np.flatnonzero(used[size:] == used[:-size])).tolist() if end - start >= size else []
    if not starts:
        return None
    start = starts[rng.integers(len(starts))]
    position = start + before if feature.strand == 1 else start + after - 1
    window = _Window(feature, position if around == "start" else position - feature.strand, ((start, start + size),))
    _take(here, window.parts)
    return window


def _records(annotated: Annotated, found: list[_Window], file: str, word: str, notes: list[str]) -> tuple[Records, Report]:
    if not found:
        raise InputError(f"{file}: no window is left. {' '.join(notes)} Choose another kind, or a smaller window.")
    collector = Collector(file)
    collector.notes += notes
    ids = ["_".join((window.feature.name or window.feature.kind).split()) for window in found]
    ids = [f"{id}{word}_{w.position + 1}({SIGNS[w.feature.strand]})" for id, w in zip(ids, found, strict=True)]
    stretches = [
        Stretch(record, window.feature.contig, start, end, window.feature.strand)
        for record, window in enumerate(found)
        for start, end in window.parts
    ]
    made = cut(annotated.contigs, stretches, len(found))
    report_letters(made, ids, [0] * len(found), collector)
    several = len(annotated.contigs) > 1
    records = Records(
        files=[file],
        ids=ids,
        codes=made.codes,
        offsets=made.offsets,
        labels=None,
        splits=None,
        groups=[annotated.contigs[window.feature.contig].name for window in found] if several else None,
        lower=made.lower,
        file_of=np.zeros(len(found), np.int32),
        lines=np.zeros(len(found), np.int64),
    )
    return records, collector.report()
