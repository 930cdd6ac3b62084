"""Learning rates by step, decay, clipping, and optimisers that go downhill."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from small import loop_of, part_of

from genomics.fit import Fit
from genomics.training import optimizing
from genomics.training.optimizing import rates


def test_a_constant_rate_after_a_slow_start():
    found = rates(Fit(learning_rate=0.1, warmup=2, epochs=5), steps=10, at=0, count=50)
    np.testing.assert_allclose(found[:20], 0.1 * np.arange(1, 21) / 20, rtol=1e-6)
    np.testing.assert_allclose(found[20:], 0.1, rtol=1e-6)


def test_cosine_falls_from_all_to_nothing():
    found = rates(Fit(learning_rate=0.1, schedule="cosine", epochs=5), steps=10, at=0, count=50)
    assert (np.diff(found) < 0).all()
    assert (found[0], found[25], found[-1]) == (pytest.approx(0.1), pytest.approx(0.05), pytest.approx(0, abs=2e-4))
    assert rates(Fit(schedule="cosine", warmup=5, epochs=5), 10, 49, 1)[0] == pytest.approx(1e-3)  # nothing left to fall in


@pytest.mark.parametrize("fit", [Fit(warmup=1), Fit(schedule="cosine", warmup=1, epochs=4), Fit(schedule="plateau")])
def test_rates_do_not_depend_on_where_one_looks(fit):
    whole = rates(fit, 7, 0, 28, halved=1)
    parts = [rates(fit, 7, at, 4, halved=1) for at in range(0, 28, 4)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    np.testing.assert_allclose(whole * 2, rates(fit, 7, 0, 28), rtol=1e-6)


@pytest.mark.parametrize("name", ["sgd", "lion"])
def test_an_optimizer_of_another_kind_learns_what_one_base_decides(name):
    part = part_of(64, 6)
    loop = loop_of(part, optimizer=name, learning_rate=0.1 if name == "sgd" else 0.02, gradient_clip=5.0)
    before = loop.judge(part).loss
    for epoch in range(20):
        steps = loop.run(np.arange(64), 0, 4, epoch=epoch)
    assert loop.judge(part).loss < before / 2
    assert (steps.norm > 0).all()


@pytest.mark.parametrize(("name", "decays"), [("adamw", True), ("adam", False), ("sgd", True), ("rmsprop", True), ("lion", True)])
def test_decay_spares_biases(name, decays):
    kernel, bias = (keras.Variable(np.ones(shape, np.float32)) for shape in ((2, 2), (2,)))
    made = optimizing.optimizer(Fit(optimizer=name, weight_decay=0.1, learning_rate=0.5), [kernel, bias])
    made.apply([np.zeros((2, 2), np.float32), np.zeros(2, np.float32)], [kernel, bias])
    np.testing.assert_allclose(bias.numpy(), 1)
    np.testing.assert_allclose(kernel.numpy(), 0.95 if decays else 1)


@pytest.mark.parametrize("name", ["adamw", "adam"])
def test_adam_is_that_of_keras_to_the_last_bit_and_computes_once_what_weights_share(name):
    rng = np.random.default_rng(0)
    start = [rng.normal(size=shape).astype(np.float32) for shape in ((7, 5), (5,))]
    ours, theirs = ([keras.Variable(value) for value in start] for _ in range(2))
    made = optimizing.optimizer(Fit(optimizer=name, weight_decay=0.1, learning_rate=0.01), ours)
    expected = keras.optimizers.AdamW(0.01, weight_decay=0.1) if name == "adamw" else keras.optimizers.Adam(0.01)
    expected.exclude_from_weight_decay(var_list=theirs[1:])
    for step in range(50):
        made.learning_rate.assign(0.01 / (1 + step))
        expected.learning_rate = 0.01 / (1 + step)
        gradients = [rng.normal(size=value.shape).astype(np.float32) for value in start]
        made.apply(gradients, ours)
        expected.apply(gradients, theirs)
    for weight, other, value in zip(ours, theirs, start, strict=True):
        assert np.abs(weight.numpy() - value).max() > 0.01
        np.testing.assert_array_equal(weight.numpy(), other.numpy())
    assert [variable.shape for variable in made.variables] == [variable.shape for variable in expected.variables]
    assert int(made.iterations.numpy()) == 50

    traced = tf.function(lambda *some: made.apply(some, ours), autograph=False).get_concrete_function(*map(tf.constant, start))
    kinds = [operation.type for operation in traced.graph.get_operations()]
    assert (kinds.count("Pow"), kinds.count("Sqrt")) == (2, 3)


def test_gradients_are_cut_together_and_their_length_is_told_as_it_was():
    cut, norm = optimizing.clipped([np.array([3.0], np.float32), np.array([4.0], np.float32)], 1.0)
    assert float(norm) == 5
    np.testing.assert_allclose([float(part[0]) for part in cut], [0.6, 0.8], rtol=1e-6)
    whole, _ = optimizing.clipped([np.array([3.0], np.float32)], 0.0)
    short, _ = optimizing.clipped([np.array([3.0], np.float32)], 10.0)
    assert (float(whole[0][0]), float(short[0][0])) == (3, 3)
