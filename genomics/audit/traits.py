"""Numbers of a sequence that have nothing to do with patterns in it, and so should not tell its class."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset
from genomics.sequences import UNKNOWN, count_codes, gc_content


class Trait(NamedTuple):
    """One such number, for all records.

    Attributes:
        code: of the finding, where it tells the class.
        what: its name.
        values: float64 (n,), finite.
        show: how to print one.
        meaning: of a difference between classes.
        remedy: against it.
        action: a key of `genomics.remedies.REMEDIES`.
    """

    code: str
    what: str
    values: NDArray[np.float64]
    show: str
    meaning: str
    remedy: str
    action: str


def traits(dataset: Dataset) -> tuple[Trait, ...]:
    """Length, GC content, unknown bases, and letter case where it is known."""
    lengths = dataset.lengths
    gc = gc_content(dataset.codes, dataset.offsets)
    found = [
        Trait(
            "length_shortcut",
            "length",
            lengths.astype(float),
            "{:,.0f} bp",
            "A network can read the length from the filled end alone, without looking at a single base that matters.",
            "Cut all sequences to one length round the same place, or choose sequences of the same lengths for all classes.",
            "equalise_lengths",
        ),
        Trait(
            "gc_shortcut",
            "GC content",
            np.where(np.isfinite(gc), gc, 0.5),
            "{:.1%}",
            "A network may learn base composition and nothing else. That is biology where classes really differ so, and a trap where "
            "one of the classes (negatives, for instance) was chosen carelessly.",
            "Choose sequences of the same GC content for all classes, or keep records so that GC contents are equal.",
            "match_gc",
        ),
        Trait(
            "unknown_shortcut",
            "share of unknown bases",
            count_codes(dataset.codes, dataset.offsets, (UNKNOWN,)) / np.maximum(lengths, 1),
            "{:.1%}",
            "Where unknown bases (N) stand tells the class: the classes come from unlike sources.",
            "Leave out records with unknown bases.",
            "drop_unknown",
        ),
    ]
    if dataset.lower is not None:
        found.append(
            Trait(
                "case_shortcut",
                "share of lower-case letters",
                dataset.lower / np.maximum(lengths, 1),
                "{:.1%}",
                "Lower case mostly marks repeats: one class comes from other parts of the genome, or from another file. Networks here never "
                "see case, but elsewhere it would give the answer away, and repeats still differ.",
                "Take both classes from sequences masked in the same way. For networks here nothing has to be done: forget the case.",
                "forget_case",
            )
        )
    return tuple(found)
