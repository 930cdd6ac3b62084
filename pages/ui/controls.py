"""Widgets made from declarations: what a hyperparameter may be decides how it is chosen."""

from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st

from genomics import hyper
from genomics.hyper import Spec

_ROOM = 290  # pixels in half the width of the choices; segments take about so many for their frames and letters
_ACRONYMS = ("lstm", "gru", "mcc", "auroc", "auprc", "r2", "sgd")
_WRITTEN = {
    "one_hot": "Single bases",
    "kmers": "K-mers",
    "mean_max_ends": "Mean, max and ends",
    "adamw": "AdamW",
    "rmsprop": "RMSprop",
    "float32": "float32",
    "bfloat16": "bfloat16",
}


def hyperparameters(
    config: type,
    *,
    key: str,
    more: str = "More",
    usual: Mapping[str, Any] | None = None,
    without: Collection[str] = (),
    choices: Mapping[str, tuple[str, ...]] | None = None,
) -> dict[str, Any]:
    """Shows the controls of a config class, advanced ones in an expander, and returns the values by name.

    Args:
        config: declared with `genomics.hyper`.
        key: prefix of the widgets' keys.
        more: title of the expander.
        usual: what is suggested instead of the declared defaults.
        without: names that are not shown.
        choices: for some names the choices that make sense here.
    """
    usual, choices = usual or {}, choices or {}
    specs = [spec._replace(default=usual.get(spec.name, spec.default)) for spec in hyper.specs(config)]

    def shown(advanced: bool) -> dict[str, Any]:
        values = {spec.name: st.session_state.get(f"{key}_{spec.name}", spec.default) for spec in specs}
        half = [spec for spec in specs if spec.advanced == advanced and spec.name not in without and _applies(spec, values)]
        with st.grid(2, min_column_width=230, gap=("small", "large")):
            return {
                spec.name: control(spec._replace(choices=choices.get(spec.name, spec.choices)), key=f"{key}_{spec.name}") for spec in half
            }

    chosen = shown(advanced=False)
    if any(spec.advanced for spec in specs):
        with st.expander(more):
            chosen |= shown(advanced=True)
    return chosen


def control(spec: Spec, *, key: str) -> Any:
    """One widget; its value is checked again before anything is done with it."""
    label = spec.label() + (f" ({spec.unit})" if spec.unit else "")
    propose(key, spec.default)
    more: dict[str, Any] = {"key": key, "help": spec.help, "persist_state": "session"}
    if spec.kind == "flag":
        return st.toggle(label, **more)
    if spec.kind == "choice":
        options = list(spec.choices)
        if st.session_state[key] not in options:
            st.session_state[key] = spec.default
        if sum(24 + 7.5 * len(plain(option)) for option in options) <= _ROOM:
            picked = st.segmented_control(label, options, required=True, format_func=plain, **more)
        else:
            picked = st.selectbox(label, options, format_func=plain, **more)
        return picked or spec.default
    if spec.kind == "integer":
        stops = _stops(spec, st.session_state[key])
        if stops:
            return st.select_slider(label, stops, **more)
        low, high = int(spec.low), int(spec.high)
        if high - low <= 50:
            return st.slider(label, low, high, step=int(spec.step or 1), **more)
        return st.number_input(label, low, high, step=int(spec.step or 1), **more)
    if spec.log:
        return st.number_input(label, spec.low, spec.high, format="%.6g", step=float(spec.default) / 2, **more)
    return st.slider(label, float(spec.low), float(spec.high), step=spec.step or (spec.high - spec.low) / 100, format="%.4g", **more)


def keep(key: str, default: Any) -> None:
    """Gives a widget its first value; with `persist_state="session"` the visitor's own outlives a change of page."""
    st.session_state.setdefault(key, default)


def propose(key: str, value: Any) -> None:
    """Gives a widget a value that it follows as long as the visitor has not chosen another: a suggestion that depends on other choices."""
    told = f"_told_{key}"
    if key not in st.session_state or (told in st.session_state and st.session_state[key] == st.session_state[told] != value):
        st.session_state[key] = value
    st.session_state[told] = value


def plain(text: str) -> str:
    """A choice as a person writes it."""
    if text in _WRITTEN:
        return _WRITTEN[text]
    return text.upper() if text in _ACRONYMS else text.replace("_", " ").capitalize()


def _applies(spec: Spec, values: dict[str, Any]) -> bool:
    return spec.when is None or values.get(spec.when[0]) in spec.when[1]


def _stops(spec: Spec, value: Any) -> list[int]:
    """For whole numbers on a logarithmic scale: powers of two, what is suggested and what is chosen, if few."""
    if not spec.log or spec.high > 5000:
        return []
    more = {int(value)} if isinstance(value, int | float) and spec.low <= value <= spec.high else set()
    stops = {2**power for power in range(14) if spec.low <= 2**power <= spec.high} | {int(spec.default)} | more
    return sorted(stops)
