"""How many there are of what: too few records, one class, rare classes."""

from collections.abc import Iterator

import numpy as np

from genomics.audit.finding import Finding, Subject, count_of
from genomics.io.report import shorten

_TOO_FEW, _FAR_TOO_FEW = 100, 20
_TINY, _USELESS = 10, 3
_GENOME = 20_000  # bases, in the middle, from which on sequences are taken for chromosomes or contigs
_CUT = (
    "These look like chromosomes or contigs. Read the file again and cut it: windows round its annotated features "
    "(--feature CDS), places from a BED or GFF file with this as the reference, or windows of one length (--window 200)."
)
_UNEVEN, _VERY_UNEVEN = 3, 10


def check(subject: Subject) -> Iterator[Finding]:
    """Too few records, one class, imbalance, tiny classes; equal sequences count once for the first and the last."""
    dataset = subject.dataset
    genome = bool(len(dataset)) and float(np.median(dataset.lengths)) >= _GENOME
    different = int(dataset.repeats.max(initial=-1)) + 1
    if different < _TOO_FEW:
        yield Finding(
            code="too_few",
            severity="warn" if different >= _FAR_TOO_FEW else "stop",
            count=different,
            records=len(dataset),
            message=f"There {'is' if different == 1 else 'are'} only {count_of(different, 'different sequence')}.",
            meaning="A network needs hundreds of examples; with fewer, intervals are wide and most of what looks like a result is luck.",
            remedy=_CUT if genome else "Add sequences. Until then trust the simple baselines more than a network.",
        )
    if dataset.task == "unlabelled":
        name = f' ("{shorten(dataset.classes[0])}")' if dataset.classes else ""
        yield Finding(
            code="one_class",
            severity="note",
            count=len(dataset),
            records=len(dataset),
            message=(f"All {len(dataset):,} records are" if len(dataset) > 1 else "The one record is") + f" of one kind{name}.",
            meaning="To tell sequences apart from something, a network needs that something. A generator can learn to make more like them.",
            remedy=_CUT if genome else "Add a second class: here shuffled sequences in which pairs of neighbouring bases stay as frequent.",
            action="" if genome else "add_shuffled_negatives",
        )
        return
    counts = {name: count for name, count in dataset.counts().items() if count}
    if dataset.labels is None or len(counts) < 2:
        return
    rare, common = min(counts, key=lambda name: counts[name]), max(counts, key=lambda name: counts[name])
    ratio = counts[common] / counts[rare]
    if ratio >= _UNEVEN:
        yield Finding(
            code="imbalance",
            severity="warn" if ratio >= _VERY_UNEVEN else "note",
            count=counts[rare],
            records=counts[rare] + counts[common],
            message=f'"{shorten(rare)}" has {count_of(counts[rare], "record")}, "{shorten(common)}" {counts[common]:,}: 1 to {ratio:.3g}.',
            meaning=f"Always predicting the most common class is right for {counts[common] / sum(counts.values()):.1%}, so accuracy misleads. Rare classes "
            "count more in training by default; look at MCC or balanced accuracy.",
            remedy="Usually nothing. Where training time matters, leave some records of the common classes out.",
            action="balance_classes",
        )
    _, first = np.unique(dataset.repeats, return_index=True)
    sizes = np.bincount(dataset.labels[first], minlength=len(dataset.classes))
    tiny = [(name, int(size)) for name, size in zip(dataset.classes, sizes, strict=True) if size < _TINY]
    if tiny:
        named = ", ".join(f'"{shorten(name)}" ({size})' for name, size in tiny[:5])
        yield Finding(
            code="tiny_class",
            severity="stop" if min(size for _, size in tiny) < _USELESS else "warn",
            count=len(tiny),
            records=sum(size for _, size in tiny),
            message=f"{count_of(len(tiny), 'class', 'classes')} of fewer than {_TINY} different sequences: {named}.",
            meaning="A part of each class goes into validation and test: too little is left to learn from, and to measure with.",
            remedy="Leave these classes out, or join them with another one.",
            action="drop_tiny_classes",
        )
