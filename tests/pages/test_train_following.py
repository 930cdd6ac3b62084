"""The Train page once a run has begun: each of its states, what moves, what is said, and what can be done with it and its group."""

import contextlib
import time

import pytest
import synthetic
from stories import STATES, generator, going, labels, predictor, press, said, zoo
from toys import run_of

from genomics import disk, jobs, lessons, runs
from genomics.errors import RunError
from genomics.fit import METRICS
from genomics.plots import curves
from pages.ui.text import literal


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
    press(app, "Resume the other 3")
    assert no_worker == folders[1:]


@pytest.mark.parametrize(("before", "after", "shown"), [("running", "finished", 1), ("running", "stopped", 0), ("finished", "finished", 0)])
def test_who_watches_a_run_of_a_group_to_its_end_is_led_on_to_the_next_that_learns(own_workspace, visit, before, after, shown):
    made = zoo()["two classes"]
    folders = [predictor(own_workspace, made, state=state, group="g", seed=seed) for seed, state in ((1, before), (2, "starting"))]
    with going(folders[1]), contextlib.closing(runs.Log(folders[1])) as log:
        with going(folders[0]) if before == "running" else contextlib.nullcontext():
            app = visit("train", run=folders[0].name)
        with contextlib.closing(runs.Log(folders[0])) as ending:
            ending.write("state", state=after)
        log.write("state", state="running")
        app.run()
        assert app.session_state["_run"] == folders[0].name  # the next has nothing to show yet
        log.write("step", at=0.1, loss=0.7)
        app.run()
        assert app.session_state["_run"] == folders[shown].name


@pytest.mark.parametrize("state", STATES)
def test_a_run_in_each_state_says_what_it_is_and_what_can_be_done(visit, own_workspace, state):
    folder = predictor(own_workspace, zoo()["two classes"], state=state)
    if state in runs.LIVE:
        with going(folder):
            app = visit("train", run=folder.name)
    else:
        app = visit("train", run=folder.name)
    assert state.capitalize() in said(app)
    can = {label for label in labels(app) if label in ("Pause", "Resume", "Train another", "See results")}
    expected = {
        "finished": {"Train another", "See results"},
        "stopped": {"Resume", "Train another", "See results"},
        "failed": {"Resume", "Train another"},
        "interrupted": {"Resume", "Train another"},
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


def extended(root, state: str, kind: str = "predictor"):
    """A finished run that was asked to go on for longer, in one of the states that follow."""
    made = predictor if kind == "predictor" else generator
    folder, unit = made(root, zoo()["two classes"]), "epochs" if kind == "predictor" else "iterations"
    with contextlib.closing(runs.Log(folder)) as log:
        log.write("best", **({"epoch": 4} if kind == "predictor" else {"iteration": 100}))
        log.write("state", state="finished")
        log.write("state", state="stopped", message="It goes on.", **{unit: 300})
        states = ("queued", "starting", "running")
        for one in states[: states.index(state) + 1] if state in states else states:
            log.write("state", state=one)
        if state not in ("queued", "starting"):
            log.write("setup", parameters=9, metrics=["accuracy"], **{unit: 300})
            log.write("rewind", at=6 if kind == "predictor" else 200)
        if state == "finished":
            log.write("best", epoch=5)
            log.write("state", state="finished")
    if state == "stopping":
        runs.request_stop(folder)
    return folder


@pytest.mark.parametrize("kind", ["predictor", "generator"])
@pytest.mark.parametrize("state", ["queued", "starting", "running", "stopping"])
def test_a_run_that_trains_for_longer_can_be_paused_and_finished(visit, own_workspace, state, kind):
    folder = extended(own_workspace, state, kind)
    with going(folder):
        assert runs.state(folder) == state
        app = visit("train" if kind == "predictor" else "generate", run=folder.name)
        assert [app.button(key).disabled for key in ("stop", "finish")] == [state == "stopping"] * 2
        assert not {button.key for button in app.button} & {"results", "predict", "extend", "branch", "another"}
        if kind == "predictor":
            shown = {metric.label: metric.value for metric in app.metric}
            assert shown["Epoch"] == "6 of 300"
            assert shown["Time left"] == "9 min 48 s"  # 294 epochs, 2 s each


def test_a_run_that_has_trained_for_longer_shows_the_epoch_that_was_kept_at_last(visit, own_workspace):
    folder = extended(own_workspace, "finished")
    app = visit("train", run=folder.name)
    assert not app.button("results").disabled
    assert {metric.label: metric.value for metric in app.metric}["Epoch kept"] == "5 of 6"


def test_a_finished_generator_is_trained_for_longer(visit, own_workspace, monkeypatch):
    asked: list = []
    monkeypatch.setattr("genomics.jobs.extend", lambda folder, longest: asked.append((folder, longest)))
    folder = generator(own_workspace, zoo()["two classes"])
    app = visit("generate", run=folder.name)
    app.number_input(f"more_{folder.name}").set_value(300).run()
    app.button("extend").click().run()
    assert asked == [(folder, 500)]
    assert app.number_input(f"more_{folder.name}").max == jobs.LONGEST["iterations"] - 200


def test_a_finished_run_shows_the_kept_network_and_its_test_result(visit, own_workspace):
    dataset = zoo()["two classes"]
    folder = predictor(own_workspace, dataset)
    (folder / "events.jsonl").unlink()
    rows = synthetic.events("by_heart", 16)
    synthetic.write(folder, dataset, rows, state="finished")
    kept = [row for row in rows if row.get("best")][-1]
    assert kept["epoch"] < 12
    app = visit("train", run=folder.name)
    shown = {metric.label: metric.value for metric in app.metric}
    assert (shown["Epoch kept"], shown["Time taken"]) == (f"{kept['epoch']} of 16", "24 s")
    assert shown["Validation loss"] == f"{kept['val_loss']:.3g}"
    cell = disk.read_json(folder / "evaluation.json")["test"]["metrics"]["accuracy"]
    (banner,) = [box.value for kind in (app.success, app.warning, app.error) for box in kind]
    assert f"{100 * cell['value']:.3g} % " in banner
    assert f"validation sequences, epoch {kept['epoch']}" in " ".join(header.value for header in app.header)
    assert [button.key for button in app.button if button.proto.type == "primary"] == ["results"]


@pytest.mark.parametrize(("key", "wanted"), [("results", False), ("predict", True)])
def test_a_finished_run_leads_to_its_results_and_to_predicting(visit, own_workspace, key, wanted):
    folder = predictor(own_workspace, zoo()["two classes"])
    (folder / "model.keras").touch()
    app = visit("train", run=folder.name)
    app.button(key).click().run()
    assert not app.exception
    assert app.query_params["run"] == folder.name
    assert app.metric[0].label == "Accuracy"
    assert ("predict_open" in app.session_state and bool(app.session_state["predict_open"])) == wanted


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
    assert "First-layer filters" in said(app)
    assert "Predictions for 8 validation sequences" in said(app)
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
    assert "12,345 parameters" in said(app.run())
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
    press(app, "Resume")
    assert no_worker == [folder]
    press(app, "Train another")
    assert "run" not in app.query_params
    assert app.title[0].value == "Train a network"


def test_a_run_that_goes_on_meanwhile_is_not_started_twice(visit, own_workspace):
    folder = predictor(own_workspace, zoo()["two classes"], state="interrupted")
    app = visit("train", run=folder.name)
    with going(folder):
        press(app, "Resume")
    assert folder.exists()
