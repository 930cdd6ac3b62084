"""What a generator is."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.architectures.drawing import Layer
from genomics.errors import SettingError
from genomics.sequences import Codes, Layout

if TYPE_CHECKING:
    import keras

FEWEST = 20  # sequences to learn from, and as many to compare with
END = 4  # the symbol "the sequence is over", where lengths differ


def check_enough(training: int, watched: int) -> None:
    """Refuses fewer than `FEWEST` sequences to learn from, or to compare with."""
    if min(training, watched) < FEWEST:
        raise SettingError(
            f"{training:,} sequences to learn from and {watched:,} to compare with are too few for a generator. "
            f"It needs at least {FEWEST} of each; some thousands are better. Learn from all classes, or add more."
        )


class Learner(NamedTuple):
    """A generator that is being trained.

    Attributes:
        networks: by name; "generator" is the one that samples are drawn from.
        variables: everything that training changes, in a fixed order, for checkpoints.
        best: the part of `variables` that `sample` depends on.
        run: (first iteration, how many) trains and returns arrays (how many,) by loss name. The same iteration
            draws the same random numbers, whatever the chunks.
        sample: (how many, seed) to uint8 (n, length): bases 0 to 3, END where the sequence is over. The same seed
            gives the same noise at every call.
        watch: (real rows) to what the critic thinks of them, one number.
    """

    networks: "dict[str, keras.Model]"
    variables: list[Any]
    best: list[Any]
    run: Callable[[int, int], dict[str, NDArray[np.float32]]]
    sample: Callable[[int, int], Codes]
    watch: Callable[[Codes], float]


class Generator(NamedTuple):
    """A family of generators.

    Attributes:
        name, title, good_when, reference, Config, rank: as for `genomics.architectures.Architecture`.
        check: (config, layout) raises SettingError where the two do not fit.
        layers: (config, layout) to the drawings of its networks by name.
        work: (config, layout) to multiplications for one iteration.
        make: (config, real rows uint8 (n, length), seed) to a `Learner`. Config has `iterations` and `batch_size`.
        draw: (the network "generator", how many, seed) to uint8 (n, length), as `Learner.sample`.
    """

    name: str
    title: str
    good_when: str
    reference: str
    Config: type
    check: Callable[[Any, Layout], None]
    layers: Callable[[Any, Layout], dict[str, list[Layer]]]
    work: Callable[[Any, Layout], int]
    make: Callable[[Any, Codes, int], Learner]
    draw: "Callable[[keras.Model, int, int], Codes]"
    rank: int = 0
