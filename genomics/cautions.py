"""What the audit found that limits how far a test result can be trusted; of its findings only codes and numbers are used."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from genomics.audit.finding import count_of
from genomics.dataset import Dataset
from genomics.split import Split, crossing_repeats

LEAKS = ("leak", "near_duplicates")
_FEW = 50  # test records
_TRAITS = {
    "length_shortcut": "Sequence length",
    "gc_shortcut": "GC content",
    "unknown_shortcut": "The share of unknown bases (N)",
    "case_shortcut": "The share of lower-case letters",
}


class Shared(NamedTuple):
    """How many test records there are, how many are in the training or validation set too, and how many are similar to one there.

    `exact` says whether each of the last shares a k-mer with a record there; else it is of one family with some.
    """

    tested: int
    equal: int
    similar: int
    exact: bool = False


def shared(dataset: Dataset, splits: Iterable[Split]) -> Shared:
    """Counts over splits (folds) from the families that an inspection left; quick, because no sequences are compared."""
    tested = equal = similar = 0
    for made in splits:
        outside = np.concatenate([made.train, made.validation])
        tested += len(made.test)
        equal += int(crossing_repeats(dataset, made).sum())
        similar += int(np.isin(dataset.families[made.test], dataset.families[outside]).sum())
    return Shared(tested, equal, similar)


def audited(audit: Mapping[str, Any]) -> Shared | None:
    """The same from an inspection of the very split; None where it could not be divided."""
    divided, counts = audit["split"], {flag["code"]: flag["count"] for flag in audit["flags"]}
    if divided is None:
        return None
    similar = divided["sharing_a_word"] if "near_duplicates" in counts else counts.get("leak", 0)  # without it, no more than chance gives
    return Shared(divided["records"]["test"], counts.get("leak", 0), similar, exact=True)


def found(flags: Iterable[Mapping[str, Any]], known: Shared | None, tested: int, *, numbers: bool = False) -> dict[str, str]:
    """Sentences by code, the gravest first.

    Args:
        flags: of an inspection of the dataset.
        known: what crosses the split; None where nobody knows.
        tested: test records.
        numbers: whether numbers are predicted rather than classes.
    """
    said: dict[str, str] = {}
    if known and known.equal:
        said["leak"] = f"{_share(known.equal, known.tested)} are also in the training or validation set."
    if known and known.similar > known.equal and known.similar >= 0.01 * known.tested:
        way = (
            "share a 20-base k-mer with"
            if known.exact
            else "are of a family of similar sequences (linked by shared 20-base k-mers) that is also in"
        )
        said["near_duplicates"] = (
            f"{_share(known.similar, known.tested)} {way} the training or validation set, so the result may be too good."
        )
    if tested < _FEW:
        said["few_tested"] = f"There {'is' if tested == 1 else 'are'} only {count_of(tested, 'test sequence')}: the intervals are wide."
    for flag in flags:
        code, count, records = flag["code"], flag["count"], flag["records"]
        if flag["severity"] == "note":
            continue
        if code in _TRAITS:
            said[code] = f"{_TRAITS[code]} alone " + (
                "correlates with the measured values."
                if numbers
                else f"separates the classes: it is enough for {count:,} of {records:,} sequences."
            )
        elif code == "imbalance":
            said[code] = (
                f"The largest class is {(records - count) / count:.3g} times as large as the smallest: balanced accuracy says more than accuracy."
            )
        elif code == "tiny_class":
            said[code] = f"{count_of(count, 'class', 'classes')} with fewer than 10 different sequences: results for these are chance."
        elif code == "label_conflict":
            said[code] = (
                f"{count_of(records, 'sequence')} of the dataset have contradictory labels: no prediction can be right for all of them."
            )
    return said


def _share(count: int, of: int) -> str:
    return f"{100 * count / max(of, 1):.3g} % of the test sequences ({count:,} of {of:,})"
