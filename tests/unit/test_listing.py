"""Lists of runs in which a group is one row: no group is cut, and each says what its runs say together."""

import pytest
from toys import dataset_of, random_rows

from genomics import listing, recipe, runs


def listed(run, *, group="", state="finished", value=None, seed=0, fold=(0, 0), architecture="cnn", curve=(), seconds=None):
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
        "settings": {},
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
