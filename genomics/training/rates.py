"""Which learning rate: the rate is raised from step to step until training falls apart, and the loss says where it learns fastest.

The range test of Smith 2017 (arXiv 1506.01186). Only the training part is read, and nothing of it is kept.
"""

from functools import partial
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
from numpy.typing import NDArray

from genomics import dataset as datasets
from genomics import runs
from genomics.dataset import Dataset
from genomics.recipe import Recipe, divide, from_json, predictor
from genomics.split import Split
from genomics.training import precision, supervised
from genomics.training.session import Session
from genomics.training.tables import prepare

STEPS = 100
LOWEST, HIGHEST = 1e-6, 1.0
TOLD_EVERY = 5
_EXPLODED = 4.0  # times the lowest loss
_SMOOTH = 0.9
_BURN_IN = 10  # first steps, whose smoothed losses are means of few
_WINDOW = 10  # steps over which a slope is taken
_LEARNED = 0.05  # share of the loss that must be gained for a slope to mean anything
_CAREFUL = 0.1  # of the rate of the lowest loss


class Found(NamedTuple):
    """Rates (steps,) with their smoothed losses, up to where it fell apart."""

    rates: NDArray[np.float64]
    losses: NDArray[np.float64]


def find_rate(folder: Path) -> str:
    """Looks for a learning rate as the folder's `run.json` asks, and writes events: `rate` now and then, `rates` at the end.

    Args:
        folder: under `trials/` of a workspace that holds the dataset.

    Returns:
        "finished" or "stopped".

    Raises:
        GenomicsError: the recipe does not fit the data.
    """
    log = runs.Log(folder)
    root = folder.parent.parent
    try:
        recipe = from_json(runs.asked(folder))
        dataset = datasets.load(root, recipe.dataset)
        split = divide(dataset, recipe)
        log.write("state", state="running")
        found = _raised(recipe, dataset, split, Session(folder, log.write, lambda: runs.stop_requested(folder)))
        if found is None:
            log.write("state", state="stopped", message="Stopped.")
            return "stopped"
        log.write("rates", suggestion=suggestion(found))
        log.write("state", state="finished")
        return "finished"
    finally:
        log.close()


def suggestion(found: Found) -> float:
    """The rate at which the loss falls most steeply, but at most a tenth of that of its lowest point.

    Where it hardly falls at all, a hundredth of the highest rate that did no harm.

    Returns:
        Two significant digits, within what a run may be trained with.
    """
    rates, losses = found.rates[_BURN_IN:], found.losses[_BURN_IN:]
    if not len(losses):
        return LOWEST
    start, lowest = float(np.median(losses[:_BURN_IN])), int(losses.argmin())
    if lowest > _WINDOW and start - losses[lowest] > _LEARNED * abs(start):
        falls = losses[: lowest + 1 - _WINDOW] - losses[_WINDOW : lowest + 1]
        steepest = rates[int(falls.argmax()) + _WINDOW // 2] / _behind(found.rates)
        best = min(steepest, _CAREFUL * rates[lowest])
    else:
        harmless = np.flatnonzero(losses <= start + _LEARNED * abs(start))
        best = _CAREFUL**2 * rates[harmless[-1]]
    return float(f"{np.clip(best, LOWEST, HIGHEST):.1e}")


def _behind(rates: NDArray[np.float64]) -> float:
    """By what factor the rate has grown since the loss was what the smoothed one shows: a running mean is nine steps late."""
    return float((rates[1] / rates[0]) ** (_SMOOTH / (1 - _SMOOTH)))


def smoothed(losses: list[float]) -> NDArray[np.float64]:
    """Running means that forget by a tenth a step, without the pull of where they began."""
    mean, made = 0.0, []
    for number, loss in enumerate(losses, start=1):
        mean = _SMOOTH * mean + (1 - _SMOOTH) * loss
        made.append(mean / (1 - _SMOOTH**number))
    return np.array(made)


def _raised(recipe: Recipe, dataset: Dataset, split: Split, session: Session) -> Found | None:
    keras.utils.set_random_seed(recipe.seed)
    precision.choose(recipe.fit.precision, predictor(recipe.architecture).precision)
    tables = prepare(recipe, dataset, split._replace(validation=split.validation[:0]))
    model = supervised.network(recipe, dataset, tables, session, afresh=True)
    way = recipe.fit.reverse_complement if recipe.fit.reverse_complement != "auto" else "off"
    loop = supervised.loop(recipe, model, tables, way, micro=supervised.at_once(recipe, dataset, split))
    rates = np.geomspace(LOWEST, HIGHEST, STEPS).astype(np.float32)
    losses: list[float] = []
    while len(losses) < STEPS:
        if session.should_stop():
            return None
        epoch, first = divmod(len(losses), loop.steps)
        records = supervised.order(recipe, epoch, loop.records)
        count = min(session.chunk(loop.steps - first), TOLD_EVERY - len(losses) % TOLD_EVERY, STEPS - len(losses))
        asked = rates[len(losses) : len(losses) + count]
        steps = session.timed(partial(loop.run, records, first, count, epoch=epoch, rates=asked), count)
        finite = np.isfinite(steps.loss)
        losses += (steps.loss / steps.records)[finite].tolist()
        known = smoothed(losses)
        if not finite.all() or known[-1] > _exploded(known):
            break
        if len(losses) % TOLD_EVERY == 0:
            session.emit("rate", learning_rate=float(rates[len(losses) - 1]), loss=float(known[-1]))
    if not losses:
        raise FloatingPointError("at its very first step")
    return Found(rates[: len(losses)].astype(np.float64), smoothed(losses))


def _exploded(losses: NDArray[np.float64]) -> float:
    """The loss beyond which nothing is to be learned; below zero (counts) measured from the lowest upwards."""
    low, span = float(losses.min()), float(losses[0] - losses.min())
    return _EXPLODED * low if low > 0 else low + _EXPLODED * max(span, abs(low))
