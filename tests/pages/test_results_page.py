"""The Results page on every kind of task, and before there are results."""

import json
import re

import pytest
from stories import going, labels, predictor, press, said, turn, zoo

from genomics import disk, words
from genomics.architectures import ARCHITECTURES
from pages.ui import beside, text

LAST = ["All metrics", "Training", "Records"]
TABS = {
    "numbers": ["Predicted against true", *LAST],
    "several numbers": ["Targets", "Predicted against true", *LAST],
    "several labels": ["Labels", "Curves", "Calibration", *LAST],
}


def on_tab(app, name: str):
    """Opens a tab, as a click does."""
    app.session_state["result_tabs"] = name
    app.run()
    assert not app.exception, (name, app.exception)
    return app


@pytest.mark.parametrize("kind", ["two classes", "three classes", "hostile", "unequal lengths", "rare class", *TABS])
def test_every_tab_of_every_task(visit, own_workspace, kind):
    folder = predictor(own_workspace, zoo()[kind])
    app = visit("results", run=folder.name)
    assert len(app.metric) == 4
    names = [tab.label for tab in app.tabs]
    assert names == TABS.get(kind, ["Curves", "Confusion", "Calibration", *LAST])
    for name in names:
        on_tab(app, name)
    assert "The same from a terminal" in str([block.label for block in app.expander])


@pytest.mark.parametrize(("kind", "tab", "metric"), [("several labels", "Labels", "auroc"), ("several numbers", "Targets", "pearson")])
def test_each_label_and_target_has_a_row_with_its_interval(visit, own_workspace, kind, tab, metric):
    dataset = zoo()[kind]
    folder = predictor(own_workspace, dataset)
    app = on_tab(visit("results", run=folder.name), tab)
    found = disk.read_json(folder / "evaluation.json")["test"]
    assert f"Mean {metric.upper() if len(metric) < 6 else metric.capitalize()}" in [shown.label for shown in app.metric]
    table = app.dataframe[0].value.set_index(tab[:-1])
    assert set(table.index) == set(dataset.classes or dataset.target_names)
    for name, row in table.iterrows():
        assert row.iloc[1 if metric == "auroc" else 0] == found["parts"][name][metric]["value"]
        assert row["95 % interval"] == words.interval(found["parts"][name][metric])
    if kind == "several labels":
        assert table["Test records with it"].to_dict() == found["positives"]


def test_runs_of_a_group_are_shown_together_and_each_leads_to_its_own_results(visit, own_workspace, select):
    folders = [predictor(own_workspace, zoo()["two classes"], seed=seed, split_seed=0, group="g1") for seed in (1, 2)]
    app = on_tab(visit("results", run=folders[0].name), "All runs of this group")
    assert "Two runs. The mean of their answers reaches MCC" in said(app)
    rows = app.dataframe[-1].value
    assert list(rows["Run"]) == [folder.name for folder in folders]
    select(1)
    app.run()
    assert app.query_params["run"] == folders[1].name


def test_unlike_architectures_of_a_group_are_told_apart(visit, own_workspace):
    plan = {"split_seed": 0, "group": "g1"}
    folders = [predictor(own_workspace, zoo()["two classes"], architecture=name, **plan) for name in ("cnn", "rnn")]
    app = on_tab(visit("results", run=folders[0].name), "All runs of this group")
    assert list(app.dataframe[-1].value["Architecture"]) == [ARCHITECTURES[name].title for name in ("cnn", "rnn")]


def test_what_tells_runs_of_a_group_apart_is_their_label():
    def labels(*runs):
        return beside.labels([{"architecture": name, "fold": fold, "seed": seed} for name, fold, seed in runs])

    none = [0, 0]
    assert labels(("cnn", none, 1), ("cnn", none, 2)) == ["Seed 1", "Seed 2"]
    assert labels(("cnn", [0, 2], 1), ("cnn", [1, 2], 1)) == ["Fold 1", "Fold 2"]
    assert labels(("cnn", [0, 2], 1), ("cnn", [0, 2], 4)) == ["Fold 1, seed 1", "Fold 1, seed 4"]
    assert labels(("cnn", none, 0), ("rnn", none, 0)) == ["Convolutional network", "Recurrent network"]
    assert labels(("cnn", none, 0), ("cnn", none, 1), ("rnn", none, 0))[1] == "Convolutional network, seed 1"


