"""Settings of runs: what counts as one, which differ, and labels that tell runs apart."""

import pytest
from toys import dataset_of, gc_classes, random_rows

from genomics import hyper, recipe, settings
from genomics.architectures import ARCHITECTURES
from genomics.fit import Fit
from genomics.generators import GENERATORS

TOY = gc_classes(60)


def asked(architecture="cnn", **plan):
    """What run.json would hold."""
    return recipe.plan(TOY, architecture, **plan).to_json()


def row(run="a-0001", *, architecture="cnn", dataset="toy", name="", detail="", several=1, **values):
    """A row of `listing.gathered`, as far as labels look at it."""
    return {
        "run": run,
        "runs": [run] * several,
        "architecture": architecture,
        "dataset": dataset,
        "name": name,
        "detail": detail,
        "settings": values,
    }


def test_settings_are_those_of_the_network_of_training_and_of_the_data():
    found = settings.of(asked(settings={"kernel_size": 11, "epochs": 3}, split_seed=5, fold=(1, 3), seed=2))
    assert (found["kernel_size"], found["epochs"]) == (11, 3)
    assert (found["seed"], found["split_seed"], found["fold"], found["length"], found["base"]) == (2, 5, "2 of 3", 24, "")


def test_settings_without_effect_are_left_out():
    assert "word_length" not in settings.of(asked(settings={"input": "one_hot"}))
    assert settings.of(asked(settings={"input": "kmers", "word_length": 3}))["word_length"] == 3
    assert "weight_decay" not in settings.of(asked(settings={"optimizer": "adam"}))
    made = recipe.plan(dataset_of(random_rows(60, 24)), "wgan_gp").to_json()
    assert "epochs" not in settings.of(made)
    assert settings.of(made)["iterations"] == made["config"]["iterations"]


@pytest.mark.parametrize("name", [*ARCHITECTURES, *GENERATORS])
def test_every_setting_of_every_architecture_has_a_title(name):
    planned = recipe.plan(TOY, name)
    ours = [spec.name for spec in (*hyper.specs(planned.config), *(hyper.specs(Fit) if name in ARCHITECTURES else ()))]
    assert [spec.name for spec in settings.specs(name)] == ours
    assert set(settings.of(planned.to_json())) - set(ours) == set(settings.of({}))
    assert all(settings.title(one) for one in settings.of(planned.to_json()))


def test_titles_have_units_where_architectures_agree():
    assert settings.title("batch_size") == "Batch size (sequences)"
    assert settings.title("kernel_size") == "Kernel size"  # bp in one architecture, pixels in another
    assert settings.title("tentacles_of_tomorrow") == "Tentacles of tomorrow"


@pytest.mark.parametrize("change", [{"architecture": "of_tomorrow"}, {"config": {"tentacles": [8]}}, {"config": None}, {"layout": "?"}])
def test_runs_of_other_versions_have_settings_too(change):
    found = settings.of(asked() | change)
    assert found["seed"] == 0
    assert found.get("tentacles") == (change.get("config") or {}).get("tentacles")


def test_only_settings_that_runs_have_in_common_can_differ():
    rows = [{"a": 1, "b": 1, "c": [1]}, {"a": 2, "b": 1, "c": [2]}, {"a": 1, "d": 5}]
    assert settings.differing(rows) == ["a", "c"]
    assert settings.common(rows) == {"b": 1, "d": 5}
    assert settings.differing([]) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("kernel_size", 9, "kernel size 9"),
        ("batch_size", 32, "batch size 32"),
        ("learning_rate", 0.0001, "learning rate 0.0001"),
        ("class_weights", False, "class weights off"),
        ("fold", "2 of 3", "fold 2 of 3"),
        ("fold", "", ""),
    ],
)
def test_a_setting_in_a_sentence(name, value, said):
    assert settings.phrase(name, value) == said


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row(kernel_size=5), row(kernel_size=9)], ["Kernel size 5", "Kernel size 9"]),
        ([row(kernel_size=5), row(kernel_size=9, name="wide")], ["Kernel size 5", "wide"]),
        ([row(architecture="cnn"), row(architecture="rnn")], ["Convolutional network", "Recurrent network"]),
        (
            [row(a=1, b=1), row(a=1, b=2), row(a=2, b=1)],
            ["A 1, b 1", "A 1, b 2", "A 2, b 1"],
        ),
        ([row(dataset="x", a=1), row(dataset="y", a=2)], ["On x", "On y"]),  # as few parts as are needed
        ([row(detail="3 folds", several=3, seed=0), row(seed=0)], ["3 folds", "Convolutional network"]),
        ([row("a-0001"), row("a-0002")], ["Convolutional network (0001)", "Convolutional network (0002)"]),
        ([row("a-0001", name="x"), row("b-0001", name="x")], ["x (0001) (a-0001)", "x (0001) (b-0001)"]),
        ([row(architecture="of_tomorrow")], ["of_tomorrow"]),
        ([], []),
    ],
)
def test_labels_say_what_tells_runs_apart(rows, expected):
    assert settings.labels(rows) == expected
