"""The Train page: controls made from declarations, the checked plan, and a run in each of its states."""

import contextlib
import dataclasses
import time

import numpy as np
import pytest
import streamlit as st
import synthetic
from stories import STATES, going, kept, labels, predictor, press, said, turn, zoo
from toys import gc_classes, run_of

from genomics import hyper, lessons, recipe, runs
from genomics.architectures import ARCHITECTURES
from genomics.encoding import ENCODINGS
from genomics.errors import RunError
from genomics.fit import LOSSES, METRICS, Fit
from genomics.plots import curves
from pages.ui import controls, follow, learning
from pages.ui.text import literal


def command(app) -> str:
    """The same from a terminal."""
    return app.code[-1].value


def ready(visit, own_workspace, kind="two classes"):
    return visit("train", data=kept(own_workspace, zoo()[kind]))


def key(prefix: str, setting: str, kind: str = "two classes") -> str:
    return f"{prefix}_{zoo()[kind].fingerprint}_{setting}"


def widgets(app) -> set[str]:
    """The keys of what can be set on the page."""
    kinds = (app.slider, app.select_slider, app.number_input, app.toggle, app.segmented_control, app.selectbox)
    return {widget.key for kind in kinds for widget in kind}


def test_choices_are_written_as_people_write_them():
    for config in (Fit, *(family.Config for family in ARCHITECTURES.values())):
        for spec in hyper.specs(config):
            shown = [controls.plain(option) for option in spec.choices]
            assert not any("_" in text for text in shown)
            assert all(text in ("float32", "bfloat16") or not text[0].islower() for text in shown)
            assert len(set(shown)) == len(shown)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_declared_setting_that_applies_has_a_control_at_what_is_suggested(visit, own_workspace, name):
    app = ready(visit, own_workspace)
    if name != next(iter(ARCHITECTURES)):
        app.button(f"choose_{name}").click().run()
    assert not app.exception
    dataset, family = zoo()["two classes"], ARCHITECTURES[name]
    planned = recipe.plan(dataset, name)
    reads_bases = ENCODINGS[family.encoding(planned.config)[0]].codes
    for prefix, declared in ((name, planned.config), ("fit", planned.fit)):
        for spec in hyper.specs(declared):
            applies = spec.when is None or getattr(declared, spec.when[0]) in spec.when[1]
            applies &= prefix != "fit" or (spec.name != "freeze" and (reads_bases or spec.name not in ("shift", "mutation", "evoaug")))
            assert (key(prefix, spec.name) in widgets(app)) == applies, spec.name
            if applies:
                assert app.session_state[key(prefix, spec.name)] == getattr(declared, spec.name)
    assert f"--architecture {name} --length 24" in command(app)
    assert "--set" not in command(app)
    suggested = {**recipe.suggested(dataset, family, planned.layout)}
    assert ("set for 60 sequences of 24 bp" in said(app)) == bool(suggested)


def test_controls_change_the_plan(visit, own_workspace):
    app = ready(visit, own_workspace)
    app.slider(key("cnn", "kernel_size")).set_value(7)
    app.select_slider(key("cnn", "filters")).set_value(64)
    app.number_input(key("fit", "epochs")).set_value(3)
    app.toggle(key("fit", "class_weights")).set_value(False)
    app.number_input("predictor_seed").set_value(5)
    app.run()
    assert not app.exception
    for part in ("filters=64", "kernel_size=7", "epochs=3", "class_weights=false", "--seed 5", "--split-seed 0"):
        assert part in command(app)


def test_a_setting_that_depends_on_another_comes_and_goes(visit, own_workspace):
    app = ready(visit, own_workspace)
    app.button("choose_rnn").click().run()
    spec = next(spec for spec in hyper.specs(ARCHITECTURES["rnn"].Config) if spec.when and spec.when[0] == "input")
    choose(app, key("rnn", "input"), spec.when[1][0])
    assert key("rnn", spec.name) in widgets(app)
    choose(app, key("rnn", "input"), "one_hot")
    assert key("rnn", spec.name) not in widgets(app)
    assert "--set input=one_hot" in command(app) or ARCHITECTURES["rnn"].Config().input == "one_hot"


def choose(app, widget: str, value: str) -> None:
    """Picks one of a few words, however they are offered."""
    (found,) = [w for kind in (app.segmented_control, app.selectbox) for w in kind if w.key == widget]
    found.set_value(value).run()
    assert not app.exception


