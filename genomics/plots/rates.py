"""Which learning rate: the loss as the rate is raised from step to step."""

from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from genomics.plots import style


class Trial(NamedTuple):
    """A search for a learning rate so far.

    Attributes:
        rates: float32 (points,), ascending.
        losses: float32 (points,), smoothed.
        suggestion: the rate to take; 0 while it is being looked for, or where none was found.
        over: whether the search has ended.
    """

    rates: NDArray[np.float32]
    losses: NDArray[np.float32]
    suggestion: float
    over: bool


def of_events(events: list[dict[str, Any]]) -> Trial:
    """A search as its events tell it: `rate` for each point, `rates` at the end."""
    points = [event for event in events if event["type"] == "rate" and event.get("loss") is not None]
    last = next((event for event in reversed(events) if event["type"] == "rates"), None)
    ended = last is not None or any(event["type"] == "state" and event["state"] in ("finished", "stopped", "failed") for event in events)
    rates, losses = (np.array([point[name] for point in points], np.float32) for name in ("learning_rate", "loss"))
    return Trial(rates, losses, float((last or {}).get("suggestion") or 0), ended)


def figure(trial: Trial) -> go.Figure:
    """Loss against learning rate, with the one to take marked."""
    made = go.Figure()
    made.add_trace(
        go.Scatter(
            x=trial.rates,
            y=trial.losses,
            name="loss",
            mode="lines",
            line={"color": style.TRAIN, "width": 2.4},
            hovertemplate="learning rate %{x:.2g}<br>loss %{y:.4g}<extra></extra>",
        )
    )
    style.frame(made, x="Learning rate", y="Loss", legend=False)
    made.update_xaxes(type="log", range=[-6.1, 0.1], dtick=1, exponentformat="power", tickfont={"size": 12})
    if len(trial.losses):
        low, start = float(trial.losses.min()), float(trial.losses[0])
        room = max(abs(start - low), 0.05 * abs(start), 1e-6)
        made.update_yaxes(range=[low - 0.15 * room, max(start, low) + 0.6 * room])  # where it explodes is not worth the room
    if trial.suggestion > 0:
        made.add_vline(x=trial.suggestion, line={"color": style.VALIDATION, "dash": "dot", "width": 2})
        made.add_annotation(
            x=float(np.log10(trial.suggestion)),
            y=1,
            yref="paper",
            text=f"take {trial.suggestion:.2g}",
            showarrow=False,
            xanchor="right",
            xshift=-6,
        )
    return made
