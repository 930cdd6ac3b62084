"""Widgets made from declarations: what a hyperparameter may be decides how it is chosen."""

from typing import Any

import streamlit as st

from genomics import hyper
from genomics.hyper import Spec


def hyperparameters(config: type, *, key: str, advanced: bool) -> dict[str, Any]:
    """Shows the controls of a config class, plain or advanced ones, and returns the values by name.

    Args:
        config: declared with `genomics.hyper`.
        key: prefix of the widgets' keys; the same prefix for both halves, so that conditions see each other.
        advanced: which half.
    """
    specs = hyper.specs(config)
    values = {spec.name: st.session_state.get(f"{key}_{spec.name}", spec.default) for spec in specs}
    chosen: dict[str, Any] = {}
    for spec in specs:
        if spec.advanced != advanced or not _applies(spec, values):
            continue
        chosen[spec.name] = control(spec, key=f"{key}_{spec.name}")
    return chosen


def has_advanced(config: type) -> bool:
    """Whether a config has anything for experts."""
    return any(spec.advanced for spec in hyper.specs(config))


def control(spec: Spec, *, key: str) -> Any:
    """One widget; its value is checked again before anything is done with it."""
    label = spec.label() + (f" ({spec.unit})" if spec.unit else "")
    keep(key, spec.default)
    more: dict[str, Any] = {"key": key, "help": spec.help, "persist_state": "session"}
    if spec.kind == "flag":
        return st.toggle(label, **more)
    if spec.kind == "choice":
        options = list(spec.choices)
        if len(options) <= 4:
            picked = st.segmented_control(label, options, required=True, format_func=_plain, **more)
        else:
            picked = st.selectbox(label, options, format_func=_plain, **more)
        return picked or spec.default
    if spec.kind == "integer":
        stops = _stops(spec)
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


def _applies(spec: Spec, values: dict[str, Any]) -> bool:
    return spec.when is None or values.get(spec.when[0]) in spec.when[1]


def _stops(spec: Spec) -> list[int]:
    """For whole numbers on a logarithmic scale: powers of two and the default, if few."""
    if not spec.log or spec.high > 5000:
        return []
    stops = {2**power for power in range(14) if spec.low <= 2**power <= spec.high} | {int(spec.default)}
    return sorted(stops)


def _plain(text: str) -> str:
    return text.replace("_", " ") if len(text) > 4 else text.upper() if text.isalpha() else text
