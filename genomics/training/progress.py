"""From epoch to epoch: what was best, how long nothing has improved, and what follows from it. Plain JSON, kept in a checkpoint."""

from typing import Any

from genomics.fit import Fit

SMALLEST_GAIN = 1e-4
EVOLVED = 0.8  # share of the epochs whose sequences may be evolved; the last ones are trained on what there is
_LEAST_FLAT = 2

State = dict[str, Any]


def fresh(fit: Fit) -> State:
    """Before the first step."""
    sums = {"loss": 0.0, "right": 0.0, "records": 0.0}
    kept = {"best": None, "best_loss": None, "best_epoch": 0}
    return {"epoch": 0, "step": 0, "seconds": 0.0, "waited": 0, "flat": 0, "halved": 0, "calm": False, "epochs": fit.epochs, **sums, **kept}


def restored(state: State, fit: Fit) -> State:
    """What a checkpoint kept; where it may now go on for another number of epochs than before, it waits anew."""
    state = {**fresh(fit), **state}
    if fit.epochs != state["epochs"]:
        state |= {"waited": 0, "flat": 0}
    return state | {"epochs": fit.epochs}


def over(state: State, fit: Fit) -> bool:
    """Whether all epochs are done, or patience is at its end."""
    return bool(state["epoch"] >= fit.epochs or (fit.patience and state["waited"] >= fit.patience))


def evolves(state: State, fit: Fit) -> bool:
    """Whether training sequences are evolved in the epoch in hand."""
    return fit.evoaug and not state["calm"] and state["epoch"] < int(EVOLVED * fit.epochs)


def value_of(fit: Fit, measured: dict[str, float]) -> float:
    """What is watched, such that more is better; the worst there is where it does not exist."""
    value = -measured["loss"] if fit.monitor == "loss" else measured[fit.monitor]
    return value if value == value else float("-inf")


def close(state: State, fit: Fit, measured: dict[str, float]) -> bool:
    """Ends an epoch, in place.

    Args:
        state: as of the epoch's last step.
        fit: says what is watched, and for how long.
        measured: on validation: "loss", and each metric by name.

    Returns:
        Whether this epoch is the best so far.
    """
    evolved = evolves(state, fit)
    value = value_of(fit, measured)
    improved = bool(state["best"] is None or value > state["best"] + SMALLEST_GAIN)
    state |= {"epoch": state["epoch"] + 1, "step": 0, "loss": 0.0, "right": 0.0, "records": 0.0}
    state |= {"waited": 0, "flat": 0} if improved else {"waited": state["waited"] + 1, "flat": state["flat"] + 1}
    if improved:
        state |= {"best": value, "best_loss": measured["loss"], "best_epoch": state["epoch"]}
    if fit.schedule == "plateau" and state["flat"] >= max(_LEAST_FLAT, fit.patience // 3):
        state |= {"halved": state["halved"] + 1, "flat": 0}
    if evolved and (not evolves(state, fit) or over(state, fit)):  # from here on unchanged sequences, which are given time of their own
        state |= {"calm": True, "waited": 0, "flat": 0}
    return improved
