"""How long training will take and how much memory, from the drawing and from what this machine has shown."""

import time
from collections.abc import Sequence
from math import floor, log10, prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genomics import disk, machine, runs, spares
from genomics.dataset import Dataset
from genomics.encoding import ENCODINGS
from genomics.errors import SettingError
from genomics.recipe import Recipe, generator, outputs, predictor

Floats = NDArray[np.float64]
Row = tuple[str, list[float], float, float]  # architecture, amounts, seconds, share of the epochs taken; 0 where it cannot stop early

# Seconds for one of each part of a run, measured on two cores of a server; the start holds tracing, and evaluation at the end.
_PARTS = {"start": 1.9, "steps": 2.5e-3, "operations": 8.2e-12, "libraries": 2.7, "records": 1.5e-4, "bases": 6e-7}
_UNLIKE = {name: {"start": 3.5} for name in ("rnn", "cnn_rnn")}
_UNLIKE |= {"kmer_dense": {"start": 0.7, "steps": 5e-4}, "wgan_gp": {"steps": 2.2e-2, "operations": 1.25e-11}}
_OPERATIONS, _LIBRARIES, _TRAINING = 2, 3, np.array([0, 1, 1, 0, 0, 0])  # two places; which parts go with the epochs
_UNSURE, _UNSURE_MACHINE = 0.5, 0.4  # standard deviations of logarithms: of each guess, and of all of them together
_NOISE, _NOISE_OTHERS, _AGEING = 0.25, 0.5, 1.02  # likewise, of equal runs, of other architectures; how much more the older ones have
_RANGE = 1.3  # standard deviations to either side
_KEPT, _ENOUGH = 16, 4  # rows of an architecture; how many tell when training usually stops
_FORWARD_AND_BACKWARD = 3
_MOVED = 120  # multiplications that take as long as keeping one number does, measured from 50 to 1,000 bp

_PROGRAM = 750e6  # bytes of a training process before it has a network
_NUMBER = 4  # bytes
_COPIES = 6  # of the weights: themselves, gradient, two moments, the best so far, and one being written
_HELD_AND_PASSED_BACK = 2.0  # what is kept for learning, and its gradients; measured 1.2 to 2.4; whole runs took 0.7 to 1.1 of `memory`
_ARRAYS = 1e9  # bytes of encoded sequences that are held at once; more are read piece by piece
_BUDGET = 2e9  # bytes that one step may take


def work(recipe: Recipe, outputs: int, records: int) -> float:
    """Operations of a whole run, if it is not stopped early: multiplications, and numbers kept while learning counted as such.

    Args:
        recipe: what is asked.
        outputs: numbers the predictor gives.
        records: in the training part.
    """
    if recipe.kind == "generator":
        return float(generator(recipe.architecture).work(recipe.config, recipe.layout)) * recipe.config.iterations
    family = predictor(recipe.architecture)
    once = sum(layer.work + _MOVED * layer.held for layer in family.layers(recipe.config, recipe.layout, outputs))
    return float(once) * records * _FORWARD_AND_BACKWARD * recipe.fit.epochs


def seconds(plans: Sequence[Recipe], dataset: Dataset, records: int, root: Path, together: int = 1) -> tuple[float, float, float]:
    """How long runs will take here, from the start of the first to the results of the last.

    Args:
        plans: one for each run.
        dataset: what they learn from.
        records: in the training part.
        root: the workspace that remembers the last runs.
        together: how many train at a time, each on its share of the cores, so that only the operations take longer than alone.

    Returns:
        A likely range, and its upper end where no run stops early.
    """
    known = _known(root)
    used = [share for *_, share in known if share]
    usual = (min(used), max(used)) if len(used) >= _ENOUGH else (1.0, 1.0)
    names, total = [planned.architecture for planned in plans], np.zeros(3)
    for name, planned in dict(zip(names, plans, strict=True)).items():  # seeds and folds do not change the size
        whole = _amounts(planned, dataset, records)
        whole[np.arange(len(whole)) != _OPERATIONS] /= together
        whole[_LIBRARIES] = 0 if spares.about(root) else 1 / len(plans)  # the first load them for all
        shares = (*(usual if may_stop(planned) else (1.0, 1.0)), 1.0)
        low, high = _ranges(known, name, [whole * share**_TRAINING for share in shares])
        total += names.count(name) * np.array([low[0], high[1], high[2]])
    return float(total[0]), float(total[1]), float(total[2])


