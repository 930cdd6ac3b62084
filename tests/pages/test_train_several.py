"""The Train page where one command makes several networks, or one that begins with another."""

import dataclasses

import numpy as np
import pytest
from choosing import choose, command, key, ready, widgets
from stories import kept, labels, predictor, press, said, turn, zoo

from genomics import recipe, runs
from genomics.architectures import ARCHITECTURES
from pages.ui import beside


def test_several_seeds_share_a_group_and_a_test_part(visit, own_workspace, no_worker):
    app = ready(visit, own_workspace)
    app.segmented_control(f"repeat_{zoo()['two classes'].fingerprint}").set_value("seeds").run()
    app.number_input("predictor_seed").set_value(4).run()
    assert "--seeds 4,5,6" in command(app)
    assert "3 networks, one after the other, train on" in said(app)
    assert "They need about" in said(app)
    press(app, "Train 3 networks")
    asked = [recipe.from_json(runs.asked(folder)) for folder in no_worker]
    assert [one.seed for one in asked] == [4, 5, 6]
    assert {one.split_seed for one in asked} == {0}
    assert [one.watch for one in asked] == [0, 1, 2]
    assert len({one.group for one in asked}) == 1
    assert asked[0].group
    assert [label for label in labels(app) if label.startswith("Seed")] == ["Seed 4", "Seed 5", "Seed 6"]
    press(app, "Seed 5")
    assert app.query_params["run"] == no_worker[1].name


def test_the_share_to_watch_is_chosen_for_each_run(visit, own_workspace, no_worker):
    app = ready(visit, own_workspace)
    assert "--validation-fraction" not in command(app)
    app.segmented_control("predictor_validation_fraction").set_value(0.1).run()
    app.segmented_control(f"repeat_{zoo()['two classes'].fingerprint}").set_value("seeds").run()
    assert "--validation-fraction 0.1" in command(app)
    press(app, "Train 3 networks")
    asked = [recipe.from_json(runs.asked(folder)) for folder in no_worker]
    assert [(one.watch, one.validation_fraction) for one in asked] == [(0, 0.1), (1, 0.1), (2, 0.1)]
    own = dataclasses.replace(zoo()["two classes"], splits=np.arange(60) % 3)
    app = visit("train", data=kept(own_workspace, own))
    assert "predictor_validation_fraction" not in widgets(app)  # the file's own part is watched


def test_unlike_architectures_answer_together(visit, own_workspace, no_worker):
    app = ready(visit, own_workspace)
    app.slider(key("cnn", "kernel_size")).set_value(7)
    app.number_input(key("fit", "epochs")).set_value(3)
    app.multiselect("together_with").set_value(["kmer_dense", "rnn"]).run()
    for part in ("--architecture cnn,rnn,kmer_dense", "--set cnn.kernel_size=7", "--set epochs=3"):
        assert part in command(app)
    assert "3 networks, one after the other, train on" in said(app)
    app.button("choose_rnn").click().run()
    assert "--architecture rnn,kmer_dense" in command(app)  # what is set up is not combined with itself
    app.button("choose_cnn").click().run()
    app.multiselect("together_with").set_value(["kmer_dense", "rnn"]).run()
    press(app, "Train 3 networks")
    asked = [recipe.from_json(runs.asked(folder)) for folder in no_worker]
    assert [one.architecture for one in asked] == ["cnn", "rnn", "kmer_dense"]
    assert [(one.fit.epochs, one.watch, one.seed) for one in asked] == [(3, number, 0) for number in range(3)]
    assert asked[0].config.kernel_size == 7
    assert asked[1].config == recipe.plan(zoo()["two classes"], "rnn").config
    assert len({one.group for one in asked}) == 1
    titles = [ARCHITECTURES[one.architecture].title for one in asked]
    assert [label for label in labels(app) if label in titles] == titles


def test_folds_test_every_record_once(visit, own_workspace, no_worker):
    app = ready(visit, own_workspace)
    fingerprint = zoo()["two classes"].fingerprint
    app.segmented_control(f"repeat_{fingerprint}").set_value("folds").run()
    app.slider(f"repeat_{fingerprint}_folds").set_value(4).run()
    assert "--folds 4" in command(app)
    press(app, "Train 4 networks")
    assert [recipe.from_json(runs.asked(folder)).fold for folder in no_worker] == [(fold, 4) for fold in range(4)]
    app = ready(visit, own_workspace)
    app.segmented_control(f"repeat_{fingerprint}").set_value("folds").run()
    app.segmented_control(f"repeat_{fingerprint}_kind").set_value("leave-one-out").run()
    assert "--folds leave-one-out" in command(app)
    app.multiselect("together_with").set_value(["rnn", "kmer_dense", "image_cnn"]).run()
    assert [(button.label, button.disabled) for button in app.button if button.label.startswith("Train")] == [("Train 240 networks", True)]
    assert "from a terminal" in said(app)
    app.multiselect("together_with").set_value([]).run()
    no_worker.clear()
    press(app, "Train 60 networks")
    assert [recipe.from_json(runs.asked(folder)).fold for folder in no_worker] == [(fold, 60) for fold in range(60)]


