"""Small datasets and runs, and waiting for a condition."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from genomics import dataset as datasets
from genomics import inputs, prediction, recipe, runs, sequences
from genomics.dataset import Dataset


def random_rows(n: int, length: int, seed: int = 0) -> np.ndarray:
    """uint8 (n, length), all bases equally frequent."""
    return np.random.default_rng(seed).integers(0, 4, (n, length)).astype(np.uint8)


def dataset_of(rows: Any, labels: Any = None, targets: Any = None, **more: Any) -> Dataset:
    """A dataset of code arrays, of unlike length or not; its task follows from what is given."""
    codes, offsets = sequences.flatten([np.asarray(row, np.uint8) for row in rows])
    classes: tuple[str, ...] = ()
    task = "unlabelled" if targets is None else "regression"
    if labels is not None:
        classes = tuple(f"class {number}" for number in range(int(max(labels)) + 1))
        task = "binary" if len(classes) == 2 else "multiclass"
    fields = {
        "name": "toy",
        "ids": tuple(f"s{number}" for number in range(len(offsets) - 1)),
        "task": task,
        "classes": classes,
        "labels": None if labels is None else np.asarray(labels, np.int32),
        "targets": None if targets is None else np.asarray(targets, np.float32),
    }
    return Dataset(codes=codes, offsets=offsets, **(fields | more))


def gc_classes(n: int, length: int = 24, seed: int = 0) -> Dataset:
    """Two classes that differ in their base composition: easy to learn, quick to train on."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    rows = [rng.choice(4, length, p=([0.15, 0.35, 0.35, 0.15] if label else [0.3, 0.2, 0.2, 0.3])) for label in labels]
    return dataset_of(rows, labels)


def run_of(root: Path, dataset: Dataset, architecture: str = "cnn", **plan: Any) -> Path:
    """A new run's folder, in a workspace that holds the dataset."""
    root.mkdir(parents=True, exist_ok=True)
    datasets.save(dataset, root)
    return runs.create(root, recipe.plan(dataset, architecture, **plan).to_json())


def with_network(folder: Path, dataset: Dataset) -> Path:
    """The run, with a network saved as it is before training."""
    asked = recipe.from_json(runs.asked(folder))
    model = recipe.predictor(asked.architecture).build(asked.config, inputs.shape(asked), recipe.outputs(dataset))
    classes = dataset.classes if dataset.task != "regression" else ()
    prediction.save(prediction.Predictor(model, asked, classes, outputs=dataset.target_names), folder)
    return folder


def wait_for(condition: Callable[[], Any], seconds: float = 60) -> Any:
    """What a condition gives as soon as it holds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"not within {seconds} s: {condition}")
