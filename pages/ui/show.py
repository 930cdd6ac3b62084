"""Pieces that several pages show: sequences in colour, verdicts, states, the same from a terminal."""

import html
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any, Literal

import pandas  # noqa: F401 - whole, before anything is drawn: Plotly looks at it, also while another visitor's page is still loading it
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genomics import words
from genomics.errors import GenomicsError
from genomics.plots import style
from pages.ui import shell
from pages.ui.text import literal

STATES = {
    "queued": ("schedule", "gray"),
    "starting": ("hourglass_top", "blue"),
    "running": ("play_circle", "blue"),
    "stopping": ("stop_circle", "orange"),
    "stopped": ("pause_circle", "orange"),
    "finished": ("check_circle", "green"),
    "failed": ("error", "red"),
    "interrupted": ("power_off", "orange"),
}
TONES = {
    "good": (":material/check_circle:", st.success),
    "warn": (":material/warning:", st.warning),
    "bad": (":material/error:", st.error),
    "note": (":material/lightbulb:", st.info),
}


def badge(state: str) -> None:
    """A run's state as a coloured badge with an icon and its word."""
    icon, colour = STATES.get(state, ("help", "gray"))
    st.badge(state.capitalize(), icon=f":material/{icon}:", color=colour)  # type: ignore[arg-type]


def verdict(tone: str, sentence: str) -> None:
    """The one sentence at the top."""
    icon, box = TONES[tone]
    box(literal(sentence), icon=icon)


def tabs(names: Iterable[str], *, key: str) -> tuple[str, DeltaGenerator]:
    """Tabs of which the open one alone is drawn: its name and its place."""
    found = dict(zip(names, st.tabs(list(names), on_change="rerun", key=key), strict=True))
    return next((name, tab) for name, tab in found.items() if tab.open)


def table(rows: Any, *, select: Literal["", "single-row", "multi-row"] = "", **look: Any) -> list[int]:
    """Rows as a table.

    Args:
        rows: what `st.dataframe` takes.
        select: "single-row" or "multi-row" where rows can be selected.
        look: more for `st.dataframe`.

    Returns:
        The places of the rows that are selected; they may be those of an older, longer table.
    """
    if not select:
        st.dataframe(rows, hide_index=True, **look)
        return []
    return list(st.dataframe(rows, hide_index=True, on_select="rerun", selection_mode=select, **look).selection.rows)


def chart(figure: go.Figure, *, key: str, height: int, alt: str, caption: str = "", select: bool = False) -> Any:
    """A still chart with a fixed height and one line that says what to see."""
    picked = st.plotly_chart(
        figure,
        key=key,
        height=height,
        alt=alt,
        theme="streamlit",
        config={"displaylogo": False, "modeBarButtons": [["toImage"]], "toImageButtonOptions": {"format": "svg", "filename": key}},
        on_select="rerun" if select else "ignore",
    )
    if caption:
        st.caption(caption)
    return picked


def metric(label: str, cell: dict[str, Any], *, beside: str = "", percent: bool = False, help: str = "") -> None:
    """A number with its interval, and what to hold it against."""
    with st.container(border=True):
        st.metric(label, words.number(cell["value"], percent=percent), help=help or None)
        st.caption(words.interval(cell, percent=percent) or "no interval")
        if beside:
            st.caption(beside)


def bases(sequences: Sequence[str], names: Iterable[str] = ()) -> None:
    """Sequences in a monospace box, letters coloured, with a ruler every ten; scrolls inside itself, copies as plain text."""
    longest = max((len(s) for s in sequences), default=0)
    titles = list(names)
    width = max((len(title) for title in titles), default=0)
    pad = " " * (width + 2) if width else ""
    ruler = "".join(f"{position:>10}" for position in range(10, longest + 1, 10))
    lines = [f'<span class="n">{pad}{ruler}</span>']
    for row, sequence in enumerate(sequences):
        name = f'<span class="name">{html.escape(titles[row].ljust(width))}  </span>' if titles else ""
        lines.append(name + "".join(_run(letter, len(list(group))) for letter, group in groupby(sequence)))
    st.html(f'<div class="bases">{chr(10).join(lines)}</div>')


def terminal(command: str) -> None:
    """The same from a terminal."""
    with st.expander("The same from a terminal", icon=":material/terminal:"):
        st.code(command, language="bash", wrap_lines=True)


def problem(error: Exception) -> None:
    """An error of the visitor's input: what, where, what to do."""
    st.error(literal(str(error)), icon=":material/error:")


@contextmanager
def problems() -> Iterator[None]:
    """Shows the error of the visitor's input that ends the block, if one does; what follows the block goes on."""
    try:
        yield
    except GenomicsError as error:
        problem(error)


def empty(sentence: str, button: str, page: str) -> None:
    """A page with nothing to show yet: one sentence and one way forward."""
    with st.container(border=True):
        st.header("Nothing here yet", anchor=False)
        st.write(sentence)
        if st.button(button, type="primary", icon=":material/arrow_forward:", key=f"empty_{page}"):
            shell.go(page)


def _run(letter: str, count: int) -> str:
    colour = style.LETTERS.get(letter)
    return f'<span style="color:{colour}">{letter * count}</span>' if colour else f'<span class="n">{html.escape(letter) * count}</span>'
