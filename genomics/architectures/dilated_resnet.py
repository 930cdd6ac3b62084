"""Convolutions whose reach doubles from block to block, added to what they read, as in BPNet and the trunk of Basenji.

Each block is a dilated convolution and one across channels, whose weights begin at zero (as Basenji's last scale does):
an untrained block adds nothing, so that deep stacks begin calmly without batch normalisation.
"""

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

_POSITIONS = 1_024  # that the blocks should read at most
_NEIGHBOURS = 3  # read by a dilated filter


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Hyperparameters of `dilated_resnet`."""

    filters: int = hyper.integer(48, 4, 256, step=4, log=True, help="How many different patterns each layer looks for.")
    kernel_size: int = hyper.integer(15, 2, 41, unit="bp", help="How many neighbouring bases one filter of the first layer reads at once.")
    pool_size: int = hyper.integer(
        2, 1, 64, log=True, unit="positions", help="How many neighbouring positions are summed up as their largest value before the blocks."
    )
    blocks: int = hyper.integer(4, 1, 11, help="How many blocks. Each sees twice as far as the one before it.")
    head: str = pieces.head("regions", "regions", "flatten", "global_max", "global_average", "attention")
    regions: int = pieces.regions()
    dense: int = pieces.combining(0)
    dropout: float = pieces.dropout(0.3)
    input: str = inputs.source(advanced=True)
    word_length: int = inputs.word_length()
    embedding: int = inputs.embedding()


def check(config: Config, layout: Layout) -> None:
    """Refuses kernels wider than the sequence, pooling to nothing, and blocks that would look beyond both ends."""
    inputs.check(config, layout, "kernel_size", "pool_size")
    positions = inputs.positions(config, layout)
    left, farthest = positions // config.pool_size, 2 ** (config.blocks - 1)
    if farthest > 1 and farthest >= left:
        raise SettingError(
            f"blocks = {config.blocks} makes the last one read positions {farthest:,} apart, but pooling leaves {left:,} of "
            f"{layout.length} bp. Choose at most {max(1, (left - 1).bit_length())} blocks, or a lower pool_size."
        )


def build(config: Config, shape: tuple[int, ...], outputs: int) -> "keras.Model":
    """Builds the network; its output is linear."""
    from keras import Model, layers

    codes, x = inputs.read(config, shape)
    x = layers.Conv1D(config.filters, config.kernel_size, padding="same", activation="relu", name="conv_1")(x)
    if config.pool_size > 1:
        x = layers.MaxPooling1D(config.pool_size)(x)
    for number in range(config.blocks):
        name = f"block_{number + 1}"
        y = layers.Conv1D(config.filters, _NEIGHBOURS, dilation_rate=2**number, padding="same", activation="relu", name=f"{name}_dilated")(
            x
        )
        y = layers.Conv1D(config.filters, 1, kernel_initializer="zeros", name=f"{name}_across")(y)
        x = layers.Add()([x, layers.Dropout(config.dropout / 2)(y)])
    return Model(
        codes, pieces.answer(pieces.summary(x, config.head, config.regions), config.dense, config.dropout, outputs), name="dilated_resnet"
    )


def draw(config: Config, layout: Layout, outputs: int) -> list[Layer]:
    """The layers from input to output, for the picture beside the controls."""
    drawn = inputs.drawn(config, layout)
    drawn.append(drawing.convolution(drawn[-1], config.filters, config.kernel_size))
    if config.pool_size > 1:
        drawn.append(drawing.pooling(drawn[-1], config.pool_size))
    for number in range(config.blocks):
        apart = 2**number
        dilated = drawing.convolution(drawn[-1], config.filters, _NEIGHBOURS, apart, f"Dilated convolution ({apart}) with skip")
        across = drawing.convolution(dilated, config.filters, 1)
        drawn.append(
            dilated._replace(
                parameters=dilated.parameters + across.parameters,
                work=dilated.work + across.work,
                held=3 * dilated.held,
            )
        )
    drawn.append(drawing.summary(drawn[-1], config.head, pieces.regions_of(drawn[-1].shape[0], config.regions)))
    return [*drawn, *drawing.answer(drawn[-1], config.dense, outputs)]


def suggest(records: int, layout: Layout) -> dict[str, Any]:
    """Smaller for few sequences; as many blocks as see the whole of it, and pooling before them where it is long."""
    few = records < suggesting.FEW
    filters = 24 if few else 48
    pool_size, _ = suggesting.pools(layout.length, 2 if layout.length > 60 else 1, 1, _POSITIONS, largest=64)
    left = layout.length // pool_size
    count = max(1, min(3 if few else 4 if layout.length <= 500 else 6, (left - 1).bit_length() - 1))
    settings = {
        **suggesting.training(records),
        "filters": filters,
        "kernel_size": max(2, suggesting.kernel(15, layout.length)),
        "pool_size": pool_size,
        "blocks": count,
        "regions": suggesting.regions(layout.length),
    }
    return suggesting.differing(Config, settings)


ARCHITECTURE = Architecture(
    name="dilated_resnet",
    title="Dilated residual network",
    good_when="patterns far apart decide together, in long sequences too",
    reference="Avsec 2021 (BPNet), doi 10.1038/s41588-021-00782-6; Kelley 2018 (Basenji), doi 10.1101/gr.227819.117",
    Config=Config,
    encoding=inputs.encoding,
    build=build,
    check=check,
    layers=draw,
    suggest=suggest,
    rank=5,
)
