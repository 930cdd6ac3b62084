"""How good a predictor is: confusion, ROC, precision-recall, calibration, predicted against true."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from genomics.evaluation import Evaluation
from genomics.plots import style

_SHADES = np.array([[228, 232, 250], [59, 76, 184]])  # of a cell with none of its true class, and with all: opaque, the same in both themes


def confusion(table: list[list[int]], classes: tuple[str, ...]) -> go.Figure:
    """Records by true class (rows) and predicted class (columns); shaded by share of the row."""
    counts = np.array(table, float)
    share = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    text = [[f"{int(count):,}<br>{part:.0%}" for count, part in zip(*rows, strict=True)] for rows in zip(counts, share, strict=True)]
    made = go.Figure(
        go.Heatmap(
            z=share,
            x=list(classes),
            y=list(classes),
            colorscale=[[end, f"rgb{tuple(_SHADES[end].tolist())}"] for end in (0, 1)],
            zmin=0,
            zmax=1,
            showscale=False,
            hovertemplate="true %{y}<br>predicted %{x}<br>%{z:.1%} of the true class<extra></extra>",
        )
    )
    if len(classes) <= 12:
        for row, cells in enumerate(text):
            for column, cell in enumerate(cells):
                made.add_annotation(x=column, y=row, text=cell, showarrow=False, font={"color": _ink(share[row, column])})
    style.frame(made, x="Predicted class", y="True class", legend=False)
    made.update_xaxes(type="category", showgrid=False)
    return made.update_yaxes(type="category", autorange="reversed", showgrid=False)


def _ink(share: float) -> str:
    """Black or white, whichever is easier to read on a cell: a contrast of 4.5 at least (WCAG 2.2)."""
    shade = (_SHADES[0] + share * (_SHADES[1] - _SHADES[0])) / 255
    linear = np.where(shade <= 0.04045, shade / 12.92, ((shade + 0.055) / 1.055) ** 2.4)
    return "black" if linear @ [0.2126, 0.7152, 0.0722] > 0.179 else "white"


def roc(evaluation: Evaluation) -> go.Figure:
    """True against false positives as the threshold falls; the diagonal is chance."""
    made = _class_lines(evaluation, "false_positive_rate", "true_positive_rate")
    made.add_trace(_guess([0, 1], [0, 1]))
    return style.frame(made, x="False positive rate", y="True positive rate")


def precision_recall(evaluation: Evaluation, prevalence: float | None = None) -> go.Figure:
    """Precision against recall as the threshold falls; the flat line is chance (two classes)."""
    made = _class_lines(evaluation, "true_positive_rate", "precision")
    if prevalence is not None:
        made.add_trace(_guess([0, 1], [prevalence, prevalence]))
    style.frame(made, x="Recall (share of positives found)", y="Precision (correct share of predictions)")
    return made.update_yaxes(range=[0, 1.02])


def calibration(evaluation: Evaluation) -> go.Figure:
    """How often predictions are correct at each probability; of several labels, how often a record has the label."""
    labels = bool(evaluation.parts)
    table = evaluation.reliability
    made = go.Figure(
        go.Scatter(
            x=table["confidence"],
            y=table["accuracy"],
            mode="lines+markers",
            name="network",
            marker={"size": 9, "color": style.TRAIN},
            line={"color": style.TRAIN},
            customdata=table["records"],
            hovertemplate=f"predicted %{{x:.0%}}, {'has it' if labels else 'correct'} %{{y:.0%}}<br>%{{customdata:,}} {'labels' if labels else 'records'}<extra></extra>",
            connectgaps=True,
        )
    )
    made.add_trace(_guess([0, 1], [0, 1], "perfectly calibrated"))
    style.frame(
        made,
        x="Predicted probability of a label" if labels else "Predicted probability of the predicted class",
        y="Share of sequences with the label" if labels else "Share that is correct",
    )
    return made.update_layout(xaxis_tickformat=".0%", yaxis_tickformat=".0%")


def scatter(evaluation: Evaluation, target: str = "") -> go.Figure:
    """Predicted against true numbers, of one target where there are several."""
    points = evaluation.scatters[target] if target else evaluation.scatter
    truth, predicted = (np.array(points[name], np.float32) for name in ("truth", "predicted"))
    made = go.Figure(
        go.Scatter(
            x=truth,
            y=predicted,
            mode="markers",
            name="records",
            marker={"color": style.TRAIN, "size": 5},
            opacity=0.5,
            hovertemplate="true %{x:.4g}<br>predicted %{y:.4g}<extra></extra>",
        )
    )
    ends = [float(truth.min()), float(truth.max())]
    made.add_trace(_guess(ends, ends, "perfect"))
    return style.frame(made, x="True value", y="Predicted value")


def each(cells: Mapping[str, dict[str, float | None]], metric: str, guess: float | None = None) -> go.Figure:
    """One metric of each label, target or run with its interval, the first at the top.

    Args:
        cells: "value", "low" and "high" by name; without a value a name has no dot.
        metric: for the axis.
        guess: what guessing has, where that is the same for all.
    """
    names = list(cells)
    value, low, high = (np.array([cells[name][end] for name in names], np.float64) for end in ("value", "low", "high"))
    made = go.Figure(
        go.Scatter(
            x=value,
            y=names,
            mode="markers",
            name=metric,
            marker={"size": 10, "color": style.TRAIN},
            error_x={"array": high - value, "arrayminus": value - low, "thickness": 1.6, "width": 0, "color": style.TRAIN},
            customdata=np.stack([low, high], 1),
            hovertemplate="%{y}<br>%{x:.3f} (%{customdata[0]:.3f} to %{customdata[1]:.3f})<extra></extra>",
        )
    )
    if guess is not None:
        made.add_vline(x=guess, line={"color": style.FLOOR, "dash": "dot"})
    style.frame(made, x=metric, legend=False)
    made.update_layout(margin={"l": 12})
    return made.update_yaxes(type="category", autorange="reversed", automargin=True, showgrid=False)


def _class_lines(evaluation: Evaluation, x: str, y: str) -> go.Figure:
    made = go.Figure()
    for number, (name, points) in enumerate(evaluation.curves.items()):
        made.add_trace(
            go.Scatter(
                x=np.array(points[x], np.float32),
                y=np.array(points[y], np.float32),
                name=name,
                mode="lines",
                line={"color": style.of_class(number), "width": 2.4},
                customdata=np.array(points["threshold"], np.float32),
                hovertemplate="%{x:.2f}, %{y:.2f}<br>threshold %{customdata:.2f}<extra></extra>",
            )
        )
    return made


def _guess(x: list[float], y: list[float], name: str = "chance") -> go.Scatter:
    return go.Scatter(x=x, y=y, name=name, mode="lines", line={"color": style.FLOOR, "dash": "dot"}, hoverinfo="skip")
