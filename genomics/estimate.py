"""How long training will take and how much memory, from the drawing and from what this machine has shown."""

from math import prod
from pathlib import Path

import numpy as np

from genomics import disk, machine
from genomics.encoding import ENCODINGS
from genomics.errors import SettingError
from genomics.recipe import Recipe, generator, predictor

# Multiplications a second, measured with what is suggested for 81 to 400 bp, in float32 on two cores of a server; replaced
# by what this machine shows.
_FIRST_GUESS = {
    "cnn": 2.8e10,
    "image_cnn": 2.2e10,
    "rnn": 8e9,
    "cnn_rnn": 1.3e10,
    "dilated_resnet": 2e10,
    "transformer": 1.4e10,
    "multiscale_cnn": 1.3e10,
    "kmer_dense": 5e9,
    "wgan_gp": 4e10,
}
_START_SECONDS = 6.0
_FORWARD_AND_BACKWARD = 3

_PROGRAM = 750e6  # bytes of a training process before it has a network
_NUMBER = 4  # bytes
_COPIES = 6  # of the weights: themselves, gradient, two moments, the best so far, and one being written
_HELD_AND_PASSED_BACK = 2.0  # what is kept for learning, and its gradients; measured 1.2 to 2.4; whole runs took 0.7 to 1.1 of `memory`
_ARRAYS = 1e9  # bytes of encoded sequences that are held at once; more are read piece by piece
_BUDGET = 2e9  # bytes that one step may take


def work(recipe: Recipe, outputs: int, records: int) -> float:
    """Multiplications of a whole run, if it is not stopped early.

    Args:
        recipe: what is asked.
        outputs: numbers the predictor gives.
        records: in the training part.
    """
    if recipe.kind == "generator":
        return float(generator(recipe.architecture).work(recipe.config, recipe.layout)) * recipe.config.iterations
    family = predictor(recipe.architecture)
    once = sum(layer.work for layer in family.layers(recipe.config, recipe.layout, outputs))
    return float(once) * records * _FORWARD_AND_BACKWARD * recipe.fit.epochs


def seconds(recipe: Recipe, outputs: int, records: int, root: Path) -> float:
    """The time a run will take here, at most; early stopping makes it shorter."""
    shown = (disk.read_json(root / "speed.json") or {}).get(recipe.architecture)
    return _START_SECONDS + work(recipe, outputs, records) / (shown or _FIRST_GUESS.get(recipe.architecture, 1e10))


def learn(recipe: Recipe, outputs: int, records: int, share: float, took: float, root: Path) -> None:
    """Remembers the speed that a run has shown.

    Args:
        recipe: what was asked.
        outputs: as for `work`.
        records: as for `work`.
        share: of the run's whole work that was done.
        took: seconds of training alone.
        root: the workspace.
    """
    if took < 1:
        return
    known = disk.read_json(root / "speed.json") or {}
    disk.write_json(root / "speed.json", {**known, recipe.architecture: work(recipe, outputs, records) * share / took})


def in_words(value: float) -> str:
    """Seconds as a person says them."""
    if value < 90:
        return f"about {max(5, round(value / 5) * 5):.0f} seconds"
    if value < 5400:
        return f"about {value / 60:.0f} minutes"
    return f"about {value / 3600:.1f} hours"


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
    least, there = _fixed(recipe, outputs, records) + _one(recipe, outputs), limit()
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


def limit() -> float:
    """Bytes that a run may take here: see `machine.free`."""
    return machine.free()


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
