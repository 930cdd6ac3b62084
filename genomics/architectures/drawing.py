"""Layers as a person sees them before anything is built: shapes, parameters, work, memory and reach, without Keras.

Tests hold each drawing against the model that `build` really makes.
"""

from collections.abc import Sequence
from math import prod
from typing import NamedTuple

_STATES = {"lstm": 7, "gru": 8}  # numbers kept a step and unit while learning, measured with Keras' loops


class Layer(NamedTuple):
    """One block of the drawing.

    Attributes:
        kind: input, convolution, recurrent, attention, pooling, dense or joining; decides the colour.
        title: what it does, in few words.
        shape: of its output for one sequence.
        parameters: numbers that are learned.
        work: multiplications for one sequence.
        reach: bases that one position of its output depends on; 0 for all of them.
        held: numbers kept in memory for one sequence while it learns.
        step: bases between two neighbouring positions of its output.
        branch: 0 on the trunk; 1, 2, ... where several branches read the same input, until they are joined.
    """

    kind: str
    title: str
    shape: tuple[int, ...]
    parameters: int = 0
    work: int = 0
    reach: int = 0
    held: int = 0
    step: int = 1
    branch: int = 0


def convolution(before: Layer, filters: int, size: int, dilation: int = 1, title: str = "") -> Layer:
    """A "same" convolution over one or two dimensions; `dilation` bases apart."""
    *place, channels = before.shape
    window = size ** len(place)
    title = title or f"{filters} filters of {' × '.join([str(size)] * len(place))}"
    shape = (*place, filters)
    return Layer(
        "convolution",
        title,
        shape,
        (window * channels + 1) * filters,
        prod(place) * window * channels * filters,
        before.reach and before.reach + (size - 1) * dilation * before.step,
        prod(shape),
        before.step,
        before.branch,
    )


def pooling(before: Layer, size: int) -> Layer:
    """The largest of `size` neighbours in each dimension."""
    *place, channels = before.shape
    title = f"Max pooling ({' × '.join([str(size)] * len(place))})"
    shape = (*(side // size for side in place), channels)
    reach = before.reach and before.reach + (size - 1) * before.step
    return Layer("pooling", title, shape, reach=reach, held=prod(shape), step=before.step * size, branch=before.branch)


def averaging(before: Layer, size: int) -> Layer:
    """The mean of `size` neighbours; what is left at the end counts as one more."""
    steps, channels = before.shape
    shape = (-(-steps // size), channels)
    reach = before.reach and before.reach + (size - 1) * before.step
    return Layer("pooling", f"Average pooling ({size})", shape, reach=reach, held=prod(shape), step=before.step * size)


def recurrent(before: Layer, cell: str, units: int) -> Layer:
    """An LSTM or GRU in both directions; GRU has two biases a gate, as in Keras."""
    steps, channels = before.shape
    gates, biases = (4, 1) if cell == "lstm" else (3, 2)
    parameters = 2 * gates * units * (channels + units + biases)
    held = 2 * steps * (_STATES[cell] * units + channels)
    title, shape = f"Bidirectional {cell.upper()}", (steps, 2 * units)
    return Layer("recurrent", title, shape, parameters, steps * parameters, held=held, step=before.step)


def attention(before: Layer, heads: int, size: int) -> Layer:
    """Each position looks at all others, `heads` times, by queries, keys and values of `size` numbers; the answer is added."""
    steps, channels = before.shape
    width = heads * size
    parameters = 3 * (channels + 1) * width + (width + 1) * channels
    work = 4 * steps * channels * width + 2 * steps**2 * width
    held = 3 * heads * steps**2 // 2 + steps * (8 * width + 2 * channels)
    title = f"Attention, {heads} head{'s' if heads > 1 else ''}"
    return Layer("attention", title, before.shape, parameters, work, held=held, step=before.step)


def feed_forward(before: Layer, units: int) -> Layer:
    """Two dense layers at each position by itself; the answer is added."""
    steps, channels = before.shape
    parameters = (channels + 1) * units + (units + 1) * channels
    work = 2 * steps * channels * units
    return Layer("dense", "Dense at each position", before.shape, parameters, work, held=steps * (units + 2 * channels), step=before.step)


def dense(before: Layer, units: int, title: str = "Dense layer") -> Layer:
    """A fully connected layer on a flat input."""
    width = prod(before.shape)
    return Layer("dense", title, (units,), (width + 1) * units, width * units, held=units)


def summary(before: Layer, head: str, regions: int = 0) -> Layer:
    """How the positions become one row of numbers: see `pieces.summary`; `regions` is their number in the end."""
    length, channels = before.shape
    if head == "flatten":
        return flat(before)
    if head == "attention":
        parameters = (channels + 1) * channels + channels + 1
        held = 2 * length * channels + 3 * length
        return Layer("attention", "Attention pooling", (channels,), parameters, length * channels * (channels + 2), held=held)
    title, width = {
        "regions": (f"Max pooling over {regions} regions and overall", (regions + 1) * channels),
        "global_max": ("Global max pooling", channels),
        "global_average": ("Global average pooling", channels),
        "mean_max_ends": ("Mean, maximum and both ends", 4 * channels),
    }[head]
    return Layer("pooling", title, (width,), held=width, branch=before.branch)


def answer(before: Layer, units: int, outputs: int) -> list[Layer]:
    """The last layers, as `pieces.answer` builds them: `units` that combine (none where 0), and the output."""
    combined = [dropped(dense(before, units))] if units else []
    return [*combined, dense([before, *combined][-1], outputs, "Output")]


def counting(length: int, size: int) -> Layer:
    """Counts of all words, made inside the model."""
    return Layer("input", f"{size}-mer counts", (4**size,), held=2 * 4**size + 2 * length)


def flat(before: Layer) -> Layer:
    """All numbers in one row."""
    return Layer("pooling", "Flatten", (prod(before.shape),), branch=before.branch)


def joining(branches: Sequence[Layer], title: str = "Concatenate") -> Layer:
    """Flat branches side by side."""
    width = sum(prod(layer.shape) for layer in branches)
    return Layer("joining", title, (width,), held=width)


def normalised(layer: Layer, channels: int) -> Layer:
    """The same layer with a normalisation of `channels` numbers before it, which learns a scale and a shift of each."""
    return layer._replace(parameters=layer.parameters + 2 * channels, held=layer.held + prod(layer.shape))


def dropped(layer: Layer) -> Layer:
    """The same layer with dropout after it, which keeps the values a second time."""
    return layer._replace(held=layer.held + prod(layer.shape))
