"""`predict` and `evaluate` on sequences and labels that are unlike those of the training set: what is said, and what is answered."""

import numpy as np
import pytest
from calling import program
from toys import gc_classes

from genomics.commands.evaluate import _plain

READS = {"length": 24, "anchor": "left"}
NEW = gc_classes(60, seed=5)


def table(path, labels, header="sequence\tlabel"):
    rows = [f"{NEW.sequence(i)}\t{label}" for i, label in enumerate(labels)]
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def spelt(zero: str, one: str) -> list[str]:
    return [(zero, one)[label] for label in NEW.labels]


def test_what_is_longer_or_shorter_is_said_and_nothing_else(trained, tmp_path):
    file = tmp_path / "new.fa"
    file.write_text("".join(f">s{i}\n{NEW.sequence(i) * (3 if i < 5 else 1)}\n" for i in range(20)) + ">short\nACGTAC\n")
    said = program("predict", trained.run, file, "--json", "--workspace", trained.workspace)
    assert said.answer["reads"] == READS
    assert {name: said.answer["remarks"][name] for name in ("longer", "shorter")} == {"longer": 5, "shorter": 1}
    lines = said.err.splitlines()
    assert any(line.startswith("Longer (5 of 21") and "first 24 bp" in line for line in lines)
    assert any(line.startswith("Shorter (1 of 21") for line in lines)
    assert len(lines) == len(said.answer["notes"]) + len(said.answer["remarks"])  # TensorFlow says nothing
    columns = said.answer["predictions"]
    assert [at for at, codes in enumerate(columns["remarks"]) if "longer" in codes] == [0, 1, 2, 3, 4]
    assert columns["length"] == [72] * 5 + [24] * 15 + [6]
    cut = tmp_path / "cut.fa"
    cut.write_text("".join(f">s{i}\n{NEW.sequence(i)}\n" for i in range(20)) + ">short\nACGTAC\n")
    again = program("predict", trained.run, cut, "--json", "--workspace", trained.workspace)
    assert again.answer["predictions"]["probability class 1"] == columns["probability class 1"]  # only what is read counts


def test_evaluate_and_generate_let_no_library_speak_either(trained, tmp_path):
    where = ("--json", "--workspace", trained.workspace)
    said = program("evaluate", trained.run, table(tmp_path / "new.tsv", spelt("class 0", "class 1")), *where)
    assert said.status == 0
    assert len(said.err.splitlines()) == len(said.answer["notes"]) + len(said.answer["remarks"])
    assert said.answer["labels"] == {"matched": {}, "only": None, "exchanged": False}
    assert program("generate", trained.generating_run, "-n", 2, *where).err == ""


def test_ids_come_from_the_column_that_is_asked_for(command, trained, tmp_path):
    where = ("--json", "--workspace", trained.workspace)
    file = tmp_path / "genes.csv"
    file.write_text("locus,sequence,family\n" + "".join(f"g{i % 3},{NEW.sequence(i)},f\n" for i in range(5)))
    assert command("predict", trained.run, file, *where).answer["predictions"]["id"][0] == "row_1"
    answer = command("predict", trained.run, file, "--id", "locus", *where).answer["predictions"]
    assert answer["id"] == ["g0", "g1", "g2", "g0", "g1"]
    assert "group" not in answer
    windows = command("predict", trained.run, file, "--id", "locus", "--window", 10, *where).answer["predictions"]["id"]
    assert windows[:3] == ["g0:1-10", "g0:11-20", "g1:1-10"]
    file.write_text(file.read_text().replace("locus", "name"))  # which would be the ids anyway
    assert command("predict", trained.run, file, "--id", "name", *where).answer["predictions"]["id"] == answer["id"]
    file.write_text(file.read_text().replace("name", "locus"))
    for words, part in (
        (("--id", "nothing"), 'has no column "nothing"'),
        (("--id", "sequence"), "as its sequence or label column already"),
        (("--id", "locus", "--group", "family"), 'id = "locus" is not allowed together with a group'),
    ):
        found = command("predict", trained.run, file, *words, *where)
        assert found.status == 2
        assert part in found.err


