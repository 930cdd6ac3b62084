"""Sentences about numbers: each branch, on exact toys."""

import numpy as np
import pytest
from toys import dataset_of, random_rows

from genomics import verdict, words
from genomics.history import History


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"), (float("nan"), "-"), (float("inf"), "-"), (0, "0"), (0.123456, "0.123"), (1, "1"), (12.345, "12.3"),
        (999.4, "999"), (999.7, "1,000"), (-999.7, "-1,000"), (1234567.8, "1,234,568"), (-0.5, "-0.5"),
    ],
)  # fmt: skip
def test_numbers_have_three_digits_and_thousands_apart(value, text):
    assert words.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.8766, "87.7 %"), (1, "100 %"), (0, "0 %"), (None, "-"), (-0.5, "-50 %"), (0.0004, "0.04 %")]
)
def test_percentages_have_a_sign_and_a_blank(value, text):
    assert words.number(value, percent=True) == text


@pytest.mark.parametrize(
    ("title", "inside"),
    [
        ("GC only", "GC only"),
        ("Nearest neighbour", "nearest neighbour"),
        ("4-mers", "4-mers"),
        ("AUROC", "AUROC"),
        ("Pearson", "Pearson"),
        ("", ""),
    ],
)
def test_a_title_within_a_sentence_keeps_what_is_always_large(title, inside):
    assert words.within(title) == inside


def test_intervals():
    cell = {"value": 0.8, "low": 0.7234, "high": 0.8912}
    assert words.interval(cell) == "0.723 to 0.891"
    assert words.interval(cell, percent=True) == "72.3 to 89.1 %"
    assert words.interval({"value": None, "low": None, "high": None}) == words.interval(None) == words.interval({}) == ""
    assert words.interval({"low": 0, "high": 0}) == "0 to 0"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "-"), (0, "0 s"), (0.4, "0 s"), (89.4, "89 s"), (89.6, "1 min 30 s"), (200, "3 min 20 s"),
        (3599, "59 min 59 s"), (3599.7, "1 h 0 min"), (3900, "1 h 5 min"), (90_000, "25 h 0 min"),
    ],
)  # fmt: skip
def test_durations(seconds, text):
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (dataset_of(random_rows(1, 5)), "1 sequence without labels, 5 bp."),
        (dataset_of(random_rows(1200, 5), np.arange(1200) % 2), "1,200 sequences in two classes, 5 bp each."),
        (dataset_of([[0], [0, 1, 2]], [0, 1]), "2 sequences in two classes, 1 to 3 bp long."),
        (dataset_of(random_rows(12, 5), np.arange(12) % 11), "12 sequences in 11 classes, 5 bp each."),
        (dataset_of(random_rows(4, 5), [0] * 4, task="unlabelled"), "4 sequences of one kind, 5 bp each."),
        (dataset_of(random_rows(4, 5), targets=[1, 2, 3, 4]), "4 sequences with a number each, 5 bp each."),
        (dataset_of([[0] * 1500], [0], task="unlabelled"), "1 sequence of one kind, 1,500 bp."),
    ],
)
def test_a_dataset_in_one_sentence(given, sentence):
    assert words.dataset(given) == sentence


def measured(accuracy=0.9, low=0.85, train=0.92, classes=2, balanced_low=0.8):
    """Like evaluation.json, as far as words go."""
    cell = {"value": accuracy, "low": low, "high": 0.95}
    balanced = {"value": None if balanced_low is None else accuracy, "low": balanced_low, "high": None if balanced_low is None else 0.95}
    test = {
        "records": 1200,
        "metrics": {"accuracy": cell, "balanced_accuracy": balanced, "sensitivity": {"value": 0.75, "low": 0.7, "high": 0.8}, "mcc": cell},
        "baseline": {"accuracy": {"value": 0.6, "low": 0.5, "high": 0.7}},
        "confusion": [[500, 100], [150, 450]] if classes == 2 else [],
    }
    return {"test": test, "train": {"metrics": {"accuracy": {"value": train}}}}


def test_a_good_classifier():
    tone, text = verdict.result(measured(), ("no", "yes"), "binary")
    assert tone == "good"
    assert 'It finds 450 of 600 "yes" (70 to 80 %).' in text
    assert "right for 90 % of 1,200 new sequences (85 to 95 %); always guessing the commonest class would be right for 60 %." in text
    assert "It finds" not in verdict.result(measured(classes=3), ("a", "b", "c"), "multiclass")[1]


def test_a_classifier_that_learned_by_heart():
    assert verdict.result(measured(train=1.0, accuracy=0.84), ("no", "yes"), "binary")[0] == "warn"
    assert verdict.result(measured(train=0.99, accuracy=0.85), ("no", "yes"), "binary")[0] == "good"


@pytest.mark.parametrize(("classes", "low", "tone"), [(2, 0.5, "bad"), (2, 0.51, "good"), (3, 0.33, "bad"), (3, 0.34, "good")])
def test_a_classifier_must_beat_guessing_beyond_its_interval(classes, low, tone):
    names = tuple("abc"[:classes])
    assert verdict.result(measured(balanced_low=low, classes=classes), names, "multiclass")[0] == tone


