"""Training a generator: iterations, samples from fixed noise, a scorecard now and then, the best moment kept."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genomics import generating, scorecard
from genomics.dataset import Dataset
from genomics.generators import Learner, check_enough
from genomics.recipe import Recipe, generator
from genomics.scorecard import Flat
from genomics.sequences import Codes
from genomics.split import Split, of_class
from genomics.training import checkpoint, precision
from genomics.training.session import Session, Stopped

SHOWN = 12  # sequences grown from noise that never changes
SAMPLE_EVERY = 25
SCORE_EVERY = 100
SCORED = 1000
_FIXED, _SCORING = 1, 2  # seeds of the noise, apart from each other
_FRESH: dict[str, Any] = {"iteration": 0, "best": None, "best_iteration": 0, "seconds": 0.0}


def train(recipe: Recipe, dataset: Dataset, split: Split, session: Session) -> Any:
    """Trains for the iterations asked for.

    Returns:
        The network "generator" as it was when its 4-letter words were closest to those of the validation part.

    Raises:
        Stopped: somebody asked to; a checkpoint of this very iteration is kept.
        FloatingPointError: a loss is no number any more.
    """
    used = precision.choose("float32")  # the gradient penalty needs it, whatever a predictor left behind in this process
    rows, training, watched = real_sequences(recipe, dataset, split)
    learner: Learner = generator(recipe.architecture).make(recipe.config, rows, recipe.seed)
    yardsticks = scorecard.yardsticks(watched, training, min(SCORED, len(training)), recipe.seed)
    session.emit(
        "setup",
        parameters=sum(network.count_params() for network in learner.networks.values()),
        iterations=recipe.config.iterations,
        training=len(training),
        precision=used,
    )
    session.emit("yardsticks", rows={name: row._asdict() for name, row in yardsticks.items()})
    state, best = _restore(session, learner)
    held_rows = dataset.rows(parts(recipe, dataset, split)[1][:SCORED], recipe.layout)

    while state["iteration"] < recipe.config.iterations:
        word = session.should_stop()
        if word == "finish" and best:
            break
        if word:
            _keep(session, learner, state, best)
            raise Stopped
        _advance(recipe, learner, session, state)
        if state["iteration"] % SAMPLE_EVERY == 0:
            session.emit("samples", at=state["iteration"], sequences=generating.texts(learner.sample(SHOWN, _FIXED)))
        if state["iteration"] % SCORE_EVERY == 0 or state["iteration"] == recipe.config.iterations:
            best = _score(learner, session, state, best, (training, watched), yardsticks, (rows, held_rows))
        if session.due():
            _keep(session, learner, state, best)
    _keep(session, learner, state, best)
    checkpoint.assign(learner.best, best)
    session.emit("best", iteration=state["best_iteration"], jsd=state["best"])
    return learner.networks["generator"]


def real_sequences(recipe: Recipe, dataset: Dataset, split: Split) -> tuple[Codes, Flat, Flat]:
    """Training sequences as rows and as a flat set, and those of validation as a flat set, all cropped to the layout."""
    training, validation, _ = parts(recipe, dataset, split)
    check_enough(len(training), len(validation))
    rows = dataset.rows(training, recipe.layout)
    return rows, cropped(recipe, dataset, training), cropped(recipe, dataset, validation)


def parts(recipe: Recipe, dataset: Dataset, split: Split) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Train, validation and test of the one class to learn from, or of all."""
    chosen = of_class(dataset, split, recipe.only)
    return chosen.train, chosen.validation, chosen.test


def cropped(recipe: Recipe, dataset: Dataset, index: NDArray[np.intp]) -> Flat:
    """Real sequences without what the layout cuts off; nothing is filled."""
    codes, offsets = dataset.flat(index)
    lengths = np.diff(offsets)
    position = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
    kept = np.minimum(lengths, recipe.layout.length)
    return Flat(codes[position < np.repeat(kept, lengths)], np.concatenate([[0], np.cumsum(kept)]).astype(np.int64))


def _advance(recipe: Recipe, learner: Learner, session: Session, state: dict[str, Any]) -> None:
    began, first = time.monotonic(), state["iteration"]
    to_tick = SAMPLE_EVERY - first % SAMPLE_EVERY
    count = session.chunk(min(to_tick, recipe.config.iterations - first))
    losses = session.timed(lambda: learner.run(first, count), count)
    if not all(np.isfinite(values).all() for values in losses.values()):
        raise FloatingPointError(f"at iteration {first + count}")
    state["iteration"] += count
    state["seconds"] += time.monotonic() - began
    session.emit(
        "step", at=state["iteration"], seconds=round(state["seconds"], 3), **{name: float(values.mean()) for name, values in losses.items()}
    )


def _score(
    learner: Learner,
    session: Session,
    state: dict[str, Any],
    best: checkpoint.Arrays,
    real: tuple[Flat, Flat],
    yardsticks: dict[str, scorecard.Score],
    rows: tuple[Codes, Codes],
) -> checkpoint.Arrays:
    training, watched = real
    made = learner.sample(SCORED, _SCORING)
    found = scorecard.score(generating.flat(made), watched, training)
    divergence = found.jsd[str(scorecard.HEADLINE)]
    improved = bool(state["best"] is None or divergence < state["best"])
    if improved:
        state |= {"best": divergence, "best_iteration": state["iteration"]}
    session.emit(
        "score",
        at=state["iteration"],
        score=found._asdict(),
        gap_closed=scorecard.gap_closed(found, yardsticks),
        best=improved,
        critic_train=learner.watch(rows[0][:SCORED]),
        critic_validation=learner.watch(rows[1]),
        critic_generated=learner.watch(made),
    )
    return checkpoint.values(learner.best) if improved else best


def _restore(session: Session, learner: Learner) -> tuple[dict[str, Any], checkpoint.Arrays]:
    stored = checkpoint.read(session.folder)
    if stored is None:
        session.emit("rewind", at=0)
        return dict(_FRESH), []
    groups, state = stored
    checkpoint.assign(learner.variables, groups["all"])
    session.emit("rewind", at=state["iteration"])
    return state, groups.get("best", [])


def _keep(session: Session, learner: Learner, state: dict[str, Any], best: checkpoint.Arrays) -> None:
    groups = {"all": checkpoint.values(learner.variables)} | ({"best": best} if best else {})
    session.keep(state["iteration"], groups, state)
