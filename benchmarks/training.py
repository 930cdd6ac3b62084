"""Training throughput of each architecture at its defaults, beside `keras.Model.fit` on float32 arrays, in the same run.

Both train the same layers with the same batch size on the same sequences. `fit` is used as most people do: one-hot (or
the encoding's array) as float32 in memory, default arguments but for `jit_compile=False`, which is faster here.
"""

import time
from math import exp, log

import keras
import numpy as np

from benchmarks import table
from genomics import hyper
from genomics.architectures import ARCHITECTURES, Architecture
from genomics.encoding import ENCODINGS
from genomics.fit import Fit
from genomics.sequences import Layout
from genomics.training import precision
from genomics.training.loop import Loop
from genomics.training.tables import Part

SECONDS = 4.0
CASES = ((41, 64), (200, 64), (200, 128), (1000, 32))


def main() -> None:
    """Prints sequences per second and their ratio for each architecture, length and batch size."""
    rows, ratios = [], []
    for family in ARCHITECTURES.values():
        for length, batch in CASES:
            ours, theirs = _ours(family, length, batch), _fit(family, length, batch)
            ratios.append(ours / theirs)
            rows.append((family.name, length, batch, ours, theirs, ours / theirs))
    table.show(
        f"Training, sequences per second ({precision.choose('auto')} here)",
        ("architecture", "bp", "batch", "genomics", "keras fit, float32", "ratio"),
        rows,
    )
    print(f"geometric mean of the ratios: {exp(sum(map(log, ratios)) / len(ratios)):.2f} (budget 1.5)")


def _arrays(family: Architecture, length: int, batch: int) -> tuple[object, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    count = max(batch * 16, 1024)
    codes = rng.integers(0, 4, (count, length)).astype(np.uint8)
    config = hyper.make(family.Config, {})
    name, size = family.encoding(config)
    offsets = np.arange(count + 1, dtype=np.int64) * length
    x = ENCODINGS[name].encode(codes.ravel(), offsets, Layout(length, "left"), size)
    return config, x, rng.integers(0, 2, count).astype(np.float32)


def _ours(family: Architecture, length: int, batch: int) -> float:
    precision.choose("auto", family.precision)
    config, x, y = _arrays(family, length, batch)
    loop = Loop(
        family.build(config, x.shape[1:], 1),
        "binary",
        Part(x, y, np.ones(len(y), np.float32)),
        Fit(batch_size=batch),
    )
    order = np.arange(len(x))
    loop.run(order, 0, 2)
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS:
        steps = min(8, loop.steps)
        loop.run(order, 0, steps)
        done += steps * batch
    return done / (time.perf_counter() - began)


def _fit(family: Architecture, length: int, batch: int) -> float:
    keras.config.set_dtype_policy("float32")
    config, x, y = _arrays(family, length, batch)
    model = family.build(config, x.shape[1:], 1)
    if x.dtype == np.uint8:  # codes: begin after the step that unfolds them, as somebody who prepares one-hot arrays does
        first = model.operations[1]
        model = keras.Model(first.output, model.output)
        x = np.eye(5, 4, dtype=np.float32)[x]
    elif x.ndim == 4:
        x = x.astype(np.float32)
    model.compile(keras.optimizers.AdamW(1e-3), keras.losses.BinaryCrossentropy(from_logits=True), metrics=["accuracy"], jit_compile=False)
    model.fit(x, y, batch_size=batch, verbose=0)
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS:
        model.fit(x, y, batch_size=batch, verbose=0)
        done += len(x)
    return done / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
