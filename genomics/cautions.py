"""What the audit found that limits how far a test result can be trusted; of its findings only codes and numbers are used."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from genomics.dataset import Dataset
from genomics.split import Split, crossing_repeats

Counts = dict[str, tuple[int, int]]  # by code: how many test records, and of how many

LEAKS = ("leak", "near_duplicates", "shared_families")
_FEW = 50  # test records
_SHARE = "{share:.3g} % of the test sequences ({count:,} of {records:,}) "
_SAID = {
    "leak": _SHARE + "are also in the training or validation set.",
    "near_duplicates": _SHARE + "share a stretch of 20 or more bases with the training or validation set, so the result may be too good.",
    "shared_families": _SHARE
    + "belong to families of similar sequences (linked by shared 20-base k-mers) that are also in the training or "
    "validation set, so the result may be too good.",
    "few_tested": "The test set has only {records:,} sequences, so the intervals are wide.",
    "label_conflict": "{records:,} sequences of the dataset have contradictory labels; no prediction is right for all of them.",
    "length_shortcut": "Sequence length alone already predicts much of the answer.",
    "gc_shortcut": "GC content alone already predicts much of the answer.",
    "unknown_shortcut": "The share of unknown bases (N) alone already predicts much of the answer.",
    "case_shortcut": "The share of lower-case letters alone already predicts much of the answer.",
    "imbalance": "The largest class has {ratio:.3g} times as many sequences as the smallest; balanced accuracy and MCC say more than accuracy.",
    "tiny_class": "Classes with fewer than 10 different sequences: {count:,}. Their results are mostly chance.",
}


def crossing(dataset: Dataset, splits: Iterable[Split]) -> Counts:
    """Test records that are, or whose family is, outside the test set as well; quick, because an inspection left the families."""
    tested, equal, alike = 0, 0, 0
    for made in splits:
        outside = np.concatenate([made.train, made.validation])
        tested += len(made.test)
        equal += int(crossing_repeats(dataset, made).sum())
        alike += int(np.isin(dataset.families[made.test], dataset.families[outside]).sum())
    return {"leak": (equal, tested), "shared_families": (alike if alike > equal else 0, tested)}


def audited(audit: Mapping[str, Any]) -> Counts:
    """The same from an inspection of the very split, which counts as near duplicates what shares more than chance explains."""
    counts = {flag["code"]: flag["count"] for flag in audit["flags"]}
    tested = audit["split"]["records"]["test"] if audit["split"] else 0
    equal, near = (counts.get(code, 0) for code in LEAKS[:2])
    return {"leak": (equal, tested), "near_duplicates": (equal + near if near else 0, tested)}


def sentences(flags: Iterable[Mapping[str, Any]], across: Counts, tested: int) -> dict[str, str]:
    """Sentences by code, the gravest first.

    Args:
        flags: of an inspection of the dataset; of any split, since what depends on it is in `across`.
        across: what crosses the split.
        tested: test records.
    """
    found = {code: both for code, both in across.items() if both[0] and (code == "leak" or both[0] >= 0.01 * both[1])}
    found |= {"few_tested": (tested, tested)} if tested < _FEW else {}
    found |= {
        f["code"]: (f["count"], f["records"]) for f in flags if f["severity"] != "note" and f["code"] in _SAID and f["code"] not in LEAKS
    }
    return {
        code: _SAID[code].format(count=count, records=records, share=100 * count / max(records, 1), ratio=records / max(count, 1) - 1)
        for code, (count, records) in found.items()
    }