def learn(recipe: Recipe, dataset: Dataset, records: int, folder: Path) -> None:
    """Remembers how long a run took, from its start to its results; not one that was resumed, nor one on a share of the cores."""
    root, events = folder.parent.parent, runs.read_events(folder).events
    begun = [event for event in events if event.get("state") == "starting"]
    unit, asked = ("epoch", recipe.fit.epochs) if recipe.kind == "predictor" else ("at", recipe.config.iterations)
    marks = [(event[unit], event["time"]) for event in events if event["type"] == ("epoch" if unit == "epoch" else "step")]
    if len(begun) != 1 or begun[0].get("cores") or not marks:
        return
    (first, early), (last, late) = marks[0], marks[-1]
    amounts = _amounts(recipe, dataset, records) * (last / asked) ** _TRAINING
    amounts[_LIBRARIES] = not any(event.get("warm") for event in events)
    used = last / asked if may_stop(recipe) and not runs.stop_requested(folder) else 0.0
    rows: list[Row] = [(recipe.architecture, amounts.tolist(), time.time() - begun[0]["time"], used)]
    if late - early > 0.05:  # what came after the first epoch, when all is traced
        rows.append((recipe.architecture, (amounts * _TRAINING * (1 - first / last)).tolist(), late - early, 0.0))
    known = [*_known(root), *rows]
    others, alike = ([row for row in known if (row[0] == recipe.architecture) is same] for same in (False, True))
    disk.write_json(root / "speed.json", {"rows": [*others, *alike[-_KEPT:]]})


def may_stop(recipe: Recipe) -> bool:
    """Whether a run may end before all of its epochs."""
    return recipe.kind == "predictor" and 0 < recipe.fit.patience < recipe.fit.epochs


