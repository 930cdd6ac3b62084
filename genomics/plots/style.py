"""Colours and the frame that all figures share; chosen to be legible on white and on near-black."""

from typing import Any

import plotly.graph_objects as go

BASES = {"A": "#2E9E5B", "C": "#3B7DD8", "G": "#B97A0E", "T": "#D64545"}  # contrast of 3 or more on either background
# For small letters in HTML, by theme: contrast of 4.5 or more.
_LIGHT, _DARK = ("#1F7A44", "#2B66B8", "#8A5A00", "#BF3030", "#5B5F70"), ("#3DB46F", "#5B97EA", "#E0A11B", "#EC6A6A", "#A4A9BA")
LETTERS = {letter: f"light-dark({light}, {dark})" for letter, light, dark in zip("ACGTN", _LIGHT, _DARK, strict=True)}
UNKNOWN = "#8A90A2"
TRAIN = "#5B6EE1"
VALIDATION = "#E07A3F"
REAL = "#4477AA"
MADE = "#AA3377"
FLOOR = "#8A90A2"
CLASSES = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#BBBBBB")  # Paul Tol, "bright"
QUIET = "rgba(128, 134, 155, 0.35)"
CLEAR = "rgba(0, 0, 0, 0)"


def of_class(number: int) -> str:
    """A colour for each class, told apart by the colour-blind; they repeat after seven."""
    return CLASSES[number % len(CLASSES)]


def layout(*, x: str = "", y: str = "", legend: bool = True) -> dict[str, Any]:
    """Axis titles, thin grid, clear background, legend above; the same for every figure."""
    axis = {"gridcolor": QUIET, "zeroline": False}
    return {
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "margin": {"l": 56, "r": 12, "t": 28 if legend else 8, "b": 44},
        "showlegend": legend,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "hoverlabel": {"namelength": -1},
        "xaxis": {"title": {"text": x}, **axis},
        "yaxis": {"title": {"text": y}, **axis},
    }


def frame(figure: go.Figure, *, x: str = "", y: str = "", legend: bool = True) -> go.Figure:
    """Gives a figure that `layout`, on all its axes."""
    wanted = layout(x=x, y=y, legend=legend)
    across, up = wanted.pop("xaxis"), wanted.pop("yaxis")
    figure.update_layout(wanted)
    figure.update_xaxes(across)
    figure.update_yaxes(up)
    return figure
