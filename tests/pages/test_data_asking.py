"""The questions that the Data page asks about chosen files, and what becomes of the answers."""

import pytest
from stories import press, said

from genomics import dataset as datasets
from genomics import requests, runs

TABLE = b"seq\tclass\tother\tfamily\n" + b"".join(b"%s\t%d\tt%d\tf%d\n" % (b"ACGT" * 5, i % 2, i % 3, i % 4) for i in range(12))
GENOME = b">c\n" + b"ACGTTGCAAC" * 40 + b"\n"
GFF = b"##gff-version 3\n" + b"".join(
    b"c\t.\t%s\t%d\t%d\t.\t+\t0\tID=x%d\n" % (kind, at, at + 80, at) for at in (101, 201) for kind in (b"CDS", b"gene")
)
RULED = b"".join(b">r%d|kind%d\nACGTACGT\n" % (i, i % 2) for i in range(8))


def chosen(visit, *files: tuple[str, bytes]):
    """The page after files were chosen."""
    app = visit("data")
    app.file_uploader("files_0").set_value([(name, content, "") for name, content in files]).run()
    assert not app.exception
    return app


def read(app, root):
    """What is in hand after the button was pressed."""
    app.button("read_files").click().run()
    assert not app.exception
    return datasets.load(root, app.query_params["data"])


def test_a_table_fills_in_its_columns_and_takes_other_ones(visit, own_workspace):
    app = chosen(visit, ("t.tsv", TABLE))
    assert app.selectbox("ask0_sequence").value == "seq"
    assert app.multiselect("ask0_label").value == ["class"]
    assert app.selectbox("ask0_group").value == "family"
    assert "The labels are 0, 1 and will be taken as classes" in said(app)
    app.multiselect("ask0_label").set_value(["other"])
    app.selectbox("ask0_group").set_value("-").run()
    assert "will be taken as classes" not in said(app)
    made = read(app, own_workspace)
    assert (made.classes, made.groups) == (("t0", "t1", "t2"), None)


def test_no_label_column_means_no_labels_and_several_are_several(visit, own_workspace):
    app = chosen(visit, ("t.tsv", TABLE))
    app.multiselect("ask0_label").set_value([]).run()
    assert read(app, own_workspace).task == "unlabelled"
    app = chosen(visit, ("t.tsv", TABLE))
    app.multiselect("ask0_label").set_value(["class", "other"]).run()
    assert read(app, own_workspace).task == "multilabel"


def test_numbers_can_be_called_measurements(visit, own_workspace):
    app = chosen(visit, ("t.tsv", TABLE))
    app.selectbox("ask0_task").set_value("regression").run()
    assert read(app, own_workspace).task == "regression"


def test_a_header_rule_is_previewed_as_it_is_chosen(visit, own_workspace):
    app = chosen(visit, ("r.fa", RULED))
    assert app.dataframe[0].value["Class"].tolist() == ["kind0", "kind1", "kind0", "kind1", "kind0"]
    assert "2 different classes in the first 8 headers." in said(app)
    app.selectbox("ask0_rule").set_value("a pattern").run()
    app.text_input("ask0_pattern").set_value(r"^r(\d)").run()
    assert "8 different classes" in said(app)
    app.text_input("ask0_pattern").set_value("(").run()
    assert "is not a regular expression" in said(app)
    app.text_input("ask0_pattern").set_value(r"kind(\d)").run()
    assert read(app, own_workspace).classes == ("0", "1")


def test_after_a_failure_the_files_are_still_there_and_the_answers_too(visit, own_workspace):
    app = chosen(visit, ("r.fa", RULED))
    app.selectbox("ask0_rule").set_value("label=...").run()
    app.button("read_files").click().run()
    assert "not every header has a label" in app.error[0].value
    assert "Nothing was imported" in said(app)
    assert app.selectbox("ask0_rule").value == "label=..."
    app.selectbox("ask0_rule").set_value("").run()
    assert read(app, own_workspace).classes == ("kind0", "kind1")
    assert "Still here from the last reading:" not in said(app)


def test_places_on_a_genome_wait_for_the_genome(visit, own_workspace):
    app = chosen(visit, ("x.gff", GFF))
    assert app.button("read_files").disabled
    assert app.selectbox("ask0_feature").options == ["CDS (2)", "gene (2)"]
    app.file_uploader("ask0_reference").set_value(("genome.fa", GENOME, "")).run()
    app.number_input("ask0_before").set_value(10)
    app.number_input("ask0_after").set_value(5)
    app.selectbox("ask0_negatives").set_value("shuffled").run()
    made = read(app, own_workspace)
    assert made.sequence(0) == "ACGTTGCAACACGTT"
    assert sorted(made.counts().values()) == [2, 2]


