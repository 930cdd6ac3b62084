"""Losses and metrics as training goes, of one run and of others beside it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from genomics.history import History
from genomics.plots import marks, style

_POINTS = 1000
_OTHERS = ("#AA3377", "#228833", "#CCBB44", "#66CCEE", "#8A90A2")
Values = NDArray[np.float32]


class Curve(NamedTuple):
    """One line: x and y, float32 (points,)."""

    name: str
    x: Values
    y: Values
    colour: str
    dash: str
    faint: bool = False


class Band(NamedTuple):
    """Several runs as one: their mean and one standard deviation to both sides, float32 (points,)."""

    name: str
    x: Values
    mean: Values
    low: Values
    high: Values


def losses(history: History) -> list[Curve]:
    """Loss by piece of training (faint), by epoch in training, and in validation; always these three, in this order."""
    return measured(history, "loss")


def metric(history: History, name: str) -> list[Curve]:
    """A metric by epoch, in training where it is measured there, and in validation; always these two, in this order."""
    return measured(history, name)[1:]


def measured(history: History, name: str, *, by: float = 1.0, smooth: float = 0.0) -> list[Curve]:
    """The loss or a metric: of each batch (faint), of the training part, of validation; always three, in this order.

    Args:
        history: of a predictor.
        name: "loss", or the name of a metric; what was not measured is an empty line.
        by: what x counts in: 1 for epochs; the steps of an epoch for steps.
        smooth: 0 to 1 (excluded): how much of the line's past is in each of its points.
    """
    steps, epochs = history.steps, history.epochs
    at, turns = _column(steps, "at") * by, _column(epochs, "epoch") * by

    def line(title: str, x: Values, y: Values, colour: str, dash: str, faint: bool = False) -> Curve:
        known = slice(None) if np.isfinite(y).any() else slice(0)
        return Curve(title, *_thin(x[known], smoothed(y[known], smooth)), colour, dash, faint)

    return [
        line("each batch", at, _column(steps, name), style.TRAIN, "solid", True),
        line("train", turns, _column(epochs, name), style.TRAIN, "solid"),
        line("validation", turns, _column(epochs, f"val_{name}"), style.VALIDATION, "dash"),
    ]


def other(name: str, x: Values, y: Values, number: int, *, smooth: float = 0.0) -> Curve:
    """The line of another run, to be held against; `number` decides its colour and its dash."""
    return Curve(marks.name(name, 60), *_thin(x, smoothed(y, smooth)), _OTHERS[number % len(_OTHERS)], marks.of(number + 1, marks.DASHES))


def band(name: str, lines: Sequence[tuple[Values, Values]], *, smooth: float = 0.0) -> Band | None:
    """The mean and the spread of several runs, wherever at least two of them are; None where they never are.

    Args:
        name: for the legend.
        lines: x and y of each run, in the same units.
        smooth: see `measured`.
    """
    places = np.unique(np.concatenate([x for x, _ in lines])) if lines else np.zeros(0, np.float32)
    table = np.full((len(lines), len(places)), np.nan)
    for row, (x, y) in enumerate(lines):
        table[row, np.searchsorted(places, x)] = smoothed(y, smooth)
    enough = np.isfinite(table).sum(0) >= 2
    if not enough.any():
        return None
    mean, spread = np.nanmean(table[:, enough], 0), np.nanstd(table[:, enough], 0, ddof=1)
    return Band(name, *(np.asarray(part, np.float32) for part in (places[enough], mean, mean - spread, mean + spread)))


def pace(history: History, name: str, *, by: float = 1.0) -> list[Curve]:
    """The learning rate or the length of the gradient, by piece of training; one line."""
    colour = style.REAL if name == "learning_rate" else style.MADE
    return [Curve(name.replace("_", " "), *_thin(_column(history.steps, "at") * by, _column(history.steps, name)), colour, "solid")]


def adversarial(history: History) -> list[Curve]:
    """What the critic sees between real and generated, and the generator's loss, by iteration."""
    steps = history.steps
    at = _column(steps, "at")
    return [
        Curve("critic's gap", *_thin(at, _column(steps, "critic_gap")), style.REAL, "solid"),
        Curve("generator's loss", *_thin(at, _column(steps, "generator_loss")), style.MADE, "dash"),
    ]


def divergence(history: History) -> list[Curve]:
    """4-letter word divergence by iteration, with the floor (Markov 1) and the ceiling (real) as flat lines."""
    x = _column(history.scores, "at")
    score = np.array([row["score"]["jsd"]["4"] for row in history.scores], np.float32)
    drawn = [Curve("generated", *_thin(x, score), style.MADE, "solid")]
    for key, name, dash in (("markov_1", "simplest chain (floor)", "dot"), ("real", "real against real (ceiling)", "dash")):
        if history.yardsticks and len(x):
            ends, level = np.array([0, x[-1]], np.float32), history.yardsticks[key]["jsd"]["4"]
            drawn.append(Curve(name, ends, np.full(2, level, np.float32), style.FLOOR, dash))
    return drawn


