"""Convolutions, then attention between all positions, as in Enformer, in small.

Unlike Enformer: rotary positions (Su 2021, arXiv 2104.09864) instead of its relative ones, largest instead of attention
pooling in the stem, and no batch normalisation.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from genomics import hyper
from genomics.architectures import drawing, inputs, pieces, suggesting
from genomics.architectures.drawing import Layer
from genomics.architectures.kind import Architecture
from genomics.errors import SettingError
from genomics.sequences import Layout

if TYPE_CHECKING:
    import keras

_MOST = 2_048  # positions between which attention is looked for
_USUAL = 128  # that suggestions leave
_SLOWEST = 1_000.0  # positions, the longest wave of the rotary positions divided by 2 pi


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Hyperparameters of `transformer`."""

    filters: int = hyper.integer(64, 4, 256, step=4, log=True, help="How many numbers stand for a position: patterns that are looked for.")
    kernel_size: int = hyper.integer(13, 2, 41, unit="bp", help="How many neighbouring bases one filter of the first layer reads at once.")
    rounds: int = hyper.integer(1, 1, 6, help="Rounds of convolution and pooling before attention.")
    pool_size: int = hyper.integer(
        4, 1, 32, log=True, unit="positions", help="How many neighbouring positions are summed up as their largest value in each round."
    )
    blocks: int = hyper.integer(2, 1, 8, help="How many times all positions look at each other.")
    heads: int = hyper.integer(4, 1, 8, help="At how many different things a position can look at once.")
    head_size: str = hyper.choice(
        "16", ("8", "16", "32", "64"), advanced=True, help="How many numbers a position is compared by, for each of the heads."
    )
    expansion: int = hyper.integer(
        2, 1, 4, advanced=True, help="How many times more units than filters the layers between two rounds of attention have."
    )
    head: str = pieces.head("regions", "regions", "flatten", "global_max", "global_average", "attention")
    regions: int = pieces.regions()
    dense: int = pieces.combining(0)
    dropout: float = pieces.dropout(0.3)
    input: str = inputs.source(advanced=True)
    word_length: int = inputs.word_length()
    embedding: int = inputs.embedding()


def length_after(config: Config, positions: int) -> int:
    """Positions left after all rounds of pooling."""
    for _ in range(config.rounds):
        positions //= config.pool_size
    return positions


def check(config: Config, layout: Layout) -> None:
    """Refuses kernels wider than the sequence, pooling to nothing, and more positions than attention can bear."""
    inputs.check(config, layout, "kernel_size")
    positions = inputs.positions(config, layout)
    left = length_after(config, positions)
    if left < 2:
        raise SettingError(
            f"{config.rounds} rounds of pooling by {config.pool_size} leave {'one position' if left else 'nothing'} of {layout.length} bp, "
            "and attention compares positions. Lower rounds or pool_size."
        )
    if left > _MOST:
        raise SettingError(
            f"{config.rounds} rounds of pooling by {config.pool_size} leave {left:,} positions of {layout.length:,} bp; attention bears "
            f"{_MOST:,}, because each looks at all others. Raise pool_size or rounds, or read a shorter length."
        )


def build(config: Config, shape: tuple[int, ...], outputs: int) -> "keras.Model":
    """Builds the network; its output is linear."""
    from keras import Model, layers

    codes, x = inputs.read(config, shape)
    for number in range(config.rounds):
        size = config.kernel_size if number == 0 else 5
        x = layers.Conv1D(config.filters, size, padding="same", activation="relu", name=f"conv_{number + 1}")(x)
        if config.pool_size > 1:
            x = layers.MaxPooling1D(config.pool_size)(x)
    angles = turns(x, int(config.head_size))
    for number in range(config.blocks):
        name = f"block_{number + 1}"
        y = layers.LayerNormalization(epsilon=1e-6, name=f"{name}_norm_1")(x)
        y = _attention(y, angles, config, f"{name}_attention")
        x = layers.Add()([x, layers.Dropout(config.dropout / 2)(y)])
        y = layers.LayerNormalization(epsilon=1e-6, name=f"{name}_norm_2")(x)
        y = layers.Dense(config.expansion * config.filters, activation="relu", name=f"{name}_dense_1")(y)
        y = layers.Dense(config.filters, name=f"{name}_dense_2")(y)
        x = layers.Add()([x, layers.Dropout(config.dropout / 2)(y)])
    x = layers.LayerNormalization(epsilon=1e-6, name="norm")(x)
    return Model(
        codes, pieces.answer(pieces.summary(x, config.head, config.regions), config.dense, config.dropout, outputs), name="transformer"
    )


