"""The Results page on every kind of task, and before there are results."""

import json
import re

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from stories import going, labels, predictor, press, said, turn, zoo
from toys import dataset_of, random_rows

from genomics import disk, groups, inspection, results, samples, split, words
from genomics.architectures import ARCHITECTURES
from genomics.sequences import encode
from pages.ui import beside, measures, text

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


def test_a_group_opens_on_its_pooled_answer_and_leads_to_each_run_and_back(visit, own_workspace, select):
    dataset = zoo()["two classes"]
    folders = [predictor(own_workspace, dataset, seed=seed, split_seed=0, group="g1") for seed in (1, 2)]
    _disagree(folders[1])
    answer = groups.answer(folders)
    app = visit("results", run=folders[0].name)
    shown = {metric.label: metric.value for metric in app.metric}
    alone = disk.read_json(folders[0] / "evaluation.json")["test"]["metrics"]["accuracy"]["value"]
    assert shown["Accuracy"] == words.number(answer["metrics"]["test"]["accuracy"]["value"], percent=True)
    assert shown["Accuracy"] != words.number(alone, percent=True)
    assert [tab.label for tab in app.tabs] == ["Curves", "Confusion", "Calibration", "Runs", "All metrics", "Records"]
    rows = on_tab(app, "Records").dataframe[0].value
    assert list(rows["id"]) == groups.pooled(folders).columns["id"]
    for tab in app.tabs:
        on_tab(app, tab.label)
    on_tab(app, "Runs")
    assert list(app.dataframe[-1].value["Run"]) == [folder.name for folder in folders]
    select(1)
    app.run()
    assert not app.exception
    assert app.query_params["run"] == folders[1].name
    assert "Training" in [tab.label for tab in app.tabs]
    assert "Runs" not in [tab.label for tab in app.tabs]
    app.button(key="whole_group").click().run()
    assert {metric.label: metric.value for metric in app.metric} == shown


def _disagree(folder):
    """Makes a run so sure of the other class, of every third record, that the mean with another run changes sides."""
    table = pq.read_table(folder / "predictions.parquet").to_pydict()
    for number in range(0, len(table["id"]), 3):
        for name in ("probability class 0", "probability class 1"):
            table[name][number] = 0.99 if table[name][number] < 0.5 else 0.01
    pq.write_table(pa.table(table), folder / "predictions.parquet")


@pytest.mark.parametrize("kind", ["two classes", "three classes", "numbers", "several numbers", "several labels"])
def test_folds_of_every_task_open_on_all_their_records(visit, own_workspace, kind):
    folders = [predictor(own_workspace, zoo()[kind], fold=(fold, 2), group="g1") for fold in range(2)]
    rows = {"metric": results.MAIN[zoo()[kind].task], "title": "4-mers", "sentence": ""}
    for value, folder in zip((0.2, 0.4), folders, strict=True):
        cell = {"value": value, "low": 0.1, "high": 0.5}
        disk.write_json(folder / "shortcuts.json", {"words": {**rows, "metrics": {rows["metric"]: cell}, "difference": cell}})
    app = visit("results", run=folders[1].name)
    tested = sum(disk.read_json(folder / "evaluation.json")["test"]["records"] for folder in folders)
    assert f"{tested} test sequences" in said(app)
    assert groups.answer(folders)["shortcuts"]["words"]["metrics"][rows["metric"]] == {
        "value": pytest.approx(0.3),
        "low": None,
        "high": None,
    }
    for tab in app.tabs:
        on_tab(app, tab.label)


def test_a_group_of_a_hundred_is_measured_once(visit, own_workspace, monkeypatch):
    folders = [predictor(own_workspace, zoo()["two classes"], fold=(fold, 60), group="g1") for fold in range(60)]
    app = visit("results", run=folders[0].name)
    monkeypatch.setattr(groups, "answer", lambda *given: pytest.fail("it was known"))
    on_tab(app, "Runs")
    assert len(app.dataframe[-1].value) == 60


