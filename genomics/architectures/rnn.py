"""A network with a memory that reads the sequence base by base, from both ends."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genomics import hyper
from genomics.architectures import drawing, inputs, pieces, suggesting
from genomics.architectures.drawing import Layer
from genomics.architectures.kind import Architecture
from genomics.sequences import Layout

if TYPE_CHECKING:
    import keras

_STEPS = 400  # steps of memory that are quick enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Hyperparameters of `rnn`."""

    cell: str = hyper.choice("lstm", ("lstm", "gru"), help="The kind of memory: LSTM remembers longer, GRU is simpler.")
    input: str = inputs.source("kmers")
    word_length: int = inputs.word_length()
    embedding: int = inputs.embedding()
    units: int = hyper.integer(32, 2, 256, log=True, help="Size of the memory in each direction.")
    layers: int = hyper.integer(1, 1, 3, help="Memories stacked on top of each other.")
    summary: str = pieces.states()
    stride: int = hyper.integer(
        1, 1, 64, unit="bp", advanced=True, help="Takes the mean of n steps and reads that: faster on long sequences."
    )
    dropout: float = pieces.dropout(0.4)


def check(config: Config, layout: Layout) -> None:
    """Refuses words longer than the sequence."""
    inputs.check(config, layout)


def build(config: Config, shape: tuple[int, ...], outputs: int) -> "keras.Model":
    """Builds the network; its output is linear."""
    from keras import Model, layers

    codes, x = inputs.read(config, shape)
    if config.input == "kmers":
        x = layers.Dropout(config.dropout / 2)(x)
    if config.stride > 1:
        x = layers.AveragePooling1D(config.stride, padding="same")(x)
    x = pieces.memories(x, config.cell, config.units, config.layers, config.dropout)
    return Model(codes, layers.Dense(outputs, dtype="float32", name="output")(pieces.summary(x, config.summary)), name="rnn")


def draw(config: Config, layout: Layout, outputs: int) -> list[Layer]:
    """The layers from input to output, for the picture beside the controls."""
    drawn = [drawing.dropped(layer) for layer in inputs.drawn(config, layout)]
    if config.stride > 1:
        drawn.append(drawing.averaging(drawn[-1], config.stride))
    for _ in range(config.layers):
        drawn.append(drawing.dropped(drawing.recurrent(drawn[-1], config.cell, config.units)))
    drawn.append(drawing.summary(drawn[-1], config.summary))
    return [*drawn, drawing.dense(drawn[-1], outputs, "Output")]


def suggest(records: int, layout: Layout) -> dict[str, Any]:
    """Shorter words and a smaller memory for few sequences; a stride for long ones."""
    few = records < suggesting.FEW
    settings = {
        **suggesting.training(records),
        "word_length": max(2, min(3 if few else 4, layout.length)),
        "embedding": 16 if few else 32,
        "units": 16 if few else 32,
        "stride": min(64, -(-layout.length // _STEPS)),
    }
    return suggesting.differing(Config, settings)


ARCHITECTURE = Architecture(
    name="rnn",
    title="Recurrent network",
    good_when="the order and spacing along the sequence decides",
    reference="Hochreiter 1997, doi 10.1162/neco.1997.9.8.1735; Bahdanau 2015, arXiv 1409.0473 (attention)",
    Config=Config,
    encoding=inputs.encoding,
    build=build,
    check=check,
    layers=draw,
    suggest=suggest,
    rank=3,
    precision="float32",  # measured: small matrix products in a long loop are 1.2 times slower in bfloat16
    longest=2_000,
)
