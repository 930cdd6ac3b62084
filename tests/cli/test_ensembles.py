"""A group's name in place of a run's: the mean of its members predicts and is evaluated."""

import shutil
import zipfile

import pytest

from genomics import disk, runs

METRIC = "auroc"


@pytest.fixture
def grouped(trained, tmp_path):
    """A workspace with two runs of one group that are alike, and the run they were copied from."""
    root = tmp_path / "grouped"
    shutil.copytree(trained.workspace / "datasets", root / "datasets")
    for number in (1, 2):
        folder = root / "runs" / f"2026010{number}-000000000-cnn-abc{number}"
        shutil.copytree(trained.workspace / "runs" / trained.run, folder)
        disk.write_json(folder / "run.json", {**runs.asked(folder), "group": "g42", "seed": number})
    return root


def test_a_group_predicts_the_mean_of_its_members(command, trained, grouped):
    one = command("predict", trained.run, trained.data, "--json", "--workspace", trained.workspace).answer
    both = command("predict", "g42", trained.data, "--json", "--workspace", grouped).answer
    assert (both["run"], both["records"], len(both["members"])) == ("g42", 400, 2)
    assert both["predictions"]["probability class 1"] == pytest.approx(one["predictions"]["probability class 1"])


def test_predictions_of_a_group_say_of_how_many_runs_they_are(command, trained, grouped, tmp_path):
    said = command("predict", "g42", trained.data, "-o", tmp_path / "out.tsv", "--workspace", grouped)
    assert said.out.endswith(f"400 predictions in {tmp_path / 'out.tsv'}, each the mean of 2 runs\n")


def test_a_group_is_evaluated_together_on_its_own_test_part_and_on_other_data(command, trained, grouped):
    alone = trained.predictor.answer["metrics"]["test"][METRIC]
    own = command("evaluate", "g42", "--json", "--workspace", grouped).answer
    assert (own["kind"], len(own["members"])) == ("ensemble", 2)
    assert own["metrics"]["test"][METRIC]["value"] == pytest.approx(alone["value"])
    one = command("evaluate", trained.run, trained.data, "--json", "--workspace", trained.workspace).answer
    both = command("evaluate", "g42", trained.data, "--json", "--workspace", grouped).answer
    assert both["members"] == own["runs"]
    assert both["metrics"]["data"][METRIC]["value"] == pytest.approx(one["metrics"]["data"][METRIC]["value"])


def test_a_group_is_shown_compared_exported_and_deleted_as_one(command, trained, grouped, tmp_path):
    where = ("--workspace", grouped)
    assert [row["group"] for row in command("runs", "list", "--json", *where).answer["runs"]] == ["g42", "g42"]
    assert "group g42" in command("runs", "list", *where).out
    shown = command("runs", "show", "g42", "--json", *where).answer
    assert (shown["kind"], len(shown["members"])) == ("ensemble", 2)
    one = shown["runs"][0]
    compared = command("runs", "compare", "g42", one, "--json", *where).answer["runs"]
    assert [row.get("run") for row in compared] == [None, one]
    assert command("runs", "compare", "g42", one, *where).out.splitlines()[0].split()[0] == "g42"
    command("runs", "export", "g42", tmp_path / "both.zip", *where)
    with zipfile.ZipFile(tmp_path / "both.zip") as archive:
        names = archive.namelist()
    assert {f"{run}/model.keras" for run in shown["runs"]} < set(names)
    assert len(names) == len(set(names))  # their dataset is there once
    lock = runs.try_lock(grouped / "runs" / one / "lock")
    refused = command("runs", "delete", "g42", *where)
    lock.close()
    assert (refused.status, len(runs.everything(grouped))) == (2, 2)
    assert "still going" in refused.err
    assert command("runs", "delete", "g42", "--json", *where).answer == {"deleted": "g42"}
    assert runs.everything(grouped) == []


def test_a_name_of_neither_a_run_nor_a_group_is_refused(command, grouped, trained):
    said = command("predict", "g43", trained.data, "--workspace", grouped)
    assert said.status == 2
    assert 'There is no run named "g43"' in said.err


def test_unlike_architectures_are_trained_and_answer_together(command, trained, tmp_path):
    words = ["--set", "cnn.filters=8", "--set", "cnn.layers=1", "--set", "precision=float32", "--epochs", "1"]
    said = command("train", trained.data, "--architecture", "cnn,kmer_dense", *words, "--workspace", tmp_path, "--json")
    assert said.status == 0, said.err
    assert "2 networks, one after the other, train on" in said.err
    answer = said.answer
    assert (answer["kind"], answer["state"], answer["architecture"]) == ("ensemble", "finished", "cnn, kmer_dense")
    assert [row["architecture"] for row in answer["members"]] == ["cnn", "kmer_dense"]
    asked = [runs.asked(tmp_path / "runs" / run) for run in answer["runs"]]
    assert (asked[0]["config"]["filters"], asked[0]["watch"], asked[1]["watch"]) == (8, 0, 1)
    both = command("predict", answer["group"], trained.data, "--workspace", tmp_path, "--json").answer
    each = [command("predict", run, trained.data, "--workspace", tmp_path, "--json").answer for run in answer["runs"]]
    column = "probability class 1"
    mean = [sum(pair) / 2 for pair in zip(*(one["predictions"][column] for one in each), strict=True)]
    assert both["predictions"][column] == pytest.approx(mean)
