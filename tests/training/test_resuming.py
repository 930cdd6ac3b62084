"""A run that is stopped goes on as if nothing had happened; one that is finished early or extended ends as it should."""

import json

import numpy as np
import pytest
from toys import dataset_of, gc_classes, random_rows, run_of

from genomics import disk, history, jobs, runs
from genomics.errors import SettingError
from genomics.training import carry_out, checkpoint, generative, train
from genomics.training.loop import Loop

TINY = {"layers": 1, "filters": 8, "kernel_size": 5, "head": "global_average", "dense": 0, "precision": "float32", "batch_size": 16}
EVERYTHING = {
    **TINY,
    "epochs": 5,
    "dropout": 0.2,
    "reverse_complement": "both",
    "shift": 2,
    "evoaug": True,
    "average_weights": True,
    "schedule": "cosine",
    "warmup": 1,
    "gradient_clip": 1.0,
    "label_smoothing": 0.1,
    "monitor": "auroc",
    "optimizer": "lion",
}


@pytest.fixture
def asked(monkeypatch, own_workspace):
    """Words that take the place of the stop file of this test's runs, one at each look; "" once they are used up."""
    words = []
    monkeypatch.setattr(carry_out.runs, "stop_requested", lambda folder: words.pop(0) if words and own_workspace in folder.parents else "")
    return words


@pytest.fixture
def no_results(monkeypatch):
    """Training alone, and its checkpoint is left."""
    monkeypatch.setattr(carry_out, "_write_predictor", lambda *ignored, **also: None)
    monkeypatch.setattr(checkpoint, "discard", lambda folder: None)


def losses(folder):
    told = history.read(folder)
    return [(row["epoch"], row["loss"], row["val_loss"], row["val_auroc"], row["best"], row["learning_rate"]) for row in told.epochs]


def test_all_that_can_be_asked_of_training_survives_a_pause(own_workspace, asked, no_results, monkeypatch):
    dataset = gc_classes(150)
    through, paused = (run_of(own_workspace, dataset, settings=EVERYTHING) for _ in range(2))
    evolved, run = {}, Loop.run
    with monkeypatch.context() as spied:
        spied.setattr(Loop, "run", lambda *args, **how: evolved.update({how["epoch"]: how["evolve"]}) or run(*args, **how))
        assert train(through) == "finished"
    assert evolved == {0: True, 1: True, 2: True, 3: True, 4: False}
    asked[:] = [""] * 4 + ["pause"]
    assert train(paused) == "stopped"
    assert 0 < len(losses(paused)) < 5
    assert train(paused) == "finished"
    assert losses(through) == losses(paused)
    assert len(losses(paused)) == 5
    for a, b in zip(checkpoint.read(through)[0]["best"], checkpoint.read(paused)[0]["best"], strict=True):
        np.testing.assert_array_equal(a, b)
    assert history.read(through).watched[-1]["said"] == history.read(paused).watched[-1]["said"]


def test_finishing_drops_the_epoch_in_hand_and_gives_the_best_one(own_workspace, asked):
    folder = run_of(own_workspace, gc_classes(150), settings={**TINY, "epochs": 50, "patience": 0})
    asked[:] = [""] * 20 + ["finish"]
    assert train(folder) == "finished"
    told = history.read(folder)
    assert 0 < len(told.epochs) < 20
    asked[:] = ["finish"]  # gone on with, and finished at once: the best epoch is still that of before
    assert train(folder) == "finished"
    told = history.read(folder)
    assert told.best["epoch"] == max(row["epoch"] for row in told.epochs if row["best"])
    assert (folder / "evaluation.json").exists()


def test_a_generator_that_is_finished_early_has_its_samples_and_its_scorecard(own_workspace, monkeypatch):
    small = {"iterations": 5000, "channels": 8, "blocks": 1, "batch_size": 8, "critic_steps": 1}
    folder = run_of(own_workspace, gc_classes(200), "wgan_gp", settings=small)
    monkeypatch.setattr(carry_out.runs, "stop_requested", lambda asked: "finish" if history.read(folder).scores else "")
    assert train(folder) == "finished"
    told = history.read(folder)
    assert told.best["iteration"] == 100 <= told.steps[-1]["at"] < 5000
    assert (folder / "scorecard.json").exists()
    assert (folder / "samples.fasta").read_text().count(">") == 1000


def test_a_plateau_halves_the_rate_of_later_epochs(own_workspace, no_results):
    labels = np.random.default_rng(1).integers(0, 2, 60)
    settings = {**TINY, "epochs": 12, "patience": 6, "schedule": "plateau", "learning_rate": 0.02, "reverse_complement": "off"}
    folder = run_of(own_workspace, dataset_of(random_rows(60, 24), labels), settings=settings)
    train(folder)
    told = history.read(folder)
    rates = [row["learning_rate"] for row in told.epochs]
    flat = 0
    for row, rate, after in zip(told.epochs, rates, rates[1:], strict=False):
        flat = 0 if row["best"] else flat + 1
        assert after == pytest.approx(rate / 2 if flat == 2 else rate)
        flat = 0 if flat == 2 else flat
    assert rates[-1] < rates[0]
    assert told.steps[-1]["learning_rate"] == pytest.approx(rates[-1])


def test_finishing_before_there_is_anything_is_a_pause(own_workspace, asked):
    folder = run_of(own_workspace, gc_classes(150), settings=TINY)
    asked[:] = ["finish"]
    assert train(folder) == "stopped"


