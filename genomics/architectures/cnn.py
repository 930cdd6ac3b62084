"""Convolutions that look for short patterns anywhere in the sequence, as in DeepBind and Basset."""

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

_POSITIONS = 256  # that rounds of pooling should leave at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Hyperparameters of `cnn`."""

    layers: int = hyper.integer(2, 1, 6, help="How many rounds of pattern finding. Later rounds find patterns of patterns.")
    filters: int = hyper.integer(128, 4, 512, step=4, log=True, help="How many different patterns each round looks for.")
    kernel_size: int = hyper.integer(
        9,
        2,
        41,
        unit="bp",
        help="How many neighbouring bases one filter of the first round reads at once. A transcription-factor site is 6 to 20.",
    )
    later_kernel_size: int = hyper.integer(
        7, 1, 21, advanced=True, help="How many neighbouring positions a filter of a later round reads at once."
    )
    pool_size: int = hyper.integer(
        2, 1, 16, unit="positions", help="How many neighbouring positions are summed up as their largest value after each round."
    )
    head: str = pieces.head("regions", "regions", "flatten", "global_max", "global_average")
    regions: int = pieces.regions()
    dense: int = pieces.combining(64)
    dropout: float = pieces.dropout(0.5)
    input: str = inputs.source(advanced=True)
    word_length: int = inputs.word_length()
    embedding: int = inputs.embedding()


def length_after(config: Config, positions: int) -> int:
    """Positions left after all rounds of pooling."""
    for _ in range(config.layers):
        positions //= config.pool_size
    return positions


def check(config: Config, layout: Layout) -> None:
    """Refuses kernels wider than the sequence, and pooling to nothing."""
    inputs.check(config, layout, "kernel_size")
    positions = inputs.positions(config, layout)
    if length_after(config, positions) < 1:
        raise SettingError(
            f"{config.layers} rounds of pooling by {config.pool_size} leave nothing of {layout.length} bp. Lower layers or pool_size."
        )


def build(config: Config, shape: tuple[int, ...], outputs: int) -> "keras.Model":
    """Builds the network; its output is linear."""
    from keras import Model, layers

    codes, x = inputs.read(config, shape)
    for number in range(config.layers):
        size = config.kernel_size if number == 0 else config.later_kernel_size
        x = layers.Conv1D(config.filters, size, padding="same", activation="relu", name=f"conv_{number + 1}")(x)
        if config.pool_size > 1:
            x = layers.MaxPooling1D(config.pool_size)(x)
        if number + 1 < config.layers:
            x = layers.Dropout(config.dropout / 2)(x)
    return Model(codes, pieces.answer(pieces.summary(x, config.head, config.regions), config.dense, config.dropout, outputs), name="cnn")


def draw(config: Config, layout: Layout, outputs: int) -> list[Layer]:
    """The layers from input to output, for the picture beside the controls."""
    drawn = inputs.drawn(config, layout)
    for number in range(config.layers):
        size = config.kernel_size if number == 0 else config.later_kernel_size
        drawn.append(drawing.convolution(drawn[-1], config.filters, size))
        if config.pool_size > 1:
            drawn.append(drawing.pooling(drawn[-1], config.pool_size))
        drawn[-1] = drawing.dropped(drawn[-1])
    drawn.append(drawing.summary(drawn[-1], config.head, pieces.regions_of(drawn[-1].shape[0], config.regions)))
    return [*drawn, *drawing.answer(drawn[-1], config.dense, outputs)]


def suggest(records: int, layout: Layout) -> dict[str, Any]:
    """Smaller for few sequences; more pooling for long ones."""
    few = records < suggesting.FEW
    filters = 32 if few else 128 if layout.length <= 500 else 64
    rounds = 3 if layout.length > 1_000 else 2
    pool_size, rounds = suggesting.pools(layout.length, 2, rounds, _POSITIONS)
    return suggesting.differing(
        Config,
        {
            **suggesting.training(records),
            "layers": rounds,
            "filters": filters,
            "kernel_size": max(2, suggesting.kernel(9, layout.length)),
            "later_kernel_size": suggesting.kernel(7, layout.length // pool_size),
            "pool_size": pool_size,
            "regions": suggesting.regions(layout.length),
            "dense": 32 if few else 64,
        },
    )


ARCHITECTURE = Architecture(
    name="cnn",
    title="Convolutional network",
    good_when="short patterns such as binding sites decide, wherever they are",
    reference="Alipanahi 2015, doi 10.1038/nbt.3300; Kelley 2016, doi 10.1101/gr.200535.115",
    Config=Config,
    encoding=inputs.encoding,
    build=build,
    check=check,
    layers=draw,
    suggest=suggest,
    rank=1,
)
