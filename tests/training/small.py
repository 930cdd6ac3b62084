"""Networks and loops as small as can be, for tests of the loop itself."""

from typing import Any

import keras
import numpy as np
from toys import random_rows

from genomics.fit import Fit
from genomics.training.loop import Loop
from genomics.training.tables import Part


def linear(length: int, outputs: int = 1, hidden: int = 0, seed: int = 0) -> keras.Model:
    """One-hot bases, a hidden layer perhaps, and an output."""
    keras.utils.set_random_seed(seed)
    codes = keras.Input((length,), dtype="uint8")
    x = keras.layers.Flatten()(keras.ops.one_hot(codes, 4))
    if hidden:
        x = keras.layers.Dense(hidden, activation="tanh", name="hidden")(x)
    return keras.Model(codes, keras.layers.Dense(outputs, name="output")(x))


def part_of(n: int, length: int, y: Any = None, weight: Any = None, seed: int = 0) -> Part:
    """Random sequences; a label that the first base decides unless targets are given."""
    rows = random_rows(n, length, seed)
    labels = (rows[:, 0] < 2).astype(np.float32) if y is None else np.asarray(y)
    return Part(rows, labels, np.ones(n, np.float32) if weight is None else np.asarray(weight, np.float32))


def loop_of(part: Part, task: str = "binary", outputs: int = 1, hidden: int = 0, **settings: Any) -> Loop:
    """A loop over it; settings of `Fit`, and of `Loop` itself."""
    ours = {name: settings.pop(name) for name in ("seed", "micro", "anchor", "reverse") if name in settings}
    return Loop(linear(part.x.shape[1], outputs, hidden), task, part, Fit(**{"batch_size": 16, **settings}), **ours)
