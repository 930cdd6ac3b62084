"""Which architecture: a card for each, with a tiny picture drawn from its own layers."""

from base64 import b64encode
from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from genomics.architectures import ARCHITECTURES
from genomics.plots import sketch, style
from genomics.sequences import Layout

_PICTURED = Layout(200, "left")


def choose() -> str:
    """Shows the cards; the name of the one that is chosen."""
    names = list(ARCHITECTURES)
    picked = str(st.session_state.setdefault("architecture", names[0]))
    if picked not in ARCHITECTURES:
        picked = st.session_state["architecture"] = names[0]
    st.html(_style())
    cards = st.container(key="families").grid(4, min_column_width=148, gap="small")
    for name in names:
        family = ARCHITECTURES[name]
        mine = name == picked
        with cards.container(border=True, height="stretch", vertical_alignment="distribute", key=f"card_{'chosen_' if mine else ''}{name}"):
            with st.container():
                _described(name, st.subheader)
            st.button(
                f"{'Chosen' if mine else 'Choose'} :gray[{family.title}]",  # the title is for those who hear the button, see `_style`
                key=f"choose_{name}",
                disabled=mine,
                icon=":material/check:" if mine else None,
                width="stretch",
                on_click=st.session_state.update,
                args=({"architecture": name},),
            )
    return picked


def preview() -> None:
    """All of them in small, for a page that has nothing to choose for yet."""
    st.html(_style())
    cards = st.container(key="families").grid(4, min_column_width=148, gap="small")
    for name in ARCHITECTURES:
        with cards.container(border=True, height="stretch"):
            _described(name, st.header)


def _described(name: str, heading: Callable[..., Any]) -> None:
    st.html(f'<div class="sketch {name}"></div>')
    heading(ARCHITECTURES[name].title, anchor=False)
    st.caption(f"Good when {ARCHITECTURES[name].good_when}.")


@cache
def _style() -> str:
    """The pictures come as backgrounds, because `st.html` lets no SVG through."""
    pictures = [
        f'.sketch.{name} {{ background-image: url("data:image/svg+xml;base64,{b64encode(_sketch(name).encode()).decode()}"); }}'
        for name in ARCHITECTURES
    ]
    rules = [
        f".st-key-families .sketch {{ height: {sketch.HEIGHT}px; background: no-repeat left center / contain; }}",
        '.st-key-families [data-testid="stVerticalBlock"] { gap: 0.4rem; }',
        ".st-key-families p { line-height: 1.3; }",
        '.st-key-families [data-testid="stCaptionContainer"] { font-size: 0.8rem; }',
        ".st-key-families h2, .st-key-families h3 { font-size: 1rem !important; line-height: 1.3; padding: 0 0 1rem !important; }",
        ".st-key-families button .stMarkdownColoredText { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }",
        ".st-key-families button { min-height: 2rem; padding-block: 0.1rem; }",
        f'[class*="st-key-card_chosen_"] {{ border-color: {style.TRAIN} !important; box-shadow: 0 0 0 1px {style.TRAIN}; }}',
        *pictures,
    ]
    return f"<style>{' '.join(rules)}</style>"


def _sketch(name: str) -> str:
    family = ARCHITECTURES[name]
    return sketch.svg(family.layers(family.Config(), _PICTURED, 1))
