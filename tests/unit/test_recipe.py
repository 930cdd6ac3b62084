"""What is asked is checked whole before anything runs, survives JSON, and can be said again as a command."""

import argparse
import json
import re
import shlex

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import dataset_of, gc_classes, random_rows

from genomics import hyper, layouts, recipe
from genomics.architectures import ARCHITECTURES
from genomics.commands import train
from genomics.errors import SettingError
from genomics.fit import Fit
from genomics.generators import GENERATORS
from genomics.sequences import ANCHORS, Layout
from genomics.terminal import command_line

FAMILIES = {**ARCHITECTURES, **GENERATORS}
TOY = gc_classes(20)
NUMBERS = dataset_of(random_rows(20, 24), targets=np.arange(20) / 3)
BARE = dataset_of(random_rows(20, 24))
ONE_CLASS = dataset_of(random_rows(20, 24), np.zeros(20), task="unlabelled", classes=("promoter",))
THREE = dataset_of(random_rows(21, 24), np.arange(21) % 3)


def unlike(*lengths: int):
    return dataset_of([random_rows(1, length)[0] for length in lengths], np.arange(len(lengths)) % 2)


@pytest.mark.parametrize(
    ("dataset", "architecture", "asked", "message"),
    [
        (TOY, "resnet", {}, 'There is no architecture "resnet". Architectures: cnn, image_cnn, rnn, '),
        (TOY, "cnn", {"settings": {"colour": 1}}, '"colour" is no setting of cnn. Settings: layers, filters,'),
        (TOY, "cnn", {"settings": {"iterations": 1}}, '"iterations" is no setting of cnn.'),
        (TOY, "wgan_gp", {"settings": {"epochs": 3}}, "wgan_gp counts iterations, not epochs. Settings: iterations,"),
        (TOY, "cnn", {"settings": {"filters": 3}}, "filters = 3 is not allowed: filters is a whole number from 4 to 512."),
        (TOY, "cnn", {"settings": {"epochs": "0"}}, "epochs = '0' is not allowed: epochs is a whole number from 1 to 2000."),
        (TOY, "cnn", {"settings": {"learning_rate": float("nan")}}, "learning_rate = nan is not allowed"),
        (TOY, "cnn", {"settings": {"head": "middle"}}, "head is one of regions, flatten, global_max, global_average."),
        (TOY, "cnn", {"settings": {"class_weights": "perhaps"}}, "class_weights is true or false."),
        (BARE, "cnn", {}, "toy has no labels; cnn needs at least two classes, or numbers. A generator (wgan_gp) can learn from it."),
        (ONE_CLASS, "rnn", {}, "toy has one class only (promoter); rnn needs at least two classes"),
        (TOY, "cnn", {"only": "class 1"}, '"class 1" is no class to learn from here. Classes: class 0, class 1 (generators only).'),
        (TOY, "wgan_gp", {"only": "class 2"}, '"class 2" is no class to learn from here. Classes: class 0, class 1'),
        (BARE, "wgan_gp", {"only": "a"}, "Classes: none"),
        (TOY, "cnn", {"split": "half"}, '"half" is no way to split. Ways: auto, random, group, similarity, file'),
        (TOY, "cnn", {"anchor": "top"}, '"top" is no anchor. Anchors: left, centre, right.'),
        (TOY, "wgan_gp", {"anchor": "right"}, 'wgan_gp reads sequences from their first base: the anchor is left, not "right".'),
        (TOY, "cnn", {"length": -1}, "length = -1 is not allowed: it is a whole number from 1 to 1,000,000"),
        (TOY, "cnn", {"length": 1_000_001}, "length = 1000001 is not allowed"),
        (TOY, "cnn", {"seed": -1}, "seed = -1 is not allowed: it is a whole number from 0 to 2147483647."),
        (TOY, "cnn", {"seed": 2**31}, "seed = 2147483648 is not allowed"),
        (TOY, "cnn", {"settings": {"kernel_size": 25}}, "kernel_size = 25 is wider than the sequences (24 bp). Choose at most 24."),
        (TOY, "cnn", {"settings": {"layers": 5}}, "leave nothing"),
        (TOY, "image_cnn", {"settings": {"resolution": "4", "layers": 3}}, "leave nothing of 4 pixels"),
        (TOY, "image_cnn", {"length": 3, "settings": {"resolution": 16}}, "resolution = 16 counts words of 4 bases, but sequences have 3."),
        (
            TOY,
            "rnn",
            {"length": 3, "settings": {"input": "kmers", "word_length": 4}},
            "word_length = 4 reads 4 bases at a time, but the sequences have 3.",
        ),
        (TOY, "wgan_gp", {"length": 1}, "wgan_gp needs sequences of at least 2 bp; these have 1."),
    ],
)
def test_what_does_not_fit_is_refused_with_what_does(dataset, architecture, asked, message):
    with pytest.raises(SettingError, match=re.escape(message)):
        recipe.plan(dataset, architecture, **asked)


