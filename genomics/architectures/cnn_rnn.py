"""Convolutions that find patterns, and a memory that reads their order, as in DanQ.

Smaller than DanQ (320 filters of 26, an LSTM of 320), and the states are summed up instead of all being kept.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genomics import hyper
from genomics.architectures import drawing, inputs, pieces, suggesting
from genomics.architectures.drawing import Layer
from genomics.architectures.kind import Architecture
from genomics.sequences import Layout

if TYPE_CHECKING:
    import keras

_STEPS = 250  # steps of memory that are quick enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Hyperparameters of `cnn_rnn`."""

    filters: int = hyper.integer(64, 4, 512, step=4, log=True, help="How many different patterns it looks for.")
    kernel_size: int = hyper.integer(15, 2, 41, unit="bp", help="How many neighbouring bases one filter reads at once.")
    pool_size: int = hyper.integer(
        4,
        1,
        128,
        log=True,
        unit="positions",
        help="How many neighbouring positions are summed up as their largest value before the memory.",
    )
    cell: str = hyper.choice("lstm", ("lstm", "gru"), help="The kind of memory: LSTM remembers longer, GRU is simpler.")
    units: int = hyper.integer(32, 2, 256, log=True, help="Size of the memory in each direction.")
    layers: int = hyper.integer(1, 1, 3, advanced=True, help="Memories stacked on top of each other.")
    summary: str = pieces.states()
    dense: int = pieces.combining(0)
    dropout: float = pieces.dropout(0.3)
    input: str = inputs.source(advanced=True)
    word_length: int = inputs.word_length()
    embedding: int = inputs.embedding()


def check(config: Config, layout: Layout) -> None:
    """Refuses kernels wider than the sequence, and pooling to nothing."""
    inputs.check(config, layout, "kernel_size", "pool_size")


def build(config: Config, shape: tuple[int, ...], outputs: int) -> "keras.Model":
    """Builds the network; its output is linear."""
    from keras import Model, layers

    codes, x = inputs.read(config, shape)
    x = layers.Conv1D(config.filters, config.kernel_size, padding="same", activation="relu", name="conv_1")(x)
    if config.pool_size > 1:
        x = layers.MaxPooling1D(config.pool_size)(x)
    x = pieces.memories(layers.Dropout(config.dropout / 2)(x), config.cell, config.units, config.layers, config.dropout)
    return Model(codes, pieces.answer(pieces.summary(x, config.summary), config.dense, config.dropout, outputs), name="cnn_rnn")


def draw(config: Config, layout: Layout, outputs: int) -> list[Layer]:
    """The layers from input to output, for the picture beside the controls."""
    drawn = inputs.drawn(config, layout)
    drawn.append(drawing.convolution(drawn[-1], config.filters, config.kernel_size))
    if config.pool_size > 1:
        drawn.append(drawing.pooling(drawn[-1], config.pool_size))
    drawn[-1] = drawing.dropped(drawn[-1])
    for _ in range(config.layers):
        drawn.append(drawing.dropped(drawing.recurrent(drawn[-1], config.cell, config.units)))
    drawn.append(drawing.summary(drawn[-1], config.summary))
    return [*drawn, *drawing.answer(drawn[-1], config.dense, outputs)]


def suggest(records: int, layout: Layout) -> dict[str, Any]:
    """Smaller for few sequences; more pooling for long ones, so that the memory has few steps to read."""
    few = records < suggesting.FEW
    pool_size, _ = suggesting.pools(layout.length, 4, 1, _STEPS, largest=128)
    settings = {
        **suggesting.training(records),
        "filters": 32 if few else 64,
        "kernel_size": max(2, suggesting.kernel(15, layout.length)),
        "pool_size": pool_size,
        "units": 16 if few else 32,
    }
    return suggesting.differing(Config, settings)


ARCHITECTURE = Architecture(
    name="cnn_rnn",
    title="Convolutional and recurrent network",
    good_when="patterns decide together with their order and distance",
    reference="Quang 2016 (DanQ), doi 10.1093/nar/gkw226",
    Config=Config,
    encoding=inputs.encoding,
    build=build,
    check=check,
    layers=draw,
    suggest=suggest,
    rank=4,
    precision="float32",
)
