"""Looking for a learning rate: a short trial beside the control that it sets."""

from pathlib import Path
from typing import Any

import streamlit as st

from genomics import jobs, runs
from genomics.dataset import Dataset
from genomics.plots import rates
from genomics.recipe import Recipe
from pages.ui import show, state
from pages.ui.live_chart import live_chart

TICK_SECONDS = 1


def button(dataset: Dataset) -> None:
    """Asks for a trial; it begins once the rest of the page has made the recipe."""
    st.button(
        "Find a learning rate",
        key="find_rate",
        icon=":material/speed:",
        on_click=st.session_state.update,
        args=({_key(dataset.fingerprint): "wanted"},),
        help="About a hundred steps with a rate that rises from very small to very large; the loss shows where it learns fastest. "
        "It looks at training sequences only.",
    )


def take(dataset: Dataset) -> None:
    """Sets the control to the rate that was found and taken; called before the control is drawn."""
    found = st.session_state.pop(f"_taken_{dataset.fingerprint}", None)
    if found is not None:
        st.session_state[f"fit_{dataset.fingerprint}_learning_rate"] = found


def trial(dataset: Dataset, planned: Recipe | None) -> None:
    """The trial in hand as it goes, or nothing; its place is below the button."""
    key = _key(dataset.fingerprint)
    if st.session_state.get(key) == "wanted":
        st.session_state[key] = ""
        if planned is None:
            st.caption("First mend what is said to be wrong.")
            return
        with show.problems():
            st.session_state[key] = str(jobs.find_rate(state.root(), planned.to_json()))
    named = st.session_state.get(key)
    if not named or not Path(named).is_dir():
        return
    folder = Path(named)
    going = runs.state(folder) in runs.LIVE

    def panel() -> None:
        events = runs.read_events(folder).events
        _draw(folder, events, dataset.fingerprint)
        if going and runs.state(folder, events) not in runs.LIVE:
            st.rerun()

    st.fragment(panel, run_every=TICK_SECONDS if going else None)()


def _draw(folder: Path, events: list[dict[str, Any]], fingerprint: str) -> None:
    found, now = rates.of_events(events), runs.state(folder, events)
    with st.container(border=True):
        if now in runs.LIVE and not len(found.rates):
            st.caption(":material/hourglass_top: Getting ready: this takes some seconds.")
        if len(found.rates):
            live_chart(rates.figure(found), key="live_rates", height=220, alt="Loss by learning rate, as the rate rises")
        if now == "failed":
            st.error(show.literal(runs.failure(events)), icon=":material/error:")
        with st.container(horizontal=True, vertical_alignment="center"):
            if found.suggestion:
                rate = float(f"{found.suggestion:.2g}")
                if st.button(f"Use {rate:g}", key="use_rate", icon=":material/check:"):
                    st.session_state[f"_taken_{fingerprint}"] = rate
                    _close(folder, fingerprint)
                st.caption("Where the loss falls fastest; beyond its lowest point it jumps.")
            elif now not in runs.LIVE and now != "failed":
                st.caption("No rate stands out: the loss falls nowhere clearly. Keep the usual one.")
            if st.button("Close", key="close_rate", type="tertiary"):
                _close(folder, fingerprint)


def _close(folder: Path, fingerprint: str) -> None:
    jobs.stop(folder)
    st.session_state[_key(fingerprint)] = ""
    st.rerun()  # the whole page: the control is not a part of this fragment


def _key(fingerprint: str) -> str:
    return f"_rates_{fingerprint}"