def test_each_feature_as_it_is_has_no_window(visit, own_workspace):
    app = chosen(visit, ("x.gff", GFF))
    app.file_uploader("ask0_reference").set_value(("genome.fa", GENOME, "")).run()
    app.selectbox("ask0_cut").set_value("whole").run()
    made = read(app, own_workspace)
    assert (len(made), set(made.lengths.tolist())) == (4, {81})


def test_an_annotated_genome_offers_windows_and_whole_records(visit, own_workspace):
    app = chosen(visit, ("x.gff", GFF + b"##FASTA\n" + GENOME))
    assert "ask0_reference" not in [widget.key for widget in app.file_uploader]
    app.selectbox("ask0_around").set_value("body").run()
    assert "Bases before" not in [widget.label for widget in app.number_input]
    assert "inner" not in app.selectbox("ask0_negatives").options
    app.selectbox("ask0_cut").set_value("whole").run()
    assert read(app, own_workspace).lengths.tolist() == [400]


def test_an_empty_window_is_refused_before_anything_is_read(visit, own_workspace):
    app = chosen(visit, ("x.gff", GFF + b"##FASTA\n" + GENOME))
    app.number_input("ask0_before").set_value(0)
    app.number_input("ask0_after").set_value(0).run()
    app.button("read_files").click().run()
    assert "Choose at least one base." in app.error[0].value
    assert not (own_workspace / "intake").exists()


def test_a_genome_can_be_cut_into_windows(visit, own_workspace):
    app = chosen(visit, ("c.fa", GENOME))
    app.number_input("ask0_window").set_value(50).run()
    assert read(app, own_workspace).lengths.tolist() == [50] * 8


def test_reads_of_low_quality_can_be_left_out(visit, own_workspace):
    app = chosen(visit, ("r.fq", b"@a\nACGT\n+\nIIII\n@b\nACGA\n+\n####\n"))
    app.number_input("ask0_quality").set_value(20).run()
    assert read(app, own_workspace).ids == ("a",)


@pytest.mark.parametrize(
    ("way", "sequences"), [("remove", ["ACGT", "AACC"]), ("split", ["ACGT", "AA", "CC"]), ("drop", ["ACGT"]), ("n", ["ACGT", "AANNCC"])]
)
def test_odd_letters_are_dealt_with_as_chosen(visit, own_workspace, way, sequences):
    app = chosen(visit, ("x.fa", b">a\nACGT\n>b\nAA--CC\n"))
    for kind in ("stop", "other", "missing"):
        app.selectbox(f"ask0_odd_{kind}").set_value("drop")
    app.selectbox("ask0_odd_gap").set_value(way).run()
    made = read(app, own_workspace)
    assert [made.sequence(index) for index in range(len(made))] == sequences


def test_gaps_can_be_removed_once_they_are_met(visit, own_workspace):
    app = chosen(visit, ("x.fa", b">a\nACGT\n>b\nAA--CC\n"))
    app.button("read_files").click().run()
    assert "1 of 2 records cannot be used" in app.error[0].value
    press(app, "Remove the gaps")
    assert datasets.load(own_workspace, app.query_params["data"]).sequence(1) == "AACC"


def test_what_cannot_be_read_is_said_before_it_is_read(visit, own_workspace):
    app = chosen(visit, ("picture **x**.png", b"\x89PNG\r\n\x1a\n\0\0"))
    assert "a picture" in app.error[0].value
    assert "read_files" not in [button.key for button in app.button]
    assert not (own_workspace / "intake").exists()


def test_another_file_ends_the_reading_in_hand(visit, own_workspace, monkeypatch):
    monkeypatch.setattr("genomics.requests.start", lambda folder: None)
    app = chosen(visit, ("r.fa", RULED))
    app.button("read_files").click().run()
    first = requests.find(own_workspace, app.query_params["job"])
    monkeypatch.setattr("genomics.jobs.stop", lambda folder: runs.request_stop(folder))
    app.text_area("pasted_0").set_value("ACGT\nACGA")
    app.button("read_pasted").click().run()
    assert runs.stop_requested(first)
    assert app.query_params["job"] != first.name
