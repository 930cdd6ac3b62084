"""Every metric against scikit-learn or SciPy, plain, weighted, and on records that are literally drawn again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics as oracle

from genomics import metrics

CLASSES = (2, 3, 5)


def draw(seed: int, classes: int, n: int = 60, resamples: int = 4):
    """Truth with every class, probabilities with ties, whole-number weights; the first row is ones."""
    rng = np.random.default_rng(seed)
    truth = np.concatenate([np.arange(classes), rng.integers(0, classes, n - classes)])
    probabilities = np.round(rng.dirichlet(np.ones(classes), n) + np.eye(classes)[truth] * 0.4, 1) + 0.01
    probabilities /= probabilities.sum(1, keepdims=True)
    weights = rng.multinomial(n, np.full(n, 1 / n), resamples).astype(float)
    weights[:, :classes] += 1  # no class is missing
    weights[0] = 1
    return truth, probabilities, weights


def again(weights: np.ndarray, *arrays: np.ndarray) -> list[np.ndarray]:
    """The records of one resample, each as often as it was drawn."""
    return [np.repeat(array, weights.astype(int), axis=0) for array in arrays]


def specificity(truth, predicted, classes, weights):
    """One class against the rest, by hand."""
    found = []
    for number in [1] if classes == 2 else range(classes):
        others = truth != number
        found.append((weights * others * (predicted != number)).sum() / (weights * others).sum())
    return np.mean(found)


@pytest.mark.parametrize("classes", CLASSES)
@pytest.mark.parametrize("seed", range(3))
def test_what_follows_from_a_confusion_table_is_what_scikit_learn_says(classes, seed):
    truth, probabilities, weights = draw(seed, classes)
    predicted = probabilities.argmax(1)
    found = metrics.from_confusion(metrics.confusion(truth, predicted, classes, weights))
    how = {"average": "binary"} if classes == 2 else {"average": "macro", "labels": range(classes)}
    for row, w in enumerate(weights):
        expected = {
            "accuracy": oracle.accuracy_score(truth, predicted, sample_weight=w),
            "balanced_accuracy": oracle.balanced_accuracy_score(truth, predicted, sample_weight=w),
            "mcc": oracle.matthews_corrcoef(truth, predicted, sample_weight=w),
            "sensitivity": oracle.recall_score(truth, predicted, sample_weight=w, zero_division=0, **how),
            "specificity": specificity(truth, predicted, classes, w),
            "precision": oracle.precision_score(truth, predicted, sample_weight=w, zero_division=0, **how),
            "f1": oracle.f1_score(truth, predicted, sample_weight=w, zero_division=0, **how),
        }
        assert {name: values[row] for name, values in found.items()} == pytest.approx(expected)


@pytest.mark.parametrize("classes", CLASSES)
def test_a_confusion_table_counts_true_by_predicted(classes):
    truth, probabilities, weights = draw(7, classes)
    predicted = probabilities.argmax(1)
    tables = metrics.confusion(truth, predicted, classes, weights)
    for w, table in zip(weights, tables, strict=True):
        np.testing.assert_array_equal(table, oracle.confusion_matrix(truth, predicted, labels=range(classes), sample_weight=w))


@given(seed=st.integers(0, 10_000), different=st.integers(1, 40))
def test_areas_are_what_scikit_learn_says_however_many_scores_are_tied(seed, different):
    rng = np.random.default_rng(seed)
    truth = np.concatenate([[0, 1], rng.integers(0, 2, 48)])
    score = rng.integers(0, different, 50) / different
    weights = rng.integers(0, 4, (3, 50)).astype(float)
    weights[:, :2] = 1
    for row, w in enumerate(weights):
        assert metrics.auroc(truth, score, weights)[row] == pytest.approx(oracle.roc_auc_score(truth, score, sample_weight=w))
        assert metrics.auprc(truth, score, weights)[row] == pytest.approx(oracle.average_precision_score(truth, score, sample_weight=w))


def test_scores_that_are_all_equal_are_worth_a_coin():
    truth, once = np.array([0, 1, 1, 0, 1]), np.ones((1, 5))
    assert metrics.auroc(truth, np.full(5, 0.3), once)[0] == 0.5
    assert metrics.auprc(truth, np.full(5, 0.3), once)[0] == pytest.approx(0.6)


@pytest.mark.parametrize("classes", CLASSES)
def test_what_looks_at_probabilities_is_what_scikit_learn_says(classes):
    truth, probabilities, weights = draw(3, classes)
    for row, w in enumerate(weights):
        assert metrics.log_loss(truth, probabilities, weights)[row] == pytest.approx(oracle.log_loss(truth, probabilities, sample_weight=w))
        expected = (
            oracle.brier_score_loss(truth, probabilities[:, 1], sample_weight=w)
            if classes == 2
            else oracle.brier_score_loss(truth, probabilities, sample_weight=w, scale_by_half=False)
        )
        assert metrics.brier(truth, probabilities, weights)[row] == pytest.approx(expected)


@pytest.mark.parametrize("classes", CLASSES)
def test_calibration_error_is_the_mean_distance_over_ten_bins(classes):
    truth, probabilities, weights = draw(4, classes)
    for row, w in enumerate(weights):
        t, p = again(w, truth, probabilities)
        sure, right = p.max(1), p.argmax(1) == t
        distance = 0.0
        for number in range(10):
            inside = (sure >= number / 10) & ((sure < (number + 1) / 10) | (number == 9))
            if inside.any():
                distance += inside.mean() * abs(sure[inside].mean() - right[inside].mean())
        assert metrics.expected_calibration_error(truth, probabilities, weights)[row] == pytest.approx(distance)


def test_a_network_that_is_always_sure_and_right_is_calibrated():
    truth = np.array([0, 1, 1])
    assert metrics.expected_calibration_error(truth, np.eye(2)[truth], np.ones((1, 3)))[0] == 0


@given(seed=st.integers(0, 10_000), digits=st.integers(0, 3))
def test_numbers_are_measured_as_scipy_does_on_the_records_drawn_again(seed, digits):
    rng = np.random.default_rng(seed)
    truth = np.round(rng.normal(5, 2, 40), digits)
    predicted = np.round(truth + rng.normal(0, 1, 40), digits)
    weights = rng.multinomial(40, np.full(40, 1 / 40), 3).astype(float)
    weights[0] = 1
    found = metrics.for_numbers(truth, predicted, weights)
    for row, w in enumerate(weights):
        t, p = again(w, truth, predicted)
        expected = {
            "pearson": stats.pearsonr(t, p).statistic,
            "spearman": stats.spearmanr(t, p).statistic,
            "r2": oracle.r2_score(t, p),
            "rmse": oracle.root_mean_squared_error(t, p),
            "mae": oracle.mean_absolute_error(t, p),
        }
        assert {name: values[row] for name, values in found.items()} == pytest.approx(expected)


def test_numbers_far_from_zero_lose_no_accuracy():
    rng = np.random.default_rng(0)
    near = rng.normal(0, 0.1, 500)
    guess = near + rng.normal(0, 0.05, 500)
    here, far = (metrics.for_numbers(near + shift, guess + shift, np.ones((1, 500))) for shift in (0.0, 2.0**24))
    for name in here:
        assert far[name][0] == pytest.approx(here[name][0], rel=1e-4)


@pytest.mark.parametrize("constant", [0.1, 1 / 3, -7.7, 0.0])
def test_what_does_not_vary_has_no_correlation(constant):
    values, once = np.random.default_rng(0).normal(size=30), np.ones((1, 30))
    for truth, predicted in ((values, np.full(30, constant)), (np.full(30, constant), values)):
        found = metrics.for_numbers(truth, predicted, once)
        assert np.isnan(found["pearson"][0])
        assert np.isnan(found["spearman"][0])
        assert np.isfinite(found["rmse"][0])
    assert np.isnan(found["r2"][0])


def test_a_class_that_is_missing_from_a_resample_gives_no_number():
    truth, score = np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])
    weights = np.array([[1.0, 1, 1, 1], [2, 2, 0, 0], [0, 0, 3, 1]])
    assert np.isnan(metrics.auroc(truth, score, weights)).tolist() == [False, True, True]
    assert np.isnan(metrics.auprc(truth, score, weights)).tolist() == [False, True, False]
    found = metrics.from_confusion(metrics.confusion(truth, (score > 0.3).astype(int), 2, weights))
    assert np.isnan(found["balanced_accuracy"]).tolist() == [False, True, True]
    assert np.isnan(found["sensitivity"]).tolist() == [False, True, False]
    assert np.isnan(found["specificity"]).tolist() == [False, False, True]
    assert np.isfinite(found["accuracy"]).all()


def test_guessing_one_class_has_no_correlation_and_no_precision():
    found = metrics.from_confusion(np.array([[[3.0, 0], [5, 0]]]))
    assert (found["mcc"][0], found["precision"][0], found["f1"][0]) == (0, 0, 0)


@given(seed=st.integers(0, 10_000), different=st.integers(1, 30))
def test_curves_go_from_corner_to_corner_and_enclose_the_area(seed, different):
    rng = np.random.default_rng(seed)
    truth = np.concatenate([[0, 1], rng.integers(0, 2, 38)])
    score = rng.integers(0, different, 40) / different
    found = metrics.curves(truth, score)
    x, y = found["false_positive_rate"], found["true_positive_rate"]
    assert (x[0], y[0], x[-1], y[-1], found["precision"][0]) == (0, 0, 1, 1, 1)
    assert np.trapezoid(y, x) == pytest.approx(metrics.auroc(truth, score, np.ones((1, 40)))[0])
    assert (np.diff(y) * found["precision"][1:]).sum() == pytest.approx(metrics.auprc(truth, score, np.ones((1, 40)))[0])
    precision, recall, _ = oracle.precision_recall_curve(truth, score)
    np.testing.assert_allclose(found["precision"][1:], precision[:-1][::-1])
    np.testing.assert_allclose(y[1:], recall[:-1][::-1])


@pytest.mark.parametrize("positives", [40, 30_000])
def test_coarse_scores_change_no_area_beyond_what_can_be_seen(positives):
    rng = np.random.default_rng(0)
    truth = (np.arange(60_000) < positives).astype(np.int64)
    score = np.round(truth + rng.normal(0, 1, 60_000), 5)
    fine, coarse = (metrics.areas(truth, given, np.ones((1, 60_000))) for given in (score, metrics.coarse(score, truth)))
    for name in fine:
        assert coarse[name][0] == pytest.approx(fine[name][0], abs=1e-12 if positives == 40 else 5e-4)


def test_coarse_numbers_have_the_same_rank_correlation():
    rng = np.random.default_rng(0)
    truth = rng.normal(size=30_000)
    said = np.round(truth + rng.normal(size=30_000), 1)
    weights = np.ones((1, 30_000))
    fine = metrics.for_numbers(truth, said, weights)
    quick = metrics.for_numbers(truth, said, weights, ranked=(metrics.coarse(truth), metrics.coarse(said)))
    assert quick["spearman"][0] == pytest.approx(fine["spearman"][0], abs=1e-4)
    assert {name: quick[name][0] for name in quick if name != "spearman"} == {name: fine[name][0] for name in fine if name != "spearman"}
    few = rng.integers(0, 50, 300).astype(float)
    assert metrics.for_numbers(few, few**2, weights[:, :300], ranked=(metrics.coarse(few),) * 2)["spearman"][0] == pytest.approx(1)


def test_one_label_is_measured_as_scikit_learn_does_on_records_drawn_again():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 50)
    said = rng.uniform(0.05, 0.95, 50)
    weights = rng.integers(0, 3, (4, 50)).astype(float)
    found = metrics.for_label(truth, said, weights)
    for row, w in enumerate(weights):
        assert {name: values[row] for name, values in found.items()} == pytest.approx(
            {
                "f1": oracle.f1_score(truth, said > 0.5, sample_weight=w),
                "accuracy": oracle.accuracy_score(truth, said > 0.5, sample_weight=w),
                "log_loss": oracle.log_loss(truth, said, sample_weight=w),
                "brier": oracle.brier_score_loss(truth, said, sample_weight=w),
            }
        )
