"""A network with a memory that reads the sequence base by base, from both ends."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genomics import hyper
from genomics.architectures.drawing import Layer, dense, recurrent
from genomics.architectures.inputs import one_hot
from genomics.architectures.kind import Architecture
from genomics.errors import SettingError
from genomics.sequences import Layout

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Hyperparameters of `rnn`."""

    cell: str = hyper.choice("lstm", ("lstm", "gru"), help="The kind of memory: LSTM remembers longer, GRU is simpler.")
    input: str = hyper.choice(
        "kmers", ("one_hot", "kmers"), help="What it reads at each step: one base, or a word of k bases that has a learned vector."
    )
    word_length: int = hyper.integer(
        4, 2, 6, unit="bp", when=("input", ("kmers",)), help="Bases in a word. Longer words need more sequences."
    )
    embedding: int = hyper.integer(
        32, 2, 256, log=True, advanced=True, when=("input", ("kmers",)), help="How many numbers stand for a word."
    )
    units: int = hyper.integer(32, 2, 256, log=True, help="Size of the memory in each direction.")
    layers: int = hyper.integer(1, 1, 3, help="Memories stacked on top of each other.")
    stride: int = hyper.integer(1, 1, 10, unit="bp", advanced=True, help="Reads every n-th step only: faster on long sequences.")
    dropout: float = hyper.real(
        0.4, 0.0, 0.8, step=0.05, help="Share of values hidden at random while it learns, against learning by heart."
    )


def _word(config: Config) -> int:
    return config.word_length if config.input == "kmers" else 1


def check(config: Config, layout: Layout) -> None:
    """Refuses words longer than the sequence."""
    if _word(config) > layout.length:
        raise SettingError(f"word_length = {config.word_length} is longer than the sequences ({layout.length} bp).")


def build(config: Config, shape: tuple[int, ...], outputs: int) -> "keras.Model":
    """Builds the network; its output is linear. The states of all steps are joined by their mean and their largest."""
    import keras
    from keras import layers, ops

    if config.input == "kmers":
        inputs = keras.Input(shape, dtype="uint16", name="words")
        x = layers.Embedding(4**config.word_length + 1, config.embedding, name="embedding")(inputs)
        x = layers.Dropout(config.dropout / 2)(x)
    else:
        inputs, x = one_hot(shape[0])
    if config.stride > 1:
        x = layers.AveragePooling1D(config.stride, padding="same")(x)
    cell = layers.LSTM if config.cell == "lstm" else layers.GRU
    for number in range(config.layers):
        x = layers.Bidirectional(cell(config.units, return_sequences=True), name=f"{config.cell}_{number + 1}")(x)
        x = layers.Dropout(config.dropout)(x)
    x = layers.Concatenate()([layers.GlobalAveragePooling1D()(x), layers.GlobalMaxPooling1D()(x), x[:, 0], x[:, -1]])
    return keras.Model(inputs, layers.Dense(outputs, dtype="float32", name="output")(ops.cast(x, "float32")), name="rnn")


def draw(config: Config, layout: Layout, outputs: int) -> list[Layer]:
    """The layers from input to output, for the picture beside the controls."""
    steps = layout.length - _word(config) + 1
    if config.input == "kmers":
        words = 4**config.word_length
        drawn = [Layer("input", f"Words of {config.word_length}", (steps, config.embedding), (words + 1) * config.embedding)]
    else:
        drawn = [Layer("input", "One-hot", (steps, 4))]
    if config.stride > 1:
        drawn.append(Layer("pooling", f"Mean of {config.stride}", (-(-steps // config.stride), drawn[-1].shape[1])))
    for _ in range(config.layers):
        drawn.append(recurrent(drawn[-1], config.cell, config.units))
    drawn.append(Layer("pooling", "Mean, largest, both ends", (8 * config.units,)))
    return [*drawn, dense(drawn[-1], outputs, "Output")]


ARCHITECTURE = Architecture(
    name="rnn",
    title="Recurrent network",
    good_when="the order and spacing along the sequence decides",
    reference="Hochreiter 1997, doi 10.1162/neco.1997.9.8.1735; Quang 2016, doi 10.1093/nar/gkw226",
    Config=Config,
    encoding=lambda config: ("kmer_tokens", config.word_length) if config.input == "kmers" else ("one_hot", 0),
    build=build,
    check=check,
    layers=draw,
    rank=3,
    precision="float32",  # measured: small matrix products in a long loop are 1.2 times slower in bfloat16
)
