"""The Data page once there is a dataset: findings and their remedies, pictures, the split, records; and jobs as they go."""

from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st
from stories import going, kept, labels, press, said, turn, zoo
from toys import dataset_of, gc_classes, random_rows

from genomics import dataset as datasets
from genomics import intake, requests, runs
from genomics.dataset import Dataset, Names
from pages.ui import dividing, downloads, makeup, records, waiting

TABS = ("Findings", "Overview", "Composition", "Map", "Repeats", "Split", "Records")


def opened(app, tab: str):
    """Opens a tab."""
    app.session_state["data_tabs"] = tab
    app.run()
    assert not app.exception, (tab, app.exception)
    return app


def repeated() -> Dataset:
    """120 records, two of them twice, in two classes and three groups."""
    rows = list(random_rows(120, 60))
    more = {"groups": (np.arange(122) % 3).astype(np.int32), "group_names": ("chr1", "chr2", "chr3")}
    return dataset_of([*rows, rows[0], rows[1]], [*np.arange(120) % 2, 0, 1], **more)


def job_of(root, *events: tuple[str, dict], **asked):
    """The folder of a job as its worker would have left it so far."""
    root.mkdir(parents=True, exist_ok=True)
    folder = requests.create(root, asked, [lambda file: file.write(b">a\nACGT\n")] if "names" in asked else [])
    told(folder, *events)
    return folder


def told(folder, *events: tuple[str, dict]) -> None:
    """Adds to what a job said."""
    log = runs.Log(folder)
    for kind, values in events:
        log.write(kind, **values)
    log.close()


@pytest.mark.parametrize("kind", list(zoo()))
def test_every_tab_shows_every_kind_of_dataset(visit, own_workspace, kind):
    app = visit("data", data=kept(own_workspace, zoo()[kind]))
    for tab in TABS:
        assert len(opened(app, tab).title) == 1, tab


def test_a_dataset_that_nobody_looked_at_is_inspected_once_and_the_verdict_leads(visit, own_workspace, monkeypatch):
    started = []
    work = requests.start
    monkeypatch.setattr("genomics.requests.start", lambda folder: (started.append(folder), work(folder)))
    app = visit("data", data=kept(own_workspace, repeated()))
    app.run()
    assert len(started) == 1
    assert "job" not in app.query_params
    assert "122 sequences in two classes, 60 bp each. Ready to train. 1 note." in said(app)
    assert "2 records of 122 (1.6%) repeat the sequence and class of an earlier one." in said(app).replace("\\", "")
    assert app.code[0].value == "s120   s121"
    baselines = app.dataframe[0].value
    assert {"Majority", "GC only", "4-mers"} <= set(baselines["Method"])


def test_a_remedy_makes_a_new_dataset_and_undo_brings_the_old_one_back(visit, own_workspace):
    base = kept(own_workspace, repeated())
    app = press(visit("data", data=base), "Keep one of each")
    made = app.query_params["data"]
    assert made != base
    assert "Made from toy, 122 sequences: Of each sequence of a class" in said(app).replace("\\", "")
    assert "Keep one of each" not in labels(app)
    press(app, "Undo")
    assert app.query_params["data"] == base
    assert "Undo" not in labels(app)


def test_a_remedy_that_cannot_be_carried_out_leaves_the_dataset_in_hand(visit, own_workspace, monkeypatch):
    base = kept(own_workspace, repeated())
    app = visit("data", data=base)
    monkeypatch.setattr(
        "genomics.requests.start", lambda folder: told(folder, ("state", {"state": "failed", "message": "No record left."}))
    )
    press(app, "Keep one of each")
    assert "No record left." in app.error[0].value
    assert "The dataset is unchanged." in said(app)
    press(app, "Discard")
    assert app.query_params["data"] == base
    assert "122 sequences" in said(app)


def test_an_inspection_that_failed_says_so_and_is_not_tried_for_ever(visit, own_workspace, monkeypatch):
    started = []

    def fail(folder):
        started.append(folder)
        told(folder, ("state", {"state": "failed", "message": "There is **not** enough memory."}))

    monkeypatch.setattr("genomics.requests.start", fail)
    app = visit("data", data=kept(own_workspace, repeated()))
    app.run()
    assert len(started) == 1
    assert "not enough memory" in app.error[0].value.replace("\\", "").replace("*", "")
    press(app, "Look again")
    assert len(started) == 2


