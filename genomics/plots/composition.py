"""What a set of sequences is made of: bases by position, lengths, GC content, words, pictures."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from genomics.plots import style
from genomics.sequences import BASES

_BINS = 40


def by_position(frequencies: NDArray[np.float64], *, first: int = 1) -> go.Figure:
    """Share of each base at each position: (length, 4) in, four lines out."""
    made = go.Figure()
    positions = np.arange(first, first + len(frequencies))
    for number, (base, dash) in enumerate(zip(BASES, ("solid", "dash", "dot", "dashdot"), strict=True)):
        made.add_trace(
            go.Scatter(
                x=positions,
                y=frequencies[:, number].astype(np.float32),
                name=base,
                mode="lines",
                line={"color": style.BASES[base], "dash": dash, "width": 2},
                hovertemplate=f"{base} %{{y:.1%}} at position %{{x}}<extra></extra>",
            )
        )
    style.frame(made, x="Position (bp)", y="Share of sequences")
    return made.update_yaxes(tickformat=".0%", rangemode="tozero")


def histogram(values: Mapping[str, NDArray[Any]], *, x: str, share: bool = False, colours: dict[str, str] | None = None) -> go.Figure:
    """Values of one or several groups over common bins.

    Args:
        values: by name of the group.
        x: axis title with its unit.
        share: whether each group sums to 100 %, which makes groups of unlike size comparable.
        colours: by name; by default those of classes.
    """
    known = {name: array[np.isfinite(array)] for name, array in values.items()}
    together = np.concatenate(list(known.values())) if known else np.zeros(0)
    low, high = (float(together.min()), float(together.max())) if len(together) else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    fewest = min((len(array) for array in known.values()), default=0)
    edges = np.linspace(low, high, int(np.clip(2 * np.sqrt(fewest), 8, _BINS)) + 1)
    made = go.Figure()
    for number, (name, array) in enumerate(known.items()):
        counts, _ = np.histogram(array, edges)
        heights = counts / max(len(array), 1) if share else counts
        colour = (colours or {}).get(name) or style.of_class(number)
        text = "%{y:.1%}" if share else "%{y:,} sequences"
        made.add_trace(
            go.Scatter(
                x=(edges[:-1] + edges[1:]) / 2,
                y=heights,
                name=name,
                mode="lines",
                line={"color": colour, "shape": "hvh", "width": 2},
                fill="tozeroy" if len(known) == 1 else None,
                hovertemplate=f"{x} %{{x:.4g}}<br>{text}<extra></extra>",
            )
        )
    style.frame(made, x=x, y="Share of sequences" if share else "Sequences", legend=len(known) > 1)
    return made.update_yaxes(tickformat=".0%" if share else None, rangemode="tozero")


def classes(counts: dict[str, int]) -> go.Figure:
    """How many sequences each class has."""
    names = list(counts)
    made = go.Figure(
        go.Bar(
            x=list(counts.values()),
            y=names,
            orientation="h",
            marker={"color": [style.of_class(number) for number in range(len(names))]},
            text=[f"{count:,}" for count in counts.values()],
            textangle=0,
            hovertemplate="%{x:,} sequences<extra></extra>",
        )
    )
    style.frame(made, x="Sequences", legend=False)
    return made.update_yaxes(type="category", autorange="reversed", showgrid=False)


def words(real: NDArray[np.float64], others: dict[str, NDArray[np.float64]], names: list[str]) -> go.Figure:
    """Word frequencies of generated sets against real ones; on the diagonal they agree.

    Args:
        real: (words,), of held-out real sequences.
        others: likewise, by name of the set; the first is the generator's.
        names: of the words.
    """
    made = go.Figure()
    colours = (style.MADE, style.FLOOR)
    for number, (name, frequencies) in enumerate(others.items()):
        made.add_trace(
            go.Scatter(
                x=real,
                y=frequencies,
                name=name,
                mode="markers",
                marker={
                    "color": colours[min(number, 1)],
                    "size": 6 if number == 0 else 4,
                    "symbol": "circle" if number == 0 else "x-thin-open",
                },
                opacity=0.75,
                customdata=names,
                hovertemplate=f"%{{customdata}}<br>real %{{x:.2%}}<br>{name} %{{y:.2%}}<extra></extra>",
            )
        )
    end = float(max([real.max(initial=0), *(f.max(initial=0) for f in others.values())])) * 1.05
    made.add_trace(
        go.Scatter(x=[0, end], y=[0, end], mode="lines", line={"color": style.QUIET, "dash": "dot"}, hoverinfo="skip", showlegend=False)
    )
    style.frame(made, x="Share in held-out real sequences", y="Share in generated sequences")
    made.update_xaxes(tickformat=".1%", rangemode="tozero")
    return made.update_yaxes(tickformat=".1%", rangemode="tozero")


def picture(image: NDArray[np.floating]) -> go.Figure:
    """A chaos game picture: (side, side), row 0 on top; corners C G above, A T below."""
    side = len(image)
    made = go.Figure(go.Heatmap(z=image.astype(np.float32), colorscale="Viridis", showscale=False, hovertemplate="%{z:.3g}<extra></extra>"))
    style.frame(made, legend=False)
    made.update_xaxes(visible=False, range=[-0.5, side - 0.5], constrain="domain")
    made.update_yaxes(visible=False, range=[side - 0.5, -0.5], scaleanchor="x", constrain="domain")
    for letter, x, y in (("C", 0, 1), ("G", 1, 1), ("A", 0, 0), ("T", 1, 0)):
        made.add_annotation(
            text=f"<b>{letter}</b>",
            x=x,
            y=y,
            xref="x domain",
            yref="y domain",
            showarrow=False,
            xanchor="right" if x == 0 else "left",
            yanchor="top" if y else "bottom",
            xshift=-5 if x == 0 else 5,
            font={"color": style.BASES[letter], "size": 15},
        )
    return made.update_layout(margin={"l": 24, "r": 24, "t": 8, "b": 8})
