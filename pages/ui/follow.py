"""A run as it goes: one tick a second reads what is new and draws everything; when nothing runs, nothing ticks.

While a run is getting ready, the ticks come soon after each other and wait for its first numbers.
"""

import time
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from genomics import runs
from genomics.history import History
from pages.ui import show, state, steering, ticks

TICK_SECONDS = 1
_SOON_SECONDS = 0.2
_SETTLE_SECONDS = 0.5  # for the first numbers to be sent and drawn: what is not sent yet is dropped where the next tick begins
_LOOK_SECONDS = 0.03
_PATIENCE_SECONDS = 4.0
_QUIET = '[data-testid="stStatusWidget"] { display: none; }'  # its Stop would end the waiting, not the training


def follow(folder: Path, draw: Callable[[Path, History, str], None]) -> None:
    """Calls `draw(folder, history, state)` now and, while the run is going, every second.

    Args:
        folder: the run.
        draw: a panel; it may only read files and draw.
    """
    live, held = runs.state(folder) in runs.LIVE, runs.alive(folder)
    steering.refused()
    early, drawn = held and _gets_ready(folder), False
    st.html(f"<style>{_QUIET if early else ''}</style>")

    def panel() -> None:
        nonlocal drawn
        first, drawn = not drawn, True
        told, now = state.told(folder), runs.state(folder)
        begun, ended = early and bool(told.steps), live and now not in runs.LIVE
        if ended:  # nothing is drawn: a click on the buttons of an ended run would be lost in the rerun
            _gone(folder)
        else:
            draw(folder, told, now)
        if begun:
            time.sleep(_SETTLE_SECONDS)
        if begun or ended or (held and not runs.alive(folder)):  # once it has begun, it ticks at the usual pace
            st.rerun()
        if not first and _first_numbers(folder):
            st.rerun(scope="fragment")

    # A worker that was stopped still holds its lock while it writes down the results so far: they are waited for.
    st.fragment(panel, run_every=(_SOON_SECONDS if early else TICK_SECONDS) if held else None)()


def _gets_ready(folder: Path) -> bool:
    return not state.told(folder).steps and runs.state(folder) in ("starting", "running")


def _first_numbers(folder: Path) -> bool:
    """Waits for the first numbers of a run that is getting ready, and says whether they have come.

    Until then there is nothing to draw anew, which would only take time from what is awaited. A click ends the waiting. A
    tick draws before it waits, because what it has not drawn yet is shown faded.
    """
    early, deadline = _gets_ready(folder), time.monotonic() + _PATIENCE_SECONDS
    while _gets_ready(folder) and time.monotonic() < deadline and not ticks.clicked():
        time.sleep(_LOOK_SECONDS)
    return early and bool(state.told(folder).steps) and not ticks.clicked()


def _gone(folder: Path) -> None:
    """Waits a moment for the worker of a run that has ended to be gone, so that the page is drawn anew once, not twice.

    A button that is redrawn while it is pressed does nothing.
    """
    deadline = time.monotonic() + TICK_SECONDS
    while runs.alive(folder) and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)


def waiting(now: str, told: History) -> None:
    """What to know about a run that does not run: queued, starting, stopped, interrupted, failed."""
    if now == "queued":
        st.info("Queued: another run is training. This one starts when that one ends.", icon=":material/schedule:")
    elif now == "starting" or (now == "running" and not told.steps):
        st.info("Getting ready: loading TensorFlow and the sequences. This takes some seconds.", icon=":material/hourglass_top:")
    elif now == "running" and told.best:
        st.info("Training has ended. Evaluating on the test set.", icon=":material/straighten:")
    elif now == "stopping":
        st.info("Stopping after the current batch.", icon=":material/stop_circle:")
    elif now == "stopped" and told.message:
        st.info(show.literal(told.message), icon=":material/pause_circle:")
    elif now == "interrupted":
        kept = f"Training up to {_place(told)} is kept." if told.steps else "Training had not started."
        st.warning(f"The run was interrupted: its process has ended. {kept} Resume it, or train another.", icon=":material/power_off:")
    elif now == "failed":
        kept = f" Your run is kept up to {_place(told)}." if told.epochs else ""
        st.error(show.literal(told.message) + kept, icon=":material/error:")


def _place(told: History) -> str:
    return f"epoch {told.epochs[-1]['epoch']}" if told.epochs else f"iteration {told.steps[-1]['at']:g}"
