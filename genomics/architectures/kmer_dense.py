"""How often each word stands in the whole sequence, read by dense layers: a bag of words, order left aside."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genomics import hyper
from genomics.architectures import drawing, inputs, pieces, suggesting
from genomics.architectures.drawing import Layer
from genomics.architectures.kind import Architecture
from genomics.errors import SettingError
from genomics.sequences import Layout

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Hyperparameters of `kmer_dense`."""

    word_length: int = hyper.integer(
        4, 1, 7, unit="bp", help="Bases in the words that are counted. Longer words need more or longer sequences."
    )
    units: int = hyper.integer(128, 4, 1024, step=4, log=True, help="Units of each layer.")
    layers: int = hyper.integer(1, 1, 4, help="How many layers combine the counts.")
    dropout: float = pieces.dropout(0.5)


def check(config: Config, layout: Layout) -> None:
    """Refuses words longer than the sequence."""
    if config.word_length > layout.length:
        raise SettingError(
            f"word_length = {config.word_length} is longer than the sequences ({layout.length} bp). Choose at most {layout.length}."
        )


def build(config: Config, shape: tuple[int, ...], outputs: int) -> "keras.Model":
    """Builds the network; its output is linear."""
    from keras import Model, layers

    counts, x = inputs.counts_of(shape)
    for number in range(1, config.layers + 1):
        x = layers.Dense(config.units, activation="leaky_relu", name=f"dense_{number}")(x)
        x = layers.Dropout(config.dropout)(x)
    return Model(counts, layers.Dense(outputs, dtype="float32", name="output")(x), name="kmer_dense")


def draw(config: Config, layout: Layout, outputs: int) -> list[Layer]:
    """The layers from input to output, for the picture beside the controls."""
    words = 4**config.word_length
    drawn = [Layer("input", f"{config.word_length}-mer counts", (words,), held=2 * words)]
    for _ in range(config.layers):
        drawn.append(drawing.dropped(drawing.dense(drawn[-1], config.units)))
    return [*drawn, drawing.dense(drawn[-1], outputs, "Output")]


def suggest(records: int, layout: Layout) -> dict[str, Any]:
    """Shorter words for few or short sequences, longer ones where there are thousands of bases to count."""
    few = records < suggesting.FEW
    word = 3 if few or layout.length < 100 else 4 if layout.length < 500 else 5 if layout.length < 1_000 else 6
    settings = {**suggesting.training(records), "word_length": min(word, layout.length), "units": 64 if few else 128}
    return suggesting.differing(Config, settings)


ARCHITECTURE = Architecture(
    name="kmer_dense",
    title="K-mer counts",
    good_when="composition alone may decide, or as a baseline for other networks",
    reference="Lee 2011, doi 10.1101/gr.121905.111",
    Config=Config,
    encoding=lambda config: ("kmer_counts", config.word_length),
    build=build,
    check=check,
    layers=draw,
    suggest=suggest,
    rank=8,
)
