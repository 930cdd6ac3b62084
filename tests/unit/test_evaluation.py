"""Intervals that cover the truth as often as they say, what guessing scores, and curves that can be drawn."""

import json

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as oracle

from genomics import evaluation, metrics
from genomics.evaluation import resampling

TWO = ("no", "yes")


def binary(n: int = 200, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (n, 2) that are worth something, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, n)
    yes = 1 / (1 + np.exp(-(1.5 * truth - 0.75 + rng.normal(0, 1, n))))
    return np.stack([1 - yes, yes], 1), truth


def test_the_bootstrap_measures_records_that_are_drawn_again():
    probabilities, truth = binary(50)
    seen: list[np.ndarray] = []

    def measure(weights: np.ndarray) -> dict[str, np.ndarray]:
        seen.append(weights)
        return {"auroc": metrics.auroc(truth, probabilities[:, 1], weights)}

    found = evaluation.intervals(measure, 50, seed=3, resamples=200)
    plain, *rest = seen
    np.testing.assert_array_equal(plain, np.ones((1, 50)))
    weights = np.concatenate(rest)
    assert weights.shape == (200, 50)
    assert (weights.sum(1) == 50).all()
    literally = []
    for row in weights:
        picked = np.repeat(np.arange(50), row.astype(int))
        literally.append(oracle.roc_auc_score(truth[picked], probabilities[picked, 1]))
    low, high = np.percentile(literally, [2.5, 97.5])
    assert found["auroc"] == pytest.approx({"value": oracle.roc_auc_score(truth, probabilities[:, 1]), "low": low, "high": high})


def test_resamples_are_drawn_by_seed_and_do_not_depend_on_how_many_are_held_at_once(monkeypatch):
    probabilities, truth = binary(40)

    def auroc(weights: np.ndarray) -> dict[str, np.ndarray]:
        return {"auroc": metrics.auroc(truth, probabilities[:, 1], weights)}

    one = evaluation.intervals(auroc, 40, seed=1)
    monkeypatch.setattr(resampling, "_AT_ONCE", 4_000)
    assert evaluation.intervals(auroc, 40, seed=1) == one
    assert evaluation.intervals(auroc, 40, seed=2) != one


@pytest.mark.parametrize("n", [3, 10, 300])
def test_an_interval_holds_its_value(n):
    probabilities, truth = binary(n, seed=n)
    for found in evaluation.of_classes(probabilities, truth, TWO, truth).metrics.values():
        if found["value"] is not None:
            assert found["low"] <= found["value"] <= found["high"]


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    repeats, n, rho, apart = 200, 150, 0.6, 1.2
    truth = {"accuracy": 0.8, "auroc": stats.norm.cdf(apart / np.sqrt(2)), "pearson": rho}
    covered = dict.fromkeys(truth, 0)
    rng = np.random.default_rng(0)
    once = np.ones(n, np.int64)
    for seed in range(repeats):
        right = (rng.random(n) < truth["accuracy"]).astype(np.int64)
        label = np.arange(n) % 2
        score = rng.normal(0, 1, n) + apart * label
        x = rng.normal(0, 1, n)
        y = rho * x + np.sqrt(1 - rho**2) * rng.normal(0, 1, n)

        def measure(w, right=right, label=label, score=score, x=x, y=y):
            return {
                "accuracy": metrics.from_confusion(metrics.confusion(once, right, 2, w))["accuracy"],
                "auroc": metrics.auroc(label, score, w),
                "pearson": metrics.for_numbers(x, y, w)["pearson"],
            }

        found = evaluation.intervals(measure, n, seed=seed, resamples=300)
        for name, value in truth.items():
            covered[name] += found[name]["low"] <= value <= found[name]["high"]
    for name, times in covered.items():  # of 200 at 95 %: 190, give or take 3; the percentile bootstrap is a little short
        assert 0.90 <= times / repeats <= 0.99, name


