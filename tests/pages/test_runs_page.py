"""The Runs page and the recent runs on Start: open, compare, delete."""

import pytest
from stories import STATES, generator, going, labels, predictor, press, said, turn, zoo

from genomics import disk, groups, results, runs, words


def test_runs_in_every_state_are_listed_newest_first(visit, own_workspace):
    folders = [predictor(own_workspace, zoo()["two classes"], state=state) for state in STATES]
    folders.append(generator(own_workspace, zoo()["two classes"]))
    with going(folders[2]):
        app = visit("runs")
    table = app.dataframe[0].value
    assert list(table["Name"]) == [folder.name for folder in reversed(folders)]
    states = dict(zip(table["Name"], (state.lower() for state in table["State"]), strict=True))
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


def test_several_runs_are_compared(visit, own_workspace, select):
    folders = [predictor(own_workspace, zoo()["two classes"], right=right) for right in (0.6, 1.0)]
    select(0, 1)
    app = visit("runs")
    assert "Open" not in labels(app)
    table = app.dataframe[0].value
    assert [name.split("(")[1][:4] for name in table.columns[1:]] == [folder.name[-4:] for folder in reversed(folders)]
    row = table[table["Metric"] == "Accuracy"].iloc[0]
    assert row.iloc[1].startswith("100 % ")
    assert app.code[-1].value == f"python -m genomics runs compare {folders[1].name} {folders[0].name}"


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
    assert list(table["Name"]) == [alone.name, "ab12"]
    row = table.iloc[1]
    mean = sum(results.brief(folder)["value"] for folder in seeds) / 3
    assert (row["Detail"], row["State"], row["Metric"]) == ("3 networks", "finished", "Test MCC")
    assert row["Value"] == f"{words.number(mean)}, mean of 3"
    app.toggle[0].set_value(True).run()
    assert list(app.dataframe[0].value["Name"]) == [folder.name for folder in (alone, *reversed(seeds))]


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
    seeds, alone = grouped
    select(0, 1)
    table = visit("runs").dataframe[0].value
    pooled = groups.answer(seeds)["metrics"]["test"]["mcc"]["value"]
    assert [name[-5:-1] for name in table.columns[1:]] == [alone.name[-4:], "ab12"]
    assert table[table["Metric"] == "MCC"].iloc[0].iloc[2].startswith(words.number(pooled))


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
    assert list(app.dataframe[0].value["Name"]) == [good.name]
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
