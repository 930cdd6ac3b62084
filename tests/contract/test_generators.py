"""What every generator promises, and what is particular to the one that is trained against a critic."""

import json
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from toys import dataset_of, random_rows

from genomics import generating, hyper, recipe
from genomics.errors import RunError, SettingError
from genomics.generators import GENERATORS, wgan_gp
from genomics.generators.kind import END
from genomics.sequences import Layout

LAYOUT = Layout(24, "left")
SMALL = {"channels": 8, "blocks": 1, "batch_size": 8, "latent": 4, "critic_steps": 2}
HUGE = 20_000_000

families = pytest.mark.parametrize("family", GENERATORS.values(), ids=GENERATORS)


def small(family: Any, **settings: Any) -> Any:
    known = {spec.name for spec in hyper.specs(family.Config)}
    return hyper.make(family.Config, {name: value for name, value in {**SMALL, **settings}.items() if name in known})


def ending_rows(n: int = 40, length: int = 24, seed: int = 0) -> np.ndarray:
    """Real rows of unlike length, filled on the right."""
    rows = random_rows(n, length, seed)
    lengths = np.random.default_rng(seed).integers(6, length + 1, n)
    rows[np.arange(length)[None, :] >= lengths[:, None]] = 4
    return rows


def bounds() -> list[Any]:
    return [
        pytest.param(family, {spec.name: end}, id=f"{family.name}-{spec.name}={end}")
        for family in GENERATORS.values()
        for spec in hyper.specs(family.Config)
        for end in ({"flag": (True, False), "choice": spec.choices}.get(spec.kind, (spec.low, spec.high)))
    ]


@pytest.mark.parametrize(("family", "settings"), bounds())
def test_each_bound_is_built_as_drawn(family, settings):
    config = hyper.make(family.Config, settings)
    assert hyper.make(family.Config, json.loads(json.dumps(hyper.to_json(config)))) == config
    family.check(config, LAYOUT)
    drawn = family.layers(config, LAYOUT)
    parameters = {name: sum(layer.parameters for layer in layers) for name, layers in drawn.items()}
    assert family.work(config, LAYOUT) > sum(parameters.values())
    if sum(parameters.values()) < HUGE:
        learner = family.make(config, random_rows(8, 24), 0)
        assert {name: learner.networks[name].count_params() for name in drawn} == parameters
        assert learner.sample(2, 0).shape == (2, 24)


@families
def test_sequences_of_one_length_are_made_of_bases(family):
    learner = family.make(small(family), random_rows(40, 24), 0)
    learner.run(0, 2)
    rows = learner.sample(30, 1)
    assert rows.shape == (30, 24)
    assert rows.dtype == np.uint8
    assert rows.max() <= 3


@families
def test_sequences_of_unlike_length_end_and_stay_ended(family):
    learner = family.make(small(family), ending_rows(), 0)
    learner.run(0, 2)
    rows = learner.sample(200, 1)
    assert rows.max() == END
    ended = np.logical_or.accumulate(rows == END, axis=1)
    assert (rows[ended] == END).all()


@families
def test_the_same_seed_draws_the_same_sequences_as_often_as_asked(family):
    learner = family.make(small(family), random_rows(40, 24), 0)
    one = learner.sample(300, 5)
    np.testing.assert_array_equal(one, learner.sample(300, 5))
    np.testing.assert_array_equal(one[:10], learner.sample(10, 5))
    np.testing.assert_array_equal(one, family.draw(learner.networks["generator"], 300, 5))
    assert not np.array_equal(one, learner.sample(300, 6))


@families
def test_the_same_iterations_are_the_same_in_one_piece_or_several(family):
    def losses(*chunks: int) -> tuple[dict[str, np.ndarray], list[np.ndarray]]:
        learner = family.make(small(family), random_rows(40, 24), 3)
        pieces, at = [], 0
        for count in chunks:
            pieces.append(learner.run(at, count))
            at += count
        return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}, [v.numpy() for v in learner.variables]

    whole, parts = losses(6), losses(2, 4)
    for name, values in whole[0].items():
        assert len(values) == 6
        np.testing.assert_array_equal(values, parts[0][name], err_msg=name)
    for one, other in zip(whole[1], parts[1], strict=True):
        np.testing.assert_array_equal(one, other)


@families
def test_a_generator_and_its_samples_survive_saving(family, tmp_path):
    learner = family.make(small(family), ending_rows(), 0)
    learner.run(0, 3)
    learner.networks["generator"].save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", compile=False)
    np.testing.assert_array_equal(family.draw(loaded, 50, 2), learner.sample(50, 2))


