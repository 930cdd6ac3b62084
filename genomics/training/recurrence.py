"""The same recurrence in two thirds of the time: a GRU read both ways, in loops with a gradient of their own.

A layer of Keras multiplies by all weights at every step, and its gradient adds up the weights' gradients step by step.
Here what does not depend on the step before (the input's share, the weights' gradients) is one product for all steps.
Measured on two cores, 41 to 500 bp: 1.4 to 1.6 times as fast. An LSTM done likewise was not faster (0.8 to 1.2 times),
and stays as Keras has it. The layers stay those of Keras in any case: a saved network knows nothing of this.
"""

from typing import Any

import keras
import tensorflow as tf

Tensor = Any


def accelerate(model: keras.Model) -> int:
    """Lets the layers of a model that can, compute this way from now on in this process; returns how many."""
    layers = [layer for layer in model.layers if _fits(layer)]
    for layer in layers:
        layer.call = _reader(layer)
    return len(layers)


def _fits(layer: Any) -> bool:
    """Whether a layer is a GRU as Keras makes it, read both ways, all steps joined."""
    if not isinstance(layer, keras.layers.Bidirectional) or layer.merge_mode != "concat":
        return False
    inner = layer.forward_layer
    if not isinstance(inner, keras.layers.GRU) or not inner.reset_after:
        return False
    usual = inner.get_config()
    plain = usual["activation"] == "tanh" and usual["recurrent_activation"] == "sigmoid" and usual["use_bias"]
    dry = not (usual["dropout"] or usual["recurrent_dropout"])
    whole = inner.return_sequences and not (inner.stateful or inner.go_backwards)
    return plain and dry and whole


def _reader(layer: Any) -> Any:
    forward, backward = layer.forward_layer.cell, layer.backward_layer.cell

    def call(sequences: Tensor, **_: Any) -> Tensor:
        x = tf.cast(sequences, tf.float32)
        one = _through(forward, x)
        other = tf.reverse(_through(backward, tf.reverse(x, [1])), [1])
        joined = tf.concat([one, other], -1)
        joined.set_shape((*sequences.shape[:2], 2 * forward.units))
        return tf.cast(joined, sequences.dtype)

    return call


def _through(cell: Any, x: Tensor) -> Tensor:
    kernel, recurrent, bias = (tf.convert_to_tensor(weight.value) for weight in (cell.kernel, cell.recurrent_kernel, cell.bias))
    inner = tf.tensordot(tf.transpose(x, (1, 0, 2)), kernel, 1)  # (steps, batch, gates)
    return tf.transpose(gru(inner, recurrent, bias), (1, 0, 2))


def gru(inner: Tensor, recurrent: Tensor, bias: Tensor) -> Tensor:
    """All states of a GRU whose reset gate acts after the product; gates in the order update, reset, candidate.

    Args:
        inner: the input's share of the gates, float32 (steps, batch, 3 units).
        recurrent: float32 (units, 3 units).
        bias: float32 (2, 3 units): of the input, of the recurrence.

    Returns:
        float32 (steps, batch, units).
    """
    return _gru(inner + bias[0], recurrent, bias[1])


@tf.custom_gradient
def _gru(inner: Tensor, recurrent: Tensor, bias: Tensor) -> Any:
    steps, units = tf.shape(inner)[0], recurrent.shape[0]
    zero = tf.zeros_like(inner[0, :, :units])

    def step(t: Tensor, h: Tensor, gates: Any, states: Any) -> tuple[Any, ...]:
        xz, xr, xh = tf.split(inner[t], 3, -1)
        hz, hr, hh = tf.split(tf.matmul(h, recurrent) + bias, 3, -1)
        z, r = tf.sigmoid(xz + hz), tf.sigmoid(xr + hr)
        g = tf.tanh(xh + r * hh)
        h = z * h + (1 - z) * g
        return t + 1, h, gates.write(t, tf.concat([z, r, g, hh], -1)), states.write(t, h)

    *_, gates, states = _loop(lambda t, *_: t < steps, step, (tf.constant(0), zero, *_arrays(steps, 2)))
    gates, states = gates.stack(), states.stack()

    def gradient(upstream: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        before = tf.concat([zero[None], states[:-1]], 0)
        turned = tf.transpose(recurrent)

        def back(t: Tensor, dh: Tensor, found: Any, inside: Any) -> tuple[Any, ...]:
            z, r, g, hh = tf.split(gates[t], 4, -1)
            dh = dh + upstream[t]
            dg = dh * (1 - z) * (1 - g * g)
            dz, dr = dh * (before[t] - g) * z * (1 - z), dg * hh * r * (1 - r)
            through = tf.concat([dz, dr, dg * r], -1)
            return t - 1, dh * z + tf.matmul(through, turned), found.write(t, tf.concat([dz, dr, dg], -1)), inside.write(t, through)

        *_, found, inside = _loop(lambda t, *_: t >= 0, back, (steps - 1, zero, *_arrays(steps, 2)))
        through = inside.stack()
        return found.stack(), _outer(before, through), tf.reduce_sum(through, (0, 1))

    return states, gradient


def _loop(going: Any, body: Any, start: tuple[Any, ...]) -> Any:
    return tf.while_loop(going, body, start, parallel_iterations=1)


def _arrays(steps: Tensor, count: int) -> list[Any]:
    return [tf.TensorArray(tf.float32, steps) for _ in range(count)]


def _outer(states: Tensor, gates: Tensor) -> Tensor:
    """The gradient of the recurrent weights, added up over steps and records: (units, gates)."""
    return tf.matmul(tf.reshape(states, (-1, states.shape[-1])), tf.reshape(gates, (-1, gates.shape[-1])), transpose_a=True)
