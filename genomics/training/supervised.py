"""Training a predictor: epochs, early stopping on validation loss, best weights, exact resume."""

import time
from typing import Any

import keras
import numpy as np

from genomics import inputs
from genomics.dataset import Dataset
from genomics.recipe import Recipe, outputs, predictor
from genomics.split import Split
from genomics.training import checkpoint, precision
from genomics.training.loop import Loop
from genomics.training.session import Session, Stopped
from genomics.training.tables import Tables, prepare

_SMALLEST_GAIN = 1e-4
_FRESH: dict[str, Any] = {
    "epoch": 0,
    "step": 0,
    "loss": 0.0,
    "right": 0.0,
    "records": 0.0,
    "best": None,
    "best_epoch": 0,
    "waited": 0,
    "seconds": 0.0,
}


def train(recipe: Recipe, dataset: Dataset, split: Split, session: Session) -> tuple[keras.Model, Tables]:
    """Trains until the epochs are over or validation loss has not improved for `patience` epochs.

    Returns:
        The model with the weights of its best epoch, and the arrays it was trained with.

    Raises:
        Stopped: somebody asked to; a checkpoint of this very step is kept.
        FloatingPointError: the loss is no number any more.
    """
    keras.utils.set_random_seed(recipe.seed)
    used = precision.choose(recipe.fit.precision, predictor(recipe.architecture).precision)
    tables = prepare(recipe, dataset, split)
    model = predictor(recipe.architecture).build(recipe.config, inputs.shape(recipe), outputs(dataset))
    fit = recipe.fit
    loop = Loop(
        model, recipe.task, tables.parts["train"], batch_size=fit.batch_size, learning_rate=fit.learning_rate, weight_decay=fit.weight_decay
    )
    session.emit(
        "setup", parameters=model.count_params(), precision=used, steps=loop.steps, epochs=fit.epochs, class_weights=tables.class_weights
    )
    state, best = _restore(session, loop)

    while state["epoch"] < fit.epochs and not (fit.patience and state["waited"] >= fit.patience):
        _finish_epoch(recipe, loop, session, state, best)
        best = _close_epoch(loop, tables, session, state, best)
        if session.due():
            _keep(session, loop, state, best)
    _keep(session, loop, state, best)
    checkpoint.assign(model.variables, best)
    session.emit("best", epoch=state["best_epoch"], val_loss=state["best"])
    return model, tables


def load_best(recipe: Recipe, dataset: Dataset, split: Split, folder: Any) -> tuple[keras.Model, Tables] | None:
    """The model of a run that has not finished, with its best weights so far; None before the first epoch's end."""
    stored = checkpoint.read(folder)
    if stored is None or "best" not in stored[0]:
        return None
    precision.choose(recipe.fit.precision, predictor(recipe.architecture).precision)
    model = predictor(recipe.architecture).build(recipe.config, inputs.shape(recipe), outputs(dataset))
    checkpoint.assign(model.variables, stored[0]["best"])
    return model, prepare(recipe, dataset, split)


def _restore(session: Session, loop: Loop) -> tuple[dict[str, Any], checkpoint.Arrays]:
    stored = checkpoint.read(session.folder)
    if stored is None:
        session.emit("rewind", at=0)
        return dict(_FRESH), []
    groups, state = stored
    checkpoint.assign(loop.variables, groups["all"])
    session.emit("rewind", at=state["epoch"] + state["step"] / loop.steps)
    return state, groups.get("best", [])


def _keep(session: Session, loop: Loop, state: dict[str, Any], best: checkpoint.Arrays) -> None:
    groups = {"all": checkpoint.values(loop.variables)} | ({"best": best} if best else {})
    session.keep(state["epoch"] + state["step"] / loop.steps, groups, state)


def _finish_epoch(recipe: Recipe, loop: Loop, session: Session, state: dict[str, Any], best: checkpoint.Arrays) -> None:
    """Trains on what is left of the epoch in hand; its order depends on seed and epoch alone."""
    order = np.random.default_rng([recipe.seed, state["epoch"]]).permutation(loop.records)
    while state["step"] < loop.steps:
        if session.should_stop():
            _keep(session, loop, state, best)
            raise Stopped
        began, first = time.monotonic(), state["step"]
        count = session.chunk(loop.steps - first)
        steps = session.timed(lambda first=first, count=count: loop.run(order, first, count), count)  # type: ignore[misc]
        if not np.isfinite(steps.loss).all():
            raise FloatingPointError(f"in epoch {state['epoch'] + 1}")
        for name, values in zip(("loss", "right", "records"), steps, strict=True):
            for value in values:  # one by one, so that the sum does not depend on the chunks
                state[name] += float(value)
        state["step"] += count
        state["seconds"] += time.monotonic() - began
        session.emit(
            "step",
            at=round(state["epoch"] + state["step"] / loop.steps, 5),
            loss=float(steps.loss.sum() / steps.records.sum()),
            throughput=round(float(steps.records.sum()) / max(time.monotonic() - began, 1e-9), 1),
        )


def _close_epoch(loop: Loop, tables: Tables, session: Session, state: dict[str, Any], best: checkpoint.Arrays) -> checkpoint.Arrays:
    """Looks at validation, notes the epoch, and returns the best weights so far."""
    began = time.monotonic()
    loss, right = loop.judge(tables.parts["validation"])
    state["seconds"] += time.monotonic() - began
    if not np.isfinite(loss):
        raise FloatingPointError(f"in epoch {state['epoch'] + 1}, on validation")
    names = ("mse", "val_mse") if loop.task == "regression" else ("accuracy", "val_accuracy")
    improved = state["best"] is None or loss < state["best"] - _SMALLEST_GAIN
    state |= {"epoch": state["epoch"] + 1, "waited": 0 if improved else state["waited"] + 1}
    if improved:
        state |= {"best": loss, "best_epoch": state["epoch"]}
    session.emit(
        "epoch",
        epoch=state["epoch"],
        loss=state["loss"] / state["records"],
        val_loss=loss,
        seconds=round(state["seconds"], 3),
        best=improved,
        **{names[0]: state["right"] / state["records"], names[1]: right},
    )
    state |= {"step": 0, "loss": 0.0, "right": 0.0, "records": 0.0}
    return checkpoint.values(loop.model.variables) if improved else best
