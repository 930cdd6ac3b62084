"""Convolutions that look for short patterns anywhere in the sequence, as in DeepBind and Basset."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genomics import hyper
from genomics.architectures.drawing import Layer, convolution, dense, pooling
from genomics.architectures.inputs import one_hot
from genomics.architectures.kind import Architecture
from genomics.errors import SettingError
from genomics.sequences import Layout

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Hyperparameters of `cnn`."""

    layers: int = hyper.integer(2, 1, 6, help="How many rounds of pattern finding. Later rounds find patterns of patterns.")
    filters: int = hyper.integer(64, 4, 512, step=4, log=True, help="How many different patterns each round looks for.")
    kernel_size: int = hyper.integer(
        13,
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
    head: str = hyper.choice(
        "flatten",
        ("flatten", "global_max", "global_average"),
        help="What the last layers see: every position (good when the place matters), or only the strongest or the average match.",
    )
    dense: int = hyper.integer(
        64, 0, 1024, step=8, advanced=True, help="Units of the layer that combines the patterns found; 0 leaves it out."
    )
    dropout: float = hyper.real(
        0.3, 0.0, 0.8, step=0.05, help="Share of values hidden at random while it learns, against learning by heart."
    )


def length_after(config: Config, length: int) -> int:
    """Positions left after all rounds of pooling."""
    for _ in range(config.layers):
        length //= config.pool_size
    return length


def check(config: Config, layout: Layout) -> None:
    """Refuses kernels wider than the sequence, and pooling to nothing."""
    if config.kernel_size > layout.length:
        raise SettingError(
            f"kernel_size = {config.kernel_size} is wider than the sequences ({layout.length} bp). Choose at most {layout.length}."
        )
    if length_after(config, layout.length) < 1:
        raise SettingError(
            f"{config.layers} rounds of pooling by {config.pool_size} leave nothing of {layout.length} bp. Lower layers or pool_size."
        )


def build(config: Config, shape: tuple[int, ...], outputs: int) -> "keras.Model":
    """Builds the network; its output is linear."""
    from keras import Model, layers

    codes, x = one_hot(shape[0])
    for number in range(config.layers):
        size = config.kernel_size if number == 0 else config.later_kernel_size
        x = layers.Conv1D(config.filters, size, padding="same", activation="relu", name=f"conv_{number + 1}")(x)
        if config.pool_size > 1:
            x = layers.MaxPooling1D(config.pool_size)(x)
        if number + 1 < config.layers:
            x = layers.Dropout(config.dropout / 2)(x)
    heads = {"flatten": layers.Flatten, "global_max": layers.GlobalMaxPooling1D, "global_average": layers.GlobalAveragePooling1D}
    x = layers.Dropout(config.dropout)(heads[config.head]()(x))
    if config.dense:
        x = layers.Dropout(config.dropout)(layers.Dense(config.dense, activation="relu")(x))
    return Model(codes, layers.Dense(outputs, dtype="float32", name="output")(x), name="cnn")


def draw(config: Config, layout: Layout, outputs: int) -> list[Layer]:
    """The layers from input to output, for the picture beside the controls."""
    drawn = [Layer("input", "One-hot", (layout.length, 4))]
    for number in range(config.layers):
        drawn.append(convolution(drawn[-1], config.filters, config.kernel_size if number == 0 else config.later_kernel_size))
        if config.pool_size > 1:
            drawn.append(pooling(drawn[-1], config.pool_size))
    length, filters = drawn[-1].shape
    width = length * filters if config.head == "flatten" else filters
    drawn.append(Layer("pooling", config.head.replace("_", " ").capitalize(), (width,)))
    if config.dense:
        drawn.append(dense(drawn[-1], config.dense))
    return [*drawn, dense(drawn[-1], outputs, "Output")]


ARCHITECTURE = Architecture(
    name="cnn",
    title="Convolutional network",
    good_when="short patterns such as binding sites decide, wherever they are",
    reference="Alipanahi 2015, doi 10.1038/nbt.3300; Kelley 2016, doi 10.1101/gr.200535.115",
    Config=Config,
    encoding=lambda config: ("one_hot", 0),
    build=build,
    check=check,
    layers=draw,
    rank=1,
)
