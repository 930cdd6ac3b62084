"""Training a predictor: epochs, early stopping on validation, best weights, exact resume."""

import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from genomics import estimate, inputs
from genomics.dataset import Dataset
from genomics.encoding import ENCODINGS
from genomics.recipe import Recipe, outputs, predictor
from genomics.split import Split
from genomics.training import checkpoint, measuring, objective, precision, progress, strands, transfer, watching
from genomics.training.loop import Loop, Steps
from genomics.training.progress import State
from genomics.training.session import Session, Stopped
from genomics.training.tables import Tables, class_weights, prepare, targets

Arrays = checkpoint.Arrays


class _Run:
    """One attempt: what its epochs share."""

    def __init__(self, recipe: Recipe, dataset: Dataset, split: Split, session: Session, tables: Tables, loop: Loop) -> None:
        self.recipe, self.fit, self.session, self.tables, self.loop = recipe, recipe.fit, session, tables, loop
        self.watched = watching.choose(dataset, split.validation)
        focus = watching.focus(dataset, split.train, recipe.layout)
        self.records = watching.records(dataset, split.validation[self.watched], recipe.layout, focus)
        self.filters = watching.Filters(session.folder, loop.model)
        self.state: State = {}
        self.best: Arrays = []

    def at(self) -> float:
        """The point reached, in epochs."""
        return round(self.state["epoch"] + self.state["step"] / self.loop.steps, 5)

    def keep(self) -> None:
        """Writes a checkpoint."""
        groups = {"all": checkpoint.values(self.loop.variables)} | ({"best": self.best} if self.best else {})
        self.session.keep(self.at(), groups, self.state)


def train(recipe: Recipe, dataset: Dataset, split: Split, session: Session) -> tuple[keras.Model, Tables]:
    """Trains until the epochs are over, nothing has improved on validation for `patience` epochs, or somebody says to finish.

    Returns:
        The model with the weights of its best epoch, and the arrays it was trained with.

    Raises:
        SettingError: there is nothing to learn from, or no layer of the earlier run fits.
        Stopped: somebody asked to; a checkpoint of this very step is kept.
        FloatingPointError: the loss is no number any more.
    """
    keras.utils.set_random_seed(recipe.seed)
    used = precision.choose(recipe.fit.precision, predictor(recipe.architecture).precision)
    tables = prepare(recipe, dataset, split)
    stored = checkpoint.read(session.folder)
    model = network(recipe, dataset, tables, session, afresh=stored is None)
    way = stored[1]["strands"] if stored else _strands(recipe, dataset, split, session)
    micro = at_once(recipe, dataset, split)
    run = _Run(recipe, dataset, split, session, tables, loop(recipe, model, tables, way, micro=micro))
    session.emit(
        "setup",
        parameters=model.count_params(),
        precision=used,
        steps=run.loop.steps,
        epochs=recipe.fit.epochs,
        class_weights=tables.class_weights,
        metrics=measuring.names(recipe.task),
        task=recipe.task,
        micro_batch=micro,
        strands=way,
        loss=objective.name(recipe.task, recipe.fit),
    )
    session.emit("watching", records=run.records)
    _restore(run, stored, way)

    while not progress.over(run.state, run.fit) and _finish_epoch(run):
        _close_epoch(run)
        if session.due():
            run.keep()
    run.keep()
    checkpoint.assign(model.variables, run.best)
    run.filters.write(run.state["best_epoch"], last=True)
    session.emit(
        "best",
        epoch=run.state["best_epoch"],
        monitor=run.fit.monitor,
        value=abs(run.state["best"]) if run.fit.monitor == "loss" else run.state["best"],
        val_loss=run.state["best_loss"],
    )
    return model, tables


def load_best(recipe: Recipe, dataset: Dataset, split: Split, folder: Path) -> tuple[keras.Model, Tables] | None:
    """The model of a run that has not finished, with its best weights so far; None before the first epoch's end."""
    stored = checkpoint.read(folder)
    if stored is None or "best" not in stored[0]:
        return None
    precision.choose(recipe.fit.precision, predictor(recipe.architecture).precision)
    model = predictor(recipe.architecture).build(recipe.config, inputs.shape(recipe), outputs(dataset))
    checkpoint.assign(model.variables, stored[0]["best"])
    return model, Tables({}, targets(recipe, dataset, split.train)[1], class_weights(dataset, split.train))


def loop(recipe: Recipe, model: keras.Model, tables: Tables, way: str, *, micro: int = 0) -> Loop:
    """The compiled loop for a recipe; `way` is what is made of the other strand, decided."""
    name, size = predictor(recipe.architecture).encoding(recipe.config)
    reverse = ENCODINGS[name].reverse
    return Loop(
        model,
        recipe.task,
        tables.parts["train"],
        replace(recipe.fit, reverse_complement=way),
        seed=recipe.seed,
        micro=micro,
        anchor=recipe.layout.anchor,
        reverse=None if reverse is None else reverse(size),
    )


