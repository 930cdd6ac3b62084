"""What each command answers, for people and as JSON."""

import json
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from io import BytesIO

import numpy as np
import pyarrow.parquet as pq
import pytest
from Bio import SeqIO
from calling import GAN, QUICK, ROOT
from toys import gc_classes

from genomics import __main__, disk, io, recipe, runs
from genomics.architectures import ARCHITECTURES
from genomics.dataset import build
from genomics.fit import Fit
from genomics.generators import GENERATORS
from genomics.hyper import specs
from genomics.samples import SAMPLES
from genomics.split import PARTS

METRICS = [
    "accuracy",
    "balanced_accuracy",
    "mcc",
    "sensitivity",
    "specificity",
    "precision",
    "f1",
    "auroc",
    "auprc",
    "brier",
    "ece",
    "log_loss",
]


def test_samples_are_listed_and_written(command, tmp_path):
    assert [row["name"] for row in command("samples", "list", "--json").answer["samples"]] == list(SAMPLES)
    said = command("samples", "write", "planted", tmp_path / "planted.fa")
    assert (said.status, said.out) == (0, f"planted is in {tmp_path / 'planted.fa'}\n")
    assert build(*io.read(tmp_path / "planted.fa")).counts() == {"background": 1000, "bound": 1000}


def test_architectures_are_listed_with_everything_that_can_be_set(command):
    rows = command("architectures", "--json").answer["architectures"]
    assert [row["name"] for row in rows] == [*ARCHITECTURES, *GENERATORS]
    said = command("architectures", "cnn")
    for word in ("Convolutional network", "kernel_size", "a whole number from 2 to 41 bp", "learning_rate", "doi 10.1038/nbt.3300"):
        assert word in said.out
    (one,) = command("architectures", "wgan_gp", "--json").answer["architectures"]
    assert (one["name"], one["training"]) == ("wgan_gp", [])


def test_columns_of_the_architectures_do_not_run_together(command):
    lines = command("architectures").out.splitlines()
    assert [line.split("  ")[0] for line in lines] == [*ARCHITECTURES, *GENERATORS]
    _, _, *lines = command("architectures", "rnn").out.splitlines()
    for spec, line in zip([*specs(ARCHITECTURES["rnn"].Config), *specs(Fit)], lines, strict=True):
        name, default, said = re.split(" {2,}", line.strip(), maxsplit=2)
        assert (name, default) == (spec.name, str(spec.default))
        assert said.startswith(spec.allowed())


def test_train_ends_with_one_line_of_json(trained):
    lines = trained.predictor.out.splitlines()
    assert len(lines) == 1
    answer = json.loads(lines[0])
    assert (answer["state"], answer["architecture"], answer["dataset"], answer["epochs"]) == ("finished", "cnn", "toy.tsv", 8)
    assert answer["parameters"] > 0
    assert answer["seconds"] > 0
    for part in ("train", "validation", "test"):
        assert list(answer["metrics"][part]) == METRICS
        for cell in answer["metrics"][part].values():
            assert cell["value"] is None or cell["low"] <= cell["value"] <= cell["high"]
    assert answer["metrics"]["test"]["auroc"]["value"] > 0.6
    assert answer["baseline"]["test"]["auroc"]["value"] == 0.5


def test_train_tells_of_its_progress_on_standard_error(trained):
    for word in ("epoch 1/8", "epoch 8/8", "val_loss"):
        assert word in trained.predictor.err
    assert "iteration 30/30" in trained.generator.err
    for run in (trained.predictor, trained.generator):
        assert re.search(r"^Trains on \d+ sequences; takes \d+ to \d+ seconds", run.err, re.MULTILINE)
    assert "Traceback" not in trained.predictor.err + trained.generator.err


def test_a_generator_answers_with_its_scorecard(trained):
    card = trained.generator.answer["scorecard"]
    assert set(card["generated"]["jsd"]) == set("123456")
    assert set(card["yardsticks"]) == {"real", "markov_1", "markov_3", "markov_5"}
    assert trained.generator.answer["metrics"] == {}
    asked = runs.asked(trained.workspace / "runs" / trained.generating_run)
    assert (asked["only"], asked["kind"]) == ("class 1", "generator")