def test_where_a_class_is_missing_from_the_test_part_accuracy_is_held_against_guessing():
    assert verdict.result(measured(balanced_low=None, low=0.6), ("a", "b"), "binary")[0] == "bad"
    assert verdict.result(measured(balanced_low=None, low=0.61), ("a", "b"), "binary")[0] == "good"


@pytest.mark.parametrize(("value", "low", "tone"), [(0.8, 0.7, "good"), (0.1, -0.1, "bad"), (None, None, "bad"), (0.1, 0.0, "bad")])
def test_a_regressor(value, low, tone):
    found = {"test": {"records": 9, "metrics": {"pearson": {"value": value, "low": low, "high": 0.9}}}, "train": {}}
    assert verdict.result(found, (), "regression")[0] == tone


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [
        ("test mcc", None, ""), ("test mcc", 0.8123, "test MCC 0.812"), ("gap closed", 0.641, "gap closed 64.1 %"),
        ("gap closed", -1.0, "gap closed -100 %"), ("gap closed", -1.1, "far from real sequences"),
    ],
)  # fmt: skip
def test_a_headline(metric, value, text):
    assert words.headline(metric, value) == text


def scored(closed=0.5, unique=1.0, train=2.0, held=1.9, generated=0.0) -> History:
    score = {"gap_closed": closed, "score": {"unique": unique}, "critic_train": train, "critic_validation": held}
    return History(scores=[score | {"critic_generated": generated}])


@pytest.mark.parametrize(
    ("history", "part"),
    [
        (History(), "It has begun"),
        (scored(), "50% of the way"),
        (scored(), "should shrink slowly"),
        (scored(unique=0.9), "10% of its sequences are repeats"),
        (scored(held=0.9), "it memorises"),
        (scored(train=-1, held=-2), "should shrink slowly"),
        (scored(closed=-0.1), "still less natural"),
        (scored(closed=1.0), "as natural as those of real"),
    ],
)
def test_what_a_generator_s_scores_say(history, part):
    assert part in words.generator(history)


def card(copied=0.0, unique=1.0, jsd=0.05, closed=0.8, markov_5=0.06):
    def row(value, **more):
        return {"copied": 0.0, "unique": 1.0, "jsd": {"4": value}} | more

    yardsticks = {"real": row(0.01), "markov_1": row(0.2), "markov_3": row(0.1), "markov_5": row(markov_5)}
    return {"generated": row(jsd, copied=copied, unique=unique), "yardsticks": yardsticks, "gap_closed": closed}


@pytest.mark.parametrize(
    ("given", "tone", "part"),
    [
        (card(), "good", "80% of the way"),
        (card(closed=0.5), "warn", "50% of the way"),
        (card(copied=0.11), "bad", "It copies: 11%"),
        (card(copied=0.1), "good", "80%"),
        (card(unique=0.89), "bad", "only 89%"),
        (card(jsd=0.07), "good", "A Markov chain of order 5 is closer"),
    ],
)
def test_the_verdict_on_a_generator(given, tone, part):
    found, text = words.card(given)
    assert found == tone
    assert part in text
    assert ("Markov chain of order 5" in text) == (given["generated"]["jsd"]["4"] > 0.06)


def shortcut(value: float | None, metric: str = "mcc") -> dict:
    return {"title": "4-letter words", "metric": metric, "metrics": {metric: {"value": value, "low": value, "high": value}}}


@pytest.mark.parametrize(
    ("value", "tone", "says"), [(0.2, "good", "reaches MCC 0.2"), (0.99, "warn", "reaches as much: MCC 0.99"), (None, "good", "")]
)
def test_a_network_is_held_against_the_best_shortcut(value, tone, says):
    found = verdict.result(
        measured(), ("no", "yes"), "binary", {"words": shortcut(value), "gc": shortcut(0.1)} if value else {"words": shortcut(None)}
    )
    assert found[0] == tone
    assert says in found[1]
    assert ("4-letter words alone" in found[1]) == (value is not None)


def test_an_audit_is_summed_up_in_one_sentence():
    def flags(*severities: str) -> list[dict]:
        return [{"severity": severity} for severity in severities]

    assert words.flags([]) == "Nothing was found that would make results wrong or misleading."
    assert words.flags(flags("warn", "note")) == "Nothing blocks you; one warning, and one thing to know."
    assert words.flags(flags("note")) == "Nothing blocks you; one thing to know."
    assert words.flags(flags("stop")) == "One thing makes results wrong."
    assert words.flags(flags("stop", "stop", "note")) == "Two things make results wrong; one thing to know."
    assert words.flags(flags("stop", "warn", "note")) == "One thing makes results wrong; one warning, and one thing to know."


def test_a_baseline_says_its_main_number_with_its_interval():
    assert words.baseline(shortcut(0.5)) == "MCC 0.5 (0.5 to 0.5)"
    assert words.baseline(shortcut(0.5, "accuracy")) == "accuracy 50 % (50 to 50 %)"
    assert words.baseline({"metric": "mcc", "metrics": {}}) == "MCC -"


def test_intervals_over_groups_say_why():
    assert words.drawn_over(0) == ""
    assert words.drawn_over(1200) == "; drawn over 1,200 groups, because records of a group are alike"
