"""What a check returns: one thing that a biologist should know before a network sees the data."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.audit.traits import Trait
from genomics.dataset import Dataset
from genomics.io.report import shorten
from genomics.split import Split

SEVERITIES = ("stop", "warn", "note")
_EXAMPLES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding.

    Attributes:
        code: stable, see `docs/audit.md`.
        severity: "stop" (results would be wrong), "warn" (they may mislead), "note" (good to know).
        count: how many; of what, `message` says.
        records: how many records are concerned.
        message: what was found, with the count.
        meaning: what it means for a biologist.
        remedy: what to do about it.
        action: a key of `genomics.remedies.REMEDIES`, or empty where no click mends it.
        examples: ids of some of the records.
    """

    code: str
    severity: str
    count: int
    records: int
    message: str
    meaning: str
    remedy: str
    action: str = ""
    examples: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {**asdict(self), "examples": list(self.examples)}


class Subject(NamedTuple):
    """What the checks look at.

    Attributes:
        dataset: all of it.
        split: how it would be divided; None where it cannot be.
        traits: see `genomics.audit.traits`.
        crossing: int64 (n,), 20-base words of each record that also stand on the other side of train + validation
            against test; None where there is no split.
    """

    dataset: Dataset
    split: Split | None
    traits: tuple[Trait, ...]
    crossing: NDArray[np.int64] | None


def examples(dataset: Dataset, index: NDArray[np.intp] | Sequence[int]) -> tuple[str, ...]:
    """The ids of the first of some records, fit to be shown."""
    return tuple(shorten(dataset.ids[int(i)], 80) for i in index[:_EXAMPLES])


def count_of(count: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 record", "1,234 records"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
