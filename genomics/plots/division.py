"""How records are divided into train, validation and test: by class, and by group."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from genomics.plots import marks, style
from genomics.portrait import Portrait
from genomics.portrait.division import PLACES

COLOURS = (style.TRAIN, style.VALIDATION, "#228833", style.FLOOR)  # of `PLACES`


def figure(portrait: Portrait) -> go.Figure:
    """One bar a part, divided by class; parts without records are left out."""
    found = portrait.division
    here = np.flatnonzero(found.records)
    several = bool((found.by_class.sum(1) > found.records).any())
    made = go.Figure()
    for row, name in enumerate(portrait.classes):
        counts, of = found.by_class[here, row], found.records[here]
        _add(made, counts, of, marks.name(name), style.of_class(row), marks.of(row, marks.PATTERNS), "of the part")
    _frame(made, [PLACES[i] for i in here], len(portrait.classes))
    return made.update_xaxes(title="Sequences (one of several classes counts for each)" if several else "Sequences")


def groups(portrait: Portrait) -> go.Figure:
    """One bar a group, the largest on top, divided by part."""
    found = portrait.division
    made = go.Figure()
    totals = found.by_group.sum(1)
    used = np.flatnonzero(found.by_group.any(0)).tolist()
    for place in used:
        _add(made, found.by_group[:, place], totals, PLACES[place], COLOURS[place], marks.of(place, marks.PATTERNS), "of the group")
    return _frame(made, [marks.name(name, 24) for name in found.groups], len(used))


def _add(made: go.Figure, counts: NDArray[np.int64], of: NDArray[np.int64], name: str, colour: str, pattern: str, whole: str) -> None:
    shares = [
        f"{name}<br>{n:,} sequences, {n / max(all_of, 1):.1%} {whole}" for n, all_of in zip(counts.tolist(), of.tolist(), strict=True)
    ]
    made.add_trace(
        go.Bar(
            x=counts,
            y=np.arange(len(counts)),  # numbers, because two names may look alike once they are cut
            orientation="h",
            name=name,
            marker={"color": colour, "pattern": {"shape": pattern, "fgopacity": 0.6, "size": 6}},
            customdata=shares,
            hovertemplate="%{customdata}<extra></extra>",
        )
    )


def _frame(made: go.Figure, names: Sequence[str], entries: int) -> go.Figure:
    style.frame(made, x="Sequences", legend=entries > 1)
    made.update_layout(barmode="stack", legend={"traceorder": "normal"})
    made.update_yaxes(tickmode="array", tickvals=list(range(len(names))), ticktext=list(names), autorange="reversed", showgrid=False)
    return marks.legend(made, entries)
