"""What a trained predictor says about sequences: probabilities by class, or numbers."""

from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from genomics import runs
from genomics.dataset import Dataset
from genomics.errors import RunError
from genomics.inputs import encode
from genomics.recipe import Recipe

_BATCH = 512


class Predictor(NamedTuple):
    """A saved network with what is needed to use it.

    Attributes:
        model: linear outputs.
        recipe: how sequences are prepared.
        classes: names; empty for regression.
        scale: mean and standard deviation of regression targets.
    """

    model: keras.Model
    recipe: Recipe
    classes: tuple[str, ...]
    scale: tuple[float, float]


def predict(predictor: Predictor, dataset: Dataset, index: NDArray[np.intp]) -> NDArray[np.float64]:
    """Predictions for some records.

    Returns:
        Probabilities (n, classes), rows summing to 1; or numbers (n,) in the targets' own unit.

    Raises:
        RunError: the network has grown beyond what a number can hold.
    """
    outputs = []
    for at in range(0, len(index), _BATCH):
        x = encode(predictor.recipe, dataset, index[at : at + _BATCH])
        outputs.append(np.asarray(predictor.model(x, training=False), np.float64))
    linear = np.concatenate(outputs) if outputs else np.zeros((0, 1))
    if not np.isfinite(linear).all():
        raise RunError("The network's answers are no numbers any more: training fell apart. Lower the learning rate and start again.")
    if not predictor.classes:
        return linear[:, 0] * predictor.scale[1] + predictor.scale[0]
    if linear.shape[1] == 1:
        linear = np.concatenate([np.zeros_like(linear), linear], axis=1)
    raised = np.exp(linear - linear.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)


def save(predictor: Predictor, folder: Path) -> None:
    """Writes `model.keras`, whole or not at all."""
    temporary = folder / ".model.tmp.keras"
    predictor.model.save(temporary)
    temporary.replace(folder / "model.keras")
    runs.write_json(folder / "model.json", {"classes": predictor.classes, "scale": predictor.scale})


def load(folder: Path, recipe: Recipe) -> Predictor:
    """Reads a run's network.

    Raises:
        RunError: the run has none yet.
    """
    path = folder / "model.keras"
    if not path.exists():
        raise RunError(f'The run "{folder.name}" has no trained network yet. Let it finish, or resume it.')
    about = runs.read_json(folder / "model.json")
    return Predictor(keras.models.load_model(path, compile=False), recipe, tuple(about["classes"]), tuple(about["scale"]))


def write_columns(path: Path, columns: dict[str, list[object]]) -> None:
    """Writes columns, as from `table`, as Parquet, whole or not at all."""
    with runs.replacing(path) as file:
        pq.write_table(pa.table(columns), file)


def table(
    dataset: Dataset, index: NDArray[np.intp], part: str, predictions: NDArray[np.float64], classes: tuple[str, ...]
) -> dict[str, list[object]]:
    """One row a record: id, part, truth where known, prediction, and a probability for each class; as columns."""
    columns: dict[str, list[object]] = {"id": [dataset.ids[i] for i in index], "part": [part] * len(index)}
    if not classes:
        if dataset.targets is not None:
            columns["truth"] = dataset.targets[index].tolist()
        return {**columns, "prediction": predictions.tolist()}
    if dataset.labels is not None:
        columns["truth"] = [dataset.classes[label] for label in dataset.labels[index]]
    columns["prediction"] = [classes[winner] for winner in predictions.argmax(1)]
    for number, name in enumerate(classes):
        columns[f"probability {name}"] = predictions[:, number].tolist()
    return columns