def test_a_run_goes_on_for_more_epochs(own_workspace, no_results):
    dataset = gc_classes(100)
    straight, extended = (run_of(own_workspace, dataset, settings={**TINY, "epochs": epochs, "patience": 3}) for epochs in (6, 3))
    for folder in (straight, extended):
        train(folder)
    assert len(history.read(extended).epochs) == 3
    changed = runs.asked(extended)
    changed["fit"]["epochs"] = 6
    disk.write_json(extended / "run.json", changed)
    assert train(extended) == "finished"
    assert [row[:4] for row in losses(straight)] == [row[:4] for row in losses(extended)]


def test_a_generator_goes_on_for_more_iterations_as_if_it_had_been_asked_to_from_the_start(own_workspace, monkeypatch):
    monkeypatch.setattr(generative, "SCORE_EVERY", 4)
    monkeypatch.setattr(generative, "SAMPLE_EVERY", 2)
    monkeypatch.setattr(jobs, "start", lambda folder: None)
    small = {"channels": 8, "blocks": 1, "critic_steps": 1, "batch_size": 16, "latent": 8, "learning_rate": 0.01}  # gets worse
    straight, extended = (
        run_of(own_workspace, gc_classes(200), "wgan_gp", settings={**small, "iterations": iterations}, seed=1) for iterations in (12, 4)
    )
    for folder in (straight, extended):
        assert train(folder) == "finished"
    assert history.read(extended).best["iteration"] == 4
    samples = (extended / "samples.fasta").read_bytes()
    jobs.extend(extended, 12)
    assert (history.read(extended).progress(), runs.state(extended)) == ((4, 12), "stopped")
    assert train(extended) == "finished"
    one, other = history.read(straight), history.read(extended)
    assert [row["at"] for row in other.scores] == [4, 8, 12]
    assert [row["score"] for row in one.scores] == [row["score"] for row in other.scores]  # of the same moving averages
    assert [row["sequences"] for row in one.samples] == [row["sequences"] for row in other.samples]
    lowest = min(other.scores, key=lambda row: row["score"]["jsd"]["4"])
    assert one.best["iteration"] == other.best["iteration"] == lowest["at"] == 4
    assert (extended / "samples.fasta").read_bytes() == samples
    for name in ("samples.fasta", "scorecard.json"):  # of the best moment of all
        assert (straight / name).read_bytes() == (extended / name).read_bytes()


def test_a_pause_leaves_what_there_is_with_its_scale(own_workspace, asked):
    targets = np.arange(80) * 3.0 + 100
    folder = run_of(own_workspace, dataset_of(random_rows(80, 24), targets=targets), settings={**TINY, "epochs": 30})
    asked[:] = [""] * 8 + ["pause"]
    assert train(folder) == "stopped"
    scale = json.loads((folder / "model.json").read_text())["scale"]
    assert 100 < np.ravel(scale[0])[0] < 340
    assert (folder / "evaluation.json").exists()


def test_what_is_told_while_it_learns(own_workspace, no_results):
    members = np.stack([np.arange(90) % 2, np.arange(90) % 3 == 0], axis=1).astype(np.uint8)
    dataset = dataset_of(random_rows(90, 24), task="multilabel", classes=("a", "b"), members=members)
    folder = run_of(own_workspace, dataset, settings={**TINY, "epochs": 2, "loss": "focal"})
    train(folder)
    told = history.read(folder)
    assert told.setup["metrics"] == ["auroc", "auprc"]
    assert (told.setup["strands"], told.setup["loss"], told.setup["task"], told.setup["micro_batch"]) == ("both", "focal", "multilabel", 0)
    assert any("look alike on both strands" in message for message in told.log)
    assert {"val_loss", "val_auroc", "val_auprc", "learning_rate", "best"} <= set(told.epochs[0])
    assert "accuracy" not in told.epochs[0]
    assert {"learning_rate", "gradient_norm", "throughput", "loss"} <= set(told.steps[0])
    assert np.shape(told.watched[-1]["said"]) == (len(told.watching), 2)
    assert set(map(type, (row["truth"] for row in told.watching))) == {list}
    assert (told.best["monitor"], told.best["val_loss"]) == ("loss", told.best["value"])
    with np.load(folder / "filters.npz") as filters:
        assert filters["kernels"].shape == (8, 5, 4)
        assert filters["epoch"] == told.best["epoch"]


def test_a_network_of_rates_learns_counts(own_workspace, no_results):
    rng = np.random.default_rng(0)
    rows = random_rows(200, 24)
    counts = rng.poisson(20 + 200 * (rows == 1).mean(1))
    settings = {**TINY, "epochs": 8, "loss": "poisson", "learning_rate": 0.01, "monitor": "pearson"}
    folder = run_of(own_workspace, dataset_of(rows, targets=counts), settings=settings)
    train(folder)
    told = history.read(folder)
    assert told.best["value"] > 0.5
    assert told.best["value"] == told.epochs[told.best["epoch"] - 1]["val_pearson"]
    assert np.mean(told.watched[-1]["said"]) == pytest.approx(counts.mean(), rel=0.2)


def test_what_cannot_be_learned_ends_before_it_begins(own_workspace):
    dataset = dataset_of(random_rows(40, 24), targets=np.ones(40))
    folder = run_of(own_workspace, dataset, settings=TINY)
    with pytest.raises(SettingError, match="same number"):
        train(folder)
