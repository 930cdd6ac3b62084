"""How far a job is, as it goes; when nothing runs, nothing ticks."""

from pathlib import Path

import streamlit as st

from genomics import requests, runs, words
from genomics.requests import Progress
from pages.ui import show

TICK_SECONDS = 1
# What a worker says it does, and the share of the whole that it usually takes; reading counts for little where nothing is read.
_STEPS = {
    "Starting": 0.02,
    "Reading": 0.2,
    "Cutting": 0.05,
    "Cleaning": 0.05,
    "Shuffling": 0.05,
    "Drawing negatives": 0.05,
    "Making the new dataset": 0.05,
    "Looking for repeats": 0.08,
    "Comparing": 0.2,
    "Looking for flaws": 0.05,
    "Measuring": 0.15,
    "Drawing pictures": 0.05,
}


def watch(folder: Path) -> None:
    """How far a job is, every second; nothing ticks once it has ended."""
    seen = requests.progress(folder).dataset

    def panel() -> None:
        now = requests.progress(folder)
        if now.state not in runs.LIVE or now.dataset != seen:
            st.rerun()
        taken = f"{words.duration(now.seconds)} so far{left(folder)}"
        st.progress(share(now), text=f"{show.literal(now.what)}; {taken}")
        if st.button("Cancel", key="cancel_job", icon=":material/close:", disabled=now.state == "stopping"):
            requests.cancel(folder)

    st.fragment(panel, run_every=TICK_SECONDS)()


def share(now: Progress) -> float:
    """Share of the whole, which never goes back from step to step."""
    step = next((name for name in _STEPS if now.what.startswith(name)), "Starting")
    before = sum(list(_STEPS.values())[: list(_STEPS).index(step)])
    return min(before + _STEPS[step] * min(max(now.share, 0.0), 1.0), 1.0)


def left(folder: Path) -> str:
    """What is left of the step in hand, where its progress tells."""
    told = [event for event in runs.read_events(folder).events if event["type"] == "progress"]
    here = [event for event in told if told[-1]["what"] == event["what"]]
    gained = here[-1]["share"] - here[0]["share"] if here else 0.0
    if gained < 0.05:
        return ""
    return f", about {words.duration((here[-1]['time'] - here[0]['time']) / gained * (1 - here[-1]['share']))} left for this step"