def test_another_dataset_gets_suggestions_of_its_own_and_keeps_its_choices(visit, own_workspace):
    few, many = zoo()["two classes"], gc_classes(3000, 60)
    app = visit("train", data=kept(own_workspace, few))
    app.slider(key("cnn", "kernel_size")).set_value(7).run()
    app.query_params["data"] = kept(own_workspace, many)
    app.run()
    planned = recipe.plan(many, "cnn")
    assert app.session_state[f"fit_{many.fingerprint}_batch_size"] == planned.fit.batch_size
    assert app.session_state[f"cnn_{many.fingerprint}_kernel_size"] == planned.config.kernel_size
    app.query_params["data"] = few.fingerprint
    app.run()
    assert app.slider(key("cnn", "kernel_size")).value == 7


def test_a_suggestion_follows_what_it_depends_on_until_something_else_is_chosen(visit, own_workspace, monkeypatch):
    def suggest(records, layout):
        return {"filters": 16 if layout.length > 20 else 32, "epochs": layout.length}

    monkeypatch.setitem(ARCHITECTURES, "cnn", ARCHITECTURES["cnn"]._replace(suggest=suggest))
    app = ready(visit, own_workspace)
    length = f"predictor_length_{zoo()['two classes'].fingerprint}"
    assert (app.select_slider(key("cnn", "filters")).value, app.number_input(key("fit", "epochs")).value) == (16, 24)
    assert "Filters set for 60 sequences of 24 bp" in said(app)
    app.number_input(length).set_value(20).run()
    assert (app.select_slider(key("cnn", "filters")).value, app.number_input(key("fit", "epochs")).value) == (32, 20)
    app.number_input(key("fit", "epochs")).set_value(7).run()
    app.number_input(length).set_value(22).run()
    assert (app.select_slider(key("cnn", "filters")).value, app.number_input(key("fit", "epochs")).value) == (16, 7)
    assert "epochs=7" in command(app)
    assert "filters" not in command(app)  # the command takes the suggestion, too
    app.select_slider(key("cnn", "filters")).set_value(64).run()
    assert "filters=64" in command(app)


@pytest.mark.parametrize("kind", ["two classes", "numbers"])
def test_only_metrics_losses_and_settings_of_the_task_are_offered(visit, own_workspace, kind):
    app, task = ready(visit, own_workspace, kind), zoo()[kind].task
    for name, known in (("monitor", METRICS), ("loss", LOSSES)):
        (found,) = [w for of in (app.segmented_control, app.selectbox) for w in of if w.key == key("fit", name, kind)]
        assert len(found.options) == sum(task in tasks for tasks in known.values())
    assert (key("fit", "class_weights", kind) in widgets(app)) == (task == "binary")
    assert (key("fit", "label_smoothing", kind) in widgets(app)) == (task == "binary")


def test_several_seeds_share_a_group_and_a_test_part(visit, own_workspace, no_worker):
    app = ready(visit, own_workspace)
    app.segmented_control(f"repeat_{zoo()['two classes'].fingerprint}").set_value("seeds").run()
    app.number_input("predictor_seed").set_value(4).run()
    assert "--seeds 4,5,6" in command(app)
    assert "3 networks, one after the other, learn from" in said(app)
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
    assert "3 networks, one after the other, learn from" in said(app)
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


def test_a_group_is_paused_and_goes_on_together(visit, own_workspace, monkeypatch, no_worker):
    made = zoo()["two classes"]
    states = ("finished", "running", "queued", "queued")
    folders = [predictor(own_workspace, made, state=state, group="g", seed=seed) for seed, state in enumerate(states)]
    stopped: list = []
    monkeypatch.setattr("genomics.jobs.stop", lambda folder, how="pause": stopped.append((folder, how)))
    with going(folders[1]), going(folders[2]), going(folders[3]):
        app = visit("train", run=folders[1].name)
        assert "1 of 4 runs finished" in said(app)
        press(app, "Pause all")
    assert stopped == [(folder, "pause") for folder in folders[1:]]
    app = visit("train", run=folders[1].name)  # nobody works on them any more
    assert "Pause all" not in labels(app)
    press(app, "Go on with the other 3")
    assert no_worker == folders[1:]