def test_a_group_without_any_results_leads_to_training(visit, own_workspace):
    folders = [predictor(own_workspace, zoo()["two classes"], state="interrupted", seed=seed, split_seed=0, group="g1") for seed in (1, 2)]
    assert labels(visit("results", run=folders[0].name)) == ["Resume"]


def test_a_group_that_is_not_finished_says_so(visit, own_workspace):
    done = predictor(own_workspace, zoo()["two classes"], seed=1, split_seed=0, group="g1")
    predictor(own_workspace, zoo()["two classes"], state="interrupted", seed=2, split_seed=0, group="g1")
    assert "1 of 2 runs" in visit("results", run=done.name).info[0].value


def test_unlike_architectures_of_a_group_are_told_apart(visit, own_workspace):
    plan = {"split_seed": 0, "group": "g1"}
    folders = [predictor(own_workspace, zoo()["two classes"], architecture=name, **plan) for name in ("cnn", "rnn")]
    app = on_tab(visit("results", run=folders[0].name), "Runs")
    titles = [ARCHITECTURES[name].title for name in ("cnn", "rnn")]
    assert list(app.dataframe[-1].value["Architecture"]) == titles
    assert all(title in app.title[0].value for title in titles)


def leaky():
    """Sixty sequences of thirty families: nearly each test record shares a stretch with the training set."""
    rows = random_rows(60, 60)
    rows[30:, :40] = rows[:30, :40]
    return dataset_of(rows, np.arange(60) % 2)


@pytest.mark.parametrize("looked_at_this_split", [True, False])
def test_what_the_audit_found_stands_under_the_verdict_with_a_way_out(visit, own_workspace, looked_at_this_split):
    dataset = leaky()
    seed = 0 if looked_at_this_split else 5
    folder = predictor(own_workspace, dataset, right=1, split_seed=seed, settings={"kernel_size": 7}, seed=3)
    inspection.inspect(dataset, own_workspace)
    divided = split.make(dataset, "random", seed)
    outside = np.setdiff1d(np.arange(60), divided.test) % 30  # each family is a record and the one thirty further on
    count = int(np.isin(divided.test % 30, outside).sum())
    tested = disk.read_json(folder / "evaluation.json")["test"]["records"]
    app = visit("results", run=folder.name)
    assert not app.success  # however good
    assert any(f"({count} of {tested})".replace("(", "\\(").replace(")", "\\)") in warning.value for warning in app.warning)
    (folder / "model.keras").touch()  # a run whose weights could be taken
    app.session_state[f"base_{dataset.fingerprint}"] = folder.name
    app.button(key="resplit").click().run()
    assert not app.exception
    assert app.session_state[f"predictor_split_{dataset.fingerprint}"] == "similarity"
    assert app.session_state[f"cnn_{dataset.fingerprint}_kernel_size"] == 7
    assert app.session_state["predictor_seed"] == 3
    assert app.session_state[f"base_{dataset.fingerprint}"] == ""
    assert "run" not in app.query_params


def test_a_run_that_was_split_by_similarity_or_whose_split_is_clean_has_no_such_button(visit, own_workspace):
    for dataset, how in ((leaky(), "similarity"), (zoo()["two classes"], "random")):
        inspection.inspect(dataset, own_workspace, how)
        app = visit("results", run=predictor(own_workspace, dataset, split=how, right=1).name)
        assert "resplit" not in [button.key for button in app.button]


def test_the_server_does_not_compare_sequences_by_itself(visit, own_workspace, monkeypatch):
    folder = predictor(own_workspace, leaky(), right=1)
    monkeypatch.setattr("genomics.similarity.compare", lambda *given, **also: pytest.fail("that is for an inspection"))
    assert "resplit" not in [button.key for button in visit("results", run=folder.name).button]


