"""A network as a column of blocks, from the sequence to the answer, and what it sees of the sequence."""

from itertools import groupby
from typing import NamedTuple

import plotly.graph_objects as go

from genomics.architectures.drawing import Layer
from genomics.plots import style

KINDS = {
    "input": "#8A90A2",
    "convolution": "#4477AA",
    "recurrent": "#AA3377",
    "attention": "#D0603A",
    "pooling": "#3F97A3",
    "joining": "#C2A22B",
    "dense": "#228833",
}
ROW = 44  # pixels a layer
RULER = 74  # pixels of the sequence above
_WINDOW = 41  # letters that fit


class Place(NamedTuple):
    """Where a block stands: its row, and its left and right end as shares of the width."""

    row: int
    left: float
    right: float


def places(layers: list[Layer]) -> list[Place]:
    """A row a layer; branches that read the same input stand side by side until they are joined."""
    made: list[Place] = []
    row = 0
    for together, group in groupby(layers, key=lambda layer: layer.branch > 0):
        members = list(group)
        numbers = sorted({layer.branch for layer in members})
        deep = dict.fromkeys(numbers, 0)
        for layer in members:
            column, wide = numbers.index(layer.branch), 1 / len(numbers)
            gap = 0.012 if together else 0.0
            made.append(Place(row + deep[layer.branch], column * wide + gap * (column > 0), (column + 1) * wide))
            deep[layer.branch] += 1
        row += max(deep.values())
    return made


def figure(layers: list[Layer], *, sequence: str = "", length: int = 0) -> go.Figure:
    """Blocks from top to bottom: what each does, the shape it hands on, how many numbers it learns, how far it sees.

    The bar under each block is as wide as the part of the sequence that one of its values depends on.

    Args:
        layers: from the input to the answer.
        sequence: an example to lay the receptive field of the filters over; empty for none.
        length: bases that the network reads; 0 where nothing is said about reach.

    Returns:
        A figure that is `height(layers, sequence)` pixels high.
    """
    made = go.Figure()
    placed = places(layers)
    for layer, place in zip(layers, placed, strict=True):
        _block(made, layer, place, length)
    bottom, top = -max(place.row for place in placed) - 0.46, 0.46
    if sequence:
        top += RULER / ROW
        _ruler(made, layers, sequence, 0.46)
    style.frame(made, legend=False)
    made.add_trace(go.Scatter(x=[0, 1], y=[top, bottom], mode="markers", opacity=0, hoverinfo="skip"))
    made.update_xaxes(visible=False, range=[-0.005, 1.005], fixedrange=True)
    made.update_yaxes(visible=False, range=[bottom, top], fixedrange=True)
    return made.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0}, hovermode=False)


def height(layers: list[Layer], sequence: str = "") -> int:
    """Pixels that the figure wants."""
    return round(ROW * (max(place.row for place in places(layers)) + 0.92)) + (RULER if sequence else 0)


def colour(kind: str) -> str:
    """Of a kind of layer."""
    return KINDS.get(kind, "#8A90A2")


def _block(made: go.Figure, layer: Layer, place: Place, length: int) -> None:
    ink, y, (_, left, right) = colour(layer.kind), -float(place.row), place
    wide, narrow = right - left, right - left < 0.6
    made.add_shape(type="rect", x0=left, x1=right, y0=y - 0.42, y1=y + 0.42, fillcolor=ink, opacity=0.13, line={"width": 0})
    made.add_shape(type="rect", x0=left, x1=left + 0.012, y0=y - 0.42, y1=y + 0.42, fillcolor=ink, line={"width": 0})
    small = {"showarrow": False, "font": {"size": 11}}
    begin, end = left + (0.025 if narrow else 0.035), right - 0.02
    made.add_annotation(
        x=begin,
        y=y + 0.16,
        text=f"<b>{_fitting(layer.title, wide)}</b>",
        showarrow=False,
        xanchor="left",
        font={"size": 11 if narrow else 13},
    )
    shape, sees = " × ".join(f"{side:,}" for side in layer.shape), _sees(layer, length)
    learned = f"{layer.parameters:,} parameters" if layer.parameters else ""
    if narrow:  # a branch: there is room for two short lines
        made.add_annotation(x=begin, y=y - 0.18, text=sees or shape, xanchor="left", **small)
    else:
        made.add_annotation(x=end, y=y + 0.16, text=shape, showarrow=False, xanchor="right", font={"size": 12})
        made.add_annotation(x=begin, y=y - 0.18, text=sees, xanchor="left", **small)
    made.add_annotation(x=end, y=y - 0.18, text="" if narrow and wide < 0.4 else learned, xanchor="right", **small)
    if length:
        share, middle = min(1.0, (layer.reach or length) / length) * wide, (left + right) / 2
        bar = {"x0": middle - share / 2, "x1": middle + share / 2, "y0": y - 0.42, "y1": y - 0.36}
        made.add_shape(type="rect", **bar, fillcolor=ink, opacity=0.75, line={"width": 0})


def _fitting(title: str, wide: float) -> str:
    """As much of a title as fits into a narrow block."""
    most = int(68 * wide)
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"


def _sees(layer: Layer, length: int) -> str:
    if not length or layer.kind == "input":
        return ""
    return f"sees {layer.reach:,} bp" if 0 < layer.reach < length else f"sees all {length:,} bp"


def reach(layers: list[Layer], length: int) -> list[int]:
    """Bases that filters see: of the first and of the last ones, or of those of each branch; ascending, each once."""
    filters = [layer for layer in layers if layer.kind == "convolution"]
    some = [layer for layer in filters if layer.branch] or [*filters[:1], *filters[-1:]]
    return sorted({min(layer.reach or length, length) for layer in some})


def _ruler(made: go.Figure, layers: list[Layer], sequence: str, bottom: float) -> None:
    """The middle of a sequence, with the first and the last filters' receptive fields round the same base."""
    shown = min(len(sequence), _WINDOW)
    begin = (len(sequence) - shown) // 2
    centre, wide = shown // 2, 1 / shown
    unit = 1 / ROW
    seen = reach(layers, len(sequence))
    y = bottom + 32 * unit
    for bases in seen:  # one over the other, so that the middle is the darkest
        left, right = max(0, centre - (bases - 1) // 2), min(shown, centre + bases // 2 + 1)
        box = {"x0": left * wide, "x1": right * wide, "y0": y - 11 * unit, "y1": y + 11 * unit}
        made.add_shape(type="rect", **box, fillcolor=KINDS["convolution"], opacity=0.22, line={"width": 0}, layer="below")
    letters = list(sequence[begin : begin + shown])
    made.add_trace(
        go.Scatter(
            x=[(place + 0.5) * wide for place in range(shown)],
            y=[y] * shown,
            mode="text",
            text=letters,
            textfont={"family": "monospace", "size": 13, "color": [style.BASES.get(letter, style.UNKNOWN) for letter in letters]},
            hoverinfo="skip",
        )
    )
    small = {"showarrow": False, "opacity": 0.8, "font": {"size": 11}}
    for place in range(shown):
        if (begin + place + 1) % 10 == 0:
            made.add_annotation(x=(place + 0.5) * wide, y=y + 20 * unit, text=f"{begin + place + 1:,}", **small)
    if seen:
        branches = any(layer.branch for layer in layers)
        narrow, far = f"{seen[0]:,}", f"{seen[-1]:,} bp"
        said = f"filters see {narrow} to {far}" if branches else f"a filter sees {narrow} bp, one of the last {far}"
        made.add_annotation(x=0.5, y=y - 21 * unit, text=said if len(seen) > 1 else f"a filter sees {far}", **small)
