"""What a trained predictor says about sequences: probabilities by class or label, or numbers."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from genomics import disk
from genomics.dataset import Dataset
from genomics.encoding import ENCODINGS
from genomics.errors import RunError
from genomics.inputs import encode
from genomics.labelling import SEPARATOR
from genomics.recipe import Recipe
from genomics.recipe import predictor as architecture
from genomics.sequences import other_strand

if TYPE_CHECKING:
    import keras

Array = NDArray[Any]
Answer = Callable[[Array], Any]
Scale = tuple[tuple[float, ...], tuple[float, ...]]

_MOST = 512  # sequences at a time
_HELD = 64_000_000  # numbers that all layers may hold at a time, so that long sequences do not need gigabytes
_LARGEST = 80.0  # the logarithm of a rate; more is no answer any more


class Predictor(NamedTuple):
    """A saved network with what is needed to use it.

    Attributes:
        model: linear outputs, (n, outputs).
        recipe: how sequences are prepared, and the task.
        classes: names of the classes, or of the labels where a record may have several; empty for numbers.
        scale: means and standard deviations of the targets, one of each a target.
        outputs: names of the targets where there are several; empty for one.
        link: what the model's numbers are: the scaled targets ("identity") or the logarithm of a rate ("log").
        both_strands: whether the answer is the mean over a sequence and its reverse complement, taken before probabilities
            are made of it.
    """

    model: "keras.Model"
    recipe: Recipe
    classes: tuple[str, ...]
    scale: Scale = ((0.0,), (1.0,))
    outputs: tuple[str, ...] = ()
    link: str = "identity"
    both_strands: bool = False


def predict(predictor: Predictor, dataset: Dataset, index: NDArray[np.intp], answer: Answer | None = None) -> NDArray[np.float64]:
    """Predictions for some records, by a network that is compiled for them, or by `answer`, one that is compiled already.

    Returns:
        Two or more classes: probabilities (n, classes), rows summing to 1. Several labels: a probability of each, (n, labels).
        Numbers: (n,), or (n, targets) where there are several, in the targets' own unit.

    Raises:
        RunError: the network has grown beyond what a number can hold.
    """
    linear = _linear(predictor, answer or _answering(predictor.model), dataset, index)
    too_large = predictor.link == "log" and linear.max(initial=0.0) > _LARGEST
    if not np.isfinite(linear).all() or too_large:
        raise RunError("The network's answers are no numbers any more: training fell apart. Lower the learning rate and start again.")
    if predictor.recipe.task == "multilabel":
        return (1 + np.tanh(linear / 2)) / 2  # the logistic function, which overflows nowhere when written so
    if not predictor.classes:
        numbers = np.exp(linear) if predictor.link == "log" else linear * np.array(predictor.scale[1]) + np.array(predictor.scale[0])
        return numbers if predictor.outputs else numbers[:, 0]
    if linear.shape[1] == 1:
        linear = np.concatenate([np.zeros_like(linear), linear], axis=1)
    raised = np.exp(linear - linear.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)


def predict_many(predictors: Sequence[Predictor], dataset: Dataset, index: NDArray[np.intp]) -> NDArray[np.float64]:
    """What an ensemble says: the mean of its members' probabilities or numbers, in the shape of `predict`.

    Raises:
        RunError: the members do not answer the same question.
    """
    first = predictors[0]
    for other in predictors[1:]:
        if (other.recipe.task, other.classes, other.outputs) != (first.recipe.task, first.classes, first.outputs):
            raise RunError("These runs cannot answer together: their classes or targets differ. Choose runs of one dataset.")
    answers = [_answering(member.model) for member in predictors]  # at once: one that took the place of another would seem traced anew
    together = [predict(member, dataset, index, answer) for member, answer in zip(predictors, answers, strict=True)]
    mean: NDArray[np.float64] = np.mean(together, axis=0)
    return mean


def compiled(predictor: Predictor) -> Predictor:
    """The same predictor, whose network is compiled once for all calls of `predict` rather than anew for each."""
    answer = _answering(predictor.model)
    return predictor._replace(model=lambda x, training=False: answer(x))


def save(predictor: Predictor, folder: Path) -> None:
    """Writes `model.keras` and `model.json`, each whole or not at all."""
    temporary = folder / ".model.tmp.keras"
    predictor.model.save(temporary)
    temporary.replace(folder / "model.keras")
    about = predictor._asdict()
    disk.write_json(folder / "model.json", {name: about[name] for name in ("classes", "scale", "outputs", "link", "both_strands")})


def load(folder: Path, recipe: Recipe) -> Predictor:
    """Reads a run's network.

    Raises:
        RunError: the run has none yet.
    """
    path = folder / "model.keras"
    if not path.exists():
        raise RunError(f'The run "{folder.name}" has no trained network yet. Let it finish, or resume it.')
    import keras

    about = disk.read_json(folder / "model.json")
    means, spreads = (tuple(np.atleast_1d(numbers).tolist()) for numbers in about["scale"])  # one number each in runs of before
    return Predictor(
        keras.models.load_model(path, compile=False),
        recipe,
        tuple(about["classes"]),
        (means, spreads),
        tuple(about.get("outputs", ())),
        about.get("link", "identity"),
        about.get("both_strands", False),
    )


def write_columns(path: Path, columns: dict[str, list[object]]) -> None:
    """Writes columns, as from `table`, as Parquet, whole or not at all."""
    with disk.replacing(path) as file:
        pq.write_table(pa.table(columns), file)


def table(
    predictor: Predictor, dataset: Dataset, index: NDArray[np.intp], part: str, predictions: NDArray[np.float64]
) -> dict[str, list[object]]:
    """One row a record, as columns: id, group if any, part, truth where known, prediction, a probability for each class or label.

    Several labels of a record stand in one text, "a;b"; of several targets each has its own columns, "truth NAME" and
    "prediction NAME".
    """
    columns: dict[str, list[object]] = {"id": [dataset.ids[i] for i in index]}
    if dataset.groups is not None:
        columns["group"] = [dataset.group_names[number] for number in dataset.groups[index]]
    columns["part"] = [part] * len(index)
    if not predictor.classes:
        return columns | _numbers(predictor, None if dataset.targets is None else dataset.targets[index], predictions)
    names = np.array(predictor.classes, object)
    if predictor.recipe.task == "multilabel":
        if dataset.members is not None:
            columns["truth"] = _joined(np.array(dataset.classes, object), dataset.members[index] == 1)
        columns["prediction"] = _joined(names, predictions > 0.5)
    else:
        if dataset.labels is not None:
            columns["truth"] = [dataset.classes[label] for label in dataset.labels[index]]
        columns["prediction"] = list(names[predictions.argmax(1)])
    return columns | {f"probability {name}": predictions[:, number].tolist() for number, name in enumerate(predictor.classes)}


def _numbers(predictor: Predictor, truth: Array | None, predictions: NDArray[np.float64]) -> dict[str, list[object]]:
    said: dict[str, list[object]] = {}
    for kind, numbers in (("truth", truth), ("prediction", predictions)):
        if numbers is not None:
            names = [f"{kind} {name}" for name in predictor.outputs] or [kind]
            said |= zip(names, np.atleast_2d(numbers.T).tolist(), strict=True)
    return said


def _joined(names: Array, has: NDArray[np.bool_]) -> list[object]:
    return [SEPARATOR.join(names[row]) for row in has]


def _linear(predictor: Predictor, answer: Answer, dataset: Dataset, index: NDArray[np.intp]) -> NDArray[np.float64]:
    """The model's own numbers, (n, outputs)."""
    lot = _lot(predictor)
    lots = []
    for at in range(0, len(index), lot):
        x = encode(predictor.recipe, dataset, index[at : at + lot])
        said = np.asarray(answer(x), np.float64)
        if predictor.both_strands:
            said = (said + np.asarray(answer(_other_strand(predictor.recipe, x)), np.float64)) / 2
        lots.append(said)
    return np.concatenate(lots) if lots else np.zeros((0, max(len(predictor.outputs), len(predictor.classes), 1)))


