"""Layers as a person sees them before anything is built: shapes, parameters and work, without Keras.

Tests hold each drawing against the model that `build` really makes.
"""

from math import prod
from typing import NamedTuple


class Layer(NamedTuple):
    """One block of the drawing.

    Attributes:
        kind: input, convolution, recurrent, pooling or dense; decides the colour.
        title: what it does, in few words.
        shape: of its output for one sequence.
        parameters: numbers that are learned.
        work: multiplications for one sequence.
    """

    kind: str
    title: str
    shape: tuple[int, ...]
    parameters: int = 0
    work: int = 0


def convolution(before: Layer, filters: int, size: int) -> Layer:
    """A "same" convolution over one or two dimensions."""
    *place, channels = before.shape
    window = size ** len(place)
    title = f"{filters} filters of {' × '.join([str(size)] * len(place))}"
    return Layer("convolution", title, (*place, filters), (window * channels + 1) * filters, prod(place) * window * channels * filters)


def pooling(before: Layer, size: int) -> Layer:
    """The largest of `size` neighbours in each dimension."""
    *place, channels = before.shape
    title = f"Largest of {' × '.join([str(size)] * len(place))}"
    return Layer("pooling", title, (*(side // size for side in place), channels))


def recurrent(before: Layer, cell: str, units: int) -> Layer:
    """An LSTM or GRU in both directions; GRU has two biases a gate, as in Keras."""
    steps, channels = before.shape
    gates, biases = (4, 1) if cell == "lstm" else (3, 2)
    parameters = 2 * gates * units * (channels + units + biases)
    return Layer("recurrent", f"{cell.upper()} both ways", (steps, 2 * units), parameters, steps * parameters)


def dense(before: Layer, units: int, title: str = "Combine") -> Layer:
    """A fully connected layer on a flat input."""
    width = prod(before.shape)
    return Layer("dense", title, (units,), (width + 1) * units, width * units)
