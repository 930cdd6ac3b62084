"""Widgets filled in with what would be found anyway; the answers stay while other pages are looked at."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Literal

import streamlit as st

from pages.ui import controls


def choose(
    own: str, name: str, label: str, options: Collection[str], default: str, *, words: Mapping[str, str] | None = None, help: str = ""
) -> str:
    """One of several.

    Args:
        own: what the keys of these files' widgets begin with.
        name: of the question.
        label: of the widget.
        options: what can be chosen; a mapping also says what each is called.
        default: chosen at first, or else the first option.
        words: what some of the options are called.
        help: in a sentence.
    """
    first = _first(own, name, default if default in options else next(iter(options)))
    return str(st.selectbox(label, list(options), format_func=_named(options, words), help=help or None, **first))


def segments(
    own: str,
    name: str,
    label: str,
    options: Collection[Any],
    default: Any,
    *,
    words: Mapping[Any, str] | None = None,
    help: str = "",
    label_visibility: Literal["visible", "collapsed"] = "visible",
) -> Any:
    """One of a few, all in sight; arguments as for `choose`. What was chosen is given up where it is not among the options any more."""
    first = _first(own, name, default)
    if st.session_state[first["key"]] not in options:
        st.session_state[first["key"]] = default
    look: Any = {"format_func": _named(options, words), "help": help or None, "label_visibility": label_visibility}
    return st.segmented_control(label, list(options), required=True, **look, **first)


def text(own: str, name: str, label: str, default: str = "", *, help: str = "") -> str:
    """A line of text, without blanks at its ends."""
    return st.text_input(label, help=help or None, **_first(own, name, default)).strip()


def count(
    own: str, name: str, label: str, low: int, high: int, default: int, *, help: str = "", width: int | Literal["stretch"] = "stretch"
) -> int:
    """A whole number."""
    return int(st.number_input(label, low, high, help=help or None, width=width, **_first(own, name, default)))


def several(own: str, name: str, label: str, options: Sequence[str], default: Sequence[str], *, help: str = "") -> list[str]:
    """Any of several."""
    return list(st.multiselect(label, options, help=help or None, **_first(own, name, list(default))))


def _named(options: Collection[Any], words: Mapping[Any, str] | None) -> Callable[[Any], Any]:
    names = words or (options if isinstance(options, Mapping) else {})
    return lambda value: names.get(value, value)


def _first(own: str, name: str, default: Any) -> dict[str, Any]:
    key = f"{own}_{name}"
    controls.keep(key, default)
    return {"key": key, "persist_state": "session"}
