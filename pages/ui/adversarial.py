"""A generator as it trains: gap bar, losses, samples from fixed noise."""

from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from genomics import runs, words
from genomics.history import History
from genomics.plots import curves
from pages.ui import follow, show, steering
from pages.ui.live_chart import live_chart

_METRIC_HEIGHT = 132  # with and without a remark, so that nothing jumps
_GAP = (
    "Gap closed",
    "In 4-mers: 0 % is as good as the simplest Markov chain, 100 % as real sequences; negative: not yet as good as the chain.",
)
_METRICS = {
    "unique": ("Different sequences", "Of 1,000 generated ones. Far below 100 %: it has collapsed."),
    "position_r": ("Position match", "Correlation of the base frequencies by position with held-out real sequences; 1 is perfect."),
    "copied": ("Copied", "Share of its 20-mers that occur in a training sequence."),
}
_PERCENT = ("unique", "copied")


def panel(folder: Path, told: History, now: str) -> None:
    """Everything that moves while a generator trains."""
    steering.run(folder, told, now)
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
    closed = score["gap_closed"] if score else None
    gap = words.number(max(closed, -9.99), percent=True) if closed is not None else "-"
    numbers = [gap, *(words.number(score["score"][name] if score else None, percent=name in _PERCENT) for name in _METRICS)]
    below = {"delta": "below the floor", "delta_color": "inverse", "delta_arrow": "off"} if closed is not None and closed < 0 else {}
    for column, value, (label, help) in zip(st.columns(4), numbers, (_GAP, *_METRICS.values()), strict=True):
        more: dict[str, Any] = below if label == _GAP[0] else {}
        column.metric(label, value, border=True, height=_METRIC_HEIGHT, help=help, **more)
    if closed is not None:
        st.progress(float(np.clip(closed, 0, 1)), text="From the simplest Markov chain (left) to real sequences (right)")
    st.caption(words.generator(told))
    losses = curves.figure(curves.adversarial(told), x="Iteration", y="Loss")
    distance = curves.figure(curves.divergence(told), x="Iteration", y="Divergence of 4-mers (bits)", log=True)
    for column, (title, figure, key) in zip(
        st.columns(2), (("Losses", losses, "live_losses"), ("Distance from real sequences", distance, "live_gap")), strict=True
    ):
        with column:
            st.header(title, anchor=False)
            live_chart(figure, key=key, height=300, alt=f"{title} by iteration")
    if told.samples:
        last = told.samples[-1]
        st.markdown(f"**Samples from fixed noise**, iteration {last['at']:,}")
        show.bases(last["sequences"], [f"{number}" for number in range(1, len(last["sequences"]) + 1)])
