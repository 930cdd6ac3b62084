"""New sequences on the Results page: what is answered, asked and said."""

import shutil

import numpy as np
import pytest
from stories import predictor, press, said, zoo
from toys import with_network

from genomics import dataset as datasets
from genomics import disk, prediction, recipe, requests, runs, sequences, split
from genomics.worker import predicting
from pages.ui.predicting import OPEN

TWO = zoo()["two classes"]
NEW = ["ACGTACGTTGCATTACGGAT", "G" * 24, "ACGT" * 20]
FASTA = "".join(f">new{i}\n{text}\n" for i, text in enumerate(NEW))


@pytest.fixture(autouse=True)
def predicted_at_once(monkeypatch) -> None:
    """Jobs are carried out in this process before the page goes on."""
    memory: predicting.Memory = {}
    monkeypatch.setattr("genomics.requests.start", lambda folder: predicting.serve(folder, memory))


@pytest.fixture
def panel(visit):
    """Opens the panel of a run."""

    def go(folder):
        app = visit("results", run=folder.name)
        app.session_state[OPEN] = True
        app.run()
        assert not app.exception, app.exception
        return app

    return go


def asked(app, text: str):
    """Pastes a text and predicts."""
    app.text_area[0].set_value(text)
    return press(app, "Predict")


def answers(app):
    """The table of predictions."""
    (table,) = [frame.value for frame in app.dataframe if "remarks" in frame.value]
    return table


def plainly(folders, texts=NEW) -> np.ndarray:
    """What these networks predict, without the page."""
    codes, offsets = sequences.flatten([sequences.encode(text) for text in texts])
    dataset = datasets.Dataset(name="", ids=tuple(texts), codes=codes, offsets=offsets, task="unlabelled")
    members = [prediction.load(folder, recipe.from_json(runs.asked(folder))) for folder in folders]
    return prediction.predict_many(members, dataset, np.arange(len(texts)))


def test_pasted_sequences_are_answered_as_the_network_answers(panel, own_workspace):
    folder = with_network(predictor(own_workspace, TWO), TWO)
    app = asked(panel(folder), FASTA)
    table = answers(app)
    assert list(table["id"]) == ["new0", "new1", "new2"]
    expected = plainly([folder])
    assert table["probability class 1"].tolist() == pytest.approx(expected[:, 1])
    assert list(table["prediction"]) == [f"class {number}" for number in expected.argmax(1)]
    remarks = [set(filter(None, text.split(", "))) for text in table["remarks"]]
    assert "shorter" in remarks[0]
    assert "unusual base composition" in remarks[1]
    assert "longer" in remarks[2]
    error = disk.read_json(folder / "evaluation.json")["test"]["metrics"]["ece"]["value"]
    for part in ("on one strand", "not calibrated", f"{100 * error:.1f} %", "first 24 bp"):
        assert part in said(app)


def test_the_example_is_of_the_test_set(panel, own_workspace):
    folder = with_network(predictor(own_workspace, TWO), TWO)
    app = panel(folder)
    ids = [line[1:] for line in app.text_area[0].value.splitlines()[::2]]
    there = [TWO.ids.index(id) for id in ids]
    assert len(there) == 3
    assert set(there) <= set(split.make(TWO).test.tolist())
    assert set(TWO.labels[there]) == {0, 1}
    assert app.text_area[0].value.splitlines()[1::2] == [TWO.sequence(i) for i in there]
    assert list(answers(press(app, "Predict"))["id"]) == ids


def test_a_group_answers_with_its_mean_or_one_of_its_networks(panel, own_workspace):
    folders = [with_network(predictor(own_workspace, TWO, seed=seed, split_seed=0, group="g1"), TWO) for seed in (1, 2)]
    app = asked(panel(folders[0]), FASTA)
    assert answers(app)["probability class 1"].tolist() == pytest.approx(plainly(folders)[:, 1])
    app.session_state["predict_with"] = "one"
    app.run()
    assert not [frame for frame in app.dataframe if "remarks" in frame.value]  # not the mean's
    app = asked(app, FASTA)
    assert answers(app)["probability class 1"].tolist() == pytest.approx(plainly(folders[:1])[:, 1])


