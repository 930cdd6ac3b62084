"""The learning curves of a run as it trains, and of finished runs in one chart: which measure, over what, how smooth."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from genomics import words
from genomics.history import History
from genomics.plots import curves
from pages.ui import beside, controls, measures, prefilled, state
from pages.ui.live_chart import live_chart

_NAMES = {"loss": "Loss", "mse": "Squared error", "r2": "R²"}
HEIGHT = 400
_AXES = {"epoch": "Epoch", "step": "Step"}


def title(measure: str) -> str:
    """A measure's name for people."""
    return _NAMES.get(measure) or measures.title(measure)


def known(told: History) -> list[str]:
    """What is known of each epoch, the loss first."""
    last = told.epochs[-1] if told.epochs else {}
    seen = [name.removeprefix("val_") for name in last if name.startswith("val_") and name not in ("val_share", "val_common")]
    order = ["loss", *told.setup.get("metrics", []), *seen]
    return [name for name in dict.fromkeys(order) if name in seen or name == "loss"]


def curve(folder: Path, told: History) -> None:
    """The chart with its controls."""
    shown, axis = _measure(known(told))
    chart = st.container()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        smooth, log = _scale()
        group = [other for other in beside.members(folder) if other != folder]
        others = _others(folder, group)
    steps = told.setup.get("steps") or 0
    by = float(steps) if axis == "step" and steps else 1.0
    drawn = curves.measured(told, shown, by=by, smooth=smooth)
    for number, (other, (x, y)) in enumerate(zip(others, beside.lines(others, shown), strict=True)):
        drawn.append(curves.other(beside.name(other), x * by, y, number, smooth=smooth))
    lines = [line for line in beside.lines([folder, *group], shown) if len(line[0])] if group else []
    of = f"{'all ' if len(lines) == len(group) + 1 else ''}{len(lines)} runs"
    spread = curves.band(of, [(x * by, y) for x, y in lines], smooth=smooth)
    best, unit, view = told.best.get("epoch"), "Step" if by > 1 else "Epoch", f"{folder.name} {shown} {axis} {log}"
    figure = curves.figure(drawn, x=unit, y=title(shown), best=best * by if best else None, log=log, spread=spread, view=view)
    with chart:
        live_chart(figure, key="live_curve", height=HEIGHT, alt=f"{title(shown)} by {axis}, in training and in validation")
    if shown == "loss":
        st.caption("Lower is better. Solid: training set; dashed: validation set.")


def overlaid(runs: Mapping[str, Sequence[Path]]) -> None:
    """The validation curves of several predictors in one chart with its controls, by label; of a group the mean of its runs."""
    read = {label: [state.told(folder) for folder in folders] for label, folders in runs.items()}
    shown, axis = _measure(list(dict.fromkeys(name for tells in read.values() for told in tells for name in known(told))))
    chart = st.container()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        smooth, log = _scale()
    drawn = []
    for number, (label, folders) in enumerate(runs.items()):
        by = [float(told.setup.get("steps") or 1) if axis == "step" else 1.0 for told in read[label]]
        lines = [(x * steps, y) for steps, (x, y) in zip(by, beside.lines(list(folders), shown), strict=True)]
        mean = curves.band(label, lines) if len(lines) > 1 else None
        x, y = (mean.x, mean.mean) if mean is not None else lines[0]
        drawn.append(curves.other(label, x, y, number, smooth=smooth))
    measured = f"Validation {words.within(title(shown))}"
    figure = curves.figure(drawn, x=_AXES[axis], y=measured, log=log, view=f"{sorted(runs)} {shown} {axis} {log}")
    with chart:
        live_chart(figure, key="overlaid_curves", height=HEIGHT, alt=f"{measured} by {axis} of each run")
    if any(len(folders) > 1 for folders in runs.values()):
        st.caption("Folds and ensembles: the mean of their runs.")


def _measure(options: list[str]) -> tuple[str, str]:
    with st.container(horizontal=True, gap="medium"):
        titles = {name: title(name) for name in options}
        shown = prefilled.segments("curve", "measure", "Curve", titles, options[0], label_visibility="collapsed")
        return shown, prefilled.segments("curve", "axis", "Over", _AXES, "epoch", label_visibility="collapsed")


def _scale() -> tuple[float, bool]:
    controls.keep("curve_smooth", 0.0)
    help = "Exponential smoothing of the curves; 0 shows the measured values."
    smooth = st.slider("Smoothing", 0.0, 0.95, step=0.05, key="curve_smooth", persist_state="session", width=170, help=help)
    return smooth, st.toggle("Log scale", key="curve_log", persist_state="session")


def pace(told: History) -> None:
    """The learning rate and the length of the corrections."""
    one, two = st.columns(2)
    for column, name, heading in ((one, "learning_rate", "Learning rate"), (two, "gradient_norm", "Gradient norm")):
        with column:
            st.markdown(f"**{heading}**")
            if not any(row.get(name) for row in told.steps[-1:]):
                st.caption("Not recorded for this run.")
                continue
            drawn = curves.figure(curves.pace(told, name), x="Epoch", y=heading, log=name == "gradient_norm")
            if name == "learning_rate":
                drawn.update_yaxes(rangemode="tozero")
            live_chart(drawn, key=f"live_{name}", height=240, alt=f"{heading} by epoch")
    st.caption("A gradient norm that grows tenfold or more suggests that the learning rate is too high; gradient clipping limits it.")


def _others(folder: Path, group: list[Path]) -> list[Path]:
    alike = [other for other in beside.alike(folder) if other not in group]
    by_name = {other.name: other for other in [*group, *alike]}
    if not by_name:
        return []
    key = f"beside_{folder.name}"
    st.session_state[key] = [name for name in st.session_state.get(key, []) if name in by_name]
    picked = st.multiselect(
        "Beside",
        list(by_name),
        key=key,
        max_selections=5,
        format_func=lambda name: beside.name(by_name[name]),
        placeholder="Other runs on the same sequences",
        label_visibility="collapsed",
    )
    return [by_name[name] for name in picked]
