"""The sequence as a picture, read by a network made for pictures: of its words (chaos game), or its one-hot rows."""

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
    """Hyperparameters of `image_cnn`."""

    picture: str = hyper.choice(
        "chaos",
        ("chaos", "one_hot"),
        help="What the picture shows: chaos, how often each word stands in it, wherever; one_hot, its bases one by one, four pixels high.",
    )
    resolution: str = hyper.choice(
        "16",
        ("4", "8", "16", "32", "64", "128"),
        unit="pixels",
        when=("picture", ("chaos",)),
        help="Side of the picture. 16 pixels count words of 4 bases, 32 words of 5, 64 words of 6: longer words need more or longer sequences.",
    )
    layers: int = hyper.integer(2, 1, 4, help="How many rounds of convolution and pooling.")
    filters: int = hyper.integer(
        32, 4, 256, step=4, log=True, help="How many different patterns the first round looks for; each later round twice as many."
    )
    kernel_size: int = hyper.integer(
        3,
        1,
        7,
        step=2,
        unit="pixels",
        when=("picture", ("chaos",)),
        help="Side of the square of neighbouring pixels that one filter reads at once.",
    )
    kernel_width: int = hyper.integer(
        11,
        1,
        41,
        unit="bp",
        when=("picture", ("one_hot",)),
        help="How many neighbouring bases one filter reads at once; it is four pixels high.",
    )
    pool_size: int = hyper.integer(
        2,
        1,
        32,
        log=True,
        unit="pixels",
        advanced=True,
        help="How many neighbouring pixels, each way, pooling sums up as their largest value.",
    )
    dense: int = pieces.combining(64)
    dropout: float = pieces.dropout(0.4)


def _side(config: Config, layout: Layout) -> int:
    return int(config.resolution) if config.picture == "chaos" else layout.length


def check(config: Config, layout: Layout) -> None:
    """Refuses pooling to nothing, words longer than the sequence, and kernels wider than it."""
    if config.picture == "chaos":
        word = int(config.resolution).bit_length() - 1
        if word > layout.length:
            raise SettingError(f"resolution = {config.resolution} counts words of {word} bases, but sequences have {layout.length}.")
    elif config.kernel_width > layout.length:
        raise SettingError(
            f"kernel_width = {config.kernel_width} is wider than the sequences ({layout.length} bp). Choose at most {layout.length}."
        )
    side = _side(config, layout)
    if side // config.pool_size**config.layers < 1:
        raise SettingError(
            f"{config.layers} rounds of pooling by {config.pool_size} leave nothing of {side:,} pixels. Lower layers or pool_size."
        )


def build(config: Config, shape: tuple[int, ...], outputs: int) -> "keras.Model":
    """Builds the network; its output is linear."""
    import keras
    from keras import layers

    flat = config.picture == "one_hot"
    if flat:
        read, x = inputs.one_hot(shape[0])
        x = keras.ops.expand_dims(x, -1)  # (batch, length, 4, 1)
    else:
        read, x = inputs.counts_of(shape)
    for number in range(config.layers):
        filters, name = config.filters * 2**number, f"conv_{number + 1}"
        if flat and number == 0:
            x = keras.ops.pad(x, ((0, 0), ((config.kernel_width - 1) // 2, config.kernel_width // 2), (0, 0), (0, 0)))
            x = layers.Conv2D(filters, (config.kernel_width, 4), activation="relu", name=name)(x)
        else:
            size = (config.kernel_width, 1) if flat else config.kernel_size
            x = layers.Conv2D(filters, size, padding="same", activation="relu", name=name)(x)
        if config.pool_size > 1:
            x = layers.MaxPooling2D((config.pool_size, 1) if flat else config.pool_size)(x)
    return keras.Model(read, pieces.answer(layers.Flatten()(x), config.dense, config.dropout, outputs), name="image_cnn")


def draw(config: Config, layout: Layout, outputs: int) -> list[Layer]:
    """The layers from input to output, for the picture beside the controls."""
    side, flat = _side(config, layout), config.picture == "one_hot"
    size = config.kernel_width if flat else config.kernel_size
    start = inputs.drawn_one_hot(layout) if flat else Layer("input", "Chaos game representation", (side, side, 1), held=2 * side * side)
    drawn = [start]
    for number in range(config.layers):  # over one-hot a picture's filters are as those of a sequence: four high, then one
        made = drawing.convolution(drawn[-1], config.filters * 2**number, size)
        drawn.append(made._replace(title=f"{config.filters} filters of {size} × 4") if flat and number == 0 else made)
        if config.pool_size > 1:
            drawn.append(drawing.pooling(drawn[-1], config.pool_size))
    drawn.append(drawing.flat(drawn[-1]))
    return [*drawn, *drawing.answer(drawn[-1], config.dense, outputs)]


def suggest(records: int, layout: Layout) -> dict[str, Any]:
    """A smaller network for few sequences, and a finer picture for long ones."""
    few = records < suggesting.FEW
    resolution = 8 if few or layout.length < 100 else 16 if layout.length < 1_000 else 32
    while resolution > 4 and resolution.bit_length() - 1 > layout.length:
        resolution //= 2
    settings = {**suggesting.training(records), "resolution": str(resolution), "filters": 16 if few else 32, "dense": 32 if few else 64}
    return suggesting.differing(Config, settings)


ARCHITECTURE = Architecture(
    name="image_cnn",
    title="Image network",
    good_when="the overall k-mer composition decides, or lengths differ a lot",
    reference="Jeffrey 1990, doi 10.1093/nar/18.8.2163; Rizzo 2016, doi 10.1109/CIBCB.2016.7758106",
    Config=Config,
    encoding=lambda config: ("chaos_image", int(config.resolution)) if config.picture == "chaos" else ("one_hot", 0),
    build=build,
    check=check,
    layers=draw,
    suggest=suggest,
    rank=2,
)