def network(recipe: Recipe, dataset: Dataset, tables: Tables, session: Session, *, afresh: bool) -> keras.Model:
    """The network of a recipe before its first step; `afresh` where no checkpoint's weights will take the place of what it begins with.

    Raises:
        GenomicsError: see `genomics.training.transfer.begin_from`.
    """
    model = predictor(recipe.architecture).build(recipe.config, inputs.shape(recipe), outputs(dataset))
    if afresh and recipe.fit.loss == "poisson":
        objective.start_at_mean(model, tables.parts["train"].y)
    if afresh and recipe.base:
        taken = transfer.begin_from(model, session.folder.parent.parent / "runs" / recipe.base, recipe.architecture)
        session.emit("log", message=taken.said)
    transfer.freeze(model, recipe.fit.freeze if recipe.base else "nothing")
    return model


def order(recipe: Recipe, epoch: int, records: int) -> NDArray[np.intp]:
    """In which order an epoch takes its records: it follows from seed and epoch alone."""
    return np.random.default_rng([recipe.seed, epoch]).permutation(records)


def at_once(recipe: Recipe, dataset: Dataset, split: Split) -> int:
    """Records of a batch whose gradients fit into memory together; 0 for all of them."""
    micro = estimate.micro_batch(recipe, outputs(dataset), len(split.train))
    return micro if micro < min(recipe.fit.batch_size, len(split.train)) else 0


def _strands(recipe: Recipe, dataset: Dataset, split: Split, session: Session) -> str:
    if recipe.fit.reverse_complement != "auto":
        return recipe.fit.reverse_complement
    found = strands.symmetric(dataset, split.train, recipe.layout)
    session.emit("log", message=found.why)
    return "both" if found.alike else "off"


def _restore(run: _Run, stored: tuple[dict[str, Arrays], State] | None, way: str) -> None:
    if stored is None:
        run.session.emit("rewind", at=0)
        run.state = progress.fresh(run.fit) | {"strands": way}
        return
    groups, state = stored
    checkpoint.assign(run.loop.variables, groups["all"])
    run.state, run.best = progress.restored(state, run.fit), groups.get("best", [])
    run.session.emit("rewind", at=run.at())


def _finish_epoch(run: _Run) -> bool:
    """Trains on what is left of the epoch in hand; False where somebody said to finish, and the rest of it is not wanted."""
    state, session = run.state, run.session
    records = order(run.recipe, state["epoch"], run.loop.records)
    way = {"epoch": state["epoch"], "halved": state["halved"], "evolve": progress.evolves(state, run.fit)}
    while state["step"] < run.loop.steps:
        word = session.should_stop()
        if word == "finish" and run.best:
            return False
        if word:
            run.keep()
            raise Stopped
        began, first = time.monotonic(), state["step"]
        count = session.chunk(run.loop.steps - first)
        steps = session.timed(partial(run.loop.run, records, first, count, **way), count)
        if not np.isfinite(steps.loss).all():
            raise FloatingPointError(f"in epoch {state['epoch'] + 1}")
        for name in ("loss", "right", "records"):
            for value in getattr(steps, name):  # one by one, so that the sum does not depend on the chunks
                state[name] += float(value)
        took = time.monotonic() - began
        state |= {"step": state["step"] + count, "seconds": state["seconds"] + took}
        session.emit("step", at=run.at(), **_told(run, steps, took))
    return True


def _told(run: _Run, steps: Steps, took: float) -> dict[str, Any]:
    records = float(steps.records.sum())
    rightness = {name: float(steps.right.sum()) / records for name in _rightness(run.recipe.task)}
    return {
        "loss": float(steps.loss.sum()) / records,
        "throughput": round(records / max(took, 1e-9), 1),
        "learning_rate": float(steps.rate[-1]),
        "gradient_norm": float(steps.norm.max()),
        **rightness,
    }


def _close_epoch(run: _Run) -> None:
    """Looks at validation, notes the epoch, keeps the weights where they are the best so far."""
    began, state, part = time.monotonic(), run.state, run.tables.parts["validation"]
    task, epoch = run.recipe.task, run.state["epoch"] + 1
    trained = {"loss": state["loss"] / state["records"]} | dict.fromkeys(_rightness(task), state["right"] / state["records"])
    with run.loop.averaged():
        judged = run.loop.judge(part)
        if not np.isfinite(judged.loss):
            raise FloatingPointError(f"in epoch {epoch}, on validation")
        measured = measuring.measure(task, run.fit, part.y, judged.outputs)
        halved = state["halved"]
        improved = progress.close(state, run.fit, measured | {"loss": judged.loss})
        if improved:
            run.best = checkpoint.values(run.loop.model.variables)
        run.filters.write(epoch)
    state["seconds"] += time.monotonic() - began
    run.session.emit(
        "epoch",
        epoch=epoch,
        **trained,
        val_loss=judged.loss,
        seconds=round(state["seconds"], 3),
        best=improved,
        learning_rate=run.loop.rate_at_end(epoch, halved),
        **{f"val_{name}": judged.right for name in _rightness(task)},
        **{f"val_{name}": value for name, value in measured.items() if name not in _rightness(task)},
        **measuring.leaning(task, part.y, judged.outputs),
    )
    answers = judged.outputs[run.watched]
    run.session.emit("watched", at=epoch, said=watching.said(task, run.fit, answers, run.tables.scale))


def _rightness(task: str) -> tuple[str, ...]:
    """What being right is called; of several labels nothing, because most are absent and that is easily said."""
    return {"regression": ("mse",), "multilabel": ()}.get(task, ("accuracy",))
