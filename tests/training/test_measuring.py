"""What is measured at the end of an epoch, against scikit-learn and SciPy; and what early stopping makes of it."""

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as oracle
from toys import dataset_of, random_rows

from genomics.fit import Fit
from genomics.sequences import Layout
from genomics.training import measuring, progress, watching

RNG = np.random.default_rng(0)


def measure(task, y, outputs, **settings):
    return measuring.measure(task, Fit(**settings), y, np.asarray(outputs, np.float32))


def test_two_classes():
    y, outputs = RNG.integers(0, 2, 80).astype(np.float32), RNG.normal(0, 1, (80, 1))
    found, said = measure("binary", y, outputs), outputs[:, 0] > 0
    assert list(found) == measuring.names("binary")
    assert found["auroc"] == pytest.approx(oracle.roc_auc_score(y, outputs))
    assert found["auprc"] == pytest.approx(oracle.average_precision_score(y, outputs))
    assert found["mcc"] == pytest.approx(oracle.matthews_corrcoef(y, said))
    assert found["balanced_accuracy"] == pytest.approx(oracle.balanced_accuracy_score(y, said))
    lean = measuring.leaning("binary", y, np.full((80, 1), 3, np.float32))
    assert lean == {"val_share": 1.0, "val_common": max(y.mean(), 1 - y.mean())}


def test_more_classes():
    y, outputs = RNG.integers(0, 3, 80).astype(np.int32), RNG.normal(0, 1, (80, 3))
    found = measure("multiclass", y, outputs)
    assert found["accuracy"] == pytest.approx((outputs.argmax(1) == y).mean())
    shares = measuring.probabilities("multiclass", outputs)
    assert found["auroc"] == pytest.approx(oracle.roc_auc_score(y, shares, multi_class="ovr"))


def test_labels_that_cannot_be_measured_are_left_out_of_the_mean():
    y, outputs = RNG.integers(0, 2, (80, 3)).astype(np.uint8), RNG.normal(0, 1, (80, 3))
    assert measure("multilabel", y, outputs)["auroc"] == pytest.approx(oracle.roc_auc_score(y, outputs, average="macro"))
    y[:, 1] = 0
    assert measure("multilabel", y, outputs)["auroc"] == pytest.approx(oracle.roc_auc_score(y[:, [0, 2]], outputs[:, [0, 2]]))
    assert np.isnan(measure("multilabel", 0 * y, outputs)["auprc"])
    assert measuring.leaning("multilabel", y, outputs) == {}


def test_numbers_and_rates():
    y, outputs = RNG.normal(0, 1, (80, 2)), RNG.normal(0, 1, (80, 2)).astype(np.float32)
    found = measure("regression", y.astype(np.float32), outputs)
    assert found["spearman"] == pytest.approx(np.mean([stats.spearmanr(y[:, t], outputs[:, t]).statistic for t in (0, 1)]))
    assert found["r2"] == pytest.approx(oracle.r2_score(y, outputs), rel=1e-4)
    counts = RNG.poisson(4, 80).astype(np.float32)
    said = measure("regression", counts, outputs[:, :1], loss="poisson")
    assert said["pearson"] == pytest.approx(np.corrcoef(counts, np.exp(outputs[:, 0]))[0, 1], rel=1e-4)


def closed(fit, values, metric="loss"):
    """States after each of some epochs."""
    state, seen = progress.fresh(fit), []
    for value in values:
        improved = progress.close(state, fit, {"loss": 0.0} | {metric: value})
        seen.append(state | {"improved": improved, "over": progress.over(state, fit), "evolves": progress.evolves(state, fit)})
    return seen


def test_the_lowest_loss_or_the_highest_metric_is_best():
    assert [s["best_epoch"] for s in closed(Fit(), [3, 2, 2.5, 2 - 1e-5, 1])] == [1, 2, 2, 2, 5]
    assert [s["best_epoch"] for s in closed(Fit(monitor="mcc"), [0.1, float("nan"), 0.3, 0.2], "mcc")] == [1, 1, 3, 3]
    assert [s["best_epoch"] for s in closed(Fit(monitor="mcc"), [float("nan"), -0.5], "mcc")] == [1, 2]