def test_predict_writes_a_row_for_each_sequence(command, trained, tmp_path):
    where = ("--workspace", trained.workspace)
    said = command("predict", trained.run, trained.data, "-o", tmp_path / "out.tsv", "--json", *where)
    expected = {"run": trained.run, "records": 400, "output": str(tmp_path / "out.tsv"), "reads": {"length": 24, "anchor": "left"}}
    assert said.answer.items() >= expected.items()
    header, *rows = [line.split("\t") for line in (tmp_path / "out.tsv").read_text().splitlines()]
    assert header == ["id", "prediction", "probability class 0", "probability class 1", "length", "remarks"]
    assert len(rows) == 400
    for row in rows:
        assert float(row[2]) + float(row[3]) == pytest.approx(1)
        assert row[1] == ("class 1" if float(row[3]) > 0.5 else "class 0")
    assert command("predict", trained.run, trained.data, *where).out == (tmp_path / "out.tsv").read_text()
    # data without labels, in another format, with sequences of another length
    (tmp_path / "new.fa").write_text(">a\nACGT\n>b\n" + "GC" * 40 + "\n")
    assert command("predict", trained.run, tmp_path / "new.fa", "--json", *where).answer["predictions"]["id"] == ["a", "b"]


def test_evaluate_measures_what_it_is_given(command, trained, tmp_path):
    where = ("--workspace", trained.workspace)
    said = command("evaluate", trained.run, "--json", *where)
    assert said.answer == trained.predictor.answer
    whole = command("evaluate", trained.run, trained.data, "--json", *where).answer
    assert whole["records"] == 400
    means = {name: cell["value"] for name, cell in whole["metrics"]["data"].items()}
    parts = trained.predictor.answer["metrics"]
    assert min(parts[p]["accuracy"]["value"] for p in parts) <= means["accuracy"] <= max(parts[p]["accuracy"]["value"] for p in parts)
    text = command("evaluate", trained.run, trained.data, *where).out
    assert "auroc" in text
    assert f"{means['auroc']:.3f}" in text


def test_generate_writes_as_many_sequences_as_asked(command, trained, tmp_path):
    where = ("--workspace", trained.workspace)
    said = command("generate", trained.generating_run, "-n", 50, "-o", tmp_path / "new.fasta", "--json", *where)
    assert (said.answer["sequences"], said.status) == (50, 0)
    with (tmp_path / "new.fasta").open() as file:
        records = list(SeqIO.parse(file, "fasta"))
    assert len({record.id for record in records}) == 50
    assert {len(record) for record in records} == {24}
    assert set("".join(str(record.seq) for record in records)) <= set("ACGT")
    again = command("generate", trained.generating_run, "-n", 50, *where).out
    assert again == (tmp_path / "new.fasta").read_text()
    assert command("generate", trained.generating_run, "-n", 50, "--seed", 1, *where).out != again


def test_runs_are_listed_shown_compared_and_exported(command, trained, tmp_path):
    where = ("--workspace", trained.workspace)
    rows = command("runs", "list", "--json", *where).answer["runs"]
    assert {row["run"] for row in rows} >= {trained.run, trained.generating_run}
    (row,) = (row for row in rows if row["run"] == trained.run)
    assert (row["state"], row["metric"], len(row["curve"])) == ("finished", "test mcc", 8)
    assert trained.run in command("runs", "list", *where).out
    shown = command("runs", "show", trained.run[-6:], "--json", *where).answer
    assert shown["asked"]["seed"] == 0
    assert shown["metrics"] == trained.predictor.answer["metrics"]
    assert "gap closed" in command("runs", "show", trained.generating_run, *where).out
    compared = command("runs", "compare", trained.run, trained.generating_run, *where).out
    assert "balanced_accuracy" in compared
    assert len(command("runs", "compare", trained.run, trained.run, "--json", *where).answer["runs"]) == 2

    said = command("runs", "export", trained.run, tmp_path / "out.zip", *where)
    assert said.status == 0
    with zipfile.ZipFile(BytesIO((tmp_path / "out.zip").read_bytes())) as archive:
        assert archive.testzip() is None
        assert f"{trained.run}/model.keras" in archive.namelist()
        names = {name.removeprefix(f"{trained.run}/") for name in archive.namelist()}
        readme = archive.read(f"{trained.run}/README.txt").decode()
        archive.extractall(tmp_path / "elsewhere")
    fingerprint = shown["asked"]["dataset"]
    assert names >= {"README.txt", "run.json", "model.keras", "evaluation.json", f"datasets/{fingerprint}/records.parquet"}
    assert "lock" not in names
    assert f"python -m genomics train datasets/{fingerprint} --architecture cnn" in readme
    again = command("predict", trained.run, tmp_path / "elsewhere" / "datasets" / fingerprint, "--json", *where).answer
    assert again["records"] == 400


