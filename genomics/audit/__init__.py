"""What is wrong with a labelled set of sequences, found before a network sees it; `docs/audit.md` lists the codes.

>>> import numpy as np
>>> from genomics import audit, samples
>>> [finding.code for finding in audit.inspect(samples.load("planted")).findings]
[]
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from genomics import similarity, split
from genomics.audit import balance, differences, letters, repeats
from genomics.audit.finding import SEVERITIES, Finding, Subject
from genomics.audit.traits import traits
from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.split import PARTS, Split

CODES = (
    "too_few",
    "one_class",
    "imbalance",
    "tiny_class",
    "duplicates",
    "reverse_complement_duplicates",
    "label_conflict",
    "leak",
    "near_duplicates",
    "repeated_identifiers",
    "length_shortcut",
    "gc_shortcut",
    "unknown_shortcut",
    "case_shortcut",
    "position_shortcut",
    "padding",
    "adapter",
    "low_complexity",
    "unknown_bases",
    "test_unlike_train",
    "no_split",
)

__all__ = ["CODES", "SEVERITIES", "Audit", "Finding", "Subject", "inspect", "subject"]


class Audit(NamedTuple):
    """What was found.

    Attributes:
        findings: worst first.
        split: how the dataset is divided; None where it cannot be (then a finding `no_split` says why).
        crossing: test records that share a 20-base word with train or validation, equal ones included.
    """

    findings: tuple[Finding, ...]
    split: Split | None
    crossing: int

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, without the index arrays."""
        divided = None
        if self.split is not None:
            divided = {
                "how": self.split.how,
                "notes": list(self.split.notes),
                "records": {part: len(self.split.part(part)) for part in PARTS},
                "sharing_a_word": self.crossing,
            }
        return {"flags": [finding.to_json() for finding in self.findings], "split": divided}


def inspect(
    dataset: Dataset,
    how: str = "auto",
    seed: int = 0,
    fold: tuple[int, int] = (0, 0),
    tick: Callable[[str, float], None] = lambda what, share: None,
) -> Audit:
    """Looks for everything that makes a result wrong or misleading.

    Args:
        dataset: what to look at.
        how: the split to look at it with, see `genomics.split.make`.
        seed: of the split.
        fold: likewise.
        tick: told what is being done, and which share of that is done.

    Raises:
        SettingError: there is no such split, or this dataset has not got what it needs.
    """
    looked_at, refused = subject(dataset, how, seed, fold, tick)
    findings = [refused] if refused else []
    for check in (balance.check, repeats.check, differences.check, letters.check, differences.drift):
        tick("Looking for flaws", 0.0)
        findings += check(looked_at)
    findings.sort(key=lambda finding: (SEVERITIES.index(finding.severity), CODES.index(finding.code)))
    crossing = 0
    if looked_at.split is not None and looked_at.crossing is not None:
        crossing = int((looked_at.crossing[looked_at.split.test] > 0).sum())
    return Audit(tuple(findings), looked_at.split, crossing)


def subject(
    dataset: Dataset,
    how: str = "auto",
    seed: int = 0,
    fold: tuple[int, int] = (0, 0),
    tick: Callable[[str, float], None] = lambda what, share: None,
) -> tuple[Subject, Finding | None]:
    """Divides a dataset and compares its records across the division; a division that is refused becomes a finding."""
    tick("Looking for repeats", 0.0)
    split.check(dataset, how)
    try:
        divided = split.make(dataset, how, seed, fold)
    except SettingError as error:
        return Subject(dataset, None, traits(dataset), None), _refusal(dataset, str(error))
    side = np.zeros(len(dataset), bool)
    side[divided.test] = True
    compared = similarity.compare(
        dataset.codes, dataset.offsets, side, dataset.repeats, tick=lambda share: tick("Comparing all sequences with each other", share)
    )
    dataset.__dict__.setdefault("families", compared.families)  # found on the way
    return Subject(dataset, divided, traits(dataset), compared.crossing), None


def _refusal(dataset: Dataset, why: str) -> Finding:
    return Finding(
        code="no_split",
        severity="stop" if dataset.task != "unlabelled" else "warn",
        count=len(dataset),
        records=len(dataset),
        message=f"The records cannot be divided as asked. {why}",
        meaning="Without a test part that the network never saw, nothing it says can be trusted.",
        remedy="Add records, leave the class out, or divide in another way.",
    )