def test_unknown_bases_are_a_quarter_of_each_and_not_an_end():
    rows = np.array([[0, 4, 2, 3], [1, 1, 4, 4]], np.uint8)
    marked, ends = wgan_gp.mark_unknown(rows)
    assert (marked.tolist(), ends) == ([[0, 5, 2, 3], [1, 1, 4, 4]], True)
    shown = wgan_gp.unfold(marked, ends)[marked]
    np.testing.assert_array_equal(shown[0, 1], [0.25, 0.25, 0.25, 0.25, 0])
    np.testing.assert_array_equal(shown[1, 2:], [[0, 0, 0, 0, 1]] * 2)
    np.testing.assert_array_equal(shown.sum(-1), np.ones((2, 4)))
    marked, ends = wgan_gp.mark_unknown(rows[:1])
    assert (ends, wgan_gp.unfold(marked, ends).shape) == (False, (6, 4))


@pytest.mark.parametrize("rows", [random_rows(200, 12) % 3, ending_rows(200, 12)], ids=["one length", "ends"])
def test_before_training_each_position_has_the_base_frequencies_of_the_real_ones(rows):
    learner = wgan_gp.make(hyper.make(wgan_gp.Config, SMALL), rows, 0)
    symbols = 4 if rows.max() < 4 else 5
    frequencies = np.stack([(rows == symbol).mean(0) for symbol in range(symbols)], 1)
    (bias,) = (weight for weight in learner.networks["generator"].weights if weight.path.endswith("to_symbols/bias"))
    np.testing.assert_allclose(np.exp(bias.numpy()), frequencies + 1e-3, rtol=1e-4)
    noise = np.random.default_rng(0).standard_normal((500, 4)).astype(np.float32)
    np.testing.assert_allclose(np.asarray(learner.networks["generator"](noise)).mean(0), frequencies, atol=0.05)


def test_one_step_of_the_critic_is_what_the_formula_says():
    """The gap and the penalty of the first iteration, computed again from the networks as they were."""
    config = hyper.make(wgan_gp.Config, {**SMALL, "critic_steps": 1})
    rows, seed, batch = random_rows(40, 24), 7, 8
    learner = wgan_gp.make(config, rows, seed)
    critic, generator = learner.networks["critic"], learner.networks["generator"]

    key = tf.constant([seed + 1, 0])
    picked = tf.random.stateless_uniform((batch,), key, 0, 40, tf.int32).numpy()
    real = np.eye(4, dtype=np.float32)[rows[picked]]
    fake = np.asarray(generator(tf.random.stateless_normal((batch, config.latent), key + 1)))
    share = tf.random.stateless_uniform((batch, 1, 1), key + 2).numpy()
    assert ((share > 0) & (share < 1)).all()
    between = tf.Variable(share * real + (1 - share) * fake)
    with tf.GradientTape() as tape:
        opinion = tf.reduce_sum(critic(between))  # each row's opinion depends on that row alone
    slope = tape.gradient(opinion, between).numpy()
    penalty = np.mean([(np.sqrt((row.astype(np.float64) ** 2).sum()) - 1) ** 2 for row in slope])
    gap = np.mean(critic(real)) - np.mean(critic(fake))

    found = learner.run(0, 1)
    assert found["gradient_penalty"][0] == pytest.approx(penalty, rel=1e-4)
    assert found["critic_gap"][0] == pytest.approx(gap, rel=1e-3, abs=1e-6)


def test_the_critic_learns_to_tell_real_from_generated():
    rows = np.zeros((64, 24), np.uint8)
    learner = wgan_gp.make(hyper.make(wgan_gp.Config, {**SMALL, "learning_rate": 1e-3}), np.vstack([rows, random_rows(64, 24)]), 0)
    gaps = learner.run(0, 40)["critic_gap"]
    assert gaps[-10:].mean() > gaps[:5].mean() + 0.1
    assert learner.watch(rows) != learner.watch(random_rows(64, 24))


def test_empty_sequences_are_drawn_again_and_given_up_in_the_end(monkeypatch):
    plan = recipe.plan(dataset_of(random_rows(5, 24)), "wgan_gp")
    asked: list[tuple[int, int]] = []

    def draw(network: None, n: int, seed: int) -> np.ndarray:
        asked.append((n, seed))
        rows = np.full((n, 3), END, np.uint8)
        rows[: -(-n // 2)] = [0, 1, END]
        return rows

    monkeypatch.setitem(GENERATORS, "wgan_gp", GENERATORS["wgan_gp"]._replace(draw=draw))
    assert generating.sequences(plan, None, 7, 40) == ["AC"] * 7
    assert asked == [(7, 40), (3, 41), (1, 42)]
    monkeypatch.setitem(GENERATORS, "wgan_gp", GENERATORS["wgan_gp"]._replace(draw=lambda _, n, __: np.full((n, 3), END, np.uint8)))
    with pytest.raises(RunError, match="hardly any sequence that is not empty: 0 of 7"):
        generating.sequences(plan, None, 7, 0)


def test_fasta_has_80_letters_a_line():
    assert generating.fasta(["ACGT", "A" * 81]) == f">generated_1\nACGT\n>generated_2\n{'A' * 80}\nA\n"


@families
def test_too_short_sequences_are_refused(family):
    with pytest.raises(SettingError, match="at least 2 bp; these have 1"):
        family.check(family.Config(), Layout(1, "left"))