def test_a_run_is_deleted_for_good(command, tmp_path):
    folder = runs.create(tmp_path, recipe.plan(SAMPLES["planted"].make(), "cnn").to_json())
    assert command("runs", "list", "--workspace", tmp_path).out.startswith(folder.name)
    assert command("runs", "delete", folder.name, "--workspace", tmp_path, "--json").answer == {"deleted": folder.name}
    assert not folder.exists()
    assert command("runs", "list", "--workspace", tmp_path).out == f"No runs in {tmp_path} yet.\n"


def test_folds_test_every_record_once_and_are_pooled(command, trained, tmp_path):
    said = command("train", trained.data, "--architecture", "cnn", *QUICK, "--folds", 3, "--workspace", tmp_path, "--json")
    answer = said.answer
    assert (said.status, answer["state"], len(answer["runs"])) == (0, "finished", 3)
    tested = []
    for run in answer["runs"]:
        measured = disk.read_json(tmp_path / "runs" / run / "evaluation.json")
        tested.append(measured["test"]["records"])
        assert answer["group"] == runs.asked(tmp_path / "runs" / run)["group"]
    assert sum(tested) == 400
    ids = [id for run in answer["runs"] for id in _tested(tmp_path / "runs" / run)]
    assert len(set(ids)) == 400
    spread = answer["spread"]["auroc"]
    assert spread["mean"] == pytest.approx(np.mean(spread["values"]))
    assert spread["sd"] == pytest.approx(np.std(spread["values"], ddof=1))
    assert answer["metrics"]["test"]["auroc"]["value"] > 0.6


def _tested(folder) -> list[str]:
    table = pq.read_table(folder / "predictions.parquet").to_pydict()
    return [id for id, part in zip(table["id"], table["part"], strict=True) if part == "test"]


def test_members_of_an_ensemble_test_the_same_records_and_watch_others(command, trained, tmp_path):
    said = command("train", trained.data, "--architecture", "cnn", *QUICK, "--seeds", "1,2", "--workspace", tmp_path, "--json")
    assert (said.status, said.answer["kind"]) == (0, "ensemble")
    for number in (1, 2):
        assert f"run {number}/2  epoch 8/8  loss " in said.err
    folders = [tmp_path / "runs" / run for run in said.answer["runs"]]
    assert [(runs.asked(folder)["seed"], runs.asked(folder)["watch"]) for folder in folders] == [(1, 0), (2, 1)]
    one, other = (pq.read_table(folder / "predictions.parquet").to_pydict() for folder in folders)
    parts = [
        {part: {id for id, of in zip(table["id"], table["part"], strict=True) if of == part} for part in PARTS} for table in (one, other)
    ]
    assert parts[0]["test"] == parts[1]["test"]
    assert parts[0]["validation"] != parts[1]["validation"]
    assert len(parts[0]["validation"]) == len(parts[1]["validation"])


def test_a_run_begins_with_an_earlier_one_and_is_warned_where_that_one_knows_the_answers(command, trained, tmp_path):
    shutil.copytree(trained.workspace, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("queue"))
    (base,) = (folder for folder in runs.everything(tmp_path) if runs.asked(folder)["kind"] == "predictor")
    first = next(event["val_loss"] for event in runs.read_events(base).events if event["type"] == "epoch")
    for seed, warned in (("0", False), ("4", True)):
        asked = ("--architecture", "cnn", *QUICK, "--epochs", 1, "--from", base.name, "--split-seed", seed)
        said = command("train", trained.data, *asked, "--workspace", tmp_path)
        assert said.status == 0
        assert ("sequences that are tested here were learned from or watched by the run that this one begins with" in said.err) == warned
        if not warned:
            (event,) = (event for event in runs.read_events(runs.everything(tmp_path)[0]).events if event["type"] == "epoch")
            assert event["val_loss"] < first


def test_seeds_are_pooled_for_generators_too(command, trained, tmp_path):
    said = command("train", trained.data, "--architecture", "wgan_gp", *GAN, "--seeds", "1,2", "--workspace", tmp_path)
    assert said.status == 0
    assert "jsd_4" in said.out
    assert [(runs.asked(folder)["seed"], runs.asked(folder)["watch"]) for folder in reversed(runs.everything(tmp_path))] == [(1, 0), (2, 0)]


