"""What tells classes apart besides their colour, and names from the data in a form that can be drawn."""

import html

import plotly.graph_objects as go

from genomics.io.report import shorten

SYMBOLS = ("circle", "triangle-up", "square", "diamond", "cross", "x", "star", "pentagon")  # 8, where colours repeat after 7
DASHES = ("solid", "dash", "dot", "dashdot")
PATTERNS = ("", "/", ".", "x", "-", "\\", "+", "|")
_ROOM = 8  # names in a legend above the figure; more stand beside it, where they scroll


def name(text: str, length: int = 40) -> str:
    """A name from the data as Plotly draws it: no markup, printable, cut."""
    return html.escape(shorten(text, length), quote=False)


def of(number: int, marks: tuple[str, ...]) -> str:
    """The mark of a class."""
    return marks[number % len(marks)]


def legend(figure: go.Figure, entries: int) -> go.Figure:
    """Moves a long legend from above the figure to its side."""
    if entries > _ROOM:
        figure.update_layout(legend={"orientation": "v", "x": 1.02, "y": 1, "xanchor": "left", "yanchor": "top"}, margin={"t": 8})
    return figure
