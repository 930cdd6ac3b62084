"""How lengths and GC contents are spread, class by class, over common bins."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.portrait.rows import Rows, tally
from genomics.sequences import Codes, gc_content

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
_BINS = 60
_WIDE = 100  # times the shortest length from which on bins grow with the length
_GC_BINS = 100


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
    usual = max(int(np.median(np.diff(offsets))), 1) if len(offsets) > 1 else 1
    together = -(-usual // _GC_BINS)  # a sequence of 200 bp has 201 GC contents: each bin holds equally many, or it would be a comb
    edges = (np.arange(0, usual + together + 1, together) - 0.5) / usual
    return _spread(gc_content(codes, offsets), edges, rows)


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