def _amounts(recipe: Recipe, dataset: Dataset, records: int) -> Floats:
    """How much there is of each part of a run that does not stop early."""
    predicts = recipe.kind == "predictor"
    steps = recipe.fit.epochs * -(-records // recipe.fit.batch_size) if predicts else recipe.config.iterations
    bases = int(dataset.offsets[-1]) if predicts else 0  # in which the baselines count k-mers
    return np.array([1, steps, work(recipe, outputs(dataset), records), 0, len(dataset), bases], np.float64)


def _known(root: Path) -> list[Row]:
    """Rows of the last runs, oldest first; none where the file is damaged or an older version wrote it."""
    try:
        rows = disk.read_json(root / "speed.json")["rows"]
        usable = all(len(amounts) == len(_PARTS) and min(*amounts, used) >= 0 < sum(amounts) * took for _, amounts, took, used in rows)
    except (OSError, ValueError, TypeError, KeyError):
        return []
    return rows if usable else []


def _ranges(known: Sequence[Row], name: str, asked: Sequence[Floats]) -> tuple[Floats, Floats]:
    """The likely range of seconds for some amounts of one architecture.

    The seconds for one of each part are fitted to the logarithms of what earlier runs took, with the first guesses as priors:
    a short run says more about the start, a long one about the rest, another architecture's above all how slow the machine is.
    """
    names, amounts, took, _ = zip(*known, *((name, row, 1.0, 0.0) for row in asked), strict=True)
    noise = np.array([_NOISE if other == name else _NOISE_OTHERS for other in names]) * _AGEING ** np.arange(len(names))[::-1]
    weight = np.where(np.arange(len(names)) < len(known), noise**-2.0, 0)
    guessed = np.array(amounts) * [[*(_PARTS | _UNLIKE.get(other, {})).values()] for other in names]
    prior, z = np.array([_UNSURE_MACHINE, *[_UNSURE] * len(_PARTS)]) ** -2.0, np.zeros(1 + len(_PARTS))
    for _ in range(12):  # Gauss-Newton; it takes 3 to 6
        parts = guessed * np.exp(z[0] + z[1:])
        value = np.log(parts.sum(1))
        slopes = np.column_stack([np.ones(len(parts)), parts / parts.sum(1, keepdims=True)])
        spread = np.linalg.inv((slopes.T * weight) @ slopes + np.diag(prior))
        z = z + np.clip(spread @ (slopes.T @ (weight * (np.log(took) - value)) - prior * z), -1, 1)
    width = _RANGE * np.sqrt(((slopes @ spread) * slopes).sum(1) + _NOISE**2)
    return np.exp(value - width)[len(known) :], np.exp(value + width)[len(known) :]


def in_words(low: float, high: float) -> str:
    """A range of seconds in plain words, no more exact than an estimate is: "20 to 40 seconds", "about 2 hours"."""
    size, unit, least = (1, "seconds", 5.0) if high < 120 else (60, "minutes", 0.5) if high < 7200 else (3600, "hours", 0.5)
    steps = (max(least, 10.0 ** (floor(log10(value / size / 5))), 5 * 10.0 ** floor(log10(value / size / 20))) for value in (low, high))
    low, high = (max(least, round(value / size / step) * step) for value, step in zip((low, high), steps, strict=True))
    return f"{low:g} to {high:g} {unit}" if low < high else f"about {high:g} {unit}"


def memory(recipe: Recipe, outputs: int, records: int) -> float:
    """Bytes that training a predictor will take at most, with the batch taken apart as `micro_batch` says.

    Args:
        recipe: of a predictor.
        outputs: numbers the predictor gives.
        records: of all parts.
    """
    return _fixed(recipe, outputs, records) + _one(recipe, outputs) * micro_batch(recipe, outputs, records)


def micro_batch(recipe: Recipe, outputs: int, records: int) -> int:
    """How many sequences of a batch to look at at once, so that a step takes 2 GB at most, or a quarter of the machine.

    It depends on the settings and the machine alone, not on what is free just now: a run that goes on gives equal losses.

    Returns:
        The batch size itself where all of it fits, else a half, a quarter, ... of it, at least 1.
    """
    room = min(_BUDGET, machine.whole() / 4)
    size = min(recipe.fit.batch_size, max(1, records))
    while size > 1 and size * _one(recipe, outputs) > room:
        size = (size + 1) // 2
    return size


def check_memory(recipe: Recipe, outputs: int, records: int) -> None:
    """Refuses what cannot be trained here even one sequence at a time; see `memory` for the arguments.

    Raises:
        SettingError: how much it would take, how much there is, and what to lower.
    """
    least, there = _fixed(recipe, outputs, records) + _one(recipe, outputs), machine.free()
    if least <= there:
        return
    weights = _COPIES * _NUMBER * _parameters(recipe, outputs)
    if weights > _one(recipe, outputs):
        lower = f"It has {_parameters(recipe, outputs):,} numbers to learn: choose fewer units or filters, more pooling, or another head."
    else:
        lower = f"Each sequence of {recipe.layout.length:,} bp is too much by itself: read a shorter length, or choose more pooling or fewer filters."
    raise SettingError(
        f"{recipe.architecture} would take {size_in_words(least)} of memory here, and {size_in_words(there)} are free. {lower}"
    )


def size_in_words(size: float) -> str:
    """Bytes as a person says them."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(1, round(size / 1e6)):,} MB"


def _one(recipe: Recipe, outputs: int) -> float:
    """Bytes for one sequence while it is learned from."""
    held = sum(layer.held for layer in predictor(recipe.architecture).layers(recipe.config, recipe.layout, outputs))
    return _HELD_AND_PASSED_BACK * _NUMBER * held


def _parameters(recipe: Recipe, outputs: int) -> int:
    return sum(layer.parameters for layer in predictor(recipe.architecture).layers(recipe.config, recipe.layout, outputs))


def _fixed(recipe: Recipe, outputs: int, records: int) -> float:
    """Bytes that do not depend on the batch."""
    name, size = predictor(recipe.architecture).encoding(recipe.config)
    encoding = ENCODINGS[name]
    row = prod(encoding.shape(recipe.layout, size)) * np.dtype(encoding.dtype).itemsize
    return _PROGRAM + _COPIES * _NUMBER * _parameters(recipe, outputs) + min(_ARRAYS, float(records) * row)
