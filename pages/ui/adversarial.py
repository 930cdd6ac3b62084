"""A generator as it trains: gap bar, losses, samples from fixed noise."""

from pathlib import Path

import numpy as np
import streamlit as st

from genomics import runs, words
from genomics.history import History
from genomics.plots import curves
from pages.ui import follow, show, steering
from pages.ui.live_chart import live_chart

_METRIC_HEIGHT = 132  # with and without a remark, so that nothing jumps


def panel(folder: Path, told: History, now: str) -> None:
    """Everything that moves while a generator trains."""
    steering.generator(folder, told, now)
    follow.waiting(now, told)
    at, end = told.progress()
    if end:
        left = told.seconds_left()
        going = now in runs.LIVE
        st.progress(
            min(at / end, 1.0),
            text=f"Iteration {int(at):,} of {int(end):,}{f'; about {words.duration(left)} left' if going and left else ''}",
        )
    score = told.scores[-1] if told.scores else None
    columns = st.columns(4)
    closed = score["gap_closed"] if score else None
    columns[0].metric(
        "Gap closed",
        words.number(max(closed, -9.99), percent=True) if closed is not None else "-",
        border=True,
        height=_METRIC_HEIGHT,
        delta="below the floor" if closed is not None and closed < 0 else None,
        delta_color="inverse",
        delta_arrow="off",
        help="In words of four letters: 0 % is as good as the simplest Markov chain, 100 % as real sequences. Negative: not yet as good as the chain.",
    )
    columns[1].metric(
        "Different sequences",
        words.number(score["score"]["unique"], percent=True) if score else "-",
        border=True,
        height=_METRIC_HEIGHT,
        help="Of 1,000 generated ones. Far below 100 %: it has collapsed.",
    )
    columns[2].metric(
        "Position match",
        words.number(score["score"]["position_r"]) if score else "-",
        border=True,
        height=_METRIC_HEIGHT,
        help="Correlation of the base frequencies by position with held-out real sequences; 1 is perfect.",
    )
    columns[3].metric(
        "Copied",
        words.number(score["score"]["copied"], percent=True) if score else "-",
        border=True,
        height=_METRIC_HEIGHT,
        help="Share of its 20-letter words that stand in a training sequence.",
    )
    if closed is not None:
        st.progress(float(np.clip(closed, 0, 1)), text="From the simplest Markov chain (left) to real sequences (right)")
    st.caption(words.generator(told))
    one, two = st.columns(2)
    with one:
        st.header("Losses", anchor=False)
        live_chart(
            curves.figure(curves.adversarial(told), x="Iteration", y="Loss"),
            key="live_losses",
            height=300,
            alt="Losses of critic and generator by iteration",
        )
    with two:
        st.header("Distance from real sequences", anchor=False)
        live_chart(
            curves.figure(curves.divergence(told), x="Iteration", y="Divergence of 4-letter words (bits)", log=True),
            key="live_gap",
            height=300,
            alt="Divergence of 4-letter words by iteration",
        )
    if told.samples:
        last = told.samples[-1]
        st.markdown(f"**Samples from fixed noise**, iteration {last['at']:,}")
        show.bases(last["sequences"], [f"{number}" for number in range(1, len(last["sequences"]) + 1)])
