"""What every architecture promises, whichever it is: a new file in `architectures/` is tested by being there."""

import json
from functools import cache
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from toys import random_rows

from genomics import hyper, sequences
from genomics.architectures import ARCHITECTURES, Architecture, inputs, transformer
from genomics.encoding import ENCODINGS, dinucleotides, kmer_counts
from genomics.errors import SettingError
from genomics.fit import Fit
from genomics.kmers import kmer_indices
from genomics.sequences import Layout
from genomics.training import objective
from genomics.training.loop import Loop
from genomics.training.tables import Part

LAYOUT = Layout(64, "left")
HUGE = 3_000_000  # parameters; a model beyond is drawn, not built
STEPS = 100
TASKS = {  # what eight records are, and the numbers that a network gives for each
    "binary": (np.array([0, 1, 1, 0, 1, 0, 0, 1], np.float32), 1),
    "multiclass": (np.array([0, 1, 2, 0, 1, 2, 2, 1], np.int32), 3),
    "multilabel": (np.array([[0, 1], [1, 1], [1, 0], [0, 0], [1, 1], [0, 1], [0, 0], [1, 0]], np.float32), 2),
    "regression": (np.linspace(-1, 1, 8, dtype=np.float32), 1),
    "several targets": (np.stack([np.linspace(-1, 1, 8), np.linspace(1, -1, 8) ** 2], 1).astype(np.float32), 2),
}

families = pytest.mark.parametrize("family", ARCHITECTURES.values(), ids=ARCHITECTURES)


def variants() -> list[Any]:
    """Every architecture as it comes, and with each other choice, such as what it reads."""
    found = []
    for family in ARCHITECTURES.values():
        others = [(spec.name, choice) for spec in hyper.specs(family.Config) for choice in spec.choices if choice != spec.default]
        found.append(pytest.param(family, "", "", id=family.name))
        found += [pytest.param(family, name, choice, id=f"{family.name}-{name}={choice}") for name, choice in others]
    return found


def readings(family: Architecture) -> list[dict[str, str]]:
    """Each encoding that an architecture may read, as the setting that chooses it; the one it comes with first."""
    (spec,) = [spec for spec in hyper.specs(family.Config) if spec.name in ("input", "picture")] or [None]
    return [{spec.name: choice} for choice in sorted(spec.choices, key=lambda choice: choice != spec.default)] if spec else [{}]


def bounds() -> list[Any]:
    """Every architecture and encoding with one hyperparameter at a bound, and the others as they come; slow but for the usual encoding."""
    found = []
    for family in ARCHITECTURES.values():
        for read in readings(family):
            marks = [] if read == readings(family)[0] else [pytest.mark.slow]
            for spec in hyper.specs(family.Config):
                if spec.kind != "choice" and _fits(spec, read):
                    for end in (True, False) if spec.kind == "flag" else (spec.low, spec.high):
                        name = "-".join((family.name, *read.values(), f"{spec.name}={end}"))
                        found.append(pytest.param(family, {**read, spec.name: end, **_needed(spec)}, id=name, marks=marks))
    return found


def _fits(spec: hyper.Spec, read: dict[str, str]) -> bool:
    """Whether a hyperparameter means something with this encoding."""
    return not spec.when or spec.when[0] not in read or read[spec.when[0]] in spec.when[1]


def _needed(spec: hyper.Spec) -> dict[str, Any]:
    """The other choice without which this hyperparameter means nothing."""
    return {spec.when[0]: spec.when[1][0]} if spec.when else {}


def encoded(family: Architecture, config: Any, rows: np.ndarray, layout: Layout = LAYOUT) -> np.ndarray:
    name, size = family.encoding(config)
    return ENCODINGS[name].encode(*sequences.flatten(list(rows)), layout, size)


def built(family: Architecture, config: Any, outputs: int = 1, layout: Layout = LAYOUT, policy: str = "float32") -> keras.Model:
    name, size = family.encoding(config)
    keras.utils.set_random_seed(0)
    keras.config.set_dtype_policy(policy)
    return family.build(config, ENCODINGS[name].shape(layout, size), outputs)


@cache
def plain(family: Architecture) -> keras.Model:
    """The defaults with three outputs, for tests that do not change it."""
    return built(family, family.Config(), 3)


@cache
def odd_rows() -> np.ndarray:
    """All unknown, half filled, a few unknown bases, one base only, and two of all bases: uint8 (6, 64)."""
    rows = random_rows(6, 64)
    rows[0] = rows[1, 32:] = rows[2, ::11] = sequences.UNKNOWN
    rows[3] = 2
    return rows


