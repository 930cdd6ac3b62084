"""Runs of every task read back: the main number, a text with each label or target, a verdict in words, groups pooled."""

import numpy as np
import pytest
from stories import predictor, zoo

from genomics import disk, groups, results, verdict, words


def cells(**values: float | None) -> dict:
    """Metrics with an interval of .1 to each side."""
    return {
        name: {"value": value, "low": None if value is None else value - 0.1, "high": None if value is None else value + 0.1}
        for name, value in values.items()
    }


def labels(train: float = 0.9, **auroc: float | None) -> dict:
    """Like evaluation.json of several labels, as far as words go."""
    known = [value for value in auroc.values() if value is not None]
    test = {
        "records": 1200,
        "metrics": cells(auroc=float(np.mean(known)) if known else None, subset_accuracy=0.4),
        "parts": {name: cells(auroc=value) for name, value in auroc.items()},
    }
    return {"test": test, "train": {"metrics": cells(auroc=train)}}


@pytest.mark.parametrize(
    ("measured", "tone", "says"),
    [
        (
            labels(a=0.9, b=0.8),
            "good",
            "Over two labels, a sequence with the label gets a higher probability than one without it 85 % of the time (75 to 95 %;",
        ),
        (labels(a=0.9, b=0.8), "good", "All labels are right for 40 % of 1,200 test sequences."),
        (labels(a=0.9, b=0.55), "warn", '"b" is not clearly better than chance.'),
        (labels(a=0.95, b=0.55, c=0.5), "warn", '"b", "c" are not clearly better than chance.'),
        (labels(a=0.9, b=None), "good", '"b" cannot be judged'),
        (labels(train=0.99, a=0.8), "warn", "It overfits: 99 % of the training set"),
        (labels(a=0.5, b=0.55), "bad", "mean AUROC over labels 0.525 (0.425 to 0.625); chance is 0.5"),
        (labels(a=None), "bad", "Not clearly better than chance on 1,200 test sequences. Add"),
    ],
)
def test_the_verdict_on_several_labels(measured, tone, says):
    found = verdict.result(measured, (), "multilabel")
    assert found[0] == tone
    assert says in found[1]


@pytest.mark.parametrize(
    ("pearson", "tone", "says"),
    [
        (
            {"up": 0.9, "down": 0.7},
            "good",
            'two targets correlate with the measured values on 9 test sequences: mean correlation 0.8 (0.7 to 0.9; 1 is perfect, 0 is none), best for "up" (0.9).',
        ),
        ({"up": 0.9, "down": 0.1}, "warn", 'Not for "down".'),
        ({"up": 0.05, "down": None}, "bad", "none of the two targets correlate"),
    ],
)
def test_the_verdict_on_several_numbers(pearson, tone, says):
    known = [value for value in pearson.values() if value is not None]
    test = {
        "records": 9,
        "metrics": cells(pearson=float(np.mean(known))),
        "parts": {name: cells(pearson=value) for name, value in pearson.items()},
    }
    found = verdict.result({"test": test, "train": {}}, (), "regression")
    assert found[0] == tone
    assert says in found[1]


@pytest.mark.parametrize(("kind", "metric"), [("several labels", "auroc"), ("several numbers", "pearson"), ("two classes", "mcc")])
def test_every_task_has_a_main_number_and_a_text(own_workspace, kind, metric):
    dataset = zoo()[kind]
    folder = predictor(own_workspace, dataset)
    found = disk.read_json(folder / "evaluation.json")["test"]
    row = results.brief(folder)
    assert (row["metric"], row["value"]) == (f"test {metric}", found["metrics"][metric]["value"])
    answer = results.summary(folder)
    text = results.as_text(answer)
    names = dataset.target_names or (dataset.classes if kind == "several labels" else ())
    assert answer.get("parts") == (found["parts"] if names else None)
    for name in names:
        (line,) = [line for line in text.splitlines() if line.startswith(name)]
        cell = found["parts"][name][metric]
        assert f"{cell['value']:.3f} ({cell['low']:.3f}, {cell['high']:.3f})" in line
    assert metric in results.comparison([answer, answer])


@pytest.mark.parametrize("kind", ["several labels", "several numbers", "numbers", "three classes"])
def test_runs_of_one_division_are_averaged_before_they_are_measured(own_workspace, kind):
    dataset = zoo()[kind]
    folders = [predictor(own_workspace, dataset, seed=seed, split_seed=0, group="g1") for seed in (1, 2)]
    together = groups.answer(folders)
    alone = disk.read_json(folders[0] / "evaluation.json")["test"]["metrics"]
    for name, cell in together["metrics"]["test"].items():  # both said the same
        assert cell["value"] == pytest.approx(alone[name]["value"], abs=1e-6), name
    assert together["spread"][results.MAIN[dataset.task]]["sd"] == 0


def test_a_dataset_says_how_many_numbers_each_record_has():
    assert words.dataset(zoo()["several numbers"]) == "60 sequences with two numbers each, 30 bp each."
    assert words.dataset(zoo()["numbers"]) == "60 sequences with a number each, 30 bp each."