def test_headings_go_down_by_one(visit, own_workspace):
    app = visit("results", run=predictor(own_workspace, zoo()["two classes"]).name)
    assert (len(app.title), [heading.value for heading in app.header]) == (1, ["ROC", "Precision and recall"])
    assert not re.search(r"(?m)^#", said(app))


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
    assert f"chance: {words.number(test['baseline']['accuracy']['value'], percent=True)}" in said(app)
    table = on_tab(app, "All metrics").dataframe[0].value
    assert list(table["Metric"]) == [measures.title(name) for name in test["metrics"]]
    assert table["Meaning"].str.len().min() > 0
    rows = on_tab(app, "Records").dataframe[0].value
    assert len(rows) == 60
    assert set(rows["part"]) == {"train", "validation", "test"}


def test_a_confident_verdict_and_a_sobering_one(visit, own_workspace):
    good = visit("results", run=predictor(own_workspace, zoo()["two classes"], right=1).name)
    assert good.success
    assert not good.error
    bad = visit("results", run=predictor(own_workspace, zoo()["two classes"], right=0.5).name)
    assert not bad.success
    assert len(bad.error) == 1


def test_acronyms_stay_large_where_the_best_way_without_a_network_is_named(visit, own_workspace):
    folder = predictor(own_workspace, zoo()["two classes"], right=0.9)
    cells = {"mcc": {"value": 0.5, "low": 0.4, "high": 0.6}, "accuracy": {"value": 0.75, "low": 0.7, "high": 0.8}}
    row = {"title": "GC only", "metric": "mcc", "metrics": cells, "sentence": "", "explanation": "Logistic regression on the GC content."}
    disk.write_json(folder / "shortcuts.json", {"gc": row})
    app = visit("results", run=folder.name)
    assert r"better than the best baseline without a neural network \(GC only\)" in said(app)
    assert "GC only: 75 %" in said(app)
    assert not re.search(r"\bgC|\bgc only", said(app))


def test_the_newest_finished_run_is_shown_where_none_was_chosen(visit, own_workspace):
    old = predictor(own_workspace, zoo()["numbers"])
    predictor(own_workspace, zoo()["two classes"], state="interrupted")
    app = visit("results")
    assert app.query_params["run"] == old.name


@pytest.mark.parametrize(("state", "button"), [("running", "Watch it"), ("interrupted", "Resume"), ("failed", "Resume")])
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


@pytest.mark.parametrize("page", ["train", "results"])
def test_what_was_changed_stands_under_the_title_with_all_settings_on_demand(visit, own_workspace, page):
    plain = predictor(own_workspace, zoo()["two classes"])
    changed = predictor(own_workspace, zoo()["two classes"], settings={"kernel_size": 5, "class_weights": False})
    assert "All settings as suggested." in said(visit(page, run=plain.name))
    app = visit(page, run=changed.name)
    assert "Kernel size 5, class weights off; everything else as suggested." in said(app)
    app.session_state["all_settings"] = True
    listed = app.run().dataframe[0].value
    assert listed.set_index("Setting").loc["Kernel size"].tolist()[0] == "5"
    assert len(listed) > 25


@pytest.mark.parametrize(("site", "found"), [("TGACTCA", True), ("ACACACA", False)])
@pytest.mark.parametrize("page", ["train", "results"])
def test_a_run_on_a_sample_says_whether_a_filter_matches_the_known_site(visit, own_workspace, page, site, found):
    folder = predictor(own_workspace, samples.load("planted"))
    kernels = np.random.default_rng(0).normal(0, 0.05, (8, 9, 4)).astype(np.float32)
    kernels[5, 1:8] += 3 * np.eye(4, dtype=np.float32)[encode(site)]
    np.savez(folder / "filters.npz", kernels=kernels, epoch=3)
    said_there = said(visit(page, run=folder.name))
    assert (":material/check_circle: Filter 6 matches the planted AP-1 site TGACTCA" in said_there) == found
    assert (":material/cancel: None of the strongest filters matches the planted AP-1 site TGACTCA" in said_there) != found