def test_every_command_explains_itself(command):
    for name in __main__.COMMANDS:
        said = command(name, "--help")
        assert (said.status, said.err) == (0, "")
        assert "--json" in said.out
    assert all(name in command("--help").out for name in __main__.COMMANDS)


@pytest.fixture
def hears_ctrl_c():
    """What runs in the background of a shell ignores Ctrl-C, and so would each process that it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hears_ctrl_c")
@pytest.mark.parametrize(("seeds", "label"), [((), ""), pytest.param(("--seeds", "1,2"), "run 1/2  ", marks=pytest.mark.slow)])
def test_ctrl_c_stops_the_runs_keeps_them_and_says_so_by_the_exit_status(command, trained, tmp_path, seeds, label):
    line = [sys.executable, "-m", "genomics", "train", str(trained.data), "--architecture", "cnn", *QUICK, "--set", "patience=0"]
    line += ["--epochs", "2000", *seeds, "--workspace", str(tmp_path)]
    process = subprocess.Popen(line, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    said = next(text for text in process.stderr if text.startswith(f"{label}epoch 1/"))
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=120)

    folders = runs.everything(tmp_path)
    name = runs.asked(folders[0])["group"] or folders[0].name
    assert "val_loss" in said
    assert f"go on later with: python -m genomics resume {name}" in rest
    assert "Traceback" not in rest
    assert (process.returncode, {runs.state(folder) for folder in folders}) == (130, {"stopped"})

    for folder in folders:
        asked = runs.asked(folder)
        reached = max((event["epoch"] for event in runs.read_events(folder).events if event["type"] == "epoch"), default=0)
        disk.write_json(folder / "run.json", {**asked, "fit": {**asked["fit"], "epochs": reached + 2}})
    resumed = command("resume", name, "--workspace", tmp_path, "--json")
    assert (resumed.status, {runs.state(folder) for folder in folders}) == (0, {"finished"})
    assert resumed.answer.get("kind", "predictor") == ("ensemble" if seeds else "predictor")
    if seeds:
        refused = command("resume", name, "--epochs", 3000, "--workspace", tmp_path)
        assert refused.status == 2
        assert f'--epochs is for one run, not for the 2 of the group "{name}"' in refused.err


def test_the_list_tells_seeds_and_folds_apart(command, tmp_path):
    for number, more in enumerate(({"seed": 7}, {"fold": (1, 3)}, {"only": "class 1"})):
        architecture = "wgan_gp" if "only" in more else "cnn"
        runs.create(tmp_path, recipe.plan(gc_classes(20), architecture, group=str(number), **more).to_json())

    listed = command("runs", "list", "--workspace", tmp_path).out

    assert [word for word in ("only class 1", "fold 2 of 3", "seed 7") if word in listed] == ["only class 1", "fold 2 of 3", "seed 7"]


def test_runs_are_named_and_compared_by_their_settings(command, tmp_path):
    where = ("--workspace", tmp_path)
    made = gc_classes(20)
    folders = [runs.create(tmp_path, recipe.plan(made, "cnn", settings={"kernel_size": size}).to_json()) for size in (5, 9)]
    assert command("runs", "rename", folders[0].name, "--name", "narrow", "--note", "first try", "--json", *where).answer == {
        "run": folders[0].name,
        "name": "narrow",
        "note": "first try",
    }
    lines = command("runs", "list", *where).out.splitlines()
    assert [line.endswith("narrow") for line in lines] == [False, True]

    compared = command("runs", "compare", *(folder.name for folder in folders), "--json", *where).answer
    assert compared["differing"] == {"kernel_size": [5, 9]}
    head, sizes = command("runs", "compare", *(folder.name for folder in folders), *where).out.splitlines()
    assert head.split() == ["narrow", folders[1].name[-24:]]
    assert sizes.split() == ["kernel_size", "5", "9"]

    command("runs", "rename", folders[0].name, "--name", "", *where)
    assert runs.about(folders[0]) == {"name": "", "note": "first try"}
    for wrong, says in (((), "--name TEXT"), (("--name", "x" * 61), "at most 60")):
        refused = command("runs", "rename", folders[0].name, *wrong, *where)
        assert refused.status == 2
        assert says in refused.err


def test_a_damaged_run_does_not_stop_the_list(command, tmp_path):
    good, bad = (runs.create(tmp_path, recipe.plan(gc_classes(20), "cnn").to_json()) for _ in range(2))
    (bad / "run.json").write_text("{}")
    said = command("runs", "list", "--workspace", tmp_path).out
    assert f"{bad.name:<36}run.json cannot be read" in said
    assert good.name in said
