"""The Data page: adding sequences, what is wrong with them and what can be done about it, what they look like."""

import pytest
from stories import HOSTILE, kept, labels, press, said, zoo

from genomics import dataset as datasets
from genomics import samples

BROKEN = ">one label=x\nACGT\n>two label=y\nAC5T\n>three label=x\n\n>four label=y\nGGCC\n>five label=x\nAAAA\n"


def pasted(visit, text: str, **settings: str):
    """The page after a text was pasted and read."""
    app = visit("data")
    for key, value in settings.items():
        (app.selectbox if key == "task" else app.text_input)(key).set_value(value)
    app.text_area("pasted_0").set_value(text)
    return press(app, "Read")


def metrics(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.mark.parametrize("name", samples.SAMPLES)
def test_a_sample_is_one_click_away_and_offers_the_next_step(visit, own_workspace, name):
    app = visit("start")
    app.button(f"use_{name}").click().run()
    assert not app.exception
    sample = samples.load(name)
    assert app.title[0].value == samples.SAMPLES[name].title
    assert app.query_params["data"] == sample.fingerprint
    assert metrics(app)["Sequences"] == f"{len(sample):,}"
    assert "Train a network" in labels(app)
    assert press(app, "Train a network").title[0].value == "Train a network"
    assert app.query_params["data"] == sample.fingerprint


def test_every_sample_is_offered_on_the_data_page_too(visit):
    app = visit("data")
    for name, sample in samples.SAMPLES.items():
        app.button(f"sample_{name}").click().run()
        assert not app.exception
        assert samples.load(name).fingerprint == app.query_params["data"]
        assert app.title[0].value.startswith(sample.title[:5])


def test_pasted_fasta_becomes_a_dataset(visit, own_workspace):
    app = pasted(visit, ">a label=x\nACGT\n>b label=y\nGGCC\n>c label=x\nAATT\n>d label=y\nCCGG\n")
    assert (app.title[0].value, metrics(app)) == (
        "pasted text",
        {"Sequences": "4", "Classes": "2", "Length": "4 bp", "GC content": "62.5%"},
    )
    assert datasets.load(own_workspace, app.query_params["data"]).classes == ("x", "y")
    assert app.text_area("pasted_1").value == ""  # emptied, so that its memory is free


def test_bare_sequences_can_only_be_generated_from(visit):
    app = pasted(visit, "ACGT\nGGCC\nAAAA")
    assert "Train a network" not in labels(app)
    assert "Generate more like these" in labels(app)


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_nothing_cannot_be_read(visit, text):
    assert "nothing to read" in pasted(visit, text).error[0].value


@pytest.mark.parametrize(
    ("text", "settings", "message"),
    [
        ("sequence,label\n", {}, "pasted text"),
        ("hello world, this is no sequence", {}, "sequence"),
        (">a\nMKVLEFFPQ\n>b\nMKVLEFFPQ\n", {}, "looks like protein"),
        ("sequence,label\nACGT,x\nACCT,x\n", {"task": "binary"}, "two classes, but there are 1"),
        (">a label=x\nACGT\n>b label=y\nACCT\n", {"task": "regression"}, "not a number"),
        (">a\nACGT\n>b\nACCT\n", {"label_column": "("}, "not a regular expression"),
        ("sequence,label\nACGT,x\nACCT,y\n", {"label_column": "colour"}, "colour"),
        ("sequence,label\nACGT,x\nACCT,y\n", {"sequence_column": "<script>"}, "<script>"),
    ],
)
def test_bad_text_is_refused_with_a_reason_and_nothing_is_kept(visit, own_workspace, text, settings, message):
    app = pasted(visit, text, **settings)
    assert message in app.error[0].value.replace("\\", "")
    assert "Nothing was imported" in said(app)
    assert not (own_workspace / "datasets").exists()
    app.button("sample_promoters").click().run()  # what went wrong is over with the next data
    assert not app.error


def test_problems_are_listed_by_record_and_line_before_anything_is_kept(visit, own_workspace):
    app = pasted(visit, BROKEN)
    assert "2 of 5 records" in app.error[0].value
    rows = app.dataframe[0].value
    assert rows[["Record", "Name", "Line"]].values.tolist() == [[2, "two", 4], [3, "three", 5]]
    assert labels(app)[-3:] == ["Treat as unknown bases", "Exclude these records", "Cancel"]
    assert not (own_workspace / "datasets").exists()


@pytest.mark.parametrize(
    ("remedy", "sequences", "note"),
    [
        ("Treat as unknown bases", ["ACGT", "ACNT", "GGCC", "AAAA"], "treated as N"),
        ("Exclude these records", ["ACGT", "GGCC", "AAAA"], "left out"),
    ],
)
def test_a_remedy_is_applied_and_said(visit, own_workspace, remedy, sequences, note):
    app = press(pasted(visit, BROKEN), remedy)
    assert not app.error
    made = datasets.load(own_workspace, app.query_params["data"])
    assert [made.sequence(index) for index in range(len(made))] == sequences
    assert note in said(app)


def test_cancelling_returns_to_the_empty_page(visit):
    app = press(pasted(visit, BROKEN), "Cancel")
    assert not app.error
    assert app.title[0].value == "Your sequences"


def test_a_remedy_that_leaves_nothing_says_so(visit):
    app = press(pasted(visit, ">a\nAC5T\n>b\nAC6T\n"), "Exclude these records")
    assert "every record has a problem" in app.error[0].value


def uploaded(visit, *files: tuple[str, bytes]):
    """The page after files were chosen."""
    app = visit("data")
    app.file_uploader("files_0").set_value([(name, content, "") for name, content in files]).run()
    assert not app.exception
    return app


def read(app):
    app.button("read_files").click().run()
    assert not app.exception
    return app


def test_several_files_are_one_class_each(visit, own_workspace):
    app = uploaded(visit, ("enhancer.fa", b">a\nACGT\n>b\nAAGT\n"), ("../../etc/back*ground*.fa", b">c\nGCGC\n>d\nGCGG\n"))
    read(app)
    made = datasets.load(own_workspace, app.query_params["data"])
    assert len(made) == 4
    assert len(made.classes) == 2
    assert not list(own_workspace.parent.rglob("back*"))
    assert app.file_uploader("files_1").value == []  # emptied, so that its memory is free


def test_the_classes_of_several_files_can_be_named(visit, own_workspace):
    app = uploaded(visit, ("a.fa", b">a\nACGT\n>b\nAAGT\n"), ("b.fa", b">c\nGCGC\n>d\nGCGG\n"))
    app.text_input("ask0_class_1").set_value("island")
    read(app)
    assert datasets.load(own_workspace, app.query_params["data"]).classes == ("a", "island")


def test_hostile_names_are_text(visit, own_workspace):
    app = visit("data", data=kept(own_workspace, zoo()["hostile"]))
    assert not app.get("html") or "<script" not in str(app.get("html"))
    shown = said(app)
    for text in ("<script>", "**bold**", "[x](http", ":material/x:\n", "$x^2$"):
        assert text not in shown.replace("\\\\", ""), text
    assert "alert" in shown.replace("\\", "")
    assert len(HOSTILE) == 10


def test_an_unknown_dataset_is_put_down_with_a_message(visit):
    app = visit("data", data="0123456789abcdef")
    assert "There is no dataset" in app.warning[0].value
    assert not app.session_state["_data"]
    assert app.title[0].value == "Your sequences"
