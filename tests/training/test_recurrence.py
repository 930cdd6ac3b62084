"""The fast recurrence says and learns what the layers of Keras do."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from genomics.training import recurrence


def network(cell: str, stacked: int = 1) -> keras.Model:
    keras.utils.set_random_seed(1)
    x = inputs = keras.Input((17, 6))
    layer = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}[cell]
    for number in range(stacked):
        x = keras.layers.Bidirectional(layer(5, return_sequences=True, bias_initializer="random_normal"), name=f"{cell}_{number}")(x)
    return keras.Model(inputs, keras.layers.Dense(2, name="output")(keras.layers.GlobalAveragePooling1D()(x)))


def measured(model: keras.Model, x: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    @tf.function(autograph=False)
    def run(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            said = model(x, training=True)
            loss = tf.reduce_sum(said**2 * tf.constant([1.0, -0.5]))
        return said, tape.gradient(loss, [x, *model.trainable_variables])

    said, gradients = run(tf.constant(x))
    return said.numpy(), [gradient.numpy() for gradient in gradients]


@pytest.mark.parametrize(("cell", "stacked"), [("gru", 1), ("gru", 2), ("lstm", 1), ("lstm", 2)])
def test_outputs_and_gradients_are_those_of_keras(cell, stacked):
    model, x = network(cell, stacked), np.random.default_rng(0).standard_normal((4, 17, 6)).astype(np.float32)
    said, gradients = measured(model, x)
    assert recurrence.accelerate(model) == stacked
    faster, more = measured(model, x)
    np.testing.assert_allclose(faster, said, atol=1e-6)
    for one, other in zip(gradients, more, strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-4, atol=1e-5)


def test_what_is_made_otherwise_is_left_alone():
    x = inputs = keras.Input((5, 3))
    x = keras.layers.Bidirectional(keras.layers.GRU(2, return_sequences=True, recurrent_dropout=0.1))(x)
    x = keras.layers.Bidirectional(keras.layers.GRU(2, return_sequences=True, reset_after=False))(x)
    x = keras.layers.Bidirectional(keras.layers.LSTM(2, return_sequences=True, activation="relu"))(x)
    x = keras.layers.LSTM(2, return_sequences=True)(x)
    model = keras.Model(inputs, keras.layers.Bidirectional(keras.layers.GRU(2))(x))
    assert recurrence.accelerate(model) == 0


def test_nothing_is_compiled_to_find_out_where_no_layer_could_gain(monkeypatch):
    monkeypatch.setattr(recurrence, "_compiles", lambda: pytest.fail("it was asked whether there is XLA"))
    inputs = keras.Input((5, 3))
    assert recurrence.accelerate(keras.Model(inputs, keras.layers.Dense(1)(inputs))) == 0


def test_without_xla_the_layers_compute_as_keras_has_them(monkeypatch):
    monkeypatch.setattr(recurrence, "_compiles", lambda: False)
    assert recurrence.accelerate(network("lstm")) == 0


def test_an_accelerated_network_is_saved_as_what_it_was(tmp_path):
    model, x = network("gru"), np.zeros((2, 17, 6), np.float32)
    recurrence.accelerate(model)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert "call" not in vars(loaded.layers[1])
    np.testing.assert_allclose(np.asarray(loaded(x)), np.asarray(model(x)), atol=1e-6)
