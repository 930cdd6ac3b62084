"""What an architecture is."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from genomics.architectures.drawing import Layer
from genomics.sequences import Layout

if TYPE_CHECKING:
    import keras


class Architecture(NamedTuple):
    """A family of networks, from its hyperparameters to an uncompiled model.

    Attributes:
        name: the registry's key, as the field writes it.
        title: for people.
        good_when: completes "Good when ...".
        reference: the paper, with a DOI or arXiv number.
        Config: a frozen dataclass declared with `genomics.hyper`.
        encoding: (config) to the name of the encoding it reads and that encoding's size (word length, pixels; 0).
        build: (config, input shape, outputs) to a `keras.Model` whose output is linear: logits, or scaled targets.
        check: (config, layout) raises SettingError where the two do not fit.
        layers: (config, layout, outputs) to the drawing, from input to output.
        suggest: (records, layout) to settings of `Config` and `genomics.fit.Fit`, by name, that suit so many and so long
            sequences better than the declared defaults.
        rank: order on the page.
        longest: bases it reads of each sequence unless asked for more.
        precision: what "auto" means for it: "auto" to look at the processor, "float32" where bfloat16 is slower.
    """

    name: str
    title: str
    good_when: str
    reference: str
    Config: type
    encoding: Callable[[Any], tuple[str, int]]
    build: Callable[[Any, tuple[int, ...], int], "keras.Model"]
    check: Callable[[Any, Layout], None]
    layers: Callable[[Any, Layout, int], list[Layer]]
    suggest: Callable[[int, Layout], dict[str, Any]] = lambda records, layout: {}
    rank: int = 0
    longest: int = 20_000
    precision: str = "auto"
