"""Networks learn what is there to be learned, and nothing where there is nothing."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest
from sklearn import metrics as oracle
from toys import dataset_of, gc_classes, random_rows, run_of

from genomics import disk, history, inputs, inspection, prediction, recipe, runs, split
from genomics.samples import planted
from genomics.training import supervised, tables, train
from genomics.training.loop import Loop

QUICK = {"layers": 1, "filters": 16, "kernel_size": 5, "head": "global_average", "dense": 16, "dropout": 0.0, "precision": "float32"}


def trained(root, dataset, architecture="cnn", settings=None, **plan):
    """A run carried out in this process: its folder and what it measured."""
    folder = run_of(root, dataset, architecture, settings=QUICK if settings is None else settings, **plan)
    assert train(folder) == "finished"
    return folder, disk.read_json(folder / "evaluation.json")


def test_planted_sites_are_found(own_workspace):
    settings = {"layers": 1, "filters": 32, "kernel_size": 11, "head": "global_max", "dense": 32}
    folder, found = trained(own_workspace, planted.simulate(), settings=settings)
    assert found["test"]["metrics"]["auroc"]["value"] > 0.95
    assert found["test"]["metrics"]["auroc"]["low"] > 0.9
    assert found["test"]["baseline"]["auroc"]["value"] == 0.5
    assert (folder / "model.keras").exists()
    assert (folder / "checkpoint").exists()  # so that it can go on for more epochs


def test_baselines_are_those_of_the_audit_and_say_by_how_much_the_network_differs(own_workspace):
    dataset = gc_classes(200)
    known = inspection.inspect(dataset, own_workspace)["baselines"]
    folder, found = trained(own_workspace, dataset)
    rows = disk.read_json(folder / "shortcuts.json")
    assert {name: row["metrics"] for name, row in rows.items()} == {name: row["metrics"] for name, row in known.items()}
    for row in rows.values():
        assert row["difference"]["value"] == pytest.approx(found["test"]["metrics"]["mcc"]["value"] - row["metrics"]["mcc"]["value"])
        assert row["difference"]["low"] <= row["difference"]["value"] <= row["difference"]["high"]


@pytest.mark.parametrize("architecture", ["rnn", "image_cnn"])
def test_the_other_architectures_learn_what_is_easy(own_workspace, architecture):
    settings = {"epochs": 12, "dropout": 0, "learning_rate": 0.005} | ({"resolution": "4"} if architecture == "image_cnn" else {"units": 8})
    found = trained(own_workspace, gc_classes(300, 60), architecture, settings)[1]
    assert found["test"]["metrics"]["auroc"]["value"] > 0.9


def test_numbers_are_learned_and_given_in_their_own_unit(own_workspace):
    rng = np.random.default_rng(0)
    share = rng.uniform(0.2, 0.8, 600)
    rows = [rng.choice(4, 50, p=[(1 - s) / 2, s / 2, s / 2, (1 - s) / 2]) for s in share]
    gc = np.array([np.isin(row, (1, 2)).mean() for row in rows])
    folder, found = trained(
        own_workspace, dataset_of(rows, targets=1000 + 50 * gc), settings={**QUICK, "epochs": 25, "learning_rate": 0.01}
    )
    assert found["test"]["metrics"]["pearson"]["value"] > 0.9
    assert found["test"]["metrics"]["mae"]["value"] < 5
    assert found["test"]["baseline"]["pearson"]["value"] is None
    table = pq.read_table(folder / "predictions.parquet").to_pydict()
    assert 1000 < np.mean(table["prediction"]) < 1050
    assert "val_mse" in history.read(folder).epochs[0]


def test_three_classes_are_learned(own_workspace):
    rng = np.random.default_rng(0)
    labels = np.arange(300) % 3
    rows = [rng.choice(4, 40, p=np.roll([0.55, 0.15, 0.15, 0.15], label)) for label in labels]
    folder, found = trained(own_workspace, dataset_of(rows, labels), settings={**QUICK, "epochs": 20, "learning_rate": 0.01})
    assert found["test"]["metrics"]["accuracy"]["value"] > 0.9
    table = pq.read_table(folder / "predictions.parquet").to_pydict()
    shares = np.array([table[f"probability class {number}"] for number in range(3)]).T
    np.testing.assert_allclose(shares.sum(1), 1)
    assert [f"class {winner}" for winner in shares.argmax(1)] == table["prediction"]


def test_shuffled_labels_teach_nothing(own_workspace):
    labels = np.random.default_rng(0).permutation(np.arange(400) % 2)
    found = trained(own_workspace, dataset_of(random_rows(400, 30), labels), settings={**QUICK, "epochs": 5})[1]
    auroc = found["test"]["metrics"]["auroc"]
    assert auroc["low"] < 0.55  # not 0.5: one interval in twenty misses what it is of
    assert auroc["high"] > 0.45


def test_a_tiny_set_is_trained_and_its_intervals_are_wide(own_workspace):
    found = trained(own_workspace, gc_classes(24), settings={**QUICK, "epochs": 3})[1]
    assert [found[part]["records"] for part in ("train", "validation", "test")] == [16, 4, 4]
    assert found["test"]["metrics"]["accuracy"]["high"] - found["test"]["metrics"]["accuracy"]["low"] > 0.2


def test_the_best_epoch_is_taken_and_training_stops_when_it_gets_no_better(own_workspace):
    """Labels that cannot be learned, learned by heart: validation soon gets worse."""
    labels = np.random.default_rng(1).integers(0, 2, 120)
    dataset = dataset_of(random_rows(120, 30), labels)
    settings = {"layers": 1, "filters": 64, "dropout": 0, "epochs": 60, "patience": 4, "learning_rate": 0.01, "precision": "float32"}
    folder = trained(own_workspace, dataset, settings=settings)[0]
    told = history.read(folder)
    losses = [row["val_loss"] for row in told.epochs]
    best = 1 + int(np.argmin(losses))
    assert len(losses) == best + 4 < 60
    assert told.best["epoch"] == best
    assert losses[-1] > losses[best - 1]

    asked = recipe.from_json(runs.asked(folder))
    parts = tables.prepare(asked, dataset, split.make(dataset, asked.split, asked.seed))
    model = prediction.load(folder, asked).model
    loop = supervised.loop(asked, model, parts, told.setup["strands"])
    assert loop.judge(parts.parts["validation"])[0] == pytest.approx(losses[best - 1], rel=1e-5)


def test_without_patience_it_goes_on_to_the_end(own_workspace):
    folder, _ = trained(own_workspace, gc_classes(60), settings={**QUICK, "epochs": 15, "patience": 0})
    assert len(history.read(folder).epochs) == 15


def test_what_is_written_down_agrees(own_workspace):
    """Predictions, evaluation, events and a fresh prediction by the saved network tell the same story."""
    dataset = gc_classes(200)
    folder, found = trained(own_workspace, dataset, settings={**QUICK, "epochs": 4})
    table = pq.read_table(folder / "predictions.parquet").to_pydict()
    asked = recipe.from_json(runs.asked(folder))
    parts = split.make(dataset, asked.split, asked.seed)
    for part in split.PARTS:
        rows = [row for row, name in enumerate(table["part"]) if name == part]
        assert [table["id"][row] for row in rows] == [dataset.ids[i] for i in parts.part(part)]
        truth = [table["truth"][row] == "class 1" for row in rows]
        score = [table["probability class 1"][row] for row in rows]
        assert found[part]["metrics"]["auroc"]["value"] == pytest.approx(oracle.roc_auc_score(truth, score))
        fresh = prediction.predict(prediction.load(folder, asked), dataset, parts.part(part))
        np.testing.assert_allclose(fresh[:, 1], score)
    events = runs.read_events(folder).events
    assert [e["state"] for e in events if e["type"] == "state"] == ["running", "finished"]
    assert json.loads((folder / "model.json").read_text())["classes"] == ["class 0", "class 1"]


def test_a_class_nine_times_as_rare_counts_three_times_as_much():
    labels = np.array([0] * 90 + [1] * 10)
    dataset = dataset_of(random_rows(100, 24), labels)
    divided = split.make(dataset)
    asked = recipe.plan(dataset, "cnn")
    weighed = tables.prepare(asked, dataset, divided)
    train_part = weighed.parts["train"]
    assert train_part.weight.mean() == pytest.approx(1)
    assert np.bincount(train_part.y.astype(int)).tolist() == [63, 7]
    assert train_part.weight[train_part.y == 1] == pytest.approx(3 * train_part.weight[train_part.y == 0][0])
    assert weighed.class_weights == tables.class_weights(dataset, divided.train)
    plain = tables.prepare(recipe.plan(dataset, "cnn", settings={"class_weights": False}), dataset, divided)
    assert set(plain.parts["train"].weight) == {1}


def test_weights_make_a_rare_class_be_found(own_workspace):
    rng = np.random.default_rng(0)
    labels = (np.arange(400) % 10 == 0).astype(int)
    rows = [rng.choice(4, 30, p=[0.2, 0.3, 0.3, 0.2] if label else [0.3, 0.2, 0.2, 0.3]) for label in labels]
    settings = {**QUICK, "epochs": 15, "learning_rate": 0.01, "batch_size": 64, "reverse_complement": "off"}
    sensitivity = {
        weighed: trained(own_workspace, dataset_of(rows, labels), settings={**settings, "class_weights": weighed})[1]["train"]["metrics"][
            "sensitivity"
        ]["value"]
        for weighed in (True, False)
    }
    assert sensitivity[True] > sensitivity[False] + 0.15


def test_the_scale_of_numbers_comes_from_train_alone():
    targets = np.arange(40, dtype=np.float32)
    dataset = dataset_of(random_rows(40, 24), targets=targets)
    y, ((mean,), (spread,)) = tables.targets(recipe.plan(dataset, "cnn"), dataset, np.arange(10))
    assert (mean, spread) == (4.5, pytest.approx(np.std(np.arange(10))))
    np.testing.assert_allclose(y * spread + mean, targets, rtol=1e-6)


def test_a_loss_that_is_no_number_ends_training_and_says_where(own_workspace, monkeypatch):
    folder = run_of(own_workspace, gc_classes(40), settings=QUICK)
    steps = Loop.run

    def diverge(loop, order, first, count, **more):
        found = steps(loop, order, first, count, **more)
        return found._replace(loss=found.loss * np.nan)

    monkeypatch.setattr(supervised.Loop, "run", diverge)
    with pytest.raises(FloatingPointError, match="in epoch 1"):
        train(folder)


def test_a_generator_may_follow_a_predictor_in_other_arithmetic(own_workspace):
    trained(own_workspace, gc_classes(60), settings={**QUICK, "epochs": 1, "precision": "bfloat16"})
    settings = {"iterations": 26, "channels": 8, "blocks": 1, "batch_size": 8, "critic_steps": 1}
    folder = trained(own_workspace, gc_classes(300), "wgan_gp", settings)[0]
    told = history.read(folder)
    assert told.setup["precision"] == "float32"
    assert [row["at"] for row in told.samples] == [25]
    assert told.scores[-1]["at"] == 26
    assert told.best["iteration"] == 26
    assert (folder / "samples.fasta").read_text().count(">") == 1000


def test_inputs_have_the_shape_that_networks_are_built_for():
    dataset = dataset_of([random_rows(1, n)[0] for n in (10, 30, 24)], [0, 1, 0])
    for name in ("cnn", "rnn", "image_cnn"):
        asked = recipe.plan(dataset, name, length=24)
        assert inputs.encode(asked, dataset, np.array([0, 2])).shape == (2, *inputs.shape(asked))