def test_a_reading_as_it_goes_is_found_again_by_its_address_and_can_be_cancelled(visit, own_workspace):
    request = intake.Request(names=("promoters **x**.fa",))
    progress = [("progress", {"what": "Reading promoters", "share": share}) for share in (0.0, 0.5)]
    folder = job_of(own_workspace, ("state", {"state": "running"}), *progress, **request.to_json())
    with going(folder):
        for app in (visit("data", job=folder.name), turn(visit("start", job=folder.name), "data")):
            assert app.title[0].value.replace("\\", "") == "promoters **x**.fa"
            assert "Cancel" in labels(app)
        app.button("cancel_job").click().run()
        assert runs.stop_requested(folder)
    told(folder, ("state", {"state": "stopped", "message": "Cancelled. Nothing was kept."}))
    app.run()
    assert app.title[0].value == "Your sequences"
    assert "job" not in app.query_params
    assert not folder.exists()


def test_the_dataset_is_shown_before_its_inspection_has_ended(visit, own_workspace):
    dataset = repeated()
    request = intake.Request(names=("x.fa",))
    looks = ("progress", {"what": "Comparing all sequences with each other", "share": 0.4})
    made = ("dataset", {"dataset": kept(own_workspace, dataset)})
    folder = job_of(own_workspace, ("state", {"state": "running"}), made, looks, **request.to_json())
    with going(folder):
        app = visit("data", job=folder.name)
        assert app.query_params["data"] == dataset.fingerprint
        assert "122 sequences" in said(app)
        assert "Train a network" in labels(app)
        assert "Cancel" in labels(app)


def test_a_reading_whose_process_is_gone_can_be_carried_out_again(visit, own_workspace):
    folder = job_of(own_workspace, ("state", {"state": "running"}), **intake.Request(names=("x.fa",)).to_json())
    app = visit("data", job=folder.name)
    assert "interrupted" in app.error[0].value
    press(app, "Try again")
    assert datasets.load(own_workspace, app.query_params["data"]).ids == ("a",)


def test_a_split_is_looked_at_and_taken_over_by_the_train_page(visit, own_workspace):
    fingerprint = kept(own_workspace, repeated())
    app = opened(visit("data", data=fingerprint), "Split")
    assert app.segmented_control(f"look_split_{fingerprint}").options == ["At random", "By similarity", "By group"]
    assert "test sequences share a 20-base k-mer" in said(app)
    app.segmented_control(f"look_split_{fingerprint}").set_value("similarity")
    app.number_input(f"look_seed_{fingerprint}").set_value(3).run()
    assert "Use this split for training" not in labels(app)
    press(app, "Analyse this split")
    assert requests.found(own_workspace, fingerprint, "similarity", 3)["split"]["how"] == "similarity"
    assert "With this split none of" in said(app)
    assert app.dataframe[0].value["Part"].tolist() == ["train", "validation", "test"]
    press(app, "Use this split for training")
    assert app.title[0].value == "Train a network"
    assert app.segmented_control(f"predictor_split_{fingerprint}").value == "similarity"
    assert "--split similarity --split-seed 3" in app.code[-1].value


def test_records_are_found_by_id_class_and_part(visit, own_workspace):
    app = opened(visit("data", data=kept(own_workspace, zoo()["own split"])), "Records")
    assert len(app.dataframe[0].value) == 60
    app.text_input("records_id").set_value("S1").run()  # s1, s10 to s19
    assert app.dataframe[0].value["Name"].tolist() == ["s1", *(f"s{n}" for n in range(10, 20))]
    app.selectbox("records_part").set_value("test").run()
    assert app.dataframe[0].value["Name"].tolist() == ["s10", "s11", "s16", "s17"]
    app.text_input("records_id").set_value("nothing").run()
    assert "No record is like that." in said(app)


