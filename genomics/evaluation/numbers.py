"""Numbers: one target or several."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genomics import metrics
from genomics.evaluation.columns import guessed, stacked, table, widen_means
from genomics.evaluation.resampling import Floats, Groups, Measure, drawn_over
from genomics.evaluation.unmoved import widen_numbers
from genomics.evaluation.value import Evaluation

_POINTS = 2_000
_ALL_POINTS = 12_000  # of several targets together


def of_numbers(
    predicted: NDArray[np.floating],
    truth: NDArray[np.floating],
    train: NDArray[np.floating],
    *,
    names: tuple[str, ...] = (),
    seed: int = 0,
    groups: Groups = None,
) -> Evaluation:
    """Evaluates predicted numbers.

    Args:
        predicted: (n,), or (n, targets), in the targets' own unit.
        truth: likewise.
        train: the training part's targets, for the baseline that always says their mean.
        names: of several targets; "target 1" and so on where none are given.
        seed: of the bootstrap.
        groups: (n,), what belongs together; see `genomics.evaluation.intervals`.

    Returns:
        Of several targets, each metric is the mean over those for which it exists, and `parts` holds those of each.
    """
    true, said, known = (np.ascontiguousarray(given, np.float64).reshape(len(given), -1) for given in (truth, predicted, train))
    several = truth.ndim == 2
    titles = names or tuple(f"target {number + 1}" for number in range(true.shape[1])) if several else ("",)
    together, each = table(_measures(true, said), titles, len(true), seed=seed, groups=groups)
    for number, title in enumerate(titles):
        widen_numbers(each[title], true[:, number], groups)
    widen_means(together, each)
    guess, guesses = guessed(_measures(true, np.tile(known.mean(0), (len(true), 1)))[1], titles, len(true))
    most = min(_POINTS, _ALL_POINTS // len(titles))
    shown = np.random.default_rng(seed).permutation(len(true))[:most]
    points = {
        title: {"truth": true[shown, column].tolist(), "predicted": said[shown, column].tolist()} for column, title in enumerate(titles)
    }
    return Evaluation(
        records=len(true),
        metrics=together,
        baseline=guess,
        confusion=[],
        curves={},
        reliability={},
        scatter={} if several else points[""],
        parts=each if several else {},
        guesses=guesses if several else {},
        scatters=points if several else {},
        drawn=drawn_over(groups),
    )


def _measures(truth: Floats, predicted: Floats) -> tuple[Measure, Measure]:
    """A quick and an exact one; see `genomics.evaluation.columns.table`."""
    columns = list(zip(truth.T, predicted.T, strict=True))

    def of(ranked: list[Any]) -> Measure:
        pairs = list(zip(columns, ranked, strict=True))
        return lambda weights: stacked([metrics.for_numbers(true, said, weights, ranked=ranks) for (true, said), ranks in pairs])

    return of([(metrics.coarse(true), metrics.coarse(said)) for true, said in columns]), of([None] * len(columns))