@pytest.mark.parametrize("kind", ["three classes", "numbers", "several labels", "several numbers", "hostile", "unequal lengths"])
def test_every_task_has_its_columns(panel, own_workspace, kind):
    dataset = zoo()[kind]
    folder = with_network(predictor(own_workspace, dataset), dataset)
    app = asked(panel(folder), FASTA)
    columns = list(answers(app))
    assert columns[0] == "id"
    assert columns[-2:] == ["length", "remarks"]
    if kind == "hostile":
        assert columns[2:-2] == [f"probability {name}" for name in dataset.classes]
    assert len(columns) == {"numbers": 4, "several numbers": 5, "unequal lengths": 5}.get(kind, 4 + len(dataset.classes))
    assert ("not calibrated" in said(app)) == (dataset.task in ("binary", "multiclass"))


def test_odd_letters_are_asked_about(panel, own_workspace):
    folder = with_network(predictor(own_workspace, TWO), TWO)
    app = asked(panel(folder), FASTA + ">odd\nACGT5ACGT\n")
    assert any("1 of 4" in box.value for box in app.error)
    assert len(answers(press(app, "Leave these sequences out"))) == 3
    app = asked(app, FASTA + ">odd\nACGT5ACGT\n")
    app = press(app, "Treat other letters as unknown (N)")
    assert len(answers(app)) == 4
    assert "unknown bases" in answers(app)["remarks"].iloc[3]


def test_of_several_columns_with_dna_another_can_be_chosen(panel, own_workspace):
    folder = with_network(predictor(own_workspace, TWO), TWO)
    text = "name,sequence,upstream\n" + "".join(f"n{i},{row[:20]},{row[::-1][:20]}\n" for i, row in enumerate(NEW))
    app = asked(panel(folder), text)
    (choice,) = [box for box in app.selectbox if "upstream" in box.options]
    assert choice.options == ["sequence", "upstream"]
    assert answers(app)["probability class 1"].tolist() == pytest.approx(plainly([folder], [row[:20] for row in NEW])[:, 1])
    choice.set_value("upstream").run()
    assert not app.exception
    assert answers(app)["probability class 1"].tolist() == pytest.approx(plainly([folder], [row[::-1][:20] for row in NEW])[:, 1])


def test_what_cannot_be_read_says_why_and_an_interrupted_job_can_be_tried_again(panel, own_workspace, monkeypatch):
    folder = with_network(predictor(own_workspace, TWO), TWO)
    app = panel(folder)
    for text in ("", "   ", "hello world, this is no table\n", "chr1\t0\t10\n"):
        app = asked(app, text)
        assert len(app.error) == 1, text
        assert "bug" not in app.error[0].value
    serve = requests.start

    def dies(job):
        log = runs.Log(job)
        log.write("state", state="running")
        log.close()

    monkeypatch.setattr("genomics.requests.start", dies)
    app = asked(app, FASTA)
    assert "ended" in app.error[0].value
    monkeypatch.setattr("genomics.requests.start", serve)
    assert len(answers(press(app, "Try again"))) == 3


def test_a_training_set_that_is_gone_is_said(panel, own_workspace):
    folder = with_network(predictor(own_workspace, TWO), TWO)
    shutil.rmtree(own_workspace / "datasets")
    app = panel(folder)
    assert app.text_area[0].value == ""
    app = asked(app, FASTA)
    assert "training set is not in this workspace" in said(app)
    assert list(answers(app)["remarks"]) == ["shorter", "", "longer"]


def test_where_no_network_was_saved_there_is_no_panel(visit, own_workspace):
    app = visit("results", run=predictor(own_workspace, TWO).name)
    assert not app.text_area
    assert "Predict new sequences" not in str([block.label for block in app.expander])
