"""What limits the trust in a test result: counts across a split on exact toys, and sentences by code."""

import numpy as np
import pytest
from toys import dataset_of, random_rows

from genomics import audit, cautions
from genomics.split import Split

EVERY = np.arange(12)
DIVIDED = Split(EVERY[:6], EVERY[6:8], EVERY[8:], "random", ())


def twins():
    """Twelve sequences; of the last four one is equal to the first, and one shares a stretch with the second."""
    rows = random_rows(12, 60)
    rows[8] = rows[0]
    rows[9, :30] = rows[1, :30]
    return dataset_of(rows, EVERY % 2)


def test_what_crosses_a_split_is_counted_from_families_over_all_folds():
    data = twins()
    assert cautions.crossing(data, [DIVIDED]) == {"leak": (1, 4), "shared_families": (2, 4)}
    other = Split(EVERY[2:8], EVERY[8:], EVERY[:2], "random", ())
    assert cautions.crossing(data, [DIVIDED, other]) == {"leak": (2, 6), "shared_families": (4, 6)}
    apart = Split(EVERY[2:6], EVERY[6:8], np.array([0, 1, 8, 9]), "similarity", ())
    assert cautions.crossing(data, [apart]) == {"leak": (0, 4), "shared_families": (0, 4)}


def test_an_inspection_of_the_split_counts_near_duplicates():
    rows = random_rows(60, 60)
    rows[30:, :40] = rows[:30, :40]
    data = dataset_of(rows, np.arange(60) % 2)
    found = audit.inspect(data)
    divided = found.split
    outside = np.setdiff1d(np.arange(60), divided.test) % 30
    literal = int(np.isin(divided.test % 30, outside).sum())  # each record has one partner, thirty further on
    assert literal > 0
    assert cautions.audited(found.to_json()) == {"leak": (0, len(divided.test)), "near_duplicates": (literal, len(divided.test))}


def test_equal_records_share_a_stretch_too():
    flags = [flag("leak", "stop", 3, 3), flag("near_duplicates", "warn", 5, 5)]
    assert cautions.audited({"flags": flags, "split": {"records": {"test": 40}}}) == {"leak": (3, 40), "near_duplicates": (8, 40)}
    assert cautions.audited({"flags": flags[:1], "split": {"records": {"test": 40}}})["near_duplicates"] == (0, 40)


def test_an_inspection_that_could_not_divide_says_nothing_of_leaks():
    assert cautions.sentences([], cautions.audited({"flags": [], "split": None}), 100) == {}


def flag(code: str, severity: str = "warn", count: int = 10, records: int = 110) -> dict:
    return {"code": code, "severity": severity, "count": count, "records": records}


@pytest.mark.parametrize(
    ("across", "code", "says"),
    [
        ({"leak": (1, 820)}, "leak", "0.122 % of the test sequences (1 of 820)"),
        (
            {"near_duplicates": (759, 820)},
            "near_duplicates",
            "92.6 % of the test sequences (759 of 820) share a stretch of 20 or more bases",
        ),
        ({"shared_families": (759, 820)}, "shared_families", "92.6 %"),
        ({"near_duplicates": (8, 820)}, "", ""),  # below one in a hundred
        ({"leak": (0, 820)}, "", ""),
    ],
)
def test_leaks_are_said_with_their_share(across, code, says):
    found = cautions.sentences([], across, 820)
    assert list(found) == [code] * bool(code)
    assert says in "".join(found.values())


def test_findings_are_said_by_their_codes_and_numbers():
    found = cautions.sentences(
        [flag("imbalance"), flag("gc_shortcut"), flag("length_shortcut", "note"), flag("padding"), flag("leak")], {}, 100
    )
    assert list(found) == ["imbalance", "gc_shortcut"]  # what crosses a split is not taken from a finding about another one
    assert "10 times" in found["imbalance"]


@pytest.mark.parametrize(("tested", "few"), [(16, True), (49, True), (50, False)])
def test_few_test_records_are_said(tested, few):
    assert ("few_tested" in cautions.sentences([], {}, tested)) == few