def turns(x: "keras.KerasTensor", size: int) -> "tuple[keras.KerasTensor, keras.KerasTensor]":
    """Cosine and sine of the angles by which each position is turned: (1, positions, 1, size / 2)."""
    from keras import ops

    waves = (_SLOWEST ** -np.linspace(0, 1, size // 2)).astype(np.float32)
    place = ops.cumsum(ops.ones_like(x[:1, :, :1], dtype="float32"), axis=1)  # made from x, so that it is part of the saved network
    angles = ops.expand_dims(place * waves, 2)
    return ops.cast(ops.cos(angles), x.dtype), ops.cast(ops.sin(angles), x.dtype)


def turned(x: "keras.KerasTensor", angles: "tuple[keras.KerasTensor, keras.KerasTensor]") -> "keras.KerasTensor":
    """Vectors (batch, positions, heads, size) turned by their positions: the product of two depends on their distance alone."""
    from keras import ops

    one, other = ops.split(x, 2, axis=-1)
    cosine, sine = angles
    return ops.concatenate([one * cosine - other * sine, other * cosine + one * sine], axis=-1)


def _attention(
    x: "keras.KerasTensor", angles: "tuple[keras.KerasTensor, keras.KerasTensor]", config: Config, name: str
) -> "keras.KerasTensor":
    from keras import layers, ops

    heads, size, steps = config.heads, int(config.head_size), x.shape[1]

    def project(role: str) -> "keras.KerasTensor":
        return ops.reshape(layers.Dense(heads * size, name=f"{name}_{role}")(x), (-1, steps, heads, size))

    query, key, value = turned(project("query"), angles), turned(project("key"), angles), project("value")
    scores = ops.matmul(ops.transpose(query, (0, 2, 1, 3)), ops.transpose(key, (0, 2, 3, 1)))  # (batch, heads, steps, steps)
    weights = ops.softmax(scores * size**-0.5, axis=-1)
    found = ops.matmul(weights, ops.transpose(value, (0, 2, 1, 3)))
    joined = ops.reshape(ops.transpose(found, (0, 2, 1, 3)), (-1, steps, heads * size))
    return layers.Dense(config.filters, name=f"{name}_join")(joined)


def draw(config: Config, layout: Layout, outputs: int) -> list[Layer]:
    """The layers from input to output, for the picture beside the controls."""
    drawn = inputs.drawn(config, layout)
    for number in range(config.rounds):
        drawn.append(drawing.convolution(drawn[-1], config.filters, config.kernel_size if number == 0 else 5))
        if config.pool_size > 1:
            drawn.append(drawing.pooling(drawn[-1], config.pool_size))
    for _ in range(config.blocks):
        drawn.append(drawing.normalised(drawing.attention(drawn[-1], config.heads, int(config.head_size)), config.filters))
        drawn.append(drawing.normalised(drawing.feed_forward(drawn[-1], config.expansion * config.filters), config.filters))
    drawn.append(
        drawing.normalised(drawing.summary(drawn[-1], config.head, pieces.regions_of(drawn[-1].shape[0], config.regions)), config.filters)
    )
    return [*drawn, *drawing.answer(drawn[-1], config.dense, outputs)]


def suggest(records: int, layout: Layout) -> dict[str, Any]:
    """Smaller for few sequences; more rounds and pooling for long ones, so that few positions look at each other."""
    few = records < suggesting.FEW
    filters = 32 if few else 64
    pool_size, rounds = suggesting.pools(layout.length, 4, 1 if layout.length <= 600 else 3 if layout.length > 5_000 else 2, _USUAL)
    settings = {
        **suggesting.training(records),
        "filters": filters,
        "kernel_size": max(2, suggesting.kernel(13, layout.length)),
        "rounds": rounds,
        "pool_size": pool_size,
        "blocks": 1 if few else 2,
        "regions": suggesting.regions(layout.length),
    }
    return suggesting.differing(Config, settings)


ARCHITECTURE = Architecture(
    name="transformer",
    title="Transformer",
    good_when="many patterns act together, and there are thousands of sequences",
    reference="Avsec 2021 (Enformer), doi 10.1038/s41592-021-01252-x; Su 2021 (rotary positions), arXiv 2104.09864",
    Config=Config,
    encoding=inputs.encoding,
    build=build,
    check=check,
    layers=draw,
    suggest=suggest,
    rank=6,
    longest=2_000,
)
