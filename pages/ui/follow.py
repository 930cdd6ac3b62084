"""A run as it goes: one tick a second reads what is new and draws everything; when nothing runs, nothing ticks."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from genomics import runs, words
from genomics.history import History
from genomics.plots import curves
from pages.ui import launch, show, state
from pages.ui.live_chart import live_chart

TICK_SECONDS = 1
METRIC_HEIGHT = 150  # with and without its small curve, so that nothing jumps


def follow(folder: Path, draw: Callable[[Path, History, str], None]) -> None:
    """Calls `draw(folder, history, state)` now and, while the run is going, every second.

    Args:
        folder: the run.
        draw: a panel; it may only read files and draw.
    """
    live, held = runs.state(folder) in runs.LIVE, runs.alive(folder)

    def panel() -> None:
        told, now = state.told(folder), state.seen(folder)
        draw(folder, told, now)
        if (live and now not in runs.LIVE) or (held and not runs.alive(folder)):
            st.rerun()

    # A worker that was stopped still holds its lock while it writes down the results so far: they are waited for.
    st.fragment(panel, run_every=TICK_SECONDS if held else None)()


def predictor(folder: Path, told: History, now: str) -> None:
    """Metrics, curves and words of a predictor in training."""
    launch.buttons(folder, now, new="Train another")
    waiting(now, told)
    at, end = told.progress()
    if end:
        st.progress(1.0 if told.best else min(at / end, 1.0))
    last = told.epochs[-1] if told.epochs else {}
    name = "mse" if "mse" in last else "accuracy"
    history = told.epochs[-60:]
    columns = st.columns(4)
    columns[0].metric(
        "Epoch",
        f"{int(at)} of {int(end)}" if end else "-",
        border=True,
        height=METRIC_HEIGHT,
        help="One epoch: every training sequence has been seen once.",
    )
    columns[1].metric(
        "Validation loss",
        words.number(last.get("val_loss")),
        border=True,
        height=METRIC_HEIGHT,
        chart_data=_spark([row["val_loss"] for row in history]),
        help="How wrong it is on sequences it does not learn from. Lower is better.",
    )
    columns[2].metric(
        "Validation accuracy" if name == "accuracy" else "Validation error",
        words.number(last.get(f"val_{name}"), percent=name == "accuracy"),
        border=True,
        height=METRIC_HEIGHT,
        chart_data=_spark([row[f"val_{name}"] for row in history]),
        help="Share of validation sequences for which it is right."
        if name == "accuracy"
        else "Mean squared error, in units of the targets' variance.",
    )
    columns[3].metric(
        "Time left" if now in runs.LIVE else "Time taken",
        words.duration(told.seconds_left() if now in runs.LIVE else _seconds(told)),
        border=True,
        height=METRIC_HEIGHT,
        help="At most: it stops early when it no longer improves.",
    )
    best = told.best.get("epoch")
    one, two = st.columns(2)
    with one:
        st.markdown("**Loss**")
        live_chart(
            curves.figure(curves.losses(told), x="Epoch", y="Loss", best=best),
            key="live_loss",
            height=320,
            alt="Training and validation loss by epoch",
        )
    with two:
        st.markdown("**Accuracy**" if name == "accuracy" else "**Error**")
        live_chart(
            curves.figure(curves.metric(told, name), x="Epoch", y="Accuracy" if name == "accuracy" else "Mean squared error", best=best),
            key="live_metric",
            height=320,
            alt="Training and validation accuracy by epoch",
        )
    if told.steps:
        st.caption(words.training(told))


def _spark(values: list[float]) -> list[float] | None:
    """A small curve needs two points."""
    return values if len(values) > 1 else None


def waiting(now: str, told: History) -> None:
    """What to know about a run that does not run: queued, starting, stopped, interrupted, failed."""
    if now == "queued":
        st.info("Another run is training. This one begins when it is done.", icon=":material/schedule:")
    elif now in ("starting", "running") and not told.steps:
        st.info(
            "Getting ready: loading the library and laying out the sequences. This takes some seconds.", icon=":material/hourglass_top:"
        )
    elif now == "running" and told.best:
        st.info("Trained. Measuring how good it is on sequences it has never seen.", icon=":material/straighten:")
    elif now == "stopping":
        st.info("Stopping after the batch in hand.", icon=":material/stop_circle:")
    elif now == "stopped":
        st.info(show.literal(told.message or "Stopped."), icon=":material/pause_circle:")
    elif now == "interrupted":
        kept = f"What it had learned up to {_place(told)} is kept." if told.steps else "It had not begun to learn."
        st.warning(f"The run was interrupted: its process is gone. {kept} Go on from here, or train another.", icon=":material/power_off:")
    elif now == "failed":
        st.error(show.literal(told.message), icon=":material/error:")


def _place(told: History) -> str:
    return f"epoch {told.epochs[-1]['epoch']}" if told.epochs else f"iteration {told.steps[-1]['at']:g}"


def _seconds(told: History) -> float | None:
    rows = told.epochs or [row for row in told.steps if "seconds" in row]
    return rows[-1]["seconds"] if rows else None
