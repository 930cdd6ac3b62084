"""The two networks of `wgan_gp`, and their drawings. `config` is `genomics.generators.wgan_gp.Config` throughout."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from genomics.architectures.drawing import Layer, convolution, dense
from genomics.sequences import Layout

if TYPE_CHECKING:
    import keras

_RESIDUAL = 0.3
_SMOOTHING = 1e-3  # of base frequencies, so that their log is finite


def generator_network(config: Any, frequencies: NDArray[np.float64]) -> "keras.Model":
    """Noise (batch, latent) to probabilities (batch, length, symbols).

    Args:
        config: hyperparameters.
        frequencies: (length, symbols), of the real sequences; the output starts there.
    """
    from keras import Model, initializers, layers

    length, symbols = frequencies.shape
    noise = layers.Input((config.latent,), name="noise")
    x = layers.Reshape((length, config.channels))(layers.Dense(length * config.channels, name="unfold")(noise))
    for number in range(config.blocks):
        x = _block(x, config, f"block_{number + 1}")
    to_symbols = layers.EinsumDense(
        "blc,cs->bls",
        output_shape=(length, symbols),
        bias_axes="ls",
        kernel_initializer=initializers.RandomNormal(stddev=0.05),
        name="to_symbols",
    )
    x = to_symbols(layers.ReLU()(x))
    to_symbols.bias.assign(np.log(frequencies + _SMOOTHING))
    return Model(noise, layers.Softmax()(x), name="generator")


def critic_network(config: Any, length: int, symbols: int) -> "keras.Model":
    """Sequences as probabilities (batch, length, symbols) to one number each."""
    from keras import Model, layers

    rows = layers.Input((length, symbols), name="rows")
    x = layers.Conv1D(config.channels, 1, name="from_symbols")(rows)
    for number in range(config.blocks):
        x = _block(x, config, f"block_{number + 1}")
        if number == 0:
            x = layers.AveragePooling1D(2)(x)
    return Model(rows, layers.Dense(1, name="opinion")(layers.Flatten()(x)), name="critic")


def _block(x: Any, config: Any, name: str) -> Any:
    from keras import layers

    inner = layers.Conv1D(config.channels, config.kernel_size, padding="same", name=f"{name}_a")(layers.ReLU()(x))
    inner = layers.Conv1D(config.channels, config.kernel_size, padding="same", name=f"{name}_b")(layers.ReLU()(inner))
    return layers.Add()([x, layers.Rescaling(_RESIDUAL)(inner)])


def drawings(config: Any, layout: Layout) -> dict[str, list[Layer]]:
    """Both networks from input to output, for fixed lengths."""
    length, channels = layout.length, config.channels
    making = [Layer("input", "Noise", (config.latent,))]
    width = length * channels
    making.append(Layer("dense", "Unfold", (length, channels), (config.latent + 1) * width, config.latent * width))
    judging = [Layer("input", "Sequence", (length, 4))]
    judging.append(convolution(judging[-1], channels, 1))
    for number in range(config.blocks):
        making.append(_residual(making[-1], config))
        judging.append(_residual(judging[-1], config))
        if number == 0:
            judging.append(Layer("pooling", "Mean of 2", (length // 2, channels)))
    making.append(Layer("convolution", "Letters", (length, 4), channels * 4 + length * 4, length * channels * 4))
    judging.append(dense(judging[-1], 1, "Opinion"))
    return {"generator": making, "critic": judging}


def _residual(before: Layer, config: Any) -> Layer:
    one = convolution(before, config.channels, config.kernel_size)
    return Layer("convolution", "Residual block", before.shape, 2 * one.parameters, 2 * one.work)


def work(config: Any, layout: Layout) -> int:
    """Multiplications for one iteration, forwards and backwards."""
    networks = drawings(config, layout)
    making, judging = (sum(layer.work for layer in networks[name]) for name in ("generator", "critic"))
    critic_step = making + 3 * 2 * judging + 6 * judging  # real and fake, and the penalty's double pass
    return config.batch_size * (config.critic_steps * critic_step + 3 * (making + judging))
