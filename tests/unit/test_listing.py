"""Lists of runs in which a group is one row: no group is cut, and each says what its runs say together."""

import pytest
from stories import predictor, zoo
from toys import dataset_of, random_rows

from genomics import disk, listing, recipe, runs


def listed(run, *, group="", state="finished", value=None, seed=0, fold=(0, 0), architecture="cnn", curve=(), seconds=None, **more):
    """What `results.brief` says of a run, as far as gathering looks at it."""
    row = {"run": run, "group": group, "state": state, "value": value, "seed": seed, "fold": list(fold), "architecture": architecture}
    return row | {
        "curve": list(curve),
        "seconds": seconds,
        "metric": "test mcc" if value else "",
        "low": None,
        "high": None,
        "created": int(run),
        "name": "",
        "note": "",
        "dataset": "toy",
        "kind": "predictor",
        "settings": {"seed": seed, "epochs": 4},
        **more,
    }


def test_a_list_has_one_row_for_a_group_where_its_newest_run_stood():
    rows = [
        listed("5", value=0.9),
        listed("4", group="g", fold=(1, 2), seed=1, value=0.6, curve=(3, 1), seconds=4),
        listed("3", group="h", value=0.1),
        listed("2", group="g", fold=(0, 2), seed=1, value=0.8, curve=(5, 2, 2), seconds=3),
        listed("1", group="g", fold=(0, 2), seed=2, architecture="rnn", state="failed", seconds=None),
    ]
    alone, together, single = listing.gathered(rows)
    assert alone == {**rows[0], "runs": ["5"]}
    assert single == {**rows[2], "runs": ["3"]}  # the others of its group are gone
    assert (together["run"], together["runs"]) == ("g", ["4", "2", "1"])
    assert (together["detail"], together["architecture"]) == ("2 folds of 2 networks", "rnn, cnn")
    assert (together["state"], together["metric"]) == ("2 of 3 finished", "test mcc")
    assert (together["value"], together["measured"]) == (pytest.approx(0.7), 2)
    assert together["curve"] == [4, 1.5]
    assert (together["seconds"], together["created"]) == (7, 1)
    assert together["settings"] == {"epochs": 4}  # the seeds differ


def test_a_list_that_is_cut_cuts_no_group(tmp_path):
    made = dataset_of(random_rows(40, 20), [0, 1] * 20)
    groups_of = ["", "a", "b", "b", "", "a"]
    folders = [runs.create(tmp_path, recipe.plan(made, "cnn", group=group).to_json()) for group in groups_of][::-1]
    assert listing.newest(folders, 2) == [folders[0], folders[1], folders[4]]
    assert listing.newest(folders, 3) == [*folders[:3], folders[3], folders[4]]
    assert listing.newest(folders, 9) == folders


def test_a_group_that_has_just_begun_is_a_row_too():
    rows = [listed("2", group="g", state="queued", seed=2), listed("1", group="g", state="running", seed=1)]
    (row,) = listing.gathered(rows)
    assert (row["state"], row["value"], row["curve"], row["metric"]) == ("queued, 0 of 2 finished", None, [], "")


def test_a_group_has_the_name_that_all_its_runs_share():
    rows = [listed(run, group="g", name=name, note="old") for run, name in (("3", "wide"), ("2", "wide"), ("1", "wide"))]
    (row,) = listing.gathered(rows)
    assert (row["name"], row["note"]) == ("wide", "old")
    (row,) = listing.gathered([*rows[:2], rows[2] | {"name": "other"}])
    assert (row["name"], row["note"]) == ("", "old")


@pytest.mark.parametrize(
    ("text", "wanted", "left"),
    [
        ("", {}, ["5", "g", "1"]),
        ("", {"state": [], "kind": []}, ["5", "g", "1"]),
        ("WIDE promoters", {}, ["5"]),
        ("recurrent", {}, ["1"]),  # by the title of its architecture
        ("wide recurrent", {}, []),
        ("", {"state": ["failed"]}, ["g"]),  # one run of the group has failed
        ("", {"state": ["finished"], "architecture": ["rnn"]}, ["1"]),
        ("", {"state": ["failed"], "architecture": ["rnn"]}, []),
        ("", {"dataset": ["toy"], "state": ["finished"]}, ["g", "1"]),
    ],
)
def test_search_and_filters(text, wanted, left):
    each = [
        listed("5", name="Wide filters", dataset="Promoters"),
        listed("4", group="g", seed=1),
        listed("3", group="g", seed=2, state="failed"),
        listed("1", architecture="rnn"),
    ]
    assert [row["run"] for row in listing.matching(listing.gathered(each), each, text, **wanted)] == left


def test_records_that_were_tested_are_those_of_all_folds(tmp_path):
    made = zoo()["two classes"]
    folder = predictor(tmp_path, made)
    parts = recipe.divide(made, recipe.from_json(runs.asked(folder)))
    assert listing.tested([folder]) == {(made.fingerprint, made.ids[number]) for number in parts.test}
    assert listing.tested([folder, predictor(tmp_path, made)]) == listing.tested([folder])
    other = listing.tested([predictor(tmp_path, zoo()["rare class"])])
    assert len(listing.tested([folder, predictor(tmp_path, zoo()["rare class"])])) == len(listing.tested([folder])) + len(other)
    assert listing.tested([predictor(tmp_path, made, state="interrupted")]) == frozenset()


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"kind": "predictor"}'])
def test_a_damaged_run_is_not_listed(tmp_path, content):
    folder = predictor(tmp_path, zoo()["two classes"])
    assert listing.readable(folder)
    disk.write_bytes(folder / "run.json", content.encode())
    assert not listing.readable(folder)
