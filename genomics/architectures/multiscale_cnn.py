"""Filters of three widths side by side, joined with counts of all words, taken from the same sequence.

Wide filters see whole sites, narrow ones their cores; the counts see the composition. Parallel widths: Szegedy 2015;
beside word counts: the wide part of Cheng 2016.
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

WIDTHS = ("wide", "middle", "narrow")
_POSITIONS = 512  # that pooling should leave at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Hyperparameters of `multiscale_cnn`."""

    wide: int = hyper.integer(19, 2, 61, unit="bp", help="How many neighbouring bases a wide filter reads at once.")
    middle: int = hyper.integer(11, 2, 41, unit="bp", help="The same for filters of middle width.")
    narrow: int = hyper.integer(5, 1, 21, unit="bp", help="The same for narrow filters.")
    filters: int = hyper.integer(32, 4, 256, step=4, log=True, help="How many different patterns the filters of each width look for.")
    pool_size: int = hyper.integer(
        4, 1, 256, log=True, unit="positions", help="How many neighbouring positions are summed up as their largest value."
    )
    head: str = pieces.head("regions", "regions", "flatten", "global_max", "global_average")
    regions: int = pieces.regions()
    word_length: int = hyper.integer(3, 1, 6, unit="bp", help="Bases in the words that are counted.")
    dense: int = pieces.combining(64)
    dropout: float = pieces.dropout(0.4)


def check(config: Config, layout: Layout) -> None:
    """Refuses filters, words and pooling wider than the sequence."""
    for name in (*WIDTHS, "pool_size", "word_length"):
        if getattr(config, name) > layout.length:
            raise SettingError(
                f"{name} = {getattr(config, name)} is wider than the sequences ({layout.length} bp). Choose at most {layout.length}."
            )


def build(config: Config, shape: tuple[int, ...], outputs: int) -> "keras.Model":
    """Builds the network; its output is linear."""
    from keras import Model, layers

    codes, bases = inputs.one_hot(shape[0])
    branches = []
    for number, width in enumerate(WIDTHS, start=1):
        x = layers.Conv1D(config.filters, getattr(config, width), padding="same", activation="relu", name=f"conv_{number}")(bases)
        if config.pool_size > 1:
            x = layers.MaxPooling1D(config.pool_size)(x)
        branches.append(pieces.summary(x, config.head, config.regions))
    branches.append(inputs.word_counts(codes, shape[0], config.word_length))
    x = layers.Concatenate()(branches)
    return Model(codes, pieces.answer(x, config.dense, config.dropout, outputs), name="multiscale_cnn")


def draw(config: Config, layout: Layout, outputs: int) -> list[Layer]:
    """The layers from input to output, for the picture beside the controls; branches have numbers."""
    drawn, ends = [inputs.drawn_one_hot(layout)], []
    for number, width in enumerate(WIDTHS, start=1):
        before = drawn[0]._replace(branch=number)
        drawn.append(drawing.convolution(before, config.filters, getattr(config, width)))
        if config.pool_size > 1:
            drawn.append(drawing.pooling(drawn[-1], config.pool_size))
        ends.append(drawing.summary(drawn[-1], config.head, pieces.regions_of(drawn[-1].shape[0], config.regions)))
        drawn.append(ends[-1])
    ends.append(drawing.counting(layout.length, config.word_length)._replace(branch=len(WIDTHS) + 1))
    drawn += [ends[-1], drawing.dropped(drawing.joining(ends))]
    return [*drawn, *drawing.answer(drawn[-1], config.dense, outputs)]


def suggest(records: int, layout: Layout) -> dict[str, Any]:
    """Smaller for few sequences; more pooling for long ones."""
    few = records < suggesting.FEW
    filters = 16 if few else 32
    pool_size, _ = suggesting.pools(layout.length, 4, 1, _POSITIONS, largest=64)
    settings = {
        **suggesting.training(records),
        "wide": max(2, suggesting.kernel(19, layout.length)),
        "middle": max(2, suggesting.kernel(11, layout.length)),
        "narrow": suggesting.kernel(5, layout.length),
        "filters": filters,
        "pool_size": pool_size,
        "regions": suggesting.regions(layout.length),
        "word_length": min(layout.length, 3 if layout.length <= 500 else 4),
        "dense": 32 if few else 64,
    }
    return suggesting.differing(Config, settings)


ARCHITECTURE = Architecture(
    name="multiscale_cnn",
    title="Multi-scale convolutional network",
    good_when="both patterns of unlike width and the composition may decide",
    reference="Szegedy 2015, doi 10.1109/CVPR.2015.7298594; Cheng 2016, doi 10.1145/2988450.2988454",
    Config=Config,
    encoding=lambda config: ("one_hot", 0),
    build=build,
    check=check,
    layers=draw,
    suggest=suggest,
    rank=7,
)