def refused(family: Architecture, config: Any, layout: Layout) -> str:
    """What `check` says against it; empty where it has nothing to say."""
    try:
        family.check(config, layout)
    except SettingError as error:
        return str(error)
    return ""


def answers(model: Any, x: np.ndarray, *, training: bool = False) -> np.ndarray:
    return np.asarray(model(x, training=training))


@pytest.mark.parametrize(("family", "name", "choice"), variants())
def test_each_choice_is_built_as_drawn_answers_and_is_saved_without_our_code(family, name, choice, tmp_path):
    config = hyper.make(family.Config, {name: choice} if name else {})
    model = built(family, config, 3) if name else plain(family)
    drawn = family.layers(config, LAYOUT, 3)
    assert drawn[0].kind == "input"
    assert drawn[-1].shape == (3,)
    assert all(layer.work >= 0 and layer.held >= 0 and layer.reach >= 0 and layer.title for layer in drawn)
    assert model.count_params() == sum(layer.parameters for layer in drawn)

    x = encoded(family, config, odd_rows())
    found = answers(model, x)
    assert found.shape == (6, 3)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert len(np.unique(found[:, 0])) == 6
    if name in ("", "input", "picture", "summary") or choice == "attention":  # the others are of the same pieces
        model.save(tmp_path / "model.keras")
        loaded = keras.models.load_model(tmp_path / "model.keras", compile=False)
        np.testing.assert_array_equal(answers(loaded, x), found)


@families
def test_bfloat16_says_nearly_the_same_and_is_saved_too(family, tmp_path):
    config = family.Config()
    model = built(family, config, 3, policy="mixed_bfloat16")
    keras.config.set_dtype_policy("float32")
    x = encoded(family, config, odd_rows())
    found = answers(model, x)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, answers(plain(family), x), atol=0.1)
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(answers(keras.models.load_model(tmp_path / "model.keras", compile=False), x), found)


