"""The Train page before the start: controls made from declarations, the checked plan, and what is started."""

import re
from dataclasses import replace

import pytest
from choosing import choose, command, key, ready, widgets
from stories import kept, labels, press, said, turn, zoo
from toys import gc_classes

from genomics import disk, estimate, hyper, recipe, runs, samples
from genomics.architectures import ARCHITECTURES
from genomics.encoding import ENCODINGS
from genomics.fit import LOSSES, METRICS, Fit
from pages.ui import controls


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


def test_a_spare_process_is_kept_warm_for_whoever_may_soon_train(visit, own_workspace, monkeypatch):
    asked: list = []
    monkeypatch.setattr("genomics.jobs.warm", asked.append)
    visit("train")
    assert not asked
    ready(visit, own_workspace)
    assert asked == [own_workspace]


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


def test_after_a_short_run_the_time_of_a_larger_one_is_still_right(visit, own_workspace):
    """The recorded runs of tests/unit/recorded_runs.tsv: 2.2 s on the promoters, then 9.2 s for 20 of 40 epochs on the planted sites."""
    short, large = samples.load("promoters"), samples.load("planted")
    amounts = estimate._amounts(replace(recipe.plan(short, "cnn"), fit=Fit(epochs=88, batch_size=16)), short, 74)
    fingerprint = kept(own_workspace, large)
    disk.write_json(own_workspace / "speed.json", {"rows": [("cnn", amounts.tolist(), 2.2, 0.0)]})
    app = visit("train", data=fingerprint)
    low, high = map(int, re.search(r"takes (\d+) to (\d+) seconds", said(app)).groups())
    truth = 9.21 + 20 * 6.312 / 19  # of all 40 epochs
    assert truth / 2 <= (low * high) ** 0.5 <= truth * 2