def test_guessing_the_commonest_class_is_the_baseline():
    probabilities, truth = binary(100)
    truth = np.where(np.arange(100) < 70, 0, 1)
    train = np.array([0] * 80 + [1] * 20)
    found = evaluation.of_classes(probabilities, truth, TWO, train).baseline
    assert found["accuracy"]["value"] == pytest.approx(0.7)
    assert (found["balanced_accuracy"]["value"], found["auroc"]["value"], found["mcc"]["value"]) == (0.5, 0.5, 0)
    assert (found["sensitivity"]["value"], found["specificity"]["value"]) == (0, 1)
    assert found["log_loss"]["value"] == pytest.approx(-(0.7 * np.log(0.8) + 0.3 * np.log(0.2)))
    assert found["brier"]["value"] == pytest.approx(0.7 * 0.2**2 + 0.3 * 0.8**2)
    assert found["accuracy"]["low"] < 0.7 < found["accuracy"]["high"]


def test_guessing_the_mean_is_the_baseline_of_numbers():
    truth, train = np.array([1.0, 2, 3, 4]), np.array([2.0, 4])
    found = evaluation.of_numbers(truth + 0.1, truth, train).baseline
    assert found["pearson"] == {"value": None, "low": None, "high": None}
    assert found["mae"]["value"] == 1.0
    assert found["r2"]["value"] == pytest.approx(oracle.r2_score(truth, np.full(4, 3.0)))


def test_a_class_that_is_missing_gives_no_number_and_no_curve():
    probabilities, truth = binary(30)
    found = evaluation.of_classes(probabilities, np.zeros_like(truth), TWO, truth)
    nothing = {"value": None, "low": None, "high": None}
    assert found.metrics["auroc"] == found.metrics["sensitivity"] == found.metrics["balanced_accuracy"] == nothing
    assert found.metrics["accuracy"]["value"] is not None
    assert found.curves == {}


def test_several_classes_are_averaged_and_each_has_its_curve():
    rng = np.random.default_rng(0)
    truth = np.arange(90) % 3
    probabilities = rng.dirichlet(np.ones(3), 90) * 0.6 + 0.4 * np.eye(3)[truth]
    found = evaluation.of_classes(probabilities, truth, ("a", "b", "c"), truth)
    assert found.metrics["auroc"]["value"] == pytest.approx(oracle.roc_auc_score(truth, probabilities, multi_class="ovr", average="macro"))
    each = [oracle.average_precision_score(truth == number, probabilities[:, number]) for number in range(3)]
    assert found.metrics["auprc"]["value"] == pytest.approx(np.mean(each))
    assert found.confusion == oracle.confusion_matrix(truth, probabilities.argmax(1)).tolist()
    assert list(found.curves) == ["a", "b", "c"]


def test_curves_are_thinned_and_keep_their_ends_and_their_area():
    probabilities, truth = binary(5000)
    found = evaluation.of_classes(probabilities, truth, TWO, truth)
    assert list(found.curves) == ["yes"]
    curve = found.curves["yes"]
    x, y = curve["false_positive_rate"], curve["true_positive_rate"]
    assert len({len(values) for values in curve.values()}) == 1
    assert len(x) == 400
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    assert np.trapezoid(y, x) == pytest.approx(found.metrics["auroc"]["value"], abs=0.002)


def test_reliability_tells_how_sure_and_how_right_by_bin():
    probabilities = np.array([[0.05, 0.95]] * 4 + [[0.38, 0.62]] * 2)
    truth = np.array([1, 1, 1, 0, 1, 0])
    found = evaluation.of_classes(probabilities, truth, TWO, truth).reliability
    assert found["records"] == [0, 0, 0, 0, 0, 0, 2, 0, 0, 4]
    assert (found["confidence"][6], found["accuracy"][6]) == (pytest.approx(0.62), 0.5)
    assert (found["confidence"][9], found["accuracy"][9]) == (pytest.approx(0.95), 0.75)
    assert found["confidence"][0] is None


def test_a_scatter_plot_gets_no_more_than_it_can_show_in_pairs():
    truth = np.random.default_rng(0).normal(size=3000)
    found = evaluation.of_numbers(truth * 2, truth, truth)
    assert len(found.scatter["truth"]) == 2000
    np.testing.assert_allclose(found.scatter["predicted"], 2 * np.array(found.scatter["truth"]))


