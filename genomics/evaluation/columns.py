"""Several labels or targets: metrics of each, and the mean over them, from the same draws."""

import numpy as np

from genomics import metrics
from genomics.evaluation.resampling import Floats, Groups, Measure, cell, resampled
from genomics.evaluation.unmoved import still
from genomics.evaluation.value import Cells, plain


def table(
    measures: tuple[Measure, Measure], titles: tuple[str, ...], records: int, *, seed: int, groups: Groups
) -> tuple[Cells, dict[str, Cells]]:
    """The mean over columns and each column, with intervals from the same draws.

    Args:
        measures: weights (resamples, n) to metrics (resamples, columns) by name: a quick one, and an exact one. One of
            all columns together is (resamples, 1), and no column's own.
        titles: one a column.
        records: n.
        seed: of the draw.
        groups: (n,), what belongs together.
    """
    values, drawn = resampled(measures[0], records, seed=seed, groups=groups, once=measures[1])
    together = {name: cell(float(_mean(value)), _mean(drawn[name])) for name, value in values.items()}
    each = {
        title: {name: cell(float(value[column]), drawn[name][:, column]) for name, value in values.items() if len(value) == len(titles)}
        for column, title in enumerate(titles)
    }
    return together, each


def widen_means(together: Cells, each: dict[str, Cells]) -> None:
    """Gives a mean that no resample moved the mean ends of its columns, in place."""
    for name, mean in together.items():
        columns = [cells[name] for cells in each.values() if name in cells and cells[name]["value"] is not None]
        if columns and still(mean):
            mean |= {end: float(np.mean([column[end] for column in columns])) for end in ("low", "high")}


def guessed(exact: Measure, titles: tuple[str, ...], records: int) -> tuple[Cells, dict[str, dict[str, float | None]]]:
    """The same of a baseline, without intervals: the mean over columns as cells, and the values of each column."""
    values = {name: array[0] for name, array in exact(np.ones((1, records))).items()}
    together: Cells = {name: {"value": plain(_mean(value)[None])[0], "low": None, "high": None} for name, value in values.items()}
    each = {
        title: {name: plain(value)[column] for name, value in values.items() if len(value) == len(titles)}
        for column, title in enumerate(titles)
    }
    return together, each


def _mean(columns: Floats) -> Floats:
    return metrics.mean_over(np.moveaxis(columns, -1, 0))


def stacked(columns: list[dict[str, Floats]]) -> dict[str, Floats]:
    """Metrics of each column as metrics of all: (resamples, columns) by name."""
    return {name: np.stack([column[name] for column in columns], axis=-1) for name in columns[0]}
