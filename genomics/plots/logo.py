"""Sequence logos: letters as tall as they are informative (Schneider 1990, doi 10.1093/nar/18.20.6097)."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from genomics.plots import style
from genomics.sequences import BASES

_LEAST = 0.3  # bits at the top of the axis: chance alone must not look like a motif

Polygon = list[tuple[float, float]]


def _round_letter(bar: bool) -> list[Polygon]:
    angles = np.radians(np.linspace(38, 360 if bar else 322, 28))
    outer = [(0.5 + 0.5 * np.cos(a), 0.5 + 0.5 * np.sin(a)) for a in angles]
    inner = [(0.5 + 0.3 * np.cos(a), 0.5 + 0.34 * np.sin(a)) for a in angles[::-1]]
    if not bar:
        return [outer + inner]
    return [[*outer, (0.55, 0.5), (0.55, 0.36), (0.79, 0.36), *inner[2:]]]


GLYPHS: dict[str, list[Polygon]] = {
    "A": [
        [(0, 0), (0.4, 1), (0.6, 1), (1, 0), (0.79, 0), (0.7, 0.26), (0.3, 0.26), (0.21, 0)],
        [(0.36, 0.42), (0.64, 0.42), (0.5, 0.8)],
    ],
    "C": _round_letter(bar=False),
    "G": _round_letter(bar=True),
    "T": [[(0, 1), (1, 1), (1, 0.84), (0.6, 0.84), (0.6, 0), (0.4, 0), (0.4, 0.84), (0, 0.84)]],
}


def information(frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
    """Heights of the letters in bits: frequency times information content, (length, 4)."""
    entropy = -(frequencies * np.log2(np.where(frequencies > 0, frequencies, 1))).sum(1, keepdims=True)
    return frequencies * np.where(frequencies.sum(1, keepdims=True) > 0, 2 - entropy, 0)


def figure(
    heights: NDArray[np.float64], *, first: int = 1, y: str = "Information (bits)", top: float | None = None, bare: bool = False
) -> go.Figure:
    """Letters stacked at each position, the tallest on top; negative heights hang below the axis.

    Args:
        heights: (length, 4), order A C G T.
        first: the number of the first position.
        y: axis title.
        top: upper end of the axis; by default the tallest stack.
        bare: without axes, for a small picture.
    """
    made = go.Figure()
    stacks = np.where(heights > 0, heights, 0).sum(1)
    hover = ["<br>".join(f"{base} {value:.2f}" for base, value in zip(BASES, row, strict=True)) for row in heights]
    positions = np.arange(first, first + len(heights))
    made.add_trace(
        go.Scatter(
            x=positions,
            y=stacks,
            mode="markers",
            opacity=0,
            customdata=hover,
            hovertemplate="position %{x}<br>%{customdata}<extra></extra>",
        )
    )
    style.frame(made, x="" if bare else "Position (bp)", y="" if bare else y, legend=False)
    made.update_layout(shapes=letters(heights, first=first))
    lowest = float(np.where(heights < 0, heights, 0).sum(1).min(initial=0))
    made.update_xaxes(range=[first - 0.7, first + len(heights) - 0.3], showgrid=False, visible=not bare)
    made.update_yaxes(range=[lowest * 1.05, top or max(float(stacks.max(initial=0)) * 1.05, _LEAST)], visible=not bare)
    if bare:
        made.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0}, hovermode=False)
    return made


def letters(heights: NDArray[np.float64], *, first: float = 1, **where: Any) -> list[dict[str, Any]]:
    """The stacked letters as shapes of a figure, one for each base: drawing them one by one would take ten times as long.

    Args:
        heights: (length, 4), order A C G T.
        first: where the first position is on the x axis.
        where: which axes, as in `xref="x2"`.
    """
    paths: dict[str, list[str]] = {base: [] for base in BASES}
    for position, column in enumerate(heights):
        for sign in (1, -1):
            floor = 0.0
            for base in np.argsort(np.abs(column)):
                height = float(column[base])
                if height * sign <= 1e-4:
                    continue
                paths[BASES[base]].append(_path(BASES[base], position + first - 0.45, 0.9, floor, height))
                floor += height
    look = {"type": "path", "line": {"width": 0}, "fillrule": "evenodd", "layer": "above", **where}
    return [{**look, "path": " ".join(path), "fillcolor": style.BASES[base]} for base, path in paths.items() if path]


def _path(base: str, left: float, width: float, floor: float, height: float) -> str:
    parts = []
    for polygon in GLYPHS[base]:
        points = [f"{left + width * x:.3f},{floor + height * y:.4f}" for x, y in polygon]
        parts.append(f"M {' L '.join(points)} Z")
    return " ".join(parts)
