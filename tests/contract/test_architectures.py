"""What every architecture promises, whichever it is: a new file in `architectures/` is tested by being there."""

import json
from typing import Any

import keras
import numpy as np
import pytest
from toys import random_rows

from genomics import hyper, sequences
from genomics.architectures import ARCHITECTURES, Architecture
from genomics.encoding import ENCODINGS
from genomics.errors import SettingError
from genomics.sequences import Layout
from genomics.training.loop import Loop
from genomics.training.tables import Part

LAYOUT = Layout(120, "left")
HUGE = 60_000_000  # parameters; a model beyond is drawn, not built
STEPS = 120

families = pytest.mark.parametrize("family", ARCHITECTURES.values(), ids=ARCHITECTURES)


def bounds() -> list[Any]:
    """Every architecture with one hyperparameter at a bound, or at one of its choices, and the others as they come."""
    found = []
    for family in ARCHITECTURES.values():
        for spec in hyper.specs(family.Config):
            ends = {"flag": (True, False), "choice": spec.choices}.get(spec.kind, (spec.low, spec.high))
            found += [pytest.param(family, {spec.name: end}, id=f"{family.name}-{spec.name}={end}") for end in ends]
    return found


def encoded(family: Architecture, config: Any, rows: np.ndarray, layout: Layout) -> np.ndarray:
    name, size = family.encoding(config)
    return ENCODINGS[name].encode(*sequences.flatten(list(rows)), layout, size)


def built(family: Architecture, config: Any, outputs: int = 1, layout: Layout = LAYOUT) -> keras.Model:
    name, size = family.encoding(config)
    keras.utils.set_random_seed(0)
    return family.build(config, ENCODINGS[name].shape(layout, size), outputs)


def refused(family: Architecture, config: Any, layout: Layout) -> str:
    """What `check` says against it; empty where it has nothing to say."""
    try:
        family.check(config, layout)
    except SettingError as error:
        return str(error)
    return ""


def held_against_its_drawing(family: Architecture, config: Any, outputs: int) -> None:
    drawn = family.layers(config, LAYOUT, outputs)
    assert drawn[0].kind == "input"
    assert drawn[-1].shape == (outputs,)
    assert all(layer.work >= 0 and layer.title for layer in drawn)
    parameters = sum(layer.parameters for layer in drawn)
    if parameters < HUGE:
        model = built(family, config, outputs)
        assert model.count_params() == parameters
        assert model.output_shape == (None, outputs)


@families
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_defaults_give_one_row_of_numbers_for_each_sequence(family, outputs):
    config = family.Config()
    held_against_its_drawing(family, config, outputs)
    model = built(family, config, outputs)
    rows = random_rows(5, 120)
    rows[0] = sequences.UNKNOWN
    found = np.asarray(model(encoded(family, config, rows, LAYOUT), training=False))
    assert found.shape == (5, outputs)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert len(np.unique(found[:, 0])) == 5


@pytest.mark.parametrize(("family", "settings"), bounds())
def test_each_bound_is_built_as_drawn_or_refused_in_words(family, settings):
    config = hyper.make(family.Config, settings)
    assert hyper.make(family.Config, json.loads(json.dumps(hyper.to_json(config)))) == config
    refusal = refused(family, config, LAYOUT)
    if refusal:
        assert refusal.endswith(".")
        assert any(spec.name in refusal for spec in hyper.specs(family.Config))
    else:
        held_against_its_drawing(family, config, 1)


@families
def test_what_is_too_long_for_the_sequences_is_refused_and_never_breaks(family):
    """Down to a single base, either `check` refuses the defaults or they can be built."""
    config, refusals = family.Config(), 0
    for length in (1, 2, 3, 5, 8, 13, 30, 60):
        layout = Layout(length, "left")
        if refused(family, config, layout):
            refusals += 1
            continue
        assert family.layers(config, layout, 1)[-1].shape == (1,)
        model = built(family, config, 1, layout)
        assert np.asarray(model(encoded(family, config, random_rows(2, length), layout))).shape == (2, 1)
    assert 1 <= refusals < 8


@families
@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_a_saved_network_says_the_same_without_our_code(family, policy, tmp_path):
    keras.config.set_dtype_policy(policy)
    config = family.Config()
    model = built(family, config, 3)
    keras.config.set_dtype_policy("float32")
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", compile=False)
    x = encoded(family, config, random_rows(4, 120), LAYOUT)
    np.testing.assert_array_equal(np.asarray(model(x, training=False)), np.asarray(loaded(x, training=False)))


@families
def test_the_same_seed_gives_the_same_weights(family):
    config = family.Config()
    one, again = built(family, config), built(family, config)
    for a, b in zip(one.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@families
@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_eight_sequences_are_learned_by_heart(family, task):
    layout = Layout(40, "left")
    config = hyper.make(family.Config, {"dropout": 0})
    rows = random_rows(8, 40)
    y = {
        "binary": np.array([0, 1, 1, 0, 1, 0, 0, 1], np.float32),
        "multiclass": np.array([0, 1, 2, 0, 1, 2, 2, 1], np.int32),
        "regression": np.linspace(-1, 1, 8, dtype=np.float32),
    }[task]
    part = Part(encoded(family, config, rows, layout), y, np.ones(8, np.float32))
    model = built(family, config, 3 if task == "multiclass" else 1, layout)
    loop = Loop(model, task, part, batch_size=8, learning_rate=5e-3, weight_decay=0.0)
    before = loop.judge(part)[0]
    loop.run(np.tile(np.arange(8), STEPS), 0, STEPS)
    loss, right = loop.judge(part)
    assert loss < before / 20
    assert right < 0.01 if task == "regression" else right > 0.99


@families
def test_dropout_hides_values_in_training_alone(family):
    config = hyper.make(family.Config, {"dropout": 0.5})
    model = built(family, config)
    x = encoded(family, config, random_rows(3, 120), LAYOUT)
    calm = [np.asarray(model(x, training=False)) for _ in range(2)]
    np.testing.assert_array_equal(*calm)
    assert not np.array_equal(np.asarray(model(x, training=True)), calm[0])


@families
def test_an_architecture_says_what_it_is(family):
    assert ARCHITECTURES[family.name] is family
    assert family.title
    assert family.good_when
    assert "doi" in family.reference or "arXiv" in family.reference
    for spec in hyper.specs(family.Config):
        assert spec.help.endswith(".")
        assert hyper.make(family.Config, {spec.name: spec.default}) == family.Config()
