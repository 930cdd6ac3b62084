"""What sequences are made of: classes, lengths, GC content, bases by position, words."""

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from genomics.dataset import Dataset
from genomics.layouts import cost_of_layout, default_layout
from genomics.plots import composition, logo, spread, volcano
from genomics.portrait import Enrichment, Portrait
from genomics.sequences import reverse_complement_text
from genomics.words import number
from pages.ui import downloads, show, text

_LOGO = 60
_WORDS = 20


def overview(dataset: Dataset, portrait: Portrait) -> None:
    """Class balance or numbers, lengths, GC content."""
    one, two = st.columns(2)
    with one:
        if dataset.targets is not None:
            st.header("Numbers", anchor=False)
            columns = dataset.targets.reshape(len(dataset), -1)
            names = dataset.target_names or tuple(f"number {at + 1}" for at in range(columns.shape[1]))
            values = {text.label(name): columns[:, at] for at, name in enumerate(names[:7])}
            show.chart(composition.histogram(values, x="Number"), key="targets", height=280, alt="Histogram of the targets")
        elif dataset.counts():
            st.header("Class balance", anchor=False)
            counts = dict(zip(portrait.classes, portrait.division.by_class.sum(0).tolist(), strict=True))
            figure = composition.classes({text.label(name): count for name, count in counts.items()})
            show.chart(figure, key="classes", height=max(280, 26 * len(counts)), alt="Sequences by class")
    with two:
        st.header("GC content", anchor=False)
        caption = "Where classes differ here, a network may learn GC content and nothing else." if len(portrait.classes) > 1 else ""
        show.chart(spread.gc(portrait), key="gc", height=280, alt="GC content by class", caption=caption)
    if np.ptp(portrait.lengths.quantiles[:, [0, -1]][np.isfinite(portrait.lengths.quantiles[:, 0])]) > 0:
        st.header("Lengths", anchor=False)
        caption = "Where classes differ here, length alone may give the answer away." if len(portrait.classes) > 1 else ""
        show.chart(spread.lengths(portrait), key="lengths", height=260, alt="Lengths by class", caption=caption)
        st.caption(
            f"In training they become equally long. {cost_of_layout(dataset, default_layout(dataset, 'predictor'))} Train has the choice."
        )


def composed(dataset: Dataset, portrait: Portrait) -> None:
    """Logo and base shares by position, then the words that tell a class from the others."""
    ends = ["Left end", "Right end"]
    with st.container(horizontal=True):
        row = _class(portrait, "composition_class")
        side = ends[0]
        if portrait.positions.right.shape[1] > 0:
            side = st.segmented_control("Counted from the", ends, default=side, required=True, key="anchored")
    table = (portrait.positions.left if side == "Left end" else portrait.positions.right)[row].astype(np.float64)
    first = 1 if side == "Left end" else 1 - len(table)
    st.header("Share of each base by position", anchor=False)
    caption = "Flat lines: no position is special. A bump is a position where this class prefers a base."
    caption += " Position 0 is the last base." if side != "Left end" else ""
    figure = composition.by_position(table, first=first)
    show.chart(figure, key="by_position", height=300, alt="Base frequencies by position", caption=caption)
    heights = logo.information(table)
    start = telling(heights, _LOGO)
    which = f" (positions {start + first:,} to {start + first + _LOGO - 1:,}, where most is decided)" if len(table) > _LOGO else ""
    st.header(f"Sequence logo{which}", anchor=False)
    figure = logo.figure(heights[start : start + _LOGO], first=start + first)
    caption = "The taller a letter, the more this position is decided: 2 bits is always the same base, 0 is any."
    show.chart(figure, key="logo", height=240, alt="Sequence logo", caption=caption)
    _words(portrait.words, portrait.classes[row])


def telling(heights: NDArray[np.float64], width: int) -> int:
    """Where the window of so many positions begins that has most of the information round its middle; heights are (length, 4) in bits."""
    if len(heights) <= width:
        return 0
    middle_counts_more = np.bartlett(width + 2)[1:-1]
    return int(np.convolve(heights.sum(1), middle_counts_more, "valid").argmax())


def _words(found: Enrichment, name: str) -> None:
    """What is more frequent in one class than in the others, or goes with a number."""
    if not found.rows:
        return
    st.header("k-mers that tell classes apart", anchor=False)
    if name not in found.rows:
        picked = st.selectbox("Number", found.rows, key="words_of", width=280) if len(found.rows) > 1 else None
        name = picked if picked in found.rows else found.rows[0]
    row = found.rows.index(name)
    caption = "Each point is a word and its reverse complement. To the right: more often here. Higher: surer that it is no chance."
    show.chart(volcano.figure(found, name), key="volcano", height=420, alt="Words by effect and certainty", caption=caption)
    order = np.lexsort((-np.abs(found.effect[row]), found.q[row]))
    rows = [_word(found, row, int(at)) for at in order]
    st.dataframe(
        [{title: value if isinstance(value, str) else number(value) for title, value in line.items()} for line in rows[:_WORDS]],
        hide_index=True,
    )
    st.caption(f"The {min(_WORDS, len(rows))} surest of {len(rows):,}. q below 0.01: of 100 such words at most one is chance.")
    downloads.button("All words (TSV)", lambda: downloads.delimited(rows), "words.tsv", key="words_tsv")


def _word(found: Enrichment, row: int, at: int) -> dict[str, Any]:
    line: dict[str, Any] = {"Word": found.words[at], "Other strand": reverse_complement_text(found.words[at])}
    if found.kind == "ratio":
        here = int(found.held[row, at])
        line["Share here"] = here / max(int(found.looked_at[row]), 1)
        line["Share elsewhere"] = (int(found.holders[at]) - here) / max(found.records - int(found.looked_at[row]), 1)
    return line | {"log2 ratio" if found.kind == "ratio" else "Correlation": float(found.effect[row, at]), "q": float(found.q[row, at])}


def _class(portrait: Portrait, key: str) -> int:
    """The row that is looked at; the last class at first, which of two is the one to be found."""
    if len(portrait.classes) < 2:
        return 0
    name = st.selectbox("Class", portrait.classes, index=len(portrait.classes) - 1, key=key, width=280)
    return portrait.classes.index(name) if name in portrait.classes else 0
