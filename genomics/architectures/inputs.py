"""The first step inside a model: from small integers to what convolutions and recurrences read."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


def one_hot(length: int) -> "tuple[keras.KerasTensor, keras.KerasTensor]":
    """An input of codes and its one-hot form.

    Returns:
        The input, uint8 (batch, length), and (batch, length, 4) in the order A C G T; unknown bases are all zeros.
    """
    import keras

    codes = keras.Input((length,), dtype="uint8", name="codes")
    return codes, keras.ops.one_hot(codes, 4, dtype=keras.config.dtype_policy().compute_dtype)
