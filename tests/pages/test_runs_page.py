"""The Runs page and the recent runs on Start: open, compare, delete."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from stories import HOSTILE, STATES, generator, going, labels, predictor, press, said, turn, zoo

from genomics import disk, groups, results, runs, words
from pages.ui.text import literal


def test_runs_in_every_state_are_listed_newest_first(visit, own_workspace):
    folders = [predictor(own_workspace, zoo()["two classes"], state=state) for state in STATES]
    folders.append(generator(own_workspace, zoo()["two classes"]))
    with going(folders[2]):
        app = visit("runs")
    table = app.dataframe[0].value
    assert list(table["Run"]) == [folder.name for folder in reversed(folders)]
    states = dict(zip(table["Run"], (state.lower() for state in table["State"]), strict=True))
    assert states[folders[2].name] == "running"
    assert states[folders[0].name] == "interrupted"  # queued, but nobody holds its lock
    assert states[folders[-1].name] == "finished"
    assert "10 runs, 1 going." in said(app)


@pytest.mark.parametrize(
    ("state", "title"),
    [("finished", "test sequences are classified correctly"), ("interrupted", "The run was interrupted"), ("failed", "It ended with")],
)
def test_open_shows_a_run_where_it_stands(visit, own_workspace, select, state, title):
    folder = predictor(own_workspace, zoo()["two classes"], state=state)
    select(0)
    app = press(visit("runs"), "Open")
    assert app.query_params == {"data": zoo()["two classes"].fingerprint, "run": folder.name}
    assert title in said(app)
    app = press(visit("start"), "Open")  # and the same from Start
    assert title in said(app)


def test_a_generator_opens_on_its_page(visit, own_workspace, select):
    generator(own_workspace, zoo()["two classes"])
    select(0)
    assert press(visit("runs"), "Open").title[0].value.startswith("Generative adversarial network")


def sized(own_workspace, **settings):
    """A predictor with some settings changed."""
    return predictor(own_workspace, zoo()["two classes"], settings=settings)


def test_settings_that_differ_are_columns_and_all_of_them_on_demand(visit, own_workspace):
    for size in (5, 9):
        sized(own_workspace, kernel_size=size, epochs=7)
    app = visit("runs")
    table = app.dataframe[0].value
    assert table["Kernel size"].tolist() == [9, 5]  # numbers, which sort as such
    assert "Epochs" not in table
    assert table["Split"].tolist() == ["Auto", "Auto"]
    app.toggle("runs_every").set_value(True).run()
    assert app.dataframe[0].value["Epochs"].tolist() == [7, 7]


def test_a_name_and_a_note_are_kept_with_the_run(visit, own_workspace, select):
    folders = [predictor(own_workspace, zoo()["two classes"]) for _ in range(2)]
    select(0)
    app = visit("runs")
    app.text_input(f"name_{folders[1].name}").set_value("  <b>wide</b>  filters ")
    app.text_input(f"note_{folders[1].name}").set_value("for the lab meeting")
    press(app, "Save")
    assert runs.about(folders[1]) == {"name": "<b>wide</b> filters", "note": "for the lab meeting"}
    assert runs.about(folders[0]) == {"name": "", "note": ""}


def test_names_and_notes_are_columns_that_can_be_searched(visit, own_workspace):
    folders = [predictor(own_workspace, zoo()["two classes"]) for _ in range(2)]
    assert "Name" not in visit("runs").dataframe[0].proto.column_order
    runs.describe(folders[0], name="Wide filters")
    app = visit("runs")
    assert app.dataframe[0].value["Name"].tolist() == ["", "Wide filters"]
    app.text_input("runs_search").set_value("FILTERS wide").run()
    assert app.dataframe[0].value["Run"].tolist() == [folders[0].name]
    app.text_input("runs_search").set_value("nothing like it").run()
    assert not app.dataframe


@pytest.mark.parametrize(("key", "value"), [("state", "failed"), ("architecture", "wgan_gp"), ("kind", "generator")])
def test_filters_leave_the_runs_that_fit(visit, own_workspace, key, value):
    predictor(own_workspace, zoo()["two classes"])
    wanted = (
        predictor(own_workspace, zoo()["two classes"], state="failed") if key == "state" else generator(own_workspace, zoo()["two classes"])
    )
    app = visit("runs")
    assert len(app.dataframe[0].value) == 2
    app.multiselect(f"runs_{key}").set_value([value]).run()
    assert app.dataframe[0].value["Run"].tolist() == [wanted.name]


def test_several_runs_are_compared_by_what_tells_them_apart(visit, own_workspace, select):
    folders = [sized(own_workspace, kernel_size=size) for size in (5, 9)]
    select(0, 1)
    app = visit("runs")
    assert "Open" not in labels(app)
    assert not app.warning
    differing, metrics = (shown.value for shown in app.dataframe)
    assert list(differing.columns[1:]) == list(metrics.columns[1:]) == ["Kernel size 9", "Kernel size 5"]
    assert differing.to_numpy().tolist() == [["Kernel size", "9", "5"]]
    accuracy = disk.read_json(folders[0] / "evaluation.json")["test"]["metrics"]["accuracy"]["value"]
    assert metrics.set_index("").loc["Accuracy", "Kernel size 5"].startswith(words.number(accuracy, percent=True))
    assert app.code[-1].value == f"python -m genomics runs compare {folders[1].name} {folders[0].name}"


def test_runs_with_other_test_records_are_compared_with_a_warning(visit, own_workspace, select):
    for kind in ("two classes", "unequal lengths"):
        predictor(own_workspace, zoo()[kind])
    select(0, 1)
    assert len(visit("runs").warning) == 1


def test_the_warning_counts_the_test_records_that_runs_share(visit, own_workspace, select):
    made = zoo()["two classes"]
    folders = [predictor(own_workspace, made) for _ in range(2)]
    path = folders[0] / "predictions.parquet"
    parts = pq.read_table(path).to_pydict()
    tested = parts["part"].count("test")
    parts["part"][parts["part"].index("train")] = "test"  # as under another split of the same dataset
    parts["part"][parts["part"].index("validation")] = "test"
    pq.write_table(pa.table(parts), path)
    select(0, 1)
    (warning,) = visit("runs").warning
    for count in (f"share {tested} test", f"{tested} records", f"{tested + 2} records"):
        assert count in warning.value


def test_runs_are_compared_and_listed_under_hostile_names(visit, own_workspace, select):
    folders = [predictor(own_workspace, zoo()["two classes"]) for _ in HOSTILE]
    for folder, name in zip(folders, HOSTILE, strict=True):
        runs.describe(folder, name=name)
    select(*range(len(HOSTILE)))
    app = visit("runs")
    assert app.dataframe[-1].value.columns[1:].tolist() == list(reversed(HOSTILE))
    assert f"**{literal(HOSTILE[-1])}** on" in said(visit("start"))


def test_curves_of_compared_runs_lie_in_one_chart_and_a_group_is_its_mean(visit, own_workspace, select, monkeypatch):
    made, drawn = zoo()["two classes"], []
    monkeypatch.setattr("pages.ui.curving.live_chart", lambda figure, **_: drawn.append(figure))
    for seed in (1, 2):
        predictor(own_workspace, made, seed=seed, split_seed=0, group="g", epochs=8 - 2 * seed)
    predictor(own_workspace, made, epochs=6)
    select(0, 1)
    app = visit("runs")
    lines = {line.name: (list(line.x), [round(float(y), 4) for y in line.y]) for line in drawn[-1].data}
    assert lines["2 networks"] == ([1, 2, 3, 4], [1, 0.5, 0.3333, 0.25])
    assert [len(x) for x, _ in lines.values()] == [6, 4]
    app.segmented_control("curve_measure").set_value("accuracy").run()
    assert {round(float(y), 2) for line in drawn[-1].data for y in line.y} == {0.7}


def test_generators_are_compared_with_generators(visit, own_workspace, select):
    for _ in range(2):
        predictor(own_workspace, zoo()["two classes"])
        generator(own_workspace, zoo()["two classes"])
    select(0, 1, 2, 3)
    app = visit("runs")
    assert [header.value for header in app.header] == ["Predictors", "Generators"]
    assert len(app.dataframe[-1].value) == 2
    assert app.dataframe[-1].value["Gap closed"].str.len().min() > 0


@pytest.fixture
def grouped(own_workspace):
    """Three runs of one group, and a newer one that is alone."""
    made = zoo()["two classes"]
    seeds = [
        predictor(own_workspace, made, seed=seed, split_seed=0, group="ab12", right=right) for seed, right in enumerate((0.7, 0.8, 0.9))
    ]
    return seeds, predictor(own_workspace, made)


def test_a_group_is_one_row_with_the_mean_of_its_runs_until_each_is_asked_for(visit, grouped):
    seeds, alone = grouped
    app = visit("runs")
    assert "4 runs." in said(app)
    table = app.dataframe[0].value
    assert list(table["Run"]) == [alone.name, "ab12"]
    row = table.iloc[1]
    mean = sum(results.brief(folder)["value"] for folder in seeds) / 3
    assert (row["Architecture"], row["State"]) == ("Convolutional network, 3 networks", "Finished")
    assert row["Result"] == f"Test MCC {words.number(mean)} (mean of 3)"
    app.toggle("runs_apart").set_value(True).run()
    assert list(app.dataframe[0].value["Run"]) == [folder.name for folder in (alone, *reversed(seeds))]


def test_start_shows_a_group_once(visit, grouped):
    said_there = said(visit("start"))
    assert said_there.count("**Convolutional network** on") == 2
    assert ", three runs" in said_there
    assert "3 of 3 finished" in said_there


def test_a_group_is_opened_and_exported_by_its_newest_run(visit, grouped, select):
    seeds, _ = grouped
    select(1)
    app = visit("runs")
    assert app.code[-1].value == "python -m genomics runs show ab12"
    assert press(app, "Open").query_params["run"] == seeds[-1].name


def test_what_is_too_large_for_a_browser_is_packed_from_a_terminal(visit, grouped, select, monkeypatch):
    select(1)
    assert [button.label for button in visit("runs").get("download_button")] == ["Everything (zip)"]
    monkeypatch.setattr("pages.ui.downloads._MOST_BYTES", 100)
    app = visit("runs")
    assert not app.get("download_button")
    assert "runs export ab12 ab12.zip" in said(app)


def test_a_group_is_compared_by_what_its_runs_reach_together(visit, grouped, select):
    seeds, _ = grouped
    select(0, 1)
    table = visit("runs").dataframe[-1].value
    pooled = groups.answer(seeds)["metrics"]["test"]["mcc"]["value"]
    assert table.set_index("").loc["MCC", "3 networks"].startswith(words.number(pooled))


def test_a_group_is_deleted_whole_or_not_at_all(visit, own_workspace, grouped, select):
    seeds, alone = grouped
    select(1)
    with going(seeds[1]):
        assert "nothing was deleted" in press(visit("runs", run=seeds[0].name), "Delete for good").error[0].value
    assert len(runs.everything(own_workspace)) == 4
    app = press(visit("runs", run=seeds[0].name), "Delete for good")
    assert runs.everything(own_workspace) == [alone]
    assert "run" not in app.query_params


def test_runs_without_results_can_be_compared_too(visit, own_workspace, select):
    predictor(own_workspace, zoo()["two classes"], state="interrupted")
    generator(own_workspace, zoo()["two classes"])
    select(0, 1)
    visit("runs")


def test_deleting_is_asked_once_more(visit, own_workspace, select):
    first, second = (predictor(own_workspace, zoo()["two classes"]) for _ in range(2))
    select(0)
    app = visit("runs", run=second.name)
    assert {first, second} == set(runs.everything(own_workspace))  # selecting alone deletes nothing
    assert "removed for good" in said(app)
    press(app, "Delete for good")
    assert runs.everything(own_workspace) == [first]
    assert "run" not in app.query_params  # it is no longer in hand


def test_a_run_that_is_going_is_not_deleted(visit, own_workspace, select):
    folder = predictor(own_workspace, zoo()["two classes"], state="running")
    select(0)
    with going(folder):
        app = press(visit("runs"), "Delete for good")
    assert "still going" in app.error[0].value
    assert folder.exists()


def test_the_last_run_deleted_leaves_the_empty_page(visit, own_workspace, select):
    predictor(own_workspace, zoo()["two classes"])
    select(0)
    app = press(visit("runs"), "Delete for good")
    assert "Nothing here yet" in said(app)


def test_a_run_that_cannot_be_read_is_named_not_listed(visit, own_workspace):
    good, bad = (predictor(own_workspace, zoo()["two classes"]) for _ in range(2))
    (bad / "run.json").write_text("{")
    app = visit("runs")
    assert list(app.dataframe[0].value["Run"]) == [good.name]
    assert bad.name[-4:] in app.warning[0].value


@pytest.mark.parametrize("change", [{"architecture": "of_tomorrow"}, {"config": {"tentacles": 8}}])
def test_a_run_of_another_version_is_listed_and_not_opened(visit, own_workspace, change):
    folder = predictor(own_workspace, zoo()["two classes"])
    disk.write_json(folder / "run.json", runs.asked(folder) | change)
    app = visit("start", run=folder.name)
    for page in ("train", "results", "generate"):
        app = visit(page, run=folder.name)
        assert "This run cannot be opened" in said(app), page
    assert len(turn(app, "runs").dataframe[0].value) == 1