def test_an_earlier_run_lends_its_weights(visit, own_workspace, no_worker):
    folder = predictor(
        own_workspace,
        zoo()["two classes"],
        settings={"kernel_size": 9, "learning_rate": 0.003},
        seed=8,
        split="random",
        split_seed=3,
        validation_fraction=0.07,
    )
    (folder / "model.keras").touch()
    app = visit("train", run=folder.name)
    press(app, "New run from these weights")
    assert app.title[0].value == "Train a network"
    assert app.slider(key("cnn", "kernel_size")).value == 9
    assert app.number_input(key("fit", "learning_rate")).value == 0.003
    assert "--split-seed 3" in command(app)  # else it would be tested on what the other learned from
    assert "--validation-fraction 0.07" in command(app)
    app.selectbox(f"base_{zoo()['two classes'].fingerprint}")
    choose(app, key("fit", "freeze"), "filters")
    assert f"--from {folder.name}" in command(app)
    assert "freeze=filters" in command(app)
    assert not app.warning
    app.number_input("predictor_split_seed").set_value(4).run()
    (warned,) = app.warning
    assert "sequences that are tested here were learned from or watched by the run that this one begins with" in warned.value
    app.number_input("predictor_split_seed").set_value(3).run()
    assert not app.warning
    press(app, "Train")
    asked = recipe.from_json(runs.asked(no_worker[0]))
    assert (asked.base, asked.fit.freeze, asked.seed, asked.config.kernel_size) == (folder.name, "filters", 8, 9)


def branched(visit, own_workspace):
    """The Train page after "New run from these weights" of a run with settings of its own, and that run."""
    settings = {"epochs": 300, "patience": 0, "kernel_size": 9}
    folder = predictor(own_workspace, zoo()["two classes"], settings=settings, seed=8)
    (folder / "model.keras").touch()
    app = visit("train", run=folder.name)
    app.button("branch").click().run()
    assert not app.exception
    assert app.number_input(key("fit", "epochs")).value == 300
    assert folder.name in command(app)
    return app, folder


def fresh(app) -> bool:
    """Whether the Train page plans what is suggested, from random weights."""
    assert not app.exception
    told = command(app)
    return "--from" not in told and "--set" not in told and "--seed" not in told and "start_fresh" not in {b.key for b in app.button}


@pytest.mark.parametrize("way", ["the banner", "another page", "a sample", "the run itself", "another network", "a link to other data"])
def test_what_a_run_hands_on_does_not_outlive_its_purpose(visit, own_workspace, no_worker, way):
    app, folder = branched(visit, own_workspace)
    if way == "the banner":
        app.button("start_fresh").click().run()
    elif way == "another page":
        turn(turn(app, "runs"), "train")
    elif way == "a sample":
        turn(app, "start").button("use_promoters").click().run()
        app.query_params["data"] = zoo()["two classes"].fingerprint
        turn(app, "train")
    elif way == "the run itself":
        app.query_params["run"] = folder.name
        app.run().button("another").click().run()
    elif way == "another network":
        press(app, "Train")
        assert runs.asked(no_worker[0])["base"] == folder.name
        app.button("another").click().run()
    else:
        app.query_params["data"] = kept(own_workspace, zoo()["numbers"])
        assert "--from" not in command(app.run())
        app.query_params["data"] = zoo()["two classes"].fingerprint
        app.run()
    assert fresh(app)
    press(app, "Train")
    asked = recipe.from_json(runs.asked(no_worker[-1]))
    assert (asked.base, asked.fit.epochs, asked.fit.patience) == (
        "",
        *(getattr(recipe.plan(zoo()["two classes"], "cnn").fit, name) for name in ("epochs", "patience")),
    )


def test_a_run_says_from_which_weights_it_started(visit, own_workspace, no_worker):
    app, folder = branched(visit, own_workspace)
    press(app, "Train")
    (later,) = no_worker
    assert app.query_params["run"] == later.name
    app.button("open_base").click().run()
    assert app.query_params["run"] == folder.name
    assert "open_base" not in {button.key for button in app.button}
    runs.delete(folder)
    beside.asked.cache_clear()
    app = visit("train", run=later.name)
    assert not app.exception
    assert "open_base" not in {button.key for button in app.button}


def test_settings_chosen_by_hand_are_given_up_on_demand(visit, own_workspace):
    app = ready(visit, own_workspace)
    assert "reset" not in {button.key for button in app.button}
    app.slider(key("cnn", "kernel_size")).set_value(7)
    app.number_input(key("fit", "epochs")).set_value(3).run()
    assert "--set" in command(app)
    app.button("reset").click().run()
    assert "--set" not in command(app)
    assert app.number_input(key("fit", "epochs")).value == recipe.plan(zoo()["two classes"], "cnn").fit.epochs
    assert "reset" not in {button.key for button in app.button}
    app.slider(key("cnn", "kernel_size")).set_value(41).run()  # refused: too long
    assert "Train" not in labels(app)
    app.button("reset").click().run()
    assert "Train" in labels(app)


@pytest.mark.parametrize("way", ["auto", "file", "random"])
def test_a_branch_is_tested_on_what_the_earlier_run_was(visit, own_workspace, no_worker, way):
    made = dataclasses.replace(zoo()["two classes"], splits=np.arange(60) % 3)
    folder = predictor(own_workspace, made, split=way)
    (folder / "model.keras").touch()
    app = visit("train", data=made.fingerprint)
    app.segmented_control(f"predictor_split_{made.fingerprint}").set_value("file" if way == "random" else "random").run()
    app.query_params["run"] = folder.name
    press(app.run(), "New run from these weights")
    press(app, "Train")
    earlier, later = (recipe.divide(made, recipe.from_json(runs.asked(one))) for one in (folder, no_worker[0]))
    np.testing.assert_array_equal(later.test, earlier.test)
