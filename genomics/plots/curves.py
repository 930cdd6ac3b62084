"""Losses and accuracies as training goes."""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from genomics.history import History
from genomics.plots import style

_POINTS = 1000


class Curve(NamedTuple):
    """One line: x and y, float32 (points,)."""

    name: str
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    colour: str
    dash: str
    faint: bool = False


def losses(history: History) -> list[Curve]:
    """Loss by piece of training (faint), by epoch in training, and in validation; always these three, in this order."""
    steps, epochs = history.steps, history.epochs
    return [
        Curve("each batch", *_thin([row["at"] for row in steps], [row["loss"] for row in steps]), style.TRAIN, "solid", True),
        Curve("train", *_thin([row["epoch"] for row in epochs], [row["loss"] for row in epochs]), style.TRAIN, "solid"),
        Curve("validation", *_thin([row["epoch"] for row in epochs], [row["val_loss"] for row in epochs]), style.VALIDATION, "dash"),
    ]


def metric(history: History, name: str) -> list[Curve]:
    """Accuracy (or mse) by epoch, in training and in validation."""
    epochs = history.epochs
    x = [row["epoch"] for row in epochs]
    return [
        Curve("train", *_thin(x, [row[name] for row in epochs]), style.TRAIN, "solid"),
        Curve("validation", *_thin(x, [row[f"val_{name}"] for row in epochs]), style.VALIDATION, "dash"),
    ]


def adversarial(history: History) -> list[Curve]:
    """What the critic sees between real and generated, and the generator's loss, by iteration."""
    steps = history.steps
    x = [row["at"] for row in steps]
    return [
        Curve("critic's gap", *_thin(x, [row["critic_gap"] for row in steps]), style.REAL, "solid"),
        Curve("generator's loss", *_thin(x, [row["generator_loss"] for row in steps]), style.MADE, "dash"),
    ]


def divergence(history: History) -> list[Curve]:
    """4-letter word divergence by iteration, with the floor (Markov 1) and the ceiling (real) as flat lines."""
    x = [row["at"] for row in history.scores]
    drawn = [Curve("generated", *_thin(x, [row["score"]["jsd"]["4"] for row in history.scores]), style.MADE, "solid")]
    for key, name, dash in (("markov_1", "simplest chain (floor)", "dot"), ("real", "real against real (ceiling)", "dash")):
        if history.yardsticks and x:
            drawn.append(Curve(name, *_thin([0, x[-1]], [history.yardsticks[key]["jsd"]["4"]] * 2), style.FLOOR, dash))
    return drawn


def figure(curves: list[Curve], *, x: str, y: str, best: float | None = None, log: bool = False) -> go.Figure:
    """Lines over epochs or iterations.

    Args:
        curves: in a fixed order, so that a hidden one stays hidden.
        x: axis title.
        y: axis title.
        best: where the kept weights come from, as a vertical line.
        log: logarithmic y.
    """
    made = go.Figure()
    for curve in curves:
        made.add_trace(
            go.Scatter(
                x=curve.x,
                y=curve.y,
                name=curve.name,
                mode="lines" if len(curve.x) > 1 else "markers",
                opacity=0.55 if curve.faint else 1,
                line={"color": curve.colour, "dash": curve.dash, "width": 1.2 if curve.faint else 2.4},
                hovertemplate=f"{curve.name}<br>{x} %{{x:.4g}}<br>{y} %{{y:.4g}}<extra></extra>",
            )
        )
    style.frame(made, x=x, y=y)
    made.update_xaxes(rangemode="tozero")
    if best is not None:
        made.add_vline(
            x=best,
            line={"color": style.FLOOR, "dash": "dot", "width": 1.5},
            annotation={"text": "kept", "showarrow": False, "yanchor": "top", "xanchor": "left", "xshift": 4},
        )
    if log:
        made.update_yaxes(type="log", dtick=1)
    return made


def _thin(x: list[Any], y: list[Any]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """At most some points: of each bucket its smallest and its largest y, so that no peak is lost."""
    xs, ys = np.asarray(x, np.float32), np.asarray([np.nan if value is None else value for value in y], np.float32)
    if len(xs) <= 2 * _POINTS:
        return xs, ys
    edges = np.linspace(0, len(xs), _POINTS + 1).astype(int)
    keep = {index for start, end in pairwise(edges) for index in _extremes(ys, start, end)}
    order = np.array(sorted(keep))
    return xs[order], ys[order]


def _extremes(values: NDArray[np.float32], start: int, end: int) -> tuple[int, int]:
    bucket = np.nan_to_num(values[start:end])
    return start + int(bucket.argmin()), start + int(bucket.argmax())