def test_patience_ends_it_and_a_plateau_halves_the_rate():
    seen = closed(Fit(patience=3, epochs=50), [1, 1, 0.5, 1, 1, 1])
    assert [s["over"] for s in seen] == [False] * 5 + [True]
    assert not any(s["over"] for s in closed(Fit(patience=0, epochs=50), [1] * 20))
    seen = closed(Fit(schedule="plateau", patience=9, epochs=50), [1, *[1] * 7, 0.5, 1])
    assert [s["halved"] for s in seen] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 2]


def test_the_last_fifth_is_trained_on_unchanged_sequences():
    seen = closed(Fit(evoaug=True, epochs=10, patience=0), range(10, 0, -1))
    assert [s["evolves"] for s in seen] == [True] * 7 + [False] * 3
    assert progress.evolves(progress.fresh(Fit(evoaug=True)), Fit(evoaug=True))
    assert not progress.evolves(progress.fresh(Fit()), Fit())


def test_when_patience_first_ends_sequences_are_left_unchanged_and_it_waits_once_more():
    seen = closed(Fit(evoaug=True, epochs=100, patience=2), [1, 1, 1, 1, 0.5, 1, 1])
    assert [(s["evolves"], s["over"]) for s in seen] == [(True, False)] * 2 + [(False, False)] * 4 + [(False, True)]


def test_more_epochs_give_new_patience():
    fit = Fit(patience=2, epochs=5)
    state = closed(fit, [1, 1, 1])[-1]
    assert progress.over(progress.restored(state, fit), fit)
    longer = Fit(patience=2, epochs=8)
    assert not progress.over(progress.restored(state, longer), longer)


def test_watched_sequences_are_shown_round_the_most_informative_position():
    rows = random_rows(400, 600)
    labels = np.arange(400) % 2
    noise, layout = dataset_of(rows.copy(), labels), Layout(600, "left")
    assert watching.focus(noise, np.arange(400), layout) == 0
    rows[labels == 1, 400:403] = (0, 3, 2)  # a start codon
    dataset = dataset_of(rows, labels)
    focus = watching.focus(dataset, np.arange(400), layout)
    assert abs(focus - 401) <= 3
    (told,) = watching.records(dataset, np.array([1]), layout, focus)
    assert told["sequence"] == dataset.sequence(1)[told["start"] :][: len(told["sequence"])]
    assert "ATG" in told["sequence"][told["focus"] - 6 : told["focus"] + 6]
    short = Layout(300, "right")  # what is read begins at position 300
    assert abs(watching.focus(dataset, np.arange(400), short) - 101) <= 3
    assert watching.records(dataset, np.array([1]), short)[0]["sequence"] == dataset.sequence(1)[300:540]


def test_watched_records_come_from_all_classes_or_from_low_to_high():
    labels = np.array([0] * 90 + [1] * 7 + [2] * 3)
    dataset = dataset_of(random_rows(100, 80), labels)
    rows = watching.choose(dataset, np.arange(100))
    assert sorted(labels[rows].tolist()) == [0, 0, 0, 1, 1, 1, 2, 2]
    np.testing.assert_array_equal(rows, watching.choose(dataset, np.arange(100)))
    told = watching.records(dataset, rows[:1], Layout(80, "left"))
    assert told == [{"id": f"s{rows[0]}", "truth": "class 0", "sequence": dataset.sequence(rows[0]), "start": 0, "focus": 0}]
    numbers = dataset_of(random_rows(100, 80), targets=np.arange(100)[::-1])
    targets = numbers.targets[watching.choose(numbers, np.arange(100))]
    assert (targets[0], targets[-1], len(targets)) == (0, 99, 8)
    assert (np.diff(targets) > 0).all()
    assert len(watching.choose(numbers, np.arange(3))) == 3


def test_what_it_says_is_probabilities_or_numbers_in_their_own_unit():
    outputs = np.array([[0.0, 1.0], [2.0, -1.0]], np.float32)
    scale = ((10.0, 100.0), (2.0, 5.0))
    assert watching.said("regression", Fit(), outputs, scale) == [[10.0, 105.0], [14.0, 95.0]]
    assert watching.said("regression", Fit(), outputs[:, :1], ((10.0,), (2.0,))) == [10.0, 14.0]
    assert watching.said("regression", Fit(loss="poisson"), outputs[:1, :1], ((0.0,), (1.0,))) == [1.0]
    assert watching.said("binary", Fit(), outputs[:1, :1], scale) == [[0.5, 0.5]]
    assert watching.said("multilabel", Fit(), outputs[:1], scale)[0] == [0.5, pytest.approx(0.7311, abs=1e-4)]
