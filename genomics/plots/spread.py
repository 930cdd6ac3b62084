"""How a number is spread over the records of each class: lengths, GC content."""

from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from genomics.plots import marks, style
from genomics.portrait import Portrait, Spread

_NARROW = 8  # bp: then the axis counts single bases and leaves room beside the steps


def lengths(portrait: Portrait, *, share: bool = True) -> go.Figure:
    """Lengths by class."""
    made = figure(portrait.lengths, portrait.classes, x="Length (bp)", share=share)
    first, last = made.data[0].x[[0, -1]].tolist()
    if last - first <= _NARROW:
        made.update_xaxes(range=[first - 2, last + 2], dtick=1)
    return made


def gc(portrait: Portrait, *, share: bool = True) -> go.Figure:
    """GC content by class."""
    made = figure(portrait.gc, portrait.classes, x="GC content", share=share)
    return made.update_xaxes(tickformat=".0%")


def figure(spread: Spread, names: tuple[str, ...], *, x: str, share: bool = True) -> go.Figure:
    """A step for each class.

    Args:
        spread: edges and counts, see `genomics.portrait.Spread`.
        names: of the classes.
        x: axis title with its unit.
        share: whether each class sums to 100 %, which makes classes of unlike size comparable.
    """
    filled = np.flatnonzero(spread.counts.any(0))
    first, last = (int(filled[0]), int(filled[-1]) + 1) if len(filled) else (0, spread.counts.shape[1])
    edges, counts = spread.edges[first : last + 1], spread.counts[:, first:last]
    bins = [_between(low, high, x) for low, high in pairwise(edges.tolist())]
    made = go.Figure()
    for row, name in enumerate(names):
        heights = counts[row] / max(counts[row].sum(), 1) if share else counts[row]
        made.add_trace(
            go.Scatter(
                x=edges[[0, *range(len(edges))]],
                y=np.concatenate([[0], heights, [0]]),
                name=marks.name(name),
                mode="lines",
                line={"color": style.of_class(row), "dash": marks.of(row, marks.DASHES), "shape": "hv", "width": 2},
                fill="tozeroy" if len(names) == 1 else None,
                customdata=_hover(name, bins, counts[row]),
                hovertemplate="%{customdata}<extra></extra>",
            )
        )
    style.frame(made, x=x, y="Share of sequences" if share else "Sequences", legend=len(names) > 1)
    made.update_xaxes(type="log" if spread.log else None)
    return marks.legend(made.update_yaxes(tickformat=".0%" if share else None, rangemode="tozero"), len(names))


def _between(low: float, high: float, x: str) -> str:
    """A bin in words; of lengths the first and the last that are in it."""
    if "(bp)" not in x:
        return f"{x} {low:.1%} to {high:.1%}"
    first, last = int(np.ceil(low)), int(np.ceil(high)) - 1
    return f"{first:,} bp" if first == last else f"{first:,} to {last:,} bp"


def _hover(name: str, bins: list[str], counts: NDArray[np.int64]) -> list[str]:
    """What each corner says: that of its bin, the outer ones that of the nearest."""
    of = max(int(counts.sum()), 1)
    texts = [f"{marks.name(name)}<br>{span}<br>{n:,} sequences ({n / of:.1%})" for span, n in zip(bins, counts.tolist(), strict=True)]
    return [texts[0], *texts, texts[-1]] if texts else []
