"""A network and a baseline on the same records: the paired bootstrap against a naive loop, groups, perfect ones."""

import numpy as np
import pytest
from sklearn import metrics as oracle

from genomics import evaluation, shortcuts
from genomics.evaluation.paired import difference
from genomics.evaluation.resampling import _weights
from genomics.shortcuts import fitting
from tests.toys import dataset_of, gc_classes, random_rows
from tests.unit.test_shortcuts import thirds

ANY = ({"value": 0.5, "low": 0.4, "high": 0.6},) * 2


def two_columns(yes: np.ndarray) -> np.ndarray:
    return np.stack([1 - yes, yes], 1)


def predictors(n: int = 120, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth, and two predictors of unlike quality that err on the same records."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n)
    hard = rng.normal(0, 0.4, n)
    better, worse = (np.clip(0.5 + 0.3 * (2 * truth - 1) + hard + rng.normal(0, noise, n), 0.01, 0.99) for noise in (0.05, 0.3))
    return truth, better, worse


def test_both_are_measured_on_the_same_resamples():
    truth, better, worse = predictors()
    found = difference("binary", two_columns(better), two_columns(worse), truth, ANY)
    naive = []
    for row in np.concatenate(list(_weights(len(truth), 0, 0, None))):
        drawn = np.repeat(np.arange(len(truth)), row.astype(int))
        one, other = (oracle.matthews_corrcoef(truth[drawn], said[drawn] > 0.5) for said in (better, worse))
        naive.append(one - other)
    low, high = np.percentile(naive, [2.5, 97.5])
    value = oracle.matthews_corrcoef(truth, better > 0.5) - oracle.matthews_corrcoef(truth, worse > 0.5)
    assert found == pytest.approx({"value": value, "low": low, "high": high})
    wide = [evaluation.class_intervals(two_columns(said), truth)["mcc"] for said in (better, worse)]
    assert high - low < np.hypot(*(cell["high"] - cell["low"] for cell in wide))  # narrower than if they were independent


@pytest.mark.parametrize("task", ["multiclass", "multilabel", "regression"])
def test_the_main_metric_of_every_task(task):
    rng = np.random.default_rng(0)
    if task == "multiclass":
        truth = np.arange(90) % 3
        one, other = (np.eye(3)[np.where(rng.random(90) < right, truth, 0)] for right in (0.9, 0.5))
        value = (one.argmax(1) == truth).mean() - (other.argmax(1) == truth).mean()
    elif task == "multilabel":
        truth = rng.integers(0, 2, (90, 3))
        one, other = (truth + rng.normal(0, noise, (90, 3)) for noise in (0.5, 2))
        value = oracle.roc_auc_score(truth, one) - oracle.roc_auc_score(truth, other)
    else:
        truth = rng.normal(size=90)
        one, other = (truth[:, None] + rng.normal(0, noise, (90, 1)) for noise in (0.5, 2))
        value = np.corrcoef(truth, one[:, 0])[0, 1] - np.corrcoef(truth, other[:, 0])[0, 1]
    found = difference(task, one, other, truth, ANY)
    assert found["value"] == pytest.approx(value)
    assert 0 < found["low"] < found["value"] < found["high"]
    swapped = difference(task, other, one, truth, ANY)
    assert swapped == pytest.approx({"value": -found["value"], "low": -found["high"], "high": -found["low"]})


def test_equal_predictors_do_not_differ_and_groups_widen():
    truth, better, worse = predictors(160)
    assert difference("binary", two_columns(worse), two_columns(worse), truth, ANY) == {"value": 0, "low": 0, "high": 0}
    family = np.repeat(np.arange(20), 8)
    copies = [array[::8][family] for array in (truth, better, worse)]
    spread = [
        difference("binary", two_columns(copies[1]), two_columns(copies[2]), copies[0], ANY, groups=groups) for groups in (None, family)
    ]
    assert spread[1]["high"] - spread[1]["low"] > 1.5 * (spread[0]["high"] - spread[0]["low"])


def test_a_perfect_network_is_not_certainly_better():
    truth, _, worse = predictors(16)
    perfect = two_columns(truth * 0.8 + 0.1 + np.linspace(0, 0.05, 16))
    cells = tuple(evaluation.class_intervals(said, truth)["mcc"] for said in (perfect, two_columns(worse)))
    found = difference("binary", perfect, two_columns(worse), truth, cells)
    assert found["low"] == pytest.approx(found["value"] - np.hypot(1 - cells[0]["low"], cells[1]["high"] - cells[1]["value"]))


def test_where_one_of_them_has_no_number_there_is_no_difference():
    truth = np.arange(20.0)
    constant = np.full((20, 1), 3.0)
    found = difference("regression", truth[:, None], constant, truth, ANY)
    assert found == {"value": None, "low": None, "high": None}


def test_rows_say_how_much_a_network_differs():
    data, divided = gc_classes(300), thirds(300)
    network = np.eye(2)[data.labels[divided.test]]
    cell = evaluation.class_intervals(network, data.labels[divided.test].astype(np.int64))["mcc"]
    plain = shortcuts.measure(data, divided)
    for name, row in shortcuts.measure(data, divided, network=(network, cell)).items():
        assert row._replace(difference=None) == plain[name]
        assert row.difference["value"] == pytest.approx(1 - row.cell["value"])
        assert row.difference["low"] < row.difference["value"]


def test_a_baseline_of_some_test_records_is_compared_on_these(monkeypatch):
    monkeypatch.setattr("genomics.shortcuts.measuring._COMPARED", 40)
    data, divided, seen = gc_classes(300), thirds(300), []
    monkeypatch.setattr("genomics.shortcuts.measuring.difference", lambda *given, **also: seen.append(given))
    shortcuts.measure(data, divided, network=(divided.test[:, None].astype(float), {}))
    one, other, truth = seen[-1][1:4]
    assert len(one) == len(other) == len(truth) == 40
    assert truth.tolist() == data.labels[one[:, 0].astype(int)].tolist()


@pytest.mark.parametrize("task", ["binary", "multilabel", "regression"])
def test_baselines_have_the_intervals_of_networks_over_the_same_groups(task, monkeypatch):
    family = np.repeat(np.arange(60), 5)
    rows = random_rows(60, 40)[family]
    labels = np.random.default_rng(0).integers(0, 2, 60)[family]
    more = {"groups": family.astype(np.int32), "group_names": tuple(f"f{number}" for number in range(60))}
    if task == "binary":
        data = dataset_of(rows, labels, **more)
    elif task == "regression":
        data = dataset_of(rows, targets=np.random.default_rng(0).normal(size=60)[family], **more)
    else:
        members = np.stack([labels, np.arange(60)[family] % 2], 1).astype(np.uint8)
        data = dataset_of(rows, task="multilabel", classes=("a", "b"), members=members, **more)
    every, part = np.arange(300), family % 3
    divided = thirds(300)._replace(train=every[part == 0], validation=every[part == 1], test=every[part == 2])
    said = {}
    linear = fitting.linear
    monkeypatch.setattr(fitting, "linear", lambda d, look, *rest: said.setdefault(look.name, linear(d, look, *rest)))
    found = shortcuts.measure(data, divided)["words"].metrics
    groups, predicted = data.groups[divided.test], said["words"][0]
    if task == "binary":
        expected = evaluation.of_classes(predicted, data.labels[divided.test], data.classes, data.labels, groups=groups)
    elif task == "regression":
        truth = data.targets[divided.test].astype(float)
        expected = evaluation.of_numbers(predicted[:, 0], truth, truth, groups=groups)
    else:
        expected = evaluation.of_labels(predicted, data.members[divided.test], data.classes, data.members, groups=groups)
    assert expected.drawn == 20
    assert found == expected.metrics
