"""Statistics that no resample moves have intervals that do not claim certainty; scipy and simulated worlds as oracles."""

import numpy as np
import pytest
from scipy import stats

from genomics import evaluation, metrics
from genomics.evaluation import unmoved

TWO = ("no", "yes")


def perfect(positives: int, negatives: int) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that separate the classes, and the truth."""
    truth = np.repeat([1, 0], [positives, negatives])
    yes = np.where(truth == 1, 0.8, 0.2) + np.linspace(0, 0.1, len(truth))
    return np.stack([1 - yes, yes], 1), truth


@pytest.mark.parametrize("n", [1, 2, 8, 16, 500])
def test_the_missed_share_is_that_of_clopper_and_pearson(n):
    exact = stats.binomtest(n, n).proportion_ci(method="exact")
    assert unmoved.missed(n) == pytest.approx(1 - exact.low)


def test_a_perfect_result_on_sixteen_records_is_not_certain():
    found = evaluation.class_intervals(*perfect(8, 8))
    assert found["auroc"] == {"value": 1, "low": pytest.approx(0.025 ** (1 / 8)), "high": 1}
    share = 1 - 0.025 ** (1 / 16)  # of all records: positives that are missed, or negatives taken for positives
    right = (1 - share) / 2
    assert found["mcc"]["low"] == pytest.approx(right / (right + share))
    assert found["balanced_accuracy"]["low"] == pytest.approx((1 + right / (right + share)) / 2)
    assert found["f1"]["low"] == pytest.approx(2 * right / (2 * right + share))
    assert 0.4 < found["auprc"]["low"] < found["auroc"]["low"]
    for name in ("accuracy", "sensitivity", "specificity", "precision", "mcc", "auprc", "f1"):
        assert found[name]["value"] == found[name]["high"] == 1, name
        assert found[name]["low"] < 0.9, name


def test_average_precision_ends_where_that_share_of_the_negatives_stands_above_all_positives():
    low = evaluation.class_intervals(*perfect(100, 300))["auprc"]["low"]
    share, positives, negatives = unmoved.missed(100), 20_000, 60_000
    above = round(share * negatives)
    score = np.concatenate([np.linspace(1, 2, positives), np.full(above, 3), np.zeros(negatives - above)])
    truth = np.repeat([1, 0], [positives, negatives])
    assert low == pytest.approx(metrics.auprc(truth, score, np.ones((1, len(truth))))[0], abs=1e-3)


@pytest.mark.parametrize(("positives", "negatives"), [(1, 1), (3, 50), (50, 3), (400, 400)])
def test_more_records_are_surer_and_the_rarer_class_decides(positives, negatives):
    found = evaluation.class_intervals(*perfect(positives, negatives))
    assert found["auroc"]["low"] == pytest.approx(0.025 ** (1 / min(positives, negatives)))
    for name in ("mcc", "auprc", "f1", "balanced_accuracy"):
        assert found[name]["low"] < 1, name
    assert evaluation.class_intervals(*perfect(2 * positives, 2 * negatives))["mcc"]["low"] >= found["mcc"]["low"]


def test_groups_count_once():
    probabilities, truth = perfect(40, 40)
    family = np.repeat(np.arange(20), 4)
    assert evaluation.class_intervals(probabilities, truth, groups=family)["auroc"]["low"] == pytest.approx(0.025 ** (1 / 10))


def test_always_wrong_is_not_certain_either():
    probabilities, truth = perfect(8, 8)
    found = evaluation.class_intervals(probabilities[:, ::-1].copy(), truth)
    assert (found["auroc"]["value"], found["auroc"]["high"]) == (0, pytest.approx(1 - 0.025 ** (1 / 8)))
    assert found["mcc"]["low"] == pytest.approx(-1)
    assert found["mcc"]["high"] > -0.9


def test_several_classes():
    truth = np.arange(30) % 3
    found = evaluation.class_intervals(np.eye(3)[truth] * 0.7 + 0.1, truth)
    assert found["auroc"]["low"] == pytest.approx(0.025 ** (1 / 10))
    for name in ("mcc", "balanced_accuracy", "sensitivity", "precision", "f1", "accuracy"):
        assert 0.5 < found[name]["low"] < found[name]["value"] == 1, name


def test_a_rule_that_looks_at_nothing_is_known_exactly_and_a_network_that_answers_always_the_same_is_not():
    truth = np.arange(20) % 2
    rule = evaluation.class_intervals(np.tile([0.4, 0.6], (20, 1)), truth)
    assert rule["mcc"] == {"value": 0, "low": 0, "high": 0}
    yes = np.linspace(0.6, 0.9, 20)
    network = evaluation.class_intervals(np.stack([1 - yes, yes], 1), truth)
    assert network["mcc"]["low"] < -0.1 < network["mcc"]["value"] == 0 < 0.1 < network["mcc"]["high"]


def test_probabilities_of_zero_and_one_that_are_right_may_be_wrong_elsewhere():
    truth = np.arange(40) % 2
    found = evaluation.class_intervals(np.eye(2)[truth], truth)
    assert found["brier"] == {"value": 0, "low": 0, "high": pytest.approx(unmoved.missed(40))}
    assert found["log_loss"]["high"] > 1


@pytest.mark.parametrize("sign", [1, -1])
def test_numbers_that_agree_exactly(sign):
    truth = np.random.default_rng(0).normal(size=40)
    found = evaluation.of_numbers(sign * truth, truth, truth).metrics
    tau = 2 * 0.025 ** (1 / 20) - 1
    inner = {name: found[name]["low" if sign > 0 else "high"] * sign for name in ("pearson", "spearman")}
    assert inner["pearson"] == pytest.approx(np.sin(np.pi / 2 * tau))
    assert inner["spearman"] == pytest.approx(6 / np.pi * np.arcsin(inner["pearson"] / 2))
    assert found["pearson"]["value"] == pytest.approx(sign)
    if sign > 0:
        assert found["r2"]["low"] == pytest.approx(inner["pearson"] ** 2)
        assert found["rmse"] == {"value": 0, "low": 0, "high": pytest.approx(truth.std() * np.sqrt(1 - inner["pearson"] ** 2))}


def test_a_bound_on_perfect_order_covers_normal_numbers_of_that_correlation():
    """With Pearson at the bound, ten records in perfect order are as rare as 2.5 % at most."""
    rng, n = np.random.default_rng(0), 10
    bound = np.sin(np.pi / 2 * (2 * 0.025 ** (1 / (n // 2)) - 1))
    x = rng.normal(size=(20_000, n))
    y = bound * x + np.sqrt(1 - bound**2) * rng.normal(size=x.shape)
    assert (np.argsort(x) == np.argsort(y)).all(1).mean() < 0.025


def test_each_label_and_target_has_its_own_and_the_mean_follows():
    truth = np.stack([np.arange(20) % 2, np.arange(20) % 4 == 0], 1).astype(int)
    found = evaluation.of_labels(truth * 0.6 + 0.2 + np.linspace(0, 0.1, 20)[:, None], truth, ("a", "b"), truth)
    assert found.parts["a"]["auroc"]["low"] == pytest.approx(0.025 ** (1 / 10))
    assert found.parts["b"]["auroc"]["low"] == pytest.approx(0.025 ** (1 / 5))
    assert found.metrics["auroc"]["low"] == pytest.approx(np.mean([cells["auroc"]["low"] for cells in found.parts.values()]))
    numbers = np.random.default_rng(0).normal(size=(20, 2))
    several = evaluation.of_numbers(numbers, numbers, numbers)
    assert several.metrics["pearson"]["low"] == pytest.approx(several.parts["target 1"]["pearson"]["low"])
    assert several.metrics["pearson"]["low"] < 1


def test_what_resamples_move_keeps_its_bootstrap():
    probabilities, truth = perfect(30, 30)
    truth[5:8] = 0
    once, again = (evaluation.class_intervals(probabilities, truth)["auroc"] for _ in range(2))
    assert once == again
    literal = evaluation.intervals(lambda w: {"auroc": metrics.auroc(truth, probabilities[:, 1], w)}, 60)["auroc"]
    assert once["low"] == pytest.approx(literal["low"], abs=1e-9)
