"""Words by how much more of one class holds them, and how sure that is."""

from itertools import cycle

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from genomics.plots import marks, style
from genomics.portrait import Enrichment
from genomics.sequences import reverse_complement_text
from genomics.words import number

CLEAR = 0.01  # q below which a word is called more frequent
TOP = 100.0  # of the axis: beyond, nobody doubts it
_NAMED = 10


def figure(words: Enrichment, name: str) -> go.Figure:
    """One point a word.

    Args:
        words: see `genomics.portrait.Enrichment`.
        name: one of `words.rows`.
    """
    row = words.rows.index(name)
    x, y = words.effect[row], height(words.q[row])
    named = strongest(words, row)
    shown, hover = marks.name(name), _hover(words, row)
    ratio, clear = words.kind == "ratio", words.q[row] < CLEAR
    more, less = (f"more in {shown}", "more in the others") if ratio else (f"with higher {shown}", f"with lower {shown}")
    other = style.of_class(1 - row) if ratio and len(words.rows) == 2 else style.VALIDATION
    sides = dict(zip(sorted(named, key=lambda i: float(x[i])), cycle(("top center", "bottom center")), strict=False))
    made = go.Figure()
    for title, here, colour, symbol in (
        ("not clear", ~clear, style.FLOOR, "circle-open"),
        (less, clear & (x < 0), other, "triangle-left"),
        (more, clear & (x >= 0), style.of_class(row), "triangle-right"),
    ):
        at = np.flatnonzero(here).tolist()
        made.add_trace(
            go.Scatter(
                x=x[at],
                y=y[at].astype(np.float32),
                name=title,
                mode="markers+text",
                marker={"color": colour, "symbol": symbol, "size": 7},
                opacity=0.9 if symbol != "circle-open" else 0.5,
                text=[words.words[i] if i in named else "" for i in at],
                textposition=[sides.get(i, "top center") for i in at],  # neighbours on unlike sides, so that fewer overlap
                textfont={"size": 11},
                cliponaxis=False,
                customdata=[hover[i] for i in at],
                hovertemplate="%{customdata}<extra></extra>",
            )
        )
    style.frame(
        made, x=f"log2 of share in {shown} / share in the others" if ratio else f"Correlation with {shown}", y="−log10 q (higher is surer)"
    )
    made.add_vline(x=0, line={"color": style.QUIET, "width": 1})
    made.add_hline(y=float(height(np.array([CLEAR]))[0]), line={"color": style.FLOOR, "dash": "dot", "width": 1})
    return made.update_yaxes(rangemode="tozero")


def height(q: NDArray[np.float64]) -> NDArray[np.float64]:
    """Minus the decimal logarithm of q, at most `TOP`."""
    return np.minimum(-np.log10(np.maximum(q, 10.0 ** (-TOP - 1))), TOP) + 0.0


def strongest(words: Enrichment, row: int) -> set[int]:
    """Places of the at most 10 surest of the clear words; of equally sure ones those with the largest effect."""
    order = np.lexsort((-np.abs(words.effect[row]), words.q[row]))[:_NAMED]
    return {int(i) for i in order if words.q[row, i] < CLEAR}


def chance(q: float) -> str:
    """A q value in words."""
    if q < 1e-6:
        return "q below 0.000001: hardly chance"
    if q < CLEAR:
        return f"q {number(q)}: of 1,000 words at least as sure about {number(1000 * q)} are chance"
    return f"q {number(q)}: may well be chance"


def _hover(words: Enrichment, row: int) -> list[str]:
    if words.kind == "ratio":
        here = words.held[row] / max(words.looked_at[row], 1)
        others = (words.holders - words.held[row]) / max(words.records - words.looked_at[row], 1)
        name = marks.name(words.rows[row])
        facts = [
            f"in {number(a, percent=True)} of {name}<br>in {number(b, percent=True)} of the others"
            for a, b in zip(here.tolist(), others.tolist(), strict=True)
        ]
    else:
        shares = words.holders / max(words.records, 1)
        facts = [
            f"in {number(share, percent=True)} of the sequences<br>correlation {number(r)}"
            for share, r in zip(shares.tolist(), words.effect[row].tolist(), strict=True)
        ]
    strands = [(word, reverse_complement_text(word)) for word in words.words]
    both = [f"<b>{word}</b>" + (f" (other strand {other})" if other != word else "") for word, other in strands]
    return [f"{word}<br>{fact}<br>{chance(q)}" for word, fact, q in zip(both, facts, words.q[row].tolist(), strict=True)]
