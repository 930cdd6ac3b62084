"""The map of a dataset: sequences with like shares of short words lie near each other."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from genomics.errors import SettingError
from genomics.io.report import shorten
from genomics.plots import division, marks, style
from genomics.portrait import Portrait
from genomics.portrait.division import PLACES

COLOURS = ("class", "part")


def figure(portrait: Portrait, ids: Sequence[str], colour: str = "class") -> go.Figure:
    """One point a record. The first of a point's `customdata` is the record's index in the dataset, for selections.

    Args:
        portrait: see `genomics.portrait.Atlas`.
        ids: of the records on the map, in the order of `portrait.atlas.record`.
        colour: what colours and symbols tell apart, "class" or "part".

    Raises:
        SettingError: no such colour.
    """
    if colour not in COLOURS:
        raise SettingError(f'"{shorten(colour)}" is no way to colour the map. Ways: {", ".join(COLOURS)}.')
    found = portrait.atlas
    classes = [marks.name(portrait.classes[row]) if row >= 0 else "" for row in found.row.tolist()]
    parts = [PLACES[part] for part in found.part.tolist()]
    by_class = colour == "class"
    numbers = found.row if by_class else found.part
    made = go.Figure()
    shown = np.unique(numbers).tolist()
    for value in sorted(shown, key=lambda number: (number < 0, number)):  # those of no class or part last
        at = np.flatnonzero(numbers == value)
        title = (classes[at[0]] or "all sequences") if by_class else parts[at[0]]
        made.add_trace(
            go.Scatter(
                x=found.place[at, 0],
                y=found.place[at, 1],
                name=title,
                mode="markers",
                marker={"color": _colour(value, by_class), "symbol": marks.of(value, marks.SYMBOLS), "size": 6},
                opacity=0.7,
                customdata=[[int(found.record[i]), marks.name(ids[i], 60), classes[i], parts[i]] for i in at.tolist()],
                hovertemplate=_template(portrait, found.part),
            )
        )
    first, second = (f"Component {n} ({share:.0%} of the differences)" for n, share in enumerate(found.explained.tolist(), 1))
    style.frame(made, x=first, y=second, legend=len(shown) > 1)
    return marks.legend(made, len(shown))


def _colour(value: int, by_class: bool) -> str:
    return style.FLOOR if value < 0 else style.of_class(value) if by_class else division.COLOURS[value]


def _template(portrait: Portrait, part: NDArray[np.int8]) -> str:
    """The id, and class and part where the set has any."""
    lines = ["<b>%{customdata[1]}</b>"]
    if (portrait.atlas.row >= 0).any():
        lines.append("%{customdata[2]}")
    if (part >= 0).any():
        lines.append("%{customdata[3]}")
    return "<br>".join(lines) + "<extra></extra>"
