"""Intervals by drawing records again, or whole groups of them where records of a group are alike."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from genomics.evaluation.value import Cell, Cells

Floats = NDArray[np.float64]
Groups = NDArray[np.integer] | None
Measure = Callable[[Floats], dict[str, Floats]]

RESAMPLES = (200, 1000)  # of large and of small sets: the more records, the less a percentile needs
FEWEST_GROUPS = 8  # of fewer, an interval over groups would be as good as invented: records are drawn then
_WORK = 3_000_000  # weights drawn for one set, within these bounds
_AT_ONCE = 2_000_000  # weights held in memory at a time


def intervals(
    measure: Measure, records: int, *, seed: int = 0, resamples: int = 0, groups: Groups = None, once: Measure | None = None
) -> Cells:
    """The value of each metric, and its 95 % percentile interval over records drawn again with replacement.

    Args:
        measure: weights (resamples, n) to metrics (resamples,) by name.
        records: n.
        seed: of the draw.
        resamples: how many; 0 chooses 200 to 1,000 by the number of records. Resamples in which a metric does not exist are passed over.
        groups: (n,), equal where records belong together: whole groups are drawn, see `drawn_over`.
        once: measures the value itself, where `measure` is quicker than exact.

    Returns:
        {"value", "low", "high"} by name; null where the metric does not exist.
    """
    values, drawn = resampled(measure, records, seed=seed, resamples=resamples, groups=groups, once=once)
    return {name: cell(float(value), drawn[name]) for name, value in values.items()}


def resampled(
    measure: Measure, records: int, *, seed: int = 0, resamples: int = 0, groups: Groups = None, once: Measure | None = None
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """What `intervals` rests on: each metric of the records as they are, (...), and of each resample, (resamples, ...).

    Here a metric may be an array for each resample, one number a label.
    """
    values = {name: array[0] for name, array in (once or measure)(np.ones((1, records))).items()}
    lots: dict[str, list[Floats]] = {name: [] for name in values}
    for weights in _weights(records, seed, resamples, groups):
        for name, array in measure(weights).items():
            lots[name].append(array)
    return values, {name: np.concatenate(arrays) for name, arrays in lots.items()}


def drawn_over(groups: Groups) -> int:
    """How many groups are drawn; 0 where there are too few or none, so that records are."""
    count = 0 if groups is None else len(np.unique(groups))
    return count if groups is not None and FEWEST_GROUPS <= count < len(groups) else 0


def cell(value: float, drawn: Floats) -> Cell:
    """A metric and the middle 95 % of its resamples; null where it does not exist."""
    finite = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or not len(finite):
        return {"value": None, "low": None, "high": None}
    low, high = np.percentile(finite, [2.5, 97.5])
    return {"value": float(value), "low": float(min(low, value)), "high": float(max(high, value))}


def _weights(records: int, seed: int, resamples: int, groups: Groups) -> Iterator[Floats]:
    """How often each record is drawn, a lot of resamples at a time."""
    resamples = resamples or int(np.clip(_WORK // max(records, 1), *RESAMPLES))
    rng = np.random.default_rng(seed)
    many = drawn_over(groups)
    owner = np.unique(groups, return_inverse=True)[1] if groups is not None and many else None
    units = many or records
    at_once = max(1, _AT_ONCE // records)
    for start in range(0, resamples, at_once):
        rows = min(at_once, resamples - start)
        picks = rng.integers(0, units, (rows, units)) + np.arange(rows)[:, None] * units
        weights = np.bincount(picks.ravel(), minlength=rows * units).reshape(rows, units).astype(np.float64)
        yield weights if owner is None else weights[:, owner]
