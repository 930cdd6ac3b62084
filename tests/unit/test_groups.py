"""Runs that belong together: members found, ensembles averaged, folds laid side by side; folds that come in a file."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from toys import dataset_of, random_rows

from genomics import disk, evaluation, groups, io, recipe, runs
from genomics.errors import InputError, RunError


def run_of(root, made, probabilities, truth, *, seed=0, fold=(0, 0), group="g1", architecture="cnn", alike=None):
    """A finished run as far as a group looks at it."""
    folder = runs.create(root, recipe.plan(made, architecture, seed=seed, split_seed=0, fold=fold, group=group).to_json())
    columns = {
        "id": [str(i) for i in range(len(truth))] + ["other"],
        "part": ["test"] * len(truth) + ["train"],
        "truth": [*(f"class {label}" for label in truth), "class 0"],
        "prediction": [*(f"class {int(p > 0.5)}" for p in probabilities), "class 0"],
        "probability class 0": [*(1 - probabilities), 0.5],
        "probability class 1": [*probabilities, 0.5],
    }
    if alike is not None:
        columns["group"] = [*alike, alike[0]]
    pq.write_table(pa.table(columns), folder / "predictions.parquet")
    both = np.stack([1 - probabilities, probabilities], 1)
    measured = evaluation.to_json(evaluation.of_classes(both, truth, ("class 0", "class 1"), truth))
    disk.write_json(folder / "evaluation.json", {"test": measured})
    log = runs.Log(folder)
    log.write("state", state="finished")
    log.close()
    return folder


@pytest.fixture
def made():
    return dataset_of(random_rows(40, 20), np.arange(40) % 2)


def test_members_of_one_split_are_an_ensemble_whose_answers_are_averaged(made, tmp_path):
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 50)
    said = [np.clip(0.5 + 0.3 * (truth - 0.5) + rng.normal(0, 0.3, 50), 0.01, 0.99) for _ in range(3)]
    folders = [run_of(tmp_path, made, p, truth, seed=seed) for seed, p in enumerate(said)]
    run_of(tmp_path, made, said[0], truth, group="another")
    assert groups.members(tmp_path, "g1") == folders

    answer = groups.answer(folders)

    mean = np.mean(said, axis=0)
    assert (answer["kind"], answer["state"], len(answer["members"])) == ("ensemble", "finished", 3)
    assert answer["metrics"]["test"]["accuracy"]["value"] == pytest.approx(((mean > 0.5) == truth).mean())
    single = [((p > 0.5) == truth).mean() for p in said]
    assert answer["spread"]["accuracy"]["values"] == pytest.approx(single)
    assert [row["metrics"]["accuracy"]["value"] for row in answer["members"]] == pytest.approx(single)
    assert [row["seed"] for row in answer["members"]] == [0, 1, 2]


def test_unlike_architectures_are_an_ensemble_too(made, tmp_path):
    truth = np.array([0, 1, 1, 0])
    said = [np.array([0.1, 0.4, 0.9, 0.2]), np.array([0.2, 0.8, 0.7, 0.4])]
    folders = [run_of(tmp_path, made, p, truth, architecture=name) for name, p in zip(("cnn", "rnn"), said, strict=True)]
    answer = groups.answer(folders)
    assert (answer["kind"], answer["architecture"]) == ("ensemble", "cnn, rnn")
    assert [row["architecture"] for row in answer["members"]] == ["cnn", "rnn"]
    assert answer["metrics"]["test"]["accuracy"]["value"] == 1.0  # one member errs once, their mean does not
    assert answer["spread"]["accuracy"]["values"] == [0.75, 1.0]
    columns = groups.pooled(folders).columns
    assert columns["probability class 1"] == pytest.approx([0.15, 0.6, 0.8, 0.3])
    assert columns["prediction"] == columns["truth"]  # of the mean, not of the first member


def test_folds_stand_beside_the_mean_of_their_baselines_without_the_difference_to_one_network(made, tmp_path):
    truth, said = np.array([0, 1, 1, 0]), np.array([0.1, 0.6, 0.9, 0.2])
    folds = [run_of(tmp_path, made, said, truth, fold=(fold, 2)) for fold in range(2)]
    for value, folder in zip((0.5, 0.7), folds, strict=True):
        cells = {
            "mcc": {"value": value, "low": 0.1, "high": 0.9},
            "auroc": {"value": None if value == 0.5 else 1.0, "low": None, "high": None},
        }
        disk.write_json(
            folder / "shortcuts.json", {"gc": {"title": "GC only", "metrics": cells, "sentence": "", "difference": cells["mcc"]}}
        )
    row = groups.answer(folds)["shortcuts"]["gc"]
    assert row["metrics"] == {"mcc": {"value": pytest.approx(0.6), "low": None, "high": None}}
    assert "difference" not in row


def test_folds_of_unlike_architectures_are_folds_of_ensembles(made, tmp_path):
    truth, said = np.array([0, 1]), np.array([0.1, 0.9])
    folders = [run_of(tmp_path, made, said, truth, architecture=name, fold=(fold, 2)) for fold in (0, 1) for name in ("cnn", "rnn")]
    assert groups.answer(folders)["kind"] == "folds of ensembles"
    assert groups.answer(folders[::2])["kind"] == "folds"


def test_folds_lie_side_by_side_and_their_ensembles_are_averaged_first(made, tmp_path):
    one, two = np.array([0, 1, 1]), np.array([1, 0])
    right, wrong = np.array([0.1, 0.9, 0.9]), np.array([0.2, 0.8])
    folders = [run_of(tmp_path, made, right, one, fold=(0, 2)), run_of(tmp_path, made, wrong, two, fold=(1, 2))]
    answer = groups.answer(folders)
    assert answer["kind"] == "folds"
    assert answer["metrics"]["test"]["accuracy"]["value"] == pytest.approx(3 / 5)
    folders.append(run_of(tmp_path, made, np.array([0.95, 0.1]), two, seed=1, fold=(1, 2)))
    answer = groups.answer(folders)
    assert answer["kind"] == "folds of ensembles"
    assert answer["metrics"]["test"]["accuracy"]["value"] == pytest.approx(1.0)


def test_intervals_are_drawn_over_groups_of_records_as_those_of_each_member_are(made, tmp_path):
    """Ten families of eight copies are ten observations, not eighty."""
    family = np.repeat(np.arange(10), 8)
    truth, said = family % 2, np.array([0.1, 0.9, 0.2, 0.8, 0.6, 0.9, 0.1, 0.3, 0.2, 0.7])[family]
    folders = [run_of(tmp_path, made, said, truth, seed=seed, alike=[f"family {number}" for number in family]) for seed in range(2)]
    answer = groups.answer(folders)
    both = np.stack([1 - said, said], 1)
    assert answer["metrics"]["test"] == evaluation.of_classes(both, truth, ("class 0", "class 1"), truth, groups=family).metrics
    without = groups.answer([run_of(tmp_path, made, said, truth, seed=seed, group="g2") for seed in range(2)])
    assert (answer["drawn"], without["drawn"]) == (10, 0)
    wide, narrow = (found["metrics"]["test"]["accuracy"] for found in (answer, without))
    assert wide["high"] - wide["low"] > 1.5 * (narrow["high"] - narrow["low"])


@pytest.mark.parametrize("task", ["one number", "several numbers", "labels"])
def test_groups_count_for_numbers_and_labels_too(task, tmp_path):
    """Each label and each target has its interval over groups as well."""
    rng, family = np.random.default_rng(0), np.repeat(np.arange(12), 5)
    truth = rng.normal(size=(12, 2))[family]
    said = truth + rng.normal(size=(12, 2))[family]
    columns = {"id": [str(number) for number in range(60)], "group": [f"chr{number:02}" for number in family], "part": ["test"] * 60}
    if task == "one number":
        planned = dataset_of(random_rows(60, 20), targets=truth[:, 0])
        columns |= {"truth": truth[:, 0], "prediction": said[:, 0]}
        expected = evaluation.of_numbers(said[:, 0], truth[:, 0], truth[:, 0], groups=family)
    elif task == "several numbers":
        planned = dataset_of(random_rows(60, 20), targets=truth, target_names=("up", "down"))
        columns |= {"truth up": truth[:, 0], "truth down": truth[:, 1], "prediction up": said[:, 0], "prediction down": said[:, 1]}
        expected = evaluation.of_numbers(said, truth, truth, names=("up", "down"), groups=family)
    else:
        has, sure = (truth > 0).astype(np.uint8), 1 / (1 + np.exp(-said))
        planned = dataset_of(random_rows(60, 20), task="multilabel", classes=("a", "b"), members=has)
        columns |= {"truth": [";".join(name for name, one in zip("ab", row, strict=True) if one) for row in has]}
        columns |= {"probability a": sure[:, 0], "probability b": sure[:, 1]}
        expected = evaluation.of_labels(sure, has, ("a", "b"), has, groups=family)
    folders = []
    for seed in range(2):
        folders.append(runs.create(tmp_path, recipe.plan(planned, "cnn", seed=seed, split_seed=0, group="g1").to_json()))
        pq.write_table(pa.table(columns), folders[-1] / "predictions.parquet")
    answer = groups.answer(folders)
    assert (answer["metrics"]["test"], answer["parts"], answer["drawn"]) == (expected.metrics, dict(expected.parts), 12)


def test_where_one_member_names_no_groups_records_are_drawn(made, tmp_path):
    """Runs of an earlier version did not write them down."""
    truth, said = np.repeat([0, 1], 20), np.tile([0.2, 0.7], 20)
    alike = [f"family {number // 4}" for number in range(40)]
    folders = [run_of(tmp_path, made, said, truth, fold=(0, 2), alike=alike), run_of(tmp_path, made, said, truth, fold=(1, 2))]
    answer = groups.answer(folders)
    assert (answer["drawn"], answer["metrics"]["test"]["accuracy"]["value"]) == (0, 0.5)


def test_an_ensemble_stands_beside_what_its_test_part_gives_without_a_network(made, tmp_path):
    truth, said = np.array([0, 1, 1, 0]), np.array([0.1, 0.6, 0.9, 0.2])
    floor = {"gc": {"title": "GC only", "metrics": {}, "sentence": ""}}
    folders = [run_of(tmp_path, made, said, truth, seed=seed) for seed in range(2)]
    disk.write_json(folders[1] / "shortcuts.json", floor)
    assert groups.answer(folders)["shortcuts"] == floor
    folds = [run_of(tmp_path, made, said, truth, fold=(fold, 2), group="g2") for fold in range(2)]
    disk.write_json(folds[0] / "shortcuts.json", floor)
    assert groups.answer(folds)["shortcuts"] == {}  # one fold's says nothing of all records


def test_a_group_that_is_not_there_has_no_runs_and_is_refused(tmp_path):
    assert groups.members(tmp_path, "nothing") == []
    with pytest.raises(RunError, match='no run named "nothing"'):
        groups.named(tmp_path, "nothing")


def test_folds_of_a_file_are_numbered_in_the_order_of_their_names():
    found = io.read_folds(b"id\tfold\nb\t10\na\t2\nc\t10\nnobody\t3\n", ["a", "b", "c"])
    assert found.tolist() == [0, 1, 1]
    assert io.read_folds(b"fold,id\nx,a\ny,b\n", ["b", "a"]).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"id,part\na,1\n", 'no column "fold"'),
        (b"id,fold\na,1\nb,2\n", "gives 1 of 3 records no fold, for instance"),
        (b"id,fold\na,1\nb,1\nc,1\n", "names 1 fold for these records"),
        (b"", "is empty"),
    ],
)
def test_a_file_without_usable_folds_is_refused(text, says):
    with pytest.raises(InputError, match=says):
        io.read_folds(text, ["a", "b", "c"])