def test_an_evaluation_survives_json():
    probabilities, truth = binary(30)
    known, said, labels = several_labels(30)
    for found in (
        evaluation.of_classes(probabilities, truth, TWO, truth),
        evaluation.of_numbers(probabilities[:, 1], truth, truth),
        evaluation.of_numbers(said, known.astype(float), known.astype(float), names=labels),
        evaluation.of_labels(said, known, labels, known),
    ):
        assert evaluation.from_json(json.loads(json.dumps(evaluation.to_json(found), allow_nan=False))) == found


def test_a_share_of_all_or_none_has_an_interval_all_the_same():
    truth = np.array([0] * 10 + [1] * 10)
    sure = np.eye(2)[truth]

    found = evaluation.of_classes(sure, truth, ("no", "yes"), truth).metrics

    assert found["accuracy"] == {"value": 1, "low": pytest.approx(stats.binomtest(20, 20).proportion_ci(method="exact").low), "high": 1}
    assert found["sensitivity"]["low"] == pytest.approx(stats.binomtest(10, 10).proportion_ci(method="wilson").low, abs=0.03)


def test_one_answer_a_record_is_kept_as_it_always_was():
    probabilities, truth = binary(30)
    for found in (evaluation.of_classes(probabilities, truth, TWO, truth), evaluation.of_numbers(probabilities[:, 1], truth, truth)):
        kept = evaluation.to_json(found)
        assert list(kept) == ["records", "metrics", "baseline", "confusion", "curves", "reliability", "scatter"]
        assert evaluation.from_json(kept | {"of a later version": 1}) == found