def test_the_numbers_shown_are_those_measured(visit, own_workspace):
    folder = predictor(own_workspace, zoo()["two classes"], right=0.8)
    test = disk.read_json(folder / "evaluation.json")["test"]
    app = visit("results", run=folder.name)
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Accuracy"] == words.number(test["metrics"]["accuracy"]["value"], percent=True)
    for label, name in (("MCC", "mcc"), ("AUROC", "auroc"), ("AUPRC", "auprc")):
        assert shown[label] == words.number(test["metrics"][name]["value"])
    assert words.interval(test["metrics"]["mcc"]) in said(app)
    assert f"guessing: {words.number(test['baseline']['accuracy']['value'], percent=True)}" in said(app)
    table = on_tab(app, "All metrics").dataframe[0].value
    assert list(table["Metric"]) == [name.replace("_", " ") for name in test["metrics"]]
    assert table["What it says"].str.len().min() > 0
    rows = on_tab(app, "Records").dataframe[0].value
    assert len(rows) == 60
    assert set(rows["part"]) == {"train", "validation", "test"}


def test_a_confident_verdict_and_a_sobering_one(visit, own_workspace):
    good = visit("results", run=predictor(own_workspace, zoo()["two classes"], right=1).name)
    assert good.success
    assert not good.error
    bad = visit("results", run=predictor(own_workspace, zoo()["two classes"], right=0.5).name)
    assert "Not clearly better than guessing" in bad.error[0].value


def test_acronyms_stay_large_where_the_best_way_without_a_network_is_named(visit, own_workspace):
    folder = predictor(own_workspace, zoo()["two classes"], right=0.9)
    cells = {"mcc": {"value": 0.5, "low": 0.4, "high": 0.6}, "accuracy": {"value": 0.75, "low": 0.7, "high": 0.8}}
    row = {"title": "GC only", "metric": "mcc", "metrics": cells, "sentence": "", "explanation": "Logistic regression on the GC content."}
    disk.write_json(folder / "shortcuts.json", {"gc": row})
    app = visit("results", run=folder.name)
    assert "Without a network, GC only alone reaches MCC 0.5" in said(app)
    assert "GC only: 75 %" in said(app)
    assert not re.search(r"\bgC|\bgc only", said(app))


def test_the_newest_finished_run_is_shown_where_none_was_chosen(visit, own_workspace):
    old = predictor(own_workspace, zoo()["numbers"])
    predictor(own_workspace, zoo()["two classes"], state="interrupted")
    app = visit("results")
    assert app.query_params["run"] == old.name


@pytest.mark.parametrize(("state", "button"), [("running", "Watch it"), ("interrupted", "Go on with it"), ("failed", "Go on with it")])
def test_a_run_without_results_leads_back_to_training(visit, own_workspace, state, button):
    folder = predictor(own_workspace, zoo()["two classes"], state=state)
    if state == "running":
        with going(folder):
            app = visit("results", run=folder.name)
    else:
        app = visit("results", run=folder.name)
    assert labels(app) == [button]
    assert press(app, button).title[0].value == "Convolutional network on toy"
    assert "Train another" in labels(app)


def test_a_stopped_run_says_that_its_results_are_not_the_last_word(visit, own_workspace):
    app = visit("results", run=predictor(own_workspace, zoo()["two classes"], state="stopped").name)
    assert "The run is stopped" in app.info[0].value
    assert len(app.metric) == 4


def test_everything_can_be_downloaded(visit, own_workspace):
    folder = predictor(own_workspace, zoo()["two classes"])
    app = visit("results", run=folder.name)
    assert [button.label for button in app.get("download_button")] == ["Predictions (TSV)", "Metrics (JSON)", "Everything (zip)"]
    json.dumps(disk.read_json(folder / "evaluation.json"))


def test_results_come_as_soon_as_they_are_there(visit, own_workspace):
    folder = predictor(own_workspace, zoo()["two classes"], state="interrupted")
    app = visit("results", run=folder.name)
    done = predictor(own_workspace, zoo()["two classes"])
    for name in ("evaluation.json", "model.json", "predictions.parquet"):
        (folder / name).write_bytes((done / name).read_bytes())
    assert len(turn(app, "results").metric) == 4


@pytest.mark.parametrize(
    "hostile", ["a_b*c*", "`x`", "$x$", "[a](b)", "<b>", ":red[x]", "# x", "a|b", "~~x~~", "\\", "![x](y)", "1. x", "- x", "+", "{x}"]
)
def test_every_mark_of_markdown_is_escaped(hostile):
    escaped = text.literal(hostile)
    for place, letter in enumerate(escaped):
        if letter in "`*_{}[]()#+-!|<>$~:":
            assert escaped[place - 1] == "\\"
    assert escaped.replace("\u2060", "").replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == hostile


def test_icons_and_links_are_parted_without_a_width():
    assert text.literal(":material/home:") == "\\:\u2060material/home\\:"
    assert text.literal("file: record 1") == "file\\: record 1"
    assert text.label("<b>A & B</b>") == "&lt;b&gt;A &amp; B&lt;/b&gt;"
