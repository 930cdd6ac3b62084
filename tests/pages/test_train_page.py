"""The Train page: controls made from declarations, the checked plan, and a run in each of its states."""

import pytest
from stories import STATES, going, kept, labels, predictor, press, said, turn, zoo

from genomics import hyper, recipe, runs
from genomics.architectures import ARCHITECTURES
from genomics.fit import Fit


def command(app) -> str:
    """The same from a terminal."""
    return app.code[-1].value


def ready(visit, own_workspace, kind="two classes"):
    return visit("train", data=kept(own_workspace, zoo()[kind]))


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_declared_setting_that_applies_has_a_control(visit, own_workspace, name):
    app = ready(visit, own_workspace)
    if name != next(iter(ARCHITECTURES)):
        app.button(f"choose_{name}").click().run()
    assert not app.exception
    config = ARCHITECTURES[name].Config()
    for prefix, declared in ((name, config), ("fit", Fit())):
        for spec in hyper.specs(declared):
            applies = spec.when is None or getattr(declared, spec.when[0]) in spec.when[1]
            assert (f"{prefix}_{spec.name}" in app.session_state) == applies, spec.name
            if applies:
                assert app.session_state[f"{prefix}_{spec.name}"] == spec.default
    assert f"--architecture {name} --length 24" in command(app)
    assert "--set" not in command(app)


def test_controls_change_the_plan(visit, own_workspace):
    app = ready(visit, own_workspace)
    app.slider("cnn_kernel_size").set_value(7)
    app.select_slider("cnn_filters").set_value(32)
    app.number_input("fit_epochs").set_value(3)
    app.toggle("fit_class_weights").set_value(False)
    app.number_input("predictor_seed").set_value(5)
    app.run()
    assert not app.exception
    for part in ("filters=32", "kernel_size=7", "epochs=3", "class_weights=false", "--seed 5"):
        assert part in command(app)


def test_a_setting_that_depends_on_another_comes_and_goes(visit, own_workspace):
    app = ready(visit, own_workspace)
    app.button("choose_rnn").click().run()
    assert "Word length (bp)" in [slider.label for slider in app.slider]
    app.segmented_control("rnn_input").set_value("one_hot").run()
    assert not app.exception
    assert "Word length (bp)" not in [slider.label for slider in app.slider]
    assert "--set input=one_hot" in command(app)


def test_choices_outlive_a_change_of_page(visit, own_workspace):
    app = ready(visit, own_workspace, "unequal lengths")
    app.slider("cnn_kernel_size").set_value(5)
    app.number_input("predictor_seed").set_value(7)
    app.segmented_control("predictor_anchor").set_value("right")
    length = next(widget for widget in app.number_input if widget.label.startswith("Length"))
    length.set_value(20).run()
    before = command(app)
    assert all(part in before for part in ("kernel_size=5", "--seed 7", "--anchor right", "--length 20"))
    turn(app, "runs")
    assert command(turn(app, "train")) == before
    app.button("choose_rnn").click().run()
    app.segmented_control("rnn_input").set_value("one_hot").run()
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
    app.slider("cnn_kernel_size").set_value(41).run()
    assert "kernel" in app.error[0].value
    assert "Train" not in labels(app)


def test_train_makes_the_run_that_was_planned_and_shows_it(visit, own_workspace, no_worker):
    app = ready(visit, own_workspace)
    app.number_input("fit_epochs").set_value(3).run()
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
    can = {label for label in labels(app) if label in ("Stop", "Go on from here", "Train another", "See the results")}
    expected = {
        "finished": {"Train another", "See the results"},
        "stopped": {"Go on from here", "Train another", "See the results"},
        "failed": {"Go on from here", "Train another"},
        "interrupted": {"Go on from here", "Train another"},
        "new": {"Train another"},
    }
    assert can == expected.get(state, {"Stop"})
    if state == "failed":
        assert "It ended with \\*\\*status 1" in app.error[0].value


@pytest.mark.parametrize("kind", ["three classes", "numbers", "hostile", "unequal lengths"])
def test_a_finished_run_on_every_kind_of_data(visit, own_workspace, kind):
    folder = predictor(own_workspace, zoo()[kind])
    app = visit("train", run=folder.name)
    names = [metric.label for metric in app.metric]
    assert ("Validation error" if kind == "numbers" else "Validation accuracy") in names


def test_stop_asks_the_worker_to_stop(visit, own_workspace):
    folder = predictor(own_workspace, zoo()["two classes"], state="running")
    with going(folder):
        app = visit("train", run=folder.name)
        press(app, "Stop")
        assert runs.stop_requested(folder)
        assert "Stopping" in said(app)
        assert [button.disabled for button in app.button if button.label == "Stop"] == [True]


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