def several_labels(n: int = 200, seed: int = 0) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Members (n, 3), probabilities that are worth something for the first two, and names."""
    rng = np.random.default_rng(seed)
    truth = (rng.random((n, 3)) < [0.5, 0.2, 0.4]).astype(np.uint8)
    worth = np.array([2.0, 1.0, 0.0])
    return truth, 1 / (1 + np.exp(-(worth * (2.0 * truth - 1) + rng.normal(0, 1, (n, 3))))), ("a", "b", "c")


def test_several_labels_are_measured_one_by_one_and_on_average_as_scikit_learn_does():
    truth, said, labels = several_labels()
    found = evaluation.of_labels(said, truth, labels, truth)
    for number, label in enumerate(labels):
        true, sure = truth[:, number], said[:, number]
        expected = {
            "auroc": oracle.roc_auc_score(true, sure),
            "auprc": oracle.average_precision_score(true, sure),
            "f1": oracle.f1_score(true, sure > 0.5),
            "accuracy": oracle.accuracy_score(true, sure > 0.5),
            "log_loss": oracle.log_loss(true, sure),
            "brier": oracle.brier_score_loss(true, sure),
        }
        assert {name: cell["value"] for name, cell in found.parts[label].items()} == pytest.approx(expected)
        assert all(cell["low"] < cell["value"] < cell["high"] for cell in found.parts[label].values())
    for name in found.parts["a"]:
        assert found.metrics[name]["value"] == pytest.approx(np.mean([cells[name]["value"] for cells in found.parts.values()]))
    assert found.metrics["subset_accuracy"]["value"] == pytest.approx(oracle.accuracy_score(truth, said > 0.5))
    assert found.positives == dict(zip(labels, truth.sum(0).tolist(), strict=True))
    assert list(found.curves) == list(labels)
    inside = (said >= 0.2) & (said < 0.3)
    assert (found.reliability["records"][2], found.reliability["accuracy"][2]) == (inside.sum(), pytest.approx(truth[inside].mean()))


def test_a_label_that_no_test_record_has_is_left_out_of_the_means():
    truth, said, labels = several_labels()
    truth[:, 1] = 0
    found = evaluation.of_labels(said, truth, labels, truth)
    nothing = {"value": None, "low": None, "high": None}
    assert found.parts["b"]["auroc"] == found.parts["b"]["auprc"] == nothing
    assert found.parts["b"]["accuracy"]["value"] is not None
    expected = np.mean([oracle.roc_auc_score(truth[:, number], said[:, number]) for number in (0, 2)])
    assert found.metrics["auroc"]["value"] == pytest.approx(expected)
    assert list(found.curves) == ["a", "c"]


def test_guessing_how_common_a_label_is_is_the_baseline():
    truth, said, labels = several_labels()
    train = np.array([[1, 0, 1]] * 3 + [[1, 0, 0]] * 2)
    found = evaluation.of_labels(said, truth, labels, train)
    assert found.baseline["auroc"]["value"] == 0.5
    assert found.guesses["b"]["auprc"] == pytest.approx(truth[:, 1].mean())
    assert [found.guesses[label]["accuracy"] for label in labels] == pytest.approx(
        [truth[:, 0].mean(), 1 - truth[:, 1].mean(), truth[:, 2].mean()]
    )
    assert found.baseline["subset_accuracy"]["value"] == pytest.approx((truth == [1, 0, 1]).all(1).mean())


def test_several_targets_are_measured_one_by_one_and_on_average():
    rng = np.random.default_rng(0)
    truth = rng.normal(size=(80, 2)) * [1, 100]
    said = truth + rng.normal(size=(80, 2)) * [0.5, 100]
    found = evaluation.of_numbers(said, truth, truth, names=("x", "y"))
    for number, name in enumerate(("x", "y")):
        alone = evaluation.of_numbers(said[:, number], truth[:, number], truth[:, number])
        assert all(found.parts[name][metric] == pytest.approx(cell) for metric, cell in alone.metrics.items())
        assert found.guesses[name] == pytest.approx({metric: cell["value"] for metric, cell in alone.baseline.items()})
        assert found.scatters[name] == alone.scatter
    assert found.metrics["pearson"]["value"] == pytest.approx(np.mean([found.parts[name]["pearson"]["value"] for name in "xy"]))
    assert list(evaluation.of_numbers(said, truth, truth).parts) == ["target 1", "target 2"]


def test_whole_groups_are_drawn_where_there_are_enough():
    groups = np.repeat(np.arange(20), 5)
    lots = np.concatenate(list(resampling._weights(100, 0, 300, groups)))
    assert lots.shape == (300, 100)
    by_group = lots.reshape(300, 20, 5)
    assert (by_group == by_group[:, :, :1]).all()
    assert (by_group[:, :, 0].sum(1) == 20).all()
    assert [resampling.drawn_over(which) for which in (None, groups, np.arange(100) % 7, np.arange(100))] == [0, 20, 0, 0]


def test_records_of_a_group_that_are_alike_make_intervals_wider():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(30), 20)
    truth = np.tile([0, 1], 300)
    right = np.repeat(rng.random(30) < 0.7, 20)
    sure = np.where(right, truth, 1 - truth) * 0.8 + 0.1
    probabilities = np.stack([1 - sure, sure], 1)
    by_record, by_group = (evaluation.of_classes(probabilities, truth, TWO, truth, groups=which) for which in (None, groups))
    records, whole = (found.metrics["accuracy"]["high"] - found.metrics["accuracy"]["low"] for found in (by_record, by_group))
    assert by_group.metrics["accuracy"]["value"] == by_record.metrics["accuracy"]["value"]
    assert 3 < whole / records < 6  # the square root of 20 is 4.5
    assert (by_record.drawn, by_group.drawn) == (0, 30)


def test_a_perfect_share_over_groups_is_as_sure_as_so_many_groups():
    truth = np.tile([0, 1], 50)
    found = evaluation.of_classes(np.eye(2)[truth], truth, TWO, truth, groups=np.repeat(np.arange(10), 10)).metrics
    assert found["accuracy"]["low"] == pytest.approx(stats.binomtest(10, 10).proportion_ci(method="exact").low)


def test_many_records_are_measured_quickly_and_exactly():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 12_000)
    score = truth + rng.normal(0, 1, 12_000)
    sure = 1 / (1 + np.exp(-score))
    found = evaluation.of_classes(np.stack([1 - sure, sure], 1), truth, TWO, truth).metrics
    assert found["auroc"]["value"] == pytest.approx(oracle.roc_auc_score(truth, score), abs=1e-12)
    assert found["auprc"]["value"] == pytest.approx(oracle.average_precision_score(truth, score), abs=1e-12)