def _answering(model: "keras.Model") -> Answer:
    """The model compiled for lots of any size: a recurrence would otherwise be stepped through in Python."""
    import keras
    import tensorflow as tf

    if not isinstance(model, keras.Model):
        return lambda x: model(x, training=False)
    (given,) = model.inputs
    signature = tf.TensorSpec((None, *given.shape[1:]), given.dtype)
    return tf.function(lambda x: model(x, training=False), input_signature=[signature], jit_compile=False, autograph=False)


def _lot(predictor: Predictor) -> int:
    """How many sequences to look at together."""
    recipe, outputs = predictor.recipe, len(predictor.outputs) or len(predictor.classes) or 1
    held = sum(layer.held for layer in architecture(recipe.architecture).layers(recipe.config, recipe.layout, outputs))
    return int(np.clip(_HELD // max(held, 1), 1, _MOST))


def _other_strand(recipe: Recipe, x: Array) -> Array:
    """Encoded sequences as their reverse complements would be encoded once they were laid out."""
    name, size = architecture(recipe.architecture).encoding(recipe.config)
    reverse = ENCODINGS[name].reverse
    if reverse is None:
        return other_strand(x, recipe.layout.anchor)
    return x.reshape(len(x), -1)[:, reverse(size)].reshape(x.shape)