def test_a_tick_waits_for_the_first_numbers_of_a_run_that_gets_ready_and_draws_them_as_they_come(own_workspace, monkeypatch):
    folder = predictor(own_workspace, zoo()["two classes"], state="starting")
    ticks: list = []
    seen: list = []
    waited: list = []
    monkeypatch.setattr(st, "fragment", lambda draw, run_every: ticks.append(draw) or draw)
    with going(folder), contextlib.closing(runs.Log(folder)) as log:

        def sleep(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 3:
                log.write("step", at=0.1, loss=0.7)

        monkeypatch.setattr(follow.time, "sleep", sleep)
        follow.follow(folder, lambda _, told, now: seen.append((len(told.steps), now)))
        assert (seen, waited) == ([(0, "starting")], [])  # the page is there at once
        ticks[0]()
        assert (seen[1:], len(waited)) == ([(1, "starting")], 3)
        ticks[0]()
        assert len(waited) == 3  # from then on it draws every second


@pytest.mark.parametrize(("shown", "drawn"), [("finished", 1), ("running", 0)])
def test_the_page_of_a_run_that_has_ended_is_drawn_anew_when_another_of_its_group_ends(own_workspace, monkeypatch, shown, drawn):
    made = zoo()["two classes"]
    states = (shown, "running", "queued")
    folders = [predictor(own_workspace, made, state=state, group="g", seed=seed) for seed, state in enumerate(states)]
    ticks: list = []
    anew: list = []
    monkeypatch.setattr(st, "fragment", lambda draw, run_every: ticks.append((draw, run_every)) or draw)
    monkeypatch.setattr(st, "rerun", lambda: anew.append(1))
    with contextlib.ExitStack() as held:
        for folder, state in zip(folders, states, strict=True):
            if state != "finished":
                held.enter_context(going(folder))
        learning.group(folders[0])
        ((tick, every),) = ticks
        tick()
        assert (every, anew) == (1, [])  # nothing has changed
        log = runs.Log(folders[1])
        log.write("state", state="finished")
        log.close()
        tick()
        assert len(anew) == drawn


def test_a_spare_process_is_kept_warm_for_whoever_may_soon_train(visit, own_workspace, monkeypatch):
    asked: list = []
    monkeypatch.setattr("genomics.jobs.warm", asked.append)
    visit("train")
    assert not asked
    ready(visit, own_workspace)
    assert asked == [own_workspace]


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
    press(app, "Branch")
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


@pytest.mark.parametrize("way", ["auto", "file", "random"])
def test_a_branch_is_tested_on_what_the_earlier_run_was(visit, own_workspace, no_worker, way):
    made = dataclasses.replace(zoo()["two classes"], splits=np.arange(60) % 3)
    folder = predictor(own_workspace, made, split=way)
    (folder / "model.keras").touch()
    app = visit("train", data=made.fingerprint)
    app.segmented_control(f"predictor_split_{made.fingerprint}").set_value("file" if way == "random" else "random").run()
    app.query_params["run"] = folder.name
    press(app.run(), "Branch")
    press(app, "Train")
    earlier, later = (recipe.divide(made, recipe.from_json(runs.asked(one))) for one in (folder, no_worker[0]))
    np.testing.assert_array_equal(later.test, earlier.test)


def test_a_learning_rate_is_looked_for_and_taken(visit, own_workspace, monkeypatch):
    made: list = []

    def find_rate(root, asked):
        folder = runs.create(root, {**asked, "purpose": "rates"}, "trials")
        log = runs.Log(folder)
        for rate, loss in ((1e-6, 0.7), (1e-3, 0.6), (1e-1, 2.0)):
            log.write("rate", learning_rate=rate, loss=loss)
        log.write("rates", suggestion=0.00123)
        log.write("state", state="finished")
        log.close()
        made.append(folder)
        return folder

    monkeypatch.setattr("genomics.jobs.find_rate", find_rate)
    app = ready(visit, own_workspace)
    press(app, "Find a learning rate")
    assert runs.asked(made[0])["fit"]["learning_rate"] == Fit().learning_rate
    press(app, "Use 0.0012")
    assert app.number_input(key("fit", "learning_rate")).value == 0.0012
    assert "learning_rate=0.0012" in command(app)
    assert "Use 0.0012" not in labels(app)


def test_choices_outlive_a_change_of_page(visit, own_workspace):
    app = ready(visit, own_workspace, "unequal lengths")
    app.slider(key("cnn", "kernel_size", "unequal lengths")).set_value(5)
    app.number_input("predictor_seed").set_value(7)
    app.segmented_control("predictor_anchor").set_value("right")
    length = next(widget for widget in app.number_input if widget.label.startswith("Length"))
    length.set_value(20).run()
    before = command(app)
    assert all(part in before for part in ("kernel_size=5", "--seed 7", "--anchor right", "--length 20"))
    turn(app, "runs")
    assert command(turn(app, "train")) == before
    app.button("choose_rnn").click().run()
    choose(app, key("rnn", "input", "unequal lengths"), "one_hot")
    before = command(app)
    turn(app, "runs")
    assert command(turn(app, "train")) == before


@pytest.mark.parametrize(
    ("name", "value"), [("kernel_size", 10**6), ("kernel_size", -3), ("layers", 1.5), ("dropout", float("nan")), ("head", "<b>")]
)
def test_what_the_browser_lets_through_is_refused_by_the_plan(visit, own_workspace, monkeypatch, name, value):
    app = ready(visit, own_workspace)
    monkeypatch.setattr("pages.ui.controls.control", lambda spec, *, key: value if spec.name == name else spec.default)
    app.run()
    assert not app.exception
    assert f"{name} = {value!r} is not allowed" in app.error[0].value.replace("\\", "").replace("\u2060", "")
    assert not [button for button in app.button if button.label == "Train"]


def test_settings_that_do_not_fit_the_sequences_are_refused(visit, own_workspace):
    app = ready(visit, own_workspace)
    app.slider(key("cnn", "kernel_size")).set_value(41).run()
    assert "kernel" in app.error[0].value
    assert "Train" not in labels(app)


def test_train_makes_the_run_that_was_planned_and_shows_it(visit, own_workspace, no_worker):
    app = ready(visit, own_workspace)
    app.number_input(key("fit", "epochs")).set_value(3).run()
    press(app, "Train")
    (folder,) = no_worker
    asked = recipe.from_json(runs.asked(folder))
    assert (asked.architecture, asked.fit.epochs, asked.dataset) == ("cnn", 3, zoo()["two classes"].fingerprint)
    assert app.query_params["run"] == folder.name
    assert app.title[0].value == "Convolutional network on toy"


def test_a_class_too_small_to_split_cannot_be_trained_on(visit, own_workspace):
    app = ready(visit, own_workspace, "classes named as columns")
    assert not [button for button in app.button if button.label == "Train" and button.disabled]
    app = visit("train", data=kept(own_workspace, zoo()["hostile"]))
    assert [button.disabled for button in app.button if button.label == "Train"] == [False]


def test_one_class_leads_to_the_generator(visit, own_workspace):
    app = ready(visit, own_workspace, "one class")
    assert press(app, "Generate more like these").title[0].value == "Generate new sequences"


@pytest.mark.parametrize("state", STATES)
def test_a_run_in_each_state_says_what_it_is_and_what_can_be_done(visit, own_workspace, state):
    folder = predictor(own_workspace, zoo()["two classes"], state=state)
    if state in runs.LIVE:
        with going(folder):
            app = visit("train", run=folder.name)
    else:
        app = visit("train", run=folder.name)
    assert state.capitalize() in said(app)
    can = {label for label in labels(app) if label in ("Pause", "Go on from here", "Train another", "See the results")}
    expected = {
        "finished": {"Train another", "See the results"},
        "stopped": {"Go on from here", "Train another", "See the results"},
        "failed": {"Go on from here", "Train another"},
        "interrupted": {"Go on from here", "Train another"},
        "new": {"Train another"},
    }
    assert can == expected.get(state, {"Pause"})
    if state == "failed":
        assert "It ended with \\*\\*status 1" in app.error[0].value


@pytest.mark.parametrize("kind", ["three classes", "numbers", "hostile", "unequal lengths"])
def test_a_finished_run_on_every_kind_of_data(visit, own_workspace, kind):
    folder = predictor(own_workspace, zoo()[kind])
    app = visit("train", run=folder.name)
    names = [metric.label for metric in app.metric]
    assert ("Validation error" if kind == "numbers" else "Validation accuracy") in names


@pytest.mark.parametrize(("kind", "label"), [("two classes", "Validation accuracy"), ("numbers", "Validation Pearson")])
def test_within_the_first_epoch_it_is_known_what_will_be_measured_and_how_long_it_takes(visit, own_workspace, monkeypatch, kind, label):
    dataset = zoo()[kind]
    folder = run_of(own_workspace, dataset)
    log = runs.Log(folder)
    log.write("state", state="running")
    log.write("setup", parameters=9, epochs=10, task=dataset.task, metrics=[name for name in METRICS if dataset.task in METRICS[name]])
    for at, throughput in ((0.25, 900), (0.5, 1000), (0.75, 18)):
        with monkeypatch.context() as patch:
            patch.setattr(time, "time", lambda at=at: 1e9 + 40 * at)
            log.write("step", at=at, loss=1 - at, throughput=throughput)
    log.close()
    with going(folder):
        app = visit("train", run=folder.name)
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Validation loss"] == shown[label] == "-"
    assert shown["Time left"] == "6 min 10 s"  # 40 s an epoch, 9.25 to go
    assert shown["Sequences a second"] == "900"  # of late, whatever one short batch takes


@pytest.mark.parametrize(("label", "how"), [("Pause", "pause"), ("Finish now", "finish")])
def test_pause_and_finish_ask_the_worker(visit, own_workspace, label, how):
    folder = run_of(own_workspace, zoo()["two classes"])
    synthetic.write(folder, zoo()["two classes"], synthetic.events("well", 3))
    with going(folder):
        app = visit("train", run=folder.name)
        press(app, label)
        assert runs.stop_requested(folder) == how
        assert "Stopping" in said(app)
        assert [button.disabled for button in app.button if button.label in ("Pause", "Finish now")] == [True, True]


def test_a_finished_run_is_trained_for_longer(visit, own_workspace, monkeypatch):
    asked: list = []
    monkeypatch.setattr("genomics.jobs.extend", lambda folder, epochs: asked.append((folder, epochs)))
    folder = predictor(own_workspace, zoo()["two classes"])
    app = visit("train", run=folder.name)
    app.number_input(f"more_{folder.name}").set_value(4).run()
    press(app, "Go on")
    assert asked == [(folder, 10)]


def test_what_is_refused_is_said(visit, own_workspace, monkeypatch):
    def refuse(folder, epochs):
        raise RunError("It kept no checkpoint.")

    monkeypatch.setattr("genomics.jobs.extend", refuse)
    app = visit("train", run=predictor(own_workspace, zoo()["two classes"]).name)
    assert "kept no checkpoint" in press(app, "Go on").error[0].value
    assert not app.run().error


def test_a_run_is_shown_with_all_that_it_wrote(visit, own_workspace):
    dataset = zoo()["three classes"]
    folder = run_of(own_workspace, dataset)
    synthetic.write(folder, dataset, synthetic.events("well", 12, classes=3), state="finished")
    other = run_of(own_workspace, dataset, seed=3)
    synthetic.write(other, dataset, synthetic.events("by_heart", 5), state="stopped")
    app = visit("train", run=folder.name)
    assert "What its first filters look for" in said(app)
    assert "What it says of 8 sequences it does not learn from" in said(app)
    assert "It is learning" in app.success[0].value
    for measure in app.segmented_control("curve_measure").options:
        assert measure
    for name in ("accuracy", "mcc", "auprc", "loss"):
        app.segmented_control("curve_measure").set_value(name)
        app.segmented_control("curve_axis").set_value("step")
        app.slider("curve_smooth").set_value(0.6)
        app.toggle("curve_log").set_value(True)
        app.multiselect(f"beside_{folder.name}").set_value([other.name]).run()
        assert not app.exception
    app.session_state["live_tabs"] = "Learning rate and gradient"
    assert "Gradient norm" in said(app.run())
    app.session_state["live_tabs"] = "Notes"
    assert "12,345 numbers learned" in said(app.run())
    assert not app.exception


@pytest.mark.parametrize("kind", ["diverging", "stuck", "one_class", "jumping", "slow", "by_heart"])
def test_what_goes_wrong_is_said_with_what_to_try(visit, own_workspace, kind):
    dataset = zoo()["two classes"]
    folder = run_of(own_workspace, dataset)
    synthetic.write(folder, dataset, synthetic.events(kind, 12), state="stopped")
    app = visit("train", run=folder.name)
    shown = [box.value for kind in (app.error, app.warning, app.info) for box in kind]
    assert any(literal(lessons.lesson(synthetic.history(kind, 12)).sentence) == text for text in shown)


def test_a_long_history_is_drawn_within_the_time_of_a_tick():
    told = synthetic.history("well", 2000, planned=2000)
    began = time.process_time()
    for _ in range(5):
        figure = curves.figure(curves.measured(told, "loss", smooth=0.5), x="Epoch", y="Loss", best=7)
        lessons.lesson(told)
    assert sum(len(trace.x) for trace in figure.data) <= 6000
    assert (time.process_time() - began) / 5 < 0.25  # ten times what it takes on two cores


def test_go_on_and_train_another(visit, own_workspace, no_worker):
    folder = predictor(own_workspace, zoo()["two classes"], state="interrupted")
    app = visit("train", run=folder.name, data=zoo()["two classes"].fingerprint)
    press(app, "Go on from here")
    assert no_worker == [folder]
    press(app, "Train another")
    assert "run" not in app.query_params
    assert app.title[0].value == "Train a network"


def test_a_run_that_goes_on_meanwhile_is_not_started_twice(visit, own_workspace):
    folder = predictor(own_workspace, zoo()["two classes"], state="interrupted")
    app = visit("train", run=folder.name)
    with going(folder):
        press(app, "Go on from here")
    assert folder.exists()