def figure(
    curves: list[Curve], *, x: str, y: str, best: float | None = None, log: bool = False, spread: Band | None = None, view: str = ""
) -> go.Figure:
    """Lines over epochs, steps or iterations.

    Args:
        curves: in a fixed order, so that a hidden one stays hidden.
        x: axis title.
        y: axis title.
        best: where the kept weights come from, as a vertical line.
        log: logarithmic y.
        spread: several runs as mean and band, behind the lines.
        view: what is shown; the reader's zoom is kept as long as it stays the same.
    """
    lines = [_drawn(curve, x, y) for curve in curves] + (_shaded(spread, x, y) if spread is not None else [])
    frame = style.layout(x=x, y=y)
    frame["xaxis"] |= {"rangemode": "tozero"}
    if not any(len(line["x"]) for line in lines):  # Plotly would number empty axes by itself: losses of -1 to 4
        for axis in ("xaxis", "yaxis"):
            frame[axis] |= {"showticklabels": False}
    if log:
        frame["yaxis"] |= {"type": "log", **({"dtick": 1} if _decades(curves) > 1.5 else {})}
    if best is not None:
        line = {"color": style.FLOOR, "dash": "dot", "width": 1.5}
        frame["shapes"] = [{"type": "line", "x0": best, "x1": best, "y0": 0, "y1": 1, "yref": "y domain", "line": line}]
        where = {"x": best, "y": 1, "yref": "y domain", "yanchor": "top", "xanchor": "left", "xshift": 4}
        frame["annotations"] = [{"text": "kept", "showarrow": False, **where}]
    if view:
        frame["uirevision"] = view
    return go.Figure(lines, frame)  # all at once: piece by piece it takes three times as long, and this is drawn every second


def _decades(curves: list[Curve]) -> float:
    values = np.concatenate([curve.y for curve in curves]) if curves else np.zeros(0)
    known = values[np.isfinite(values) & (values > 0)]
    return float(np.log10(known.max() / known.min())) if len(known) else 0.0


def _drawn(curve: Curve, x: str, y: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": curve.x,
        "y": curve.y,
        "name": curve.name,
        "mode": "lines" if len(curve.x) > 1 else "markers",
        "opacity": 0.5 if curve.faint else 1,
        "line": {"color": curve.colour, "dash": curve.dash, "width": 1.2 if curve.faint else 2.4},
        "hovertemplate": f"{curve.name}<br>{x} %{{x:.4g}}<br>{y} %{{y:.4g}}<extra></extra>",
    }


def _shaded(spread: Band, x: str, y: str) -> list[dict[str, Any]]:
    edge = {
        "type": "scatter",
        "x": np.concatenate([spread.x, spread.x[::-1]]),
        "y": np.concatenate([spread.high, spread.low[::-1]]),
        "name": f"{spread.name}, one standard deviation",
        "showlegend": False,
        "mode": "lines",
        "line": {"width": 0, "color": style.MADE},
        "fill": "toself",
        "fillcolor": "rgba(170, 51, 119, 0.16)",
        "hoverinfo": "skip",
        "legendgroup": spread.name,
    }
    middle = {
        "type": "scatter",
        "x": spread.x,
        "y": spread.mean,
        "name": f"{spread.name}, mean and spread",
        "mode": "lines",
        "line": {"color": style.MADE, "width": 2, "dash": "dashdot"},
        "hovertemplate": f"{spread.name}, mean<br>{x} %{{x:.4g}}<br>{y} %{{y:.4g}}<extra></extra>",
        "legendgroup": spread.name,
    }
    return [edge, middle]


def smoothed(values: Values, weight: float) -> Values:
    """The running mean that forgets: each point holds `weight` of what came before; holes stay holes."""
    if weight <= 0 or not len(values):
        return values
    made, mean, share = np.empty_like(values), 0.0, 0.0
    for place, value in enumerate(values.tolist()):
        if value == value:  # not a hole
            mean, share = weight * mean + (1 - weight) * value, weight * share + 1 - weight
            made[place] = mean / share
        else:
            made[place] = np.nan
    return made


def _column(rows: list[dict[str, Any]], name: str) -> Values:
    """A number of each row, float32; a hole where a row has none."""
    return np.array([row.get(name) for row in rows], np.float32)  # None becomes NaN


def _thin(x: Values, y: Values) -> tuple[Values, Values]:
    """At most some points: of each bucket its smallest and its largest y, so that no peak is lost."""
    if len(x) <= 2 * _POINTS:
        return x, y
    edges = np.linspace(0, len(x), _POINTS + 1).astype(int)
    buckets = np.repeat(np.arange(_POINTS), np.diff(edges))
    order = np.lexsort((np.nan_to_num(y), buckets))  # bucket by bucket, its smallest first
    keep = np.unique(np.concatenate([order[edges[:-1]], order[edges[1:] - 1]]))
    return x[keep], y[keep]
