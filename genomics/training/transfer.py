"""Beginning from an earlier run: which layers are taken over, and which of them stay as they are."""

from pathlib import Path
from typing import Any, NamedTuple

import keras

from genomics import runs
from genomics.errors import RunError, SettingError

FILTERS, OUTPUT = "conv_1", "output"


class Taken(NamedTuple):
    """How many layers were taken over, of how many with weights, and that as a sentence."""

    layers: int
    of: int
    said: str


def begin_from(model: keras.Model, folder: Path, architecture: str) -> Taken:
    """Copies weights from an earlier run, layer by layer, where name and shape agree.

    Args:
        model: of this run; changed in place.
        folder: of the earlier run.
        architecture: of this run. Of another one only the first layer's filters are taken.

    Raises:
        RunError: the earlier run is gone, or has no network.
        SettingError: no layer fits.
    """
    if not (folder / "run.json").exists():
        raise RunError(f'The run "{folder.name}" to begin from does not exist here. Choose another, or begin afresh.')
    earlier = runs.asked(folder)
    if not (folder / "model.keras").exists():
        raise RunError(f'The run "{folder.name}" has no trained network to begin from. Let it finish first.')
    source = {layer.name: layer for layer in keras.models.load_model(folder / "model.keras", compile=False).layers}
    same = earlier["architecture"] == architecture
    layers = _weighted(model)
    fitting = [layer for layer in layers if (same or layer.name == FILTERS) and _agree(layer, source.get(layer.name))]
    if not fitting:
        raise SettingError(
            f'No layer of the run "{folder.name}" ({earlier["architecture"]}) fits this network: take the same architecture with the same sizes, '
            "or begin afresh."
        )
    for layer in fitting:
        for weight, value in zip(layer.weights, source[layer.name].weights, strict=True):
            weight.assign(value)
    left = [layer.name for layer in layers if layer not in fitting]
    rest = f"; new: {', '.join(left[:4])}{' and others' if len(left) > 4 else ''}" if left else ""
    said = f'It begins from the run "{folder.name}": {len(fitting)} of {len(layers)} layers are taken over{rest}.'
    return Taken(len(fitting), len(layers), said)


def freeze(model: keras.Model, what: str) -> None:
    """Keeps layers as they are: "filters" the first one with weights, "all_but_output" all but the last, "nothing" none."""
    layers = _weighted(model)
    for layer in {"nothing": [], "filters": layers[:1], "all_but_output": [some for some in layers if some.name != OUTPUT]}[what]:
        layer.trainable = False


def _weighted(model: keras.Model) -> list[Any]:
    return [layer for layer in model.layers if layer.weights]


def _agree(layer: Any, other: Any) -> bool:
    return other is not None and [weight.shape for weight in layer.weights] == [weight.shape for weight in other.weights]