@families
def test_the_same_seed_gives_the_same_weights_under_the_same_names(family):
    """Names carry weights from one run to another: they are stable within a process, and each is there once."""
    one, again = plain(family), built(family, family.Config(), 3)
    names = [weight.path for weight in one.weights]
    assert names == [weight.path for weight in again.weights]
    assert len(set(names)) == len(names)
    layers = [layer.name for layer in one.layers if layer.weights]
    assert layers[-1] == "output"
    assert len(set(layers)) == len(layers)
    for a, b in zip(one.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@families
def test_the_first_filters_over_one_hot_have_the_agreed_name_and_shape(family):
    convolutional = [layer for layer in family.layers(family.Config(), LAYOUT, 1) if layer.kind == "convolution"]
    if convolutional and family.encoding(family.Config())[0] == "one_hot":
        size, bases, filters = plain(family).get_layer("conv_1").kernel.shape
        assert bases == 4
        assert convolutional[0].title == f"{filters} filters of {size}"


@pytest.mark.parametrize(("family", "settings"), bounds())
def test_each_bound_is_built_as_drawn_or_refused_in_words(family, settings):
    config = hyper.make(family.Config, settings)
    assert hyper.make(family.Config, json.loads(json.dumps(hyper.to_json(config)))) == config
    refusal = refused(family, config, LAYOUT)
    if refusal:
        assert refusal.endswith(".")
        assert any(spec.name in refusal for spec in hyper.specs(family.Config))
        return
    drawn = family.layers(config, LAYOUT, 1)
    assert drawn[-1].shape == (1,)
    if sum(layer.parameters for layer in drawn) < HUGE and "dropout" not in settings:  # which changes no shape
        assert built(family, config).count_params() == sum(layer.parameters for layer in drawn)


@families
def test_what_is_too_long_for_the_sequences_is_refused_and_never_breaks(family):
    """From a single base to 20,000, either `check` refuses the defaults or they are drawn; the shortest is built."""
    config = family.Config()
    lengths = [*range(1, 65), 1_000, 20_000]
    fitting = [length for length in lengths if not refused(family, config, Layout(length, "left"))]
    assert fitting
    assert fitting[0] < 64
    for length in fitting:
        assert family.layers(config, Layout(length, "left"), 1)[-1].shape == (1,)
    shortest = Layout(fitting[0], "left")
    assert answers(built(family, config, 1, shortest), encoded(family, config, random_rows(2, shortest.length), shortest)).shape == (2, 1)


@families
@pytest.mark.parametrize("records", [20, 100, 1_000, 100_000])
def test_suggestions_suit_any_number_and_length(family, records):
    names = [spec.name for spec in hyper.specs(family.Config)]
    for length in (8, 12, 24, 41, 81, 200, 1_000, 10_000, 20_000):
        layout = Layout(length, "left")
        suggested = family.suggest(records, layout)
        config = hyper.make(family.Config, {name: value for name, value in suggested.items() if name in names})
        hyper.make(Fit, {name: value for name, value in suggested.items() if name not in names})
        assert refused(family, config, layout) == ""
        drawn = family.layers(config, layout, 2)
        assert sum(layer.parameters for layer in drawn) < 1_200_000
        assert sum(layer.held for layer in drawn) * 8 < 100_000_000  # bytes a sequence
        usual = {spec.name: spec.default for spec in (*hyper.specs(family.Config), *hyper.specs(Fit))}
        assert all(usual[name] != value for name, value in suggested.items())


@families
def test_what_is_suggested_for_the_longest_sequences_is_built_as_drawn(family):
    layout = Layout(20_000, "left")
    names = [spec.name for spec in hyper.specs(family.Config)]
    config = hyper.make(family.Config, {name: value for name, value in family.suggest(1_000, layout).items() if name in names})
    model = built(family, config, 1, layout)
    assert model.count_params() == sum(layer.parameters for layer in family.layers(config, layout, 1))
    compiled = tf.function(model, jit_compile=False, autograph=False)  # hundreds of steps of a memory, one by one, take seconds
    assert np.isfinite(answers(compiled, encoded(family, config, random_rows(1, 20_000), layout))).all()


def lessons() -> list[Any]:
    """Every architecture, encoding and task; all but one task of each are slow."""
    found = []
    for family in ARCHITECTURES.values():
        for read in readings(family):
            chosen = len({case.values[0].name for case in found}) % len(TASKS)
            for number, task in enumerate(TASKS):
                quick = number == chosen and read == readings(family)[0]
                name = "-".join((family.name, *read.values(), task))
                found.append(pytest.param(family, read, task, id=name, marks=[] if quick else [pytest.mark.slow]))
    return found


@pytest.mark.parametrize(("family", "read", "task"), lessons())
def test_eight_sequences_are_learned_by_heart(family, read, task):
    layout = Layout(24, "left")
    names = [spec.name for spec in hyper.specs(family.Config)]
    suggested = {name: value for name, value in family.suggest(1_000, layout).items() if name in names}
    config = hyper.make(family.Config, suggested | read | {"dropout": 0})
    y, outputs = TASKS[task]
    part = Part(encoded(family, config, random_rows(8, 24), layout), y, np.ones(8, np.float32))
    fit = hyper.make(Fit, {"batch_size": 8, "learning_rate": 5e-3, "weight_decay": 0})
    loop = Loop(built(family, config, outputs, layout), "regression" if task == "several targets" else task, part, fit)
    before = loop.judge(part).loss
    loop.run(np.tile(np.arange(8), STEPS), 0, STEPS)
    judged = loop.judge(part)
    assert judged.loss < before / 20
    assert judged.right < 0.02 if task in ("regression", "several targets") else judged.right > 0.99


@pytest.mark.parametrize(
    ("family", "read"),
    [
        pytest.param(family, read, id="-".join((family.name, *read.values())))
        for family in ARCHITECTURES.values()
        for read in readings(family)
    ],
)
def test_every_task_reaches_every_weight_whatever_is_read(family, read):
    """For each task the loss is a number, its gradient reaches each weight, and a small step against it lowers the loss."""
    layout = Layout(24, "left")
    names = [spec.name for spec in hyper.specs(family.Config)]
    suggested = {name: value for name, value in family.suggest(1_000, layout).items() if name in names}
    config = hyper.make(family.Config, suggested | read)
    x = encoded(family, config, random_rows(8, 24), layout)
    for name, (y, outputs) in TASKS.items():
        task = "regression" if name == "several targets" else name
        model, loss = built(family, config, outputs, layout), objective.loss(task, Fit(), None)
        for weight in model.trainable_weights:  # some begin at zero, and nothing passes through them
            weight.assign_add(np.random.default_rng(1).normal(size=weight.shape) * 0.05)
        with tf.GradientTape() as tape:
            before = tf.reduce_mean(loss(y, model(x)))
        gradients = tape.gradient(before, model.trainable_weights)
        assert np.isfinite(before)
        for weight, gradient in zip(model.trainable_weights, gradients, strict=True):
            assert gradient is not None, weight.path
            assert np.any(tf.convert_to_tensor(gradient)), weight.path
            weight.assign_sub(1e-3 * tf.convert_to_tensor(gradient))
        assert tf.reduce_mean(loss(y, model(x))) < before, name


@families
def test_units_that_are_all_silent_still_learn(family):
    """The layers before the output can be pushed below zero by a few large steps; they must be able to come back."""
    model, x = built(family, hyper.make(family.Config, {"dropout": 0})), encoded(family, family.Config(), odd_rows())
    dense = [layer for layer in model.layers if layer.name.startswith("dense_")]
    for layer in dense:
        layer.bias.assign(np.full(layer.bias.shape, -1e3))
    with tf.GradientTape() as tape:
        said = tf.reduce_sum(model(x, training=True))
    for layer, gradient in zip(dense, tape.gradient(said, [layer.kernel for layer in dense]), strict=True):
        assert np.any(tf.convert_to_tensor(gradient)), layer.name


@families
def test_dropout_hides_values_in_training_alone(family):
    x = encoded(family, family.Config(), odd_rows())
    calm = answers(plain(family), x)
    np.testing.assert_array_equal(answers(plain(family), x), calm)
    assert not np.array_equal(answers(plain(family), x, training=True), calm)


@families
def test_an_architecture_says_what_it_is(family):
    assert ARCHITECTURES[family.name] is family
    assert family.title
    assert family.good_when
    assert "doi" in family.reference or "arXiv" in family.reference
    for spec in hyper.specs(family.Config):
        assert spec.help.endswith(".")
        assert hyper.make(family.Config, {spec.name: spec.default}) == family.Config()


def test_the_architectures_are_these_in_this_order():
    order = ["cnn", "image_cnn", "rnn", "cnn_rnn", "dilated_resnet", "transformer", "multiscale_cnn", "kmer_dense"]
    assert list(ARCHITECTURES) == order


@pytest.mark.parametrize("k", [2, 4, 6])
def test_words_are_numbered_as_their_counts_are(k):
    rows = odd_rows()
    numbers = np.asarray(inputs.words(keras.ops.convert_to_tensor(rows), 64, k))
    np.testing.assert_array_equal(numbers, kmer_indices(rows, k) + 1)
    counts = kmer_counts.count(*sequences.flatten(list(rows)), k).astype(float)
    expected = np.log1p(counts / np.maximum(counts.mean(1, keepdims=True), 1e-6))
    np.testing.assert_allclose(np.asarray(inputs.word_counts(keras.ops.convert_to_tensor(rows), 64, k)), expected, rtol=1e-5)


def test_pairs_of_neighbours_are_read_as_their_properties():
    codes, properties = inputs.read(hyper.make(ARCHITECTURES["cnn"].Config, {"input": "dinucleotides"}), (6,))
    found = np.asarray(keras.Model(codes, properties)(np.array([sequences.encode("ACGNTT")])))[0]
    table = dinucleotides.table()
    for at, pair in enumerate(("AC", "CG", "GN", "NT", "TT")):
        known = "N" not in pair
        np.testing.assert_allclose(found[at], table[1 + "ACGT".index(pair[0]) * 4 + "ACGT".index(pair[1])] if known else 0, rtol=1e-6)


def test_attention_compares_positions_by_their_distance_alone():
    vectors = np.random.default_rng(0).normal(size=(2, 1, 1, 1, 16)).astype(np.float32)
    query, key = (np.repeat(vector, 30, axis=1) for vector in vectors)  # the same at every one of 30 positions
    angles = transformer.turns(keras.ops.ones((2, 30, 7)), 16)
    products = np.einsum("bqhd,bkhd->qk", *(np.asarray(transformer.turned(x, angles)) for x in (query, key)))
    for distance in (-20, -3, 0, 4, 25):
        np.testing.assert_allclose(np.diag(products, distance), products.diagonal(distance)[0], rtol=1e-3)
    assert np.std(products[0]) > 0.1


@pytest.mark.parametrize(("name", "layer", "stop"), [("cnn", "dropout", 3), ("dilated_resnet", "add", 6)])
def test_a_position_depends_on_as_many_bases_as_drawn(name, layer, stop):
    """Each base is changed in turn; those that move a position in the middle span the drawn reach."""
    family = ARCHITECTURES[name]
    model, drawn = built(family, family.Config(), 1), family.layers(family.Config(), LAYOUT, 1)[stop - 1]
    rng = np.random.default_rng(0)
    for weight in model.trainable_weights:
        weight.assign(rng.normal(size=weight.shape) * 0.3)  # untrained blocks add nothing
    inner = keras.Model(model.input, [each.output for each in model.layers if each.name.startswith(layer)][0 if name == "cnn" else 2])
    row = random_rows(1, 64)
    changed = np.repeat(row, 65, axis=0)
    changed[np.arange(64), np.arange(64)] = (row[0] + 2) % 4
    found = answers(inner, changed)
    middle = found.shape[1] // 2
    assert found.shape[1:] == drawn.shape
    moved = np.flatnonzero(np.abs(found[:64, middle] - found[64, middle]).max(-1) > 1e-3)  # less is rounding
    assert moved[-1] - moved[0] + 1 == drawn.reach
