"""Hyperparameters: what each kind accepts and refuses, in words and through JSON."""

import json
import math
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genomics import hyper
from genomics.errors import SettingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    filters: int = hyper.integer(32, 4, 512, step=4, log=True, help="How many.")
    learning_rate: float = hyper.real(1e-3, 1e-6, 1.0, log=True, unit="per step", help="How fast.")
    pooling: str = hyper.choice("max", ("max", "mean", "16"), help="Which.", advanced=True)
    both_strands: bool = hyper.flag(True, help="Whether.", when=("pooling", ("max",)))


def test_specs_are_the_declarations_in_order():
    filters, rate, pooling, strands = hyper.specs(Config)
    assert [s.name for s in (filters, rate, pooling, strands)] == ["filters", "learning_rate", "pooling", "both_strands"]
    assert [s.kind for s in (filters, rate, pooling, strands)] == ["integer", "real", "choice", "flag"]
    assert [s.default for s in (filters, rate, pooling, strands)] == [32, 1e-3, "max", True]
    assert (filters.low, filters.high, filters.step, filters.log) == (4, 512, 4, True)
    assert (rate.unit, pooling.choices, pooling.advanced) == ("per step", ("max", "mean", "16"), True)
    assert strands.when == ("pooling", ("max",))
    assert hyper.specs(Config()) == hyper.specs(Config)


def test_what_is_allowed_is_said_in_words():
    assert [spec.allowed() for spec in hyper.specs(Config)] == [
        "a whole number from 4 to 512",
        "a number from 1e-06 to 1 per step",
        "one of max, mean, 16",
        "true or false",
    ]
    assert hyper.specs(Config)[1].label() == "Learning rate"


def test_nothing_given_is_the_defaults():
    assert hyper.make(Config, {}) == Config()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("filters", 64, 64),
        ("filters", "64", 64),
        ("filters", 64.0, 64),
        ("filters", "6.4e1", 64),
        ("filters", 4, 4),  # the bounds are allowed
        ("filters", 512, 512),
        ("learning_rate", "1e-6", 1e-6),
        ("learning_rate", 1, 1.0),
        ("pooling", "mean", "mean"),
        ("pooling", 16, "16"),
        ("both_strands", False, False),
        ("both_strands", "false", False),
        ("both_strands", "No", False),
        ("both_strands", 0, False),
        ("both_strands", "TRUE", True),
        ("both_strands", "yes", True),
        ("both_strands", 1, True),
    ],
)
def test_an_allowed_value_is_converted(name, value, expected):
    made = getattr(hyper.make(Config, {name: value}), name)
    assert made == expected
    assert type(made) is type(expected)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filters", 3),
        ("filters", 513),
        ("filters", 4.5),
        ("filters", "64.5"),
        ("filters", "many"),
        ("filters", ""),
        ("filters", None),
        ("filters", [64]),
        ("filters", True),
        ("filters", math.nan),
        ("filters", "nan"),
        ("filters", math.inf),
        ("filters", 10**400),
        ("learning_rate", 0),
        ("learning_rate", 1.0000001),
        ("learning_rate", math.nan),
        ("learning_rate", "-inf"),
        ("learning_rate", False),
        ("learning_rate", True),  # 1.0 would be allowed
        ("pooling", "Max"),
        ("pooling", None),
        ("both_strands", "maybe"),
        ("both_strands", 2),
        ("both_strands", None),
        ("both_strands", math.nan),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_with_what_is(name, value):
    allowed = next(spec.allowed() for spec in hyper.specs(Config) if spec.name == name)
    with pytest.raises(SettingError) as refused:
        hyper.make(Config, {name: value})
    assert str(refused.value).startswith(f"{name} = {value!r} is not allowed")
    assert allowed in str(refused.value)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(SettingError, match=r'"kernel" is not a setting here. Settings: filters, learning_rate, pooling, both_strands'):
        hyper.make(Config, {"filters": 8, "kernel": 3})


def test_without_a_unit_the_words_end_with_the_bound():
    assert hyper.Spec("x", "real", 1.0, "", 0, 2).allowed() == "a number from 0 to 2"


values = st.fixed_dictionaries(
    {},
    optional={
        "filters": st.integers(4, 512),
        "learning_rate": st.floats(1e-6, 1.0),
        "pooling": st.sampled_from(["max", "mean", "16"]),
        "both_strands": st.booleans(),
    },
)


@given(values)
def test_a_config_survives_json(chosen):
    config = hyper.make(Config, chosen)
    assert hyper.make(Config, json.loads(json.dumps(hyper.to_json(config)))) == config


@given(values)
def test_a_config_survives_the_command_line(chosen):
    config = hyper.make(Config, chosen)
    texts = [f"{name}={value}" for name, value in hyper.to_json(config).items()]
    assert hyper.make(Config, hyper.parse(texts)) == config


@given(st.one_of(st.floats(), st.integers(), st.text(max_size=8), st.none(), st.booleans()))
def test_whatever_is_given_is_either_refused_or_within_the_bounds(value):
    for name, low, high in (("filters", 4, 512), ("learning_rate", 1e-6, 1.0)):
        try:
            made = getattr(hyper.make(Config, {name: value}), name)
        except SettingError:
            continue
        assert low <= made <= high


def test_parse_splits_at_the_first_equals_sign_only():
    assert hyper.parse(["pattern = a=b", "filters=64", "empty="]) == {"pattern": "a=b", "filters": "64", "empty": ""}


@pytest.mark.parametrize("text", ["filters", "=64", "", "="])
def test_parse_refuses_what_is_no_assignment(text):
    with pytest.raises(SettingError, match=r"name=value, for instance --set filters=64"):
        hyper.parse([text])
