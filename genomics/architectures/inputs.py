"""The first step inside a model: from codes to what convolutions and recurrences read.

An architecture that lets the person choose declares `input`, `word_length` and `embedding` with `source`, `word_length`
and `embedding`, and calls `encoding`, `check`, `read` and `drawn` with its config.
"""

from typing import TYPE_CHECKING, Any

from genomics import hyper
from genomics.architectures.drawing import Layer
from genomics.encoding.dinucleotides import PROPERTIES, table
from genomics.errors import SettingError
from genomics.sequences import Layout

if TYPE_CHECKING:
    import keras

_ENCODINGS = {"one_hot": "one_hot", "kmers": "kmer_tokens", "dinucleotides": "dinucleotides"}
_FAR_BELOW = -(1 << 16)  # an unknown base as a digit: any word with one ends below zero, and 7 digits fit 32 bits


def source(default: str = "one_hot", **more: Any) -> Any:
    """Declares what a network reads at each position."""
    return hyper.choice(
        default,
        tuple(_ENCODINGS),
        help="What it reads at each position: one base, a word of k bases that has a learned vector, "
        "or seven physical properties of two neighbouring bases.",
        **more,
    )


def word_length() -> Any:
    """Declares k for words."""
    return hyper.integer(4, 2, 6, unit="bp", when=("input", ("kmers",)), help="Bases in a word. Longer words need more sequences.")


def embedding() -> Any:
    """Declares the size of a word's vector."""
    return hyper.integer(32, 2, 256, log=True, advanced=True, when=("input", ("kmers",)), help="How many numbers stand for a word.")


def encoding(config: Any) -> tuple[str, int]:
    """The encoding's name and size, as `Architecture.encoding` gives them."""
    return _ENCODINGS[config.input], config.word_length if config.input == "kmers" else 0


def positions(config: Any, layout: Layout) -> int:
    """How many positions the network reads: one a base, or one a word."""
    return layout.length - _width(config) + 1


def check(config: Any, layout: Layout, *widths: str) -> None:
    """Refuses words longer than the sequence, and those of the named settings that are wider than what is read of it."""
    there = positions(config, layout)
    if there < 1:
        name = "word_length" if config.input == "kmers" else "input"
        raise SettingError(
            f"{name} = {getattr(config, name)} reads {_width(config)} bases at a time, but the sequences have {layout.length}. "
            "Choose input = one_hot, or a greater length."
        )
    for name in widths:
        if getattr(config, name) > there:
            raise SettingError(
                f"{name} = {getattr(config, name)} is wider than the sequences ({layout.length} bp). Choose at most {there}."
            )


def read(config: Any, shape: tuple[int, ...]) -> "tuple[keras.KerasTensor, keras.KerasTensor]":
    """An input of codes and what the network reads at each position.

    Returns:
        The input, uint8 (batch, length), and (batch, positions, channels) in the policy's arithmetic: 4 channels in the
        order A C G T, unknown bases all zeros; or a word's vector; or a pair's properties, unknown ones zeros.
    """
    if config.input == "one_hot":
        return one_hot(shape[0])

    from keras import layers, ops

    codes = codes_of(shape[0])
    numbers = words(codes, shape[0], _width(config))
    if config.input == "kmers":
        return codes, layers.Embedding(4**config.word_length + 1, config.embedding, name="embedding")(numbers)
    return codes, ops.cast(ops.take(table(), numbers, axis=0), arithmetic())


def one_hot(length: int) -> "tuple[keras.KerasTensor, keras.KerasTensor]":
    """An input of codes and its one-hot form.

    Returns:
        The input, uint8 (batch, length), and (batch, length, 4) in the order A C G T; unknown bases are all zeros.
    """
    import keras

    codes = codes_of(length)
    return codes, keras.ops.one_hot(codes, 4, dtype=arithmetic())


def codes_of(length: int) -> "keras.KerasTensor":
    """An input of codes: uint8 (batch, length)."""
    import keras

    return keras.Input((length,), dtype="uint8", name="codes")


def counts_of(shape: tuple[int, ...]) -> "tuple[keras.KerasTensor, keras.KerasTensor]":
    """An input of counts, uint16 (batch, ...), and the same relative to their mean as log(1 + x), float32."""
    import keras

    counts = keras.Input(shape, dtype="uint16", name="counts")
    return counts, relative(keras.ops.cast(counts, "float32"), len(shape))


def relative(counts: "keras.KerasTensor", dimensions: int) -> "keras.KerasTensor":
    """Counts (batch, ...) relative to the mean of their row, as log(1 + x): what does not grow with the length."""
    from keras import ops

    mean = ops.mean(counts, axis=tuple(range(1, dimensions + 1)), keepdims=True)
    return ops.log1p(counts / ops.maximum(mean, 1e-6))


def words(codes: "keras.KerasTensor", length: int, k: int) -> "keras.KerasTensor":
    """The number of the word that starts at each position.

    Returns:
        int32 (batch, length - k + 1): 1 to 4**k in lexicographic order, 0 for a word with an unknown base.
    """
    from keras import ops

    digits = ops.where(codes > 3, _FAR_BELOW, ops.cast(codes, "int32"))
    count = length - k + 1
    number = digits[:, :count]
    for place in range(1, k):
        number = number * 4 + digits[:, place : place + count]
    return ops.maximum(number + 1, 0)


def word_counts(codes: "keras.KerasTensor", length: int, k: int) -> "keras.KerasTensor":
    """How often each word stands in each sequence, as `relative` has it: float32 (batch, 4**k); unknown ones do not count."""
    from keras import ops

    bins = 4**k + 1
    counts = ops.reshape(ops.bincount(words(codes, length, k), minlength=bins), (-1, bins))
    return relative(ops.cast(counts[:, 1:], "float32"), 1)


def arithmetic() -> str:
    """The type in which layers built now compute: float32 or bfloat16."""
    import keras

    return str(keras.config.dtype_policy().compute_dtype)


def drawn(config: Any, layout: Layout) -> list[Layer]:
    """The first layers of a drawing."""
    steps, width = positions(config, layout), _width(config)
    if config.input == "one_hot":
        return [drawn_one_hot(layout)]
    if config.input == "dinucleotides":
        return [Layer("input", "Dinucleotide properties", (steps, len(PROPERTIES)), reach=width, held=steps * len(PROPERTIES))]
    numbers = (4**config.word_length + 1) * config.embedding
    return [Layer("input", f"{width}-mer embedding", (steps, config.embedding), numbers, reach=width, held=steps * config.embedding)]


def drawn_one_hot(layout: Layout) -> Layer:
    """One-hot as the first layer of a drawing."""
    return Layer("input", "One-hot", (layout.length, 4), reach=1, held=layout.length * 4)


def _width(config: Any) -> int:
    return {"one_hot": 1, "dinucleotides": 2}.get(config.input) or int(config.word_length)
