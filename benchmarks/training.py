"""Training throughput of each architecture, beside `keras.Model.fit` on float32 arrays and a PyTorch loop, in the same run.

All train the same layers, with what is suggested for so many and so long sequences, the same batch size and the same
sequences. `fit` and PyTorch get what can be computed beforehand (one-hot, numbers or counts of words, images) as float32
arrays in memory. `fit` has its default arguments but for `jit_compile=False`, which is faster here. PyTorch takes part
where this Python has torch, or where BENCH_TORCH names a Python that has it.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from math import exp, log
from pathlib import Path
from typing import Any, NamedTuple

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

SECONDS = 3.0
RECORDS = 4_000
CASES = ((41, 64), (200, 32), (200, 128), (1000, 32))
BEFOREHAND = ("OneHot", "Log1p")  # the last steps of what a network computes from sequences without any weight


Epoch = Callable[[], object]


class Case(NamedTuple):
    """One architecture with its settings on sequences of one length."""

    family: Architecture
    config: Any
    length: int
    batch: int
    x: np.ndarray
    y: np.ndarray


def main() -> None:
    """Prints sequences per second and their ratios for each architecture, length and batch size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="names of architectures; all by default")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a hyperparameter of those named, for instance cell=gru"
    )
    options = parser.parse_args()
    only, settings = options.only, hyper.parse(options.set)
    python = _torch()
    rows, ratios = [], {"fit": [], "torch": []}
    for family in ARCHITECTURES.values():
        if only and family.name not in only:
            continue
        for length, batch in CASES:
            case = _case(family, length, batch, settings)
            ours, fit, *torch = _race(case, python)
            ratios["fit"].append(ours / fit)
            ratios["torch"] += [ours / other for other in torch]
            row = [family.name, length, batch, ours, fit, ours / fit, *(cell for other in torch for cell in (other, ours / other))]
            rows.append(row)
            print(*row, file=sys.stderr, flush=True)
    header = ["architecture", "bp", "batch", "genomics", "keras fit, float32", "ratio", *(("PyTorch loop", "ratio") if python else ())]
    table.show(f"Training, sequences per second ({precision.choose('auto')} here)", header, rows)
    for name, found in ratios.items():
        if found:
            mean = exp(sum(map(log, found)) / len(found))
            print(f"against {name}: geometric mean of the ratios {mean:.2f}, least {min(found):.2f}")
    if not python:
        print("PyTorch was left out: name a Python that has torch in BENCH_TORCH.")


def _torch() -> str:
    """A Python that has torch; empty without one."""
    named = os.environ.get("BENCH_TORCH", "")
    return named or (sys.executable if importlib.util.find_spec("torch") else "")


def _case(family: Architecture, length: int, batch: int, settings: dict[str, str]) -> Case:
    rng = np.random.default_rng(0)
    layout, count = Layout(length, "left"), max(batch * 16, 1024)
    codes = rng.integers(0, 4, (count, length)).astype(np.uint8)
    names = [spec.name for spec in hyper.specs(family.Config)]
    suggested = {name: value for name, value in family.suggest(RECORDS, layout).items() if name in names}
    config = hyper.make(family.Config, {**suggested, **settings})
    name, size = family.encoding(config)
    offsets = np.arange(count + 1, dtype=np.int64) * length
    x = ENCODINGS[name].encode(codes.ravel(), offsets, layout, size)
    return Case(family, config, length, batch, x, rng.integers(0, 2, count).astype(np.float32))


def _ours(case: Case) -> Epoch:
    """Our way through one epoch."""
    precision.choose("auto", case.family.precision)
    model = case.family.build(case.config, case.x.shape[1:], 1)
    loop = Loop(model, "binary", Part(case.x, case.y, np.ones(len(case.y), np.float32)), Fit(batch_size=case.batch))
    order = np.arange(len(case.x))
    return lambda: loop.run(order, 0, loop.steps)


def _fit(model: keras.Model, arrays: list[np.ndarray], case: Case) -> Epoch:
    """Keras' own."""
    model.compile(keras.optimizers.AdamW(1e-3), keras.losses.BinaryCrossentropy(from_logits=True), metrics=["accuracy"], jit_compile=False)
    return lambda: model.fit(arrays, case.y, batch_size=case.batch, verbose=0)


def _race(case: Case, python: str) -> list[float]:
    """Sequences per second of ours, of `fit`, and of PyTorch where there is one: of the fastest epoch each, the least disturbed."""
    ours = _ours(case)
    ours()  # traced in its own precision
    keras.config.set_dtype_policy("float32")
    model = case.family.build(case.config, case.x.shape[1:], 1)
    inputs = _beforehand(model)
    arrays = [np.concatenate(values).astype(np.float32) for values in _computed(model, inputs, case.x)]
    trained = keras.Model(inputs, model.output)
    parameters = trained.count_params()
    if parameters != model.count_params():
        raise AssertionError(f"what is computed beforehand in {case.family.name} has weights")
    fit = _fit(trained, arrays, case)
    fit()
    took: dict[Epoch, list[float]] = {ours: [], fit: []}
    while any(sum(seconds) < SECONDS for seconds in took.values()):
        for epoch, seconds in took.items():  # in turn, so that both meet the same disturbance
            began = time.perf_counter()
            epoch()
            seconds.append(time.perf_counter() - began)
    fastest = [len(case.y) / min(seconds) for seconds in took.values()]
    return [*fastest, _pytorch(python, parameters, arrays, case)] if python else fastest


def _beforehand(model: keras.Model) -> list[Any]:
    """The tensors that can be computed once: numbers of words before their vectors, one-hot, relative counts."""
    words = [layer.input for layer in model.layers if isinstance(layer, keras.layers.Embedding)]
    return words or [step.output for step in model.operations if type(step).__name__ in BEFOREHAND]


def _computed(model: keras.Model, inputs: list[Any], x: np.ndarray) -> list[list[np.ndarray]]:
    first = keras.Model(model.input, inputs)
    pieces = [keras.tree.flatten(first(x[at : at + 256])) for at in range(0, len(x), 256)]
    return [[np.asarray(piece[number]) for piece in pieces] for number in range(len(inputs))]


def _pytorch(python: str, parameters: int, arrays: list[np.ndarray], case: Case) -> float:
    asked = {"architecture": case.family.name, "config": hyper.to_json(case.config), "length": case.length, "batch": case.batch}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "arrays.npz"
        np.savez(path, y=case.y, **{f"x{number}": values for number, values in enumerate(arrays)})
        line = json.dumps(asked | {"arrays": str(path), "seconds": SECONDS})
        script = Path(__file__).with_name("pytorch.py")
        done = subprocess.run([python, str(script)], input=line, stdout=subprocess.PIPE, text=True, check=True)
    answer = json.loads(done.stdout)
    if answer["parameters"] != parameters:
        raise AssertionError(f"PyTorch's {case.family.name} has {answer['parameters']} weights, Keras' {parameters}")
    return float(answer["throughput"])


if __name__ == "__main__":
    main()
