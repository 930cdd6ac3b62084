"""How lengths and GC contents are spread, class by class, over common bins."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.portrait.rows import Rows, tally
from genomics.sequences import UNKNOWN, Codes

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
_BINS = 60
_WIDE = 100  # times the shortest length from which on bins grow with the length
_PIECE = 1_000_000  # bases looked at a time


class Spread(NamedTuple):
    """One number of every record, counted; all records are looked at.

    Attributes:
        edges: float64 (bins + 1,), common to all rows; the last bin includes its upper edge.
        counts: int64 (rows, bins).
        quantiles: float64 (rows, 7), at `QUANTILES`; NaN where a row has no number.
        without: int64 (rows,), records that have no such number (GC content of unknown bases only).
        log: whether the bins grow with the number.
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    quantiles: NDArray[np.float64]
    without: NDArray[np.int64]
    log: bool = False


def of_lengths(offsets: NDArray[np.int64], rows: Rows) -> Spread:
    """Lengths in bases. Each bin holds the same number of lengths, or, where they are very unlike, the same ratio."""
    lengths = np.diff(offsets)
    low, high = (int(lengths.min()), int(lengths.max())) if len(lengths) else (0, 0)
    log = low > 0 and high >= _WIDE * low
    if log:
        starts = np.unique(np.round(np.geomspace(low, high + 1, _BINS + 1)).astype(np.int64))
    else:
        width = -(-(high - low + 1) // _BINS)
        starts = np.arange(low, high + width + 1, width)
    return _spread(lengths.astype(np.float64), starts.astype(np.float64) - 0.5, rows)._replace(log=log)


def of_gc(codes: Codes, offsets: NDArray[np.int64], rows: Rows) -> Spread:
    """GC content among the known bases, 0 to 1."""
    middle = float(np.median(np.diff(offsets))) if len(offsets) > 1 else 0.0
    bins = int(np.clip(middle // 2, 10, 100))  # short sequences have few different GC contents: narrower bins would stay empty
    return _spread(gc_content(codes, offsets), np.linspace(0, 1, bins + 1), rows)


def gc_content(codes: Codes, offsets: NDArray[np.int64]) -> NDArray[np.float64]:
    """As `genomics.sequences.gc_content`, for sets and sequences of any size: float64 (n,), NaN where no base is known."""
    gc, known = np.zeros(len(offsets) - 1, np.int64), np.diff(offsets)
    for start in range(0, len(codes), _PIECE):
        part = codes[start : start + _PIECE]
        first = int(np.searchsorted(offsets, start, side="right")) - 1
        last = int(np.searchsorted(offsets, start + len(part), side="left"))
        ends = np.clip(offsets[first : last + 1] - start, 0, len(part))
        gc[first:last] += _counted((part == 1) | (part == 2), ends)
        unknown = part == UNKNOWN
        if unknown.any():
            known[first:last] -= _counted(unknown, ends)
    return np.divide(gc, known, out=np.full(len(gc), np.nan), where=known > 0)


def _counted(marked: NDArray[np.bool_], ends: NDArray[np.int64]) -> NDArray[np.int32]:
    """How many letters are marked between one end and the next."""
    return np.diff(np.concatenate([[0], np.cumsum(marked, dtype=np.int32)])[ends])


def _spread(values: NDArray[np.float64], edges: NDArray[np.float64], rows: Rows) -> Spread:
    finite = np.isfinite(values)
    bins = np.searchsorted(edges, values, side="right") - 1
    bins = np.where(finite, np.minimum(bins, len(edges) - 2), -1)
    quantiles = np.full((len(rows.names), len(QUANTILES)), np.nan)
    for row in range(len(rows.names)):
        here = values[rows.holds(row) & finite]
        if len(here):
            quantiles[row] = np.quantile(here, QUANTILES)
    without = tally(rows, np.where(finite, -1, 0), 1)[0]
    return Spread(edges, np.ascontiguousarray(tally(rows, bins, len(edges) - 1).T), quantiles, without)