def test_what_is_not_asked_for_is_filled_in():
    plan = recipe.plan(TOY, "cnn")
    usual = recipe.suggested(TOY, ARCHITECTURES["cnn"], plan.layout)
    ours, training = ({spec.name for spec in hyper.specs(declared)} for declared in (ARCHITECTURES["cnn"].Config, Fit))
    assert set(usual) <= ours | training
    config = hyper.make(ARCHITECTURES["cnn"].Config, {name: value for name, value in usual.items() if name in ours})
    fit = hyper.make(Fit, {name: value for name, value in usual.items() if name in training})
    assert (plan.kind, plan.config, plan.fit) == ("predictor", config, fit)
    asked = recipe.plan(TOY, "cnn", settings={"filters": 12, "epochs": 7})
    assert (asked.config.filters, asked.fit.epochs) == (12, 7)
    assert (plan.dataset, plan.dataset_name, plan.task) == (TOY.fingerprint, "toy", "binary")
    assert (plan.layout, plan.split, plan.seed) == (Layout(24, "left"), "auto", 0)
    assert recipe.plan(ONE_CLASS, "wgan_gp", only="promoter").kind == "generator"
    assert recipe.plan(NUMBERS, "rnn").task == "regression"


def test_predictors_and_generators_are_not_mixed_up():
    assert recipe.predictor("cnn") is ARCHITECTURES["cnn"]
    assert recipe.generator("wgan_gp") is GENERATORS["wgan_gp"]
    with pytest.raises(SettingError, match=r"wgan_gp makes sequences and predicts nothing\. Architectures that predict: cnn"):
        recipe.predictor("wgan_gp")
    with pytest.raises(SettingError, match=r"cnn predicts and makes no sequences\. Generators: wgan_gp"):
        recipe.generator("cnn")


def test_outputs_are_one_a_class_from_three_on():
    assert [recipe.outputs(dataset) for dataset in (TOY, THREE, NUMBERS)] == [1, 3, 1]


@st.composite
def values(draw, spec):
    """Anything that the declaration allows."""
    if spec.kind == "integer":
        return draw(st.integers(int(spec.low), int(spec.high)))
    if spec.kind == "real":
        return draw(st.floats(spec.low, spec.high))
    return draw(st.sampled_from(spec.choices) if spec.kind == "choice" else st.booleans())


@st.composite
def plans(draw):
    """Recipes with random settings that fit the toy set."""
    name = draw(st.sampled_from(list(FAMILIES)))
    generator = name in GENERATORS
    specs = [*hyper.specs(FAMILIES[name].Config), *([] if generator else hyper.specs(Fit))]
    asked = {
        "settings": {spec.name: draw(values(spec)) for spec in draw(st.lists(st.sampled_from(specs), unique_by=lambda spec: spec.name))},
        "length": draw(st.sampled_from([0, 24, 100, 900])),
        "anchor": "" if generator else draw(st.sampled_from(["", *ANCHORS])),
        "split": draw(st.sampled_from(["auto", "random"])),
        "only": draw(st.sampled_from(["", "class 1"])) if generator else "",
        "seed": draw(st.integers(0, 2**31 - 1)),
        "watch": draw(st.integers(0, 20)),
        "validation_fraction": draw(st.sampled_from([0.0, 0.02, 0.05, 0.125, 0.5])),
    }
    try:
        return recipe.plan(TOY, name, **asked)
    except SettingError:  # a combination that does not fit the length: the defaults do
        return recipe.plan(TOY, name, **(asked | {"settings": {}, "length": 24}))


@given(plan=plans())
def test_a_recipe_survives_json(plan):
    stored = json.loads(json.dumps({"id": "a run", "created": 1.5, **plan.to_json()}, allow_nan=False))
    assert recipe.from_json(stored) == plan
    assert {"python", "keras", "numpy"} <= set(stored["versions"])


@given(plan=plans())
def test_the_command_that_is_shown_carries_out_the_same_recipe(plan):
    python, dash, program, *words = shlex.split(command_line(plan, "my file; rm -rf.fa"))
    assert (python, dash, program) == ("python", "-m", "genomics")
    assert re.match(r"train\Z", words[0])
    options = parsed(words[1:])
    assert options.data == ["my file; rm -rf.fa"]
    again = recipe.plan(
        TOY,
        options.architecture,
        settings=hyper.parse(options.set),
        split=options.split,
        length=options.length,
        anchor=options.anchor,
        only=options.only,
        seed=options.seed,
        watch=options.watch,
        validation_fraction=options.validation_fraction,
    )
    assert again == plan


def parsed(words: list[str]):
    """The words as the command line's own parser reads them."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    train.arguments(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ("lengths", "predictor", "generator"),
    [
        ((24, 24), 24, 24),
        ((24, 30), 29, 30),
        ((10,) * 95 + (500,) * 5, 34, 300),
        ((3000, 3000), 2000, 300),
        ((1, 1), 1, 1),
    ],
)
def test_the_length_that_is_chosen_fits_nearly_all_within_reason(lengths, predictor, generator):
    dataset = unlike(*lengths)
    assert layouts.default_layout(dataset, "predictor") == Layout(predictor, "left")
    assert layouts.default_layout(dataset, "generator") == Layout(generator, "left")


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        (Layout(20, "left"), ("read as 20 bp", "1 longer ones keep their first 20 (16.7% of all bases", "1 shorter ones are filled")),
        (Layout(10, "centre"), ("2 longer ones keep their middle 10", "(50.0% of all bases are cut)", "0 shorter ones")),
        (Layout(5, "right"), ("3 longer ones keep their last 5",)),
        (Layout(1500, "left"), ("read as 1,500 bp", "0 longer ones", "(0.0% of all bases", "3 shorter ones")),
    ],
)
def test_what_a_length_costs_is_said_in_numbers(layout, said):
    sentence = layouts.cost_of_layout(unlike(10, 20, 30), layout)
    for part in said:
        assert part in sentence


def test_a_length_that_fits_all_costs_nothing():
    assert layouts.cost_of_layout(TOY, Layout(24, "right")) == ""
