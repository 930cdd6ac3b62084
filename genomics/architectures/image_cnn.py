"""The sequence as a picture of its words, read by a network made for pictures."""

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from genomics import hyper
from genomics.architectures.drawing import Layer, convolution, dense, pooling
from genomics.architectures.kind import Architecture
from genomics.errors import SettingError
from genomics.sequences import Layout

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Hyperparameters of `image_cnn`."""

    resolution: str = hyper.choice(
        "16",
        ("4", "8", "16", "32", "64", "128"),
        unit="pixels",
        help="Side of the picture. 16 pixels count words of 4 bases, 32 words of 5, 64 words of 6: longer words need more or longer sequences.",
    )
    layers: int = hyper.integer(2, 1, 4, help="How many rounds of convolution and pooling.")
    filters: int = hyper.integer(
        32, 4, 256, step=4, log=True, help="How many different patterns the first round looks for; each later round twice as many."
    )
    kernel_size: int = hyper.integer(
        3, 1, 7, step=2, unit="pixels", help="Side of the square of neighbouring pixels that one filter reads at once."
    )
    pool_size: int = hyper.integer(
        2, 1, 4, unit="pixels", advanced=True, help="Side of the square that pooling sums up as its largest value."
    )
    dense: int = hyper.integer(
        64, 0, 1024, step=8, advanced=True, help="Units of the layer that combines the patterns found; 0 leaves it out."
    )
    dropout: float = hyper.real(
        0.4, 0.0, 0.8, step=0.05, help="Share of values hidden at random while it learns, against learning by heart."
    )


def sides(config: Config) -> list[int]:
    """The picture's side before each round and after the last."""
    side = [int(config.resolution)]
    for _ in range(config.layers):
        side.append(side[-1] // config.pool_size)
    return side


def check(config: Config, layout: Layout) -> None:
    """Refuses pooling to nothing, and words longer than the sequence."""
    word = int(config.resolution).bit_length() - 1
    if word > layout.length:
        raise SettingError(f"resolution = {config.resolution} counts words of {word} bases, but sequences have {layout.length}.")
    if sides(config)[-1] < 1:
        raise SettingError(
            f"{config.layers} rounds of pooling by {config.pool_size} leave nothing of {config.resolution} pixels. Lower layers or pool_size."
        )


def build(config: Config, shape: tuple[int, ...], outputs: int) -> "keras.Model":
    """Builds the network; its output is linear. Counts are taken relative to their mean, then as log(1 + x)."""
    import keras
    from keras import layers, ops

    image = keras.Input(shape, dtype="uint16", name="image")
    counts = ops.cast(image, "float32")
    mean = ops.mean(counts, axis=(1, 2, 3), keepdims=True)
    x = ops.log1p(counts / ops.maximum(mean, 1e-6))
    for number in range(config.layers):
        x = layers.Conv2D(config.filters * 2**number, config.kernel_size, padding="same", activation="relu", name=f"conv_{number + 1}")(x)
        if config.pool_size > 1:
            x = layers.MaxPooling2D(config.pool_size)(x)
    x = layers.Dropout(config.dropout)(layers.Flatten()(x))
    if config.dense:
        x = layers.Dropout(config.dropout)(layers.Dense(config.dense, activation="relu")(x))
    return keras.Model(image, layers.Dense(outputs, dtype="float32", name="output")(x), name="image_cnn")


def draw(config: Config, layout: Layout, outputs: int) -> list[Layer]:
    """The layers from input to output, for the picture beside the controls."""
    side = int(config.resolution)
    drawn = [Layer("input", "Chaos game picture", (side, side, 1))]
    for number in range(config.layers):
        drawn.append(convolution(drawn[-1], config.filters * 2**number, config.kernel_size))
        if config.pool_size > 1:
            drawn.append(pooling(drawn[-1], config.pool_size))
    drawn.append(Layer("pooling", "Flatten", (prod(drawn[-1].shape),)))
    if config.dense:
        drawn.append(dense(drawn[-1], config.dense))
    return [*drawn, dense(drawn[-1], outputs, "Output")]


ARCHITECTURE = Architecture(
    name="image_cnn",
    title="Picture network",
    good_when="the overall word composition decides, or lengths differ a lot",
    reference="Jeffrey 1990, doi 10.1093/nar/18.8.2163; Rizzo 2016, doi 10.1109/CIBCB.2016.7758106",
    Config=Config,
    encoding=lambda config: ("chaos_image", int(config.resolution)),
    build=build,
    check=check,
    layers=draw,
    rank=2,
)
