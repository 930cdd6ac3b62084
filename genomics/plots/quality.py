"""How good a predictor is: confusion, ROC, precision-recall, calibration, predicted against true."""

import numpy as np
import plotly.graph_objects as go

from genomics.evaluation import Evaluation
from genomics.plots import style


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
            colorscale=[[0, "rgba(91,110,225,0.05)"], [1, "rgba(91,110,225,0.55)"]],
            zmin=0,
            zmax=1,
            showscale=False,
            hovertemplate="true %{y}<br>predicted %{x}<br>%{z:.1%} of the true class<extra></extra>",
        )
    )
    if len(classes) <= 12:  # annotations, not the heatmap's own text: that is coloured for an opaque cell
        for row, cells in enumerate(text):
            for column, cell in enumerate(cells):
                made.add_annotation(x=column, y=row, text=cell, showarrow=False)
    style.frame(made, x="Predicted class", y="True class", legend=False)
    made.update_xaxes(type="category", showgrid=False)
    return made.update_yaxes(type="category", autorange="reversed", showgrid=False)


def roc(evaluation: Evaluation) -> go.Figure:
    """True against false positives as the threshold falls; the diagonal is guessing."""
    made = _class_lines(evaluation, "false_positive_rate", "true_positive_rate")
    made.add_trace(_guess([0, 1], [0, 1]))
    return style.frame(made, x="False positive rate", y="True positive rate")


def precision_recall(evaluation: Evaluation, prevalence: float | None = None) -> go.Figure:
    """Precision against recall as the threshold falls; the flat line is guessing (two classes)."""
    made = _class_lines(evaluation, "true_positive_rate", "precision")
    if prevalence is not None:
        made.add_trace(_guess([0, 1], [prevalence, prevalence]))
    style.frame(made, x="Recall (share of positives found)", y="Precision (share of calls that are right)")
    return made.update_yaxes(range=[0, 1.02])


def calibration(evaluation: Evaluation) -> go.Figure:
    """How often the network is right when it is so sure; on the diagonal it is as right as it says."""
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
            hovertemplate="says %{x:.0%}, is right %{y:.0%}<br>%{customdata:,} records<extra></extra>",
            connectgaps=True,
        )
    )
    made.add_trace(_guess([0, 1], [0, 1], "perfectly calibrated"))
    style.frame(made, x="How sure it says it is", y="How often it is right")
    return made.update_layout(xaxis_tickformat=".0%", yaxis_tickformat=".0%")


def scatter(evaluation: Evaluation) -> go.Figure:
    """Predicted against true numbers."""
    truth, predicted = (np.array(evaluation.scatter[name], np.float32) for name in ("truth", "predicted"))
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


def _guess(x: list[float], y: list[float], name: str = "guessing") -> go.Scatter:
    return go.Scatter(x=x, y=y, name=name, mode="lines", line={"color": style.FLOOR, "dash": "dot"}, hoverinfo="skip")