@pytest.mark.parametrize("part_of_id", ["", "s1", "S11", "x", "."])
def test_searching_many_names_gives_what_a_loop_gives(part_of_id):
    dataset = dataset_of(random_rows(200, 5), np.arange(200) % 2)
    many = dataset_of(random_rows(200, 5), np.arange(200) % 2, ids=Names(dataset.ids))
    naive = [i for i, name in enumerate(dataset.ids) if part_of_id.lower() in name.lower() and i % 2]
    assert records.matching(dataset, part_of_id, "class 1").tolist() == naive
    assert records.matching(many, part_of_id, "class 1").tolist() == naive


def test_points_selected_on_the_map_are_listed(visit, own_workspace, monkeypatch):
    app = visit("data", data=kept(own_workspace, gc_classes(60)))
    draw = st.plotly_chart
    points = [{"customdata": [7, "s7"]}, {"customdata": [10**9, "x"]}, {}]
    picked = SimpleNamespace(selection=SimpleNamespace(points=points))
    monkeypatch.setattr(st, "plotly_chart", lambda *a, on_select="ignore", **k: draw(*a, **k) if on_select == "ignore" else picked)
    assert "**1 selected**" in said(opened(app, "Map"))


def test_a_group_of_equal_sequences_shows_its_members(visit, own_workspace, select):
    app = visit("data", data=kept(own_workspace, repeated()))
    select(1)
    opened(app, "Repeats")
    assert "2 different sequences are there more than once (either strand): 4 records." in said(app)


def test_a_dataset_too_large_to_download_says_how_else(visit, own_workspace, monkeypatch):
    monkeypatch.setattr("pages.ui.downloads._MOST_BYTES", 100)
    app = visit("data", data=kept(own_workspace, repeated()))
    assert "too much to download here" in said(app)
    assert [button.label for button in app.get("download_button")] == ["Findings (JSON)"]


def test_progress_never_goes_back_from_step_to_step():
    steps = ["Starting", "Reading x", "Cleaning", "Looking for repeats", "Comparing all sequences with each other", "Looking for flaws"]
    steps += ["Measuring simple baselines", "Drawing pictures"]
    shares = [waiting.share(requests.Progress("running", what, share, "", {}, 1.0)) for what in steps for share in (0.0, 0.5, 1.0)]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1


def test_what_is_left_is_told_from_the_step_in_hand(own_workspace):
    folder = job_of(own_workspace, ("state", {"state": "running"}))
    rows = [(0.0, "Reading", 0.0), (5.0, "Comparing", 0.2), (15.0, "Comparing", 0.6)]
    lines = [f'{{"type":"progress","time":{time},"what":"{what}","share":{share}}}\n' for time, what, share in rows]
    (folder / "events.jsonl").write_text("".join(lines[:2]))
    assert waiting.left(folder) == ""
    (folder / "events.jsonl").write_text("".join(lines))
    assert waiting.left(folder) == ", about 10 s left for this step"


def test_the_logo_shows_where_most_is_decided():
    heights = np.zeros((400, 4))
    heights[200, 2] = 2.0
    start = makeup.telling(heights, 60)
    assert start + 20 < 200 < start + 40
    assert makeup.telling(heights[:50], 60) == 0


@pytest.mark.parametrize(
    ("here", "usual", "sentence"),
    [
        (("random", 5), None, "5 of 20 test sequences share a 20-base k-mer with the training or validation set."),
        (("random", 1), ("random", 1), "1 of 20 test sequences shares a 20-base k-mer with the training or validation set."),
        (
            ("similarity", 0),
            ("file", 5),
            "With this split none of 20 test sequences share a 20-base k-mer with the training or validation set; "
            "with the default (from the file) 5 of 20 test sequences share a 20-base k-mer with the training or validation set.",
        ),
    ],
)
def test_what_crosses_a_split_in_words(here, usual, sentence):
    looked, before = (
        {"split": {"how": split[0], "sharing_a_word": split[1], "records": {"test": 20}}} if split else None for split in (here, usual)
    )
    assert dividing.leak(looked, before) == sentence


def test_the_k_mers_are_written_as_a_table():
    rows = [{"Word": "ACG", "Other strand": "CGT", "q": 0.005}, {"Word": "TTT", "Other strand": "AAA", "q": 1.0}]
    assert downloads.delimited(rows) == "Word\tOther strand\tq\nACG\tCGT\t0.005\nTTT\tAAA\t1.0\n"
