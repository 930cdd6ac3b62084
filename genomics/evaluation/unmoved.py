"""Intervals of a statistic that no resample moves: drawn again, a perfect result stays perfect and would look certain.

Where n independent records are all of one kind, up to a share of 1 - 0.025^(1/n) of all records may be of another kind
(Clopper & Pearson 1934, doi 10.1093/biomet/26.4.404; in its simplest form the "rule of three"). An interval ends where the
statistic would stand if so large a share were of the kind that changes it most.
"""

import math

import numpy as np
from numpy.typing import NDArray

from genomics import metrics
from genomics.evaluation.resampling import Floats, Groups, drawn_over
from genomics.evaluation.value import Cell, Cells

_EQUAL = 1e-9


def missed(units: int) -> float:
    """The largest share of another kind of which none is among so many; two-sided, at 95 %."""
    return float(1 - 0.025 ** (1 / max(units, 1)))


def widen_classes(cells: Cells, probabilities: Floats, truth: NDArray[np.int64], groups: Groups = None) -> None:
    """Widens in place what no resample moved; of a rule that gives every record the same answer accuracy alone, the rest is exact.

    Metrics of the confusion matrix mix in that share of records of one true and one predicted class, of the rarest and
    the commonest, whichever moves them most. AUROC rests on disjoint pairs of a positive and a negative, as many as the
    rarer of the two; AUPRC ends where that share of the negatives stands above all positives. Each group counts once.
    Arguments as of `genomics.evaluation.class_intervals`, whose cells these are; some may be missing.
    """
    if (probabilities == probabilities[:1]).all():
        cells = {"accuracy": cells["accuracy"]} if "accuracy" in cells else {}
    if not any(map(still, cells.values())):
        return
    classes, many = probabilities.shape[1], drawn_over(groups)
    share = missed(many or len(truth))
    table = metrics.confusion(truth, probabilities.argmax(1), classes, np.ones((1, len(truth))))[0]
    ends = np.argsort(table.sum(1), kind="stable")[[0, -1]]
    other = np.zeros((2, 2, classes, classes))
    other[[0, 0, 1, 1], [0, 1, 0, 1], ends.repeat(2), np.tile(ends, 2)] = share * len(truth)
    for name, values in metrics.from_confusion((1 - share) * table + other.reshape(4, classes, classes)).items():
        _widen(cells, name, values.min(), values.max())
    for name, worst in (("brier", 1.0 if classes == 2 else 2.0), ("ece", 1.0), ("log_loss", -math.log(metrics.TINY))):
        _mix(cells, name, share, worst)
    sides = [(truth == number, truth != number) for number in ([1] if classes == 2 else range(classes))]
    units = [[len(np.unique(groups[side])) if groups is not None and many else side.sum() for side in both] for both in sides]
    pairs = [missed(min(*both, max((many or len(truth)) // 2, 1))) for both in units]
    odds = np.array([part * max(rest.sum(), _EQUAL) / max(here.sum(), 1) for part, (here, rest) in zip(pairs, sides, strict=True)])
    _mix(cells, "auroc", float(np.mean(pairs)), 1.0)
    _widen(cells, "auprc", float(np.mean(1 - odds * np.log1p(1 / odds))), 1.0)


def widen_numbers(cells: Cells, truth: Floats, groups: Groups = None) -> None:
    """The same for predicted numbers that agree with the true ones exactly, or in their order.

    n records make n / 2 disjoint pairs, all in the same order, which bounds Kendall's tau. For normal numbers Pearson's
    correlation is then r = sin(pi tau / 2), and Spearman's 6 / pi asin(r / 2) (Kruskal 1958, doi
    10.1080/01621459.1958.10501481). R2 ends at the square of r, the errors at what that leaves of the standard deviation.
    `cells` are those of `genomics.evaluation.of_numbers` for one target, `truth` is (n,).
    """
    r = math.sin(math.pi / 2 * (1 - 2 * missed((drawn_over(groups) or len(truth)) // 2)))
    for name, bound in (("pearson", r), ("spearman", 6 / math.pi * math.asin(r / 2))):
        against = (cells[name]["value"] or 0) < 0
        _widen(cells, name, -1.0 if against else bound, -bound if against else 1.0)
    _widen(cells, "r2", r * abs(r), 1.0)
    for name in ("rmse", "mae"):
        _widen(cells, name, 0.0, (cells[name]["value"] or 0.0) + float(truth.std()) * math.sqrt(1 - r * abs(r)))


def widen_share(cells: Cells, name: str, records: int, groups: Groups = None) -> None:
    """The same for a share of all records."""
    _mix(cells, name, missed(drawn_over(groups) or records), 1.0)


def still(cell: Cell) -> bool:
    """Whether no resample moved it."""
    return cell["low"] is not None and cell["high"] is not None and cell["high"] - cell["low"] <= _EQUAL


def _widen(cells: Cells, name: str, low: float, high: float) -> None:
    cell = cells.get(name)
    if cell and still(cell) and cell["value"] is not None:
        cell |= {"low": min(float(low), cell["value"]), "high": max(float(high), cell["value"])}


def _mix(cells: Cells, name: str, share: float, most: float) -> None:
    """Mixes that share of 0, or of the most that there can be, into a mean."""
    value = cells.get(name, {}).get("value") or 0.0
    _widen(cells, name, value * (1 - share), value + share * (most - value))
