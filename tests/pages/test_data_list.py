"""The list of datasets on the Data page: reached with and without one in hand; open, rename, delete."""

import dataclasses

import numpy as np
import pytest
from stories import HOSTILE, kept, labels, predictor, press, said, zoo
from toys import dataset_of, random_rows

from genomics import dataset as datasets
from genomics import runs
from genomics.dataset import catalog

FASTA = b">a label=x\nACGTA\n>b label=y\nGGCCA\n>c label=x\nAATTA\n>d label=y\nCCGGA\n"


@pytest.fixture
def three(own_workspace) -> list[str]:
    """Fingerprints of three datasets, the newest first as in the list; the second is used by a run."""
    made = [dataset_of(random_rows(10 + n, 20), np.arange(10 + n) % 2, name=name) for n, name in enumerate(("old", "used", "new"))]
    for dataset in made:
        kept(own_workspace, dataset)
    predictor(own_workspace, dataset_of(random_rows(60, 20), np.arange(60) % 2, name="many"))
    many = runs.asked(runs.everything(own_workspace)[0])["dataset"]
    return [many, *(dataset.fingerprint for dataset in reversed(made))]


def test_the_list_is_there_without_a_dataset_and_one_click_away_with_one(visit, three):
    app = visit("data")
    table = visit("data").dataframe[0].value
    assert table["Name"].tolist() == ["many", "new", "used", "old"]
    assert table["Sequences"].tolist() == [60, 12, 11, 10]
    assert table["Runs"].tolist() == [1, 0, 0, 0]
    app = visit("data", data=three[1])
    assert app.title[0].value == "new"
    app.button("all_datasets").click().run()
    assert app.title[0].value == "Your sequences"
    assert app.dataframe[0].value["Name"].tolist() == ["many", "new", "used", "old"]
    app.button("back").click().run()
    assert (app.title[0].value, app.query_params) == ("new", {"data": three[1]})


def test_open_takes_a_dataset_in_hand_and_closes_the_list(visit, select, three):
    select(2)
    app = press(visit("data", data=three[1], list="1"), "Open")
    assert app.title[0].value == "used"
    assert app.query_params == {"data": three[2]}


def test_a_sample_chosen_beside_the_list_is_shown(visit, three):
    app = visit("data", data=three[1], list="1")
    app.button("sample_promoters").click().run()
    assert not app.exception
    assert app.title[0].value != "Your sequences"
    assert "list" not in app.query_params


def test_a_dataset_is_renamed_for_good(visit, own_workspace, select, three):
    select(1)
    app = visit("data")
    name = "".join(HOSTILE[:5])
    app.text_input(f"name_{three[1]}").set_value(name)
    press(app, "Save name")
    assert catalog.about(own_workspace / "datasets" / three[1])["name"] == name
    app = visit("data", data=three[1])
    assert app.title[0].value.replace("\\", "").replace("\u2060", "") == name
    made = datasets.load(own_workspace, three[1])
    datasets.save(dataclasses.replace(made, name="uploaded again"), own_workspace)
    assert visit("data", data=three[1]).title[0].value == app.title[0].value


def test_a_bad_name_is_refused_with_a_sentence(visit, own_workspace, select, three):
    select(1)
    app = visit("data")
    app.text_input(f"name_{three[1]}").set_value("  ")
    press(app, "Save name")
    assert "1 to 200" in app.error[0].value
    assert catalog.about(own_workspace / "datasets" / three[1])["name"] == "new"


def test_a_dataset_is_deleted_after_one_more_question(visit, own_workspace, select, three):
    select(1)
    app = visit("data", data=three[1], list="1")
    assert (own_workspace / "datasets" / three[1]).exists()
    press(app, "Delete for good")
    assert not (own_workspace / "datasets" / three[1]).exists()
    assert "data" not in app.query_params
    assert app.title[0].value == "Your sequences"
    assert not app.warning
    assert len(runs.everything(own_workspace)) == 1


def test_a_dataset_that_a_run_uses_cannot_be_deleted_and_the_run_is_named(visit, own_workspace, select, three):
    select(0)
    app = visit("data")
    assert "Delete for good" not in labels(app)
    (run,) = runs.everything(own_workspace)
    assert run.name in said(app).replace("\\", "")


def test_a_click_that_comes_after_the_list_changed_deletes_nothing_else(visit, own_workspace, select, three):
    select(1)
    app = visit("data")
    catalog.delete(own_workspace / "datasets" / three[1])  # in another tab; the selected row is now another dataset
    (button,) = [button for button in app.button if button.label == "Delete for good"]
    button.click().run()
    assert not app.exception
    assert all((own_workspace / "datasets" / other).exists() for other in three[2:])


def test_a_damaged_dataset_breaks_nothing_and_can_only_be_deleted(visit, own_workspace, select, three):
    (own_workspace / "datasets" / three[1] / "dataset.json").write_bytes(b"{")
    select(0)
    at = [row["fingerprint"] for row in catalog.listing(own_workspace)].index(three[1])
    select(at)
    app = visit("data", data=three[1])
    assert "damaged" in app.warning[0].value
    assert "Open" not in labels(app)
    press(app, "Delete for good")
    assert not (own_workspace / "datasets" / three[1]).exists()


def test_an_upload_of_known_content_is_shown_under_the_name_of_its_file(visit, own_workspace):
    def upload(name: str, **where: str):
        app = visit("data", **where)
        app.file_uploader("files_0").set_value([(name, FASTA, "")]).run()
        app.button("read_files").click().run()
        assert not app.exception
        return app

    first = upload("one.fa")
    again = upload("two.fa")
    assert first.query_params["data"] == again.query_params["data"]
    assert (first.title[0].value, again.title[0].value) == ("one.fa", "two.fa")
    assert again.run().title[0].value == "two.fa"
    assert len(catalog.listing(own_workspace)) == 1
    beside_the_list = upload("three.fa", data=first.query_params["data"], list="1")
    assert (beside_the_list.title[0].value, "list" in beside_the_list.query_params) == ("three.fa", False)


def test_a_fixed_dataset_is_named_after_the_fix_and_its_parent_is_listed(visit, own_workspace):
    rows = list(random_rows(120, 60))
    base = kept(own_workspace, dataset_of([*rows, rows[0]], np.arange(121) % 2 * (np.arange(121) < 120), name="promoters.tsv"))
    app = press(visit("data", data=base), "Keep one of each")
    assert app.title[0].value == "promoters.tsv, duplicates removed"
    app.button("all_datasets").click().run()
    table = app.dataframe[0].value
    assert dict(zip(table["Name"], table["Made from"], strict=True)) == {
        "promoters.tsv, duplicates removed": "promoters.tsv",
        "promoters.tsv": "",
    }


def test_hostile_names_are_text_in_the_list_too(visit, own_workspace, select):
    kept(own_workspace, zoo()["hostile"])
    app = visit("data")
    assert app.dataframe[0].value["Name"].tolist() == [zoo()["hostile"].name]
    select(0)
    assert "**y**" not in said(visit("data"))