def test_of_several_columns_with_dna_the_one_that_is_read_is_named(command, trained, tmp_path):
    where = ("--json", "--workspace", trained.workspace)
    file = tmp_path / "pairs.csv"
    file.write_text("primer,sequence,comment\n" + "".join(f"ACGTACGTACGT,{NEW.sequence(i)},x\n" for i in range(5)))
    columns = ["primer", "sequence"]
    for words, read in (((), "sequence"), (("--sequence", "primer"), "primer")):
        said = command("predict", trained.run, file, *words, *where)
        assert said.answer["sequence_columns"] == {"pairs.csv": {"read": read, "columns": columns}}
        assert f'primer, sequence hold DNA; "{read}" is read' in said.err
        assert set(said.answer["predictions"]["length"]) == {12 if words else 24}


@pytest.mark.parametrize(
    ("zero", "one"), [("CLASS 0", "class  1"), (" class 0", "Class 1"), ("class 0", "class 1")], ids=["case", "blanks", "equal"]
)
def test_labels_in_another_spelling_are_matched_and_said(command, trained, tmp_path, zero, one):
    file = table(tmp_path / "new.tsv", spelt(zero, one))
    said = command("evaluate", trained.run, file, "--json", "--workspace", trained.workspace)
    plain = {name.strip(): f"class {at}" for at, name in enumerate((zero, one))}
    assert said.answer["labels"]["matched"] == {name: meant for name, meant in plain.items() if name != meant}
    assert said.answer["metrics"]["data"]["accuracy"]["value"] > 0.5
    assert all(name in said.err for name in said.answer["labels"]["matched"])


def test_spellings_of_zero_and_one():
    assert {_plain(name) for name in ("0", "0.0", "00", "no", "False", " NO ", "negative")} == {"0"}
    assert {_plain(name) for name in ("1", "1.0", "1e0", "Yes", "TRUE", "positive")} == {"1"}
    assert len({_plain(name) for name in ("0", "1", "2", "promoter", "non-promoter", "n", "y")}) == 7


def test_a_spelling_that_could_be_two_classes_is_refused_with_both_spellings(command, trained, tmp_path):
    file = table(tmp_path / "new.tsv", spelt("class 0", "first"))
    said = command("evaluate", trained.run, file, "--workspace", trained.workspace)
    assert said.status == 2
    assert all(name in said.err for name in ('"first"', "class 0, class 1"))


def test_labels_that_look_exchanged_are_said(command, trained, tmp_path):
    file = table(tmp_path / "new.tsv", spelt("class 1", "class 0"))
    said = command("evaluate", trained.run, file, "--json", "--workspace", trained.workspace)
    assert said.answer["metrics"]["data"]["mcc"]["value"] < -0.3
    assert said.answer["labels"]["exchanged"] is True
    assert "exchanged" in said.err


@pytest.mark.parametrize("only", [0, 1])
def test_of_one_class_only_nothing_compares_classes(command, trained, tmp_path, only):
    there = np.flatnonzero(NEW.labels == only)
    file = tmp_path / "one.tsv"
    file.write_text("sequence\tlabel\n" + "".join(f"{NEW.sequence(i)}\tclass {only}\n" for i in there))
    where = ("--workspace", trained.workspace)
    said = command("evaluate", trained.run, file, "--json", *where)
    assert said.answer["labels"]["only"] == f"class {only}"
    metrics = said.answer["metrics"]["data"]
    shown = {name for name, cell in metrics.items() if cell["value"] is not None}
    assert shown == {"accuracy", "brier", "ece", "log_loss", ("specificity", "sensitivity")[only]}
    assert metrics["auroc"] == {"value": None, "low": None, "high": None}
    assert metrics["accuracy"]["value"] == metrics[("specificity", "sensitivity")[only]]["value"]
    text = command("evaluate", trained.run, file, *where)
    assert f'Every record has the class "class {only}"' in text.err
    rows = dict(line.split(maxsplit=1) for line in text.out.splitlines()[2:])
    assert (rows["mcc"], rows["auroc"], rows["auprc"]) == ("-", "-", "-")
