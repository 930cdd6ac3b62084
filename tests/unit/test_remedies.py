"""Each remedy makes a new dataset in which its finding is gone, says so, and leaves the old one alone."""

import dataclasses

import numpy as np
import pytest
from test_audit import clean, own_split, reverse_complement_leak, rows_of
from toys import dataset_of, random_rows

from genomics import audit, remedies, sequences
from genomics.dataset import Dataset
from genomics.errors import SettingError

N = 400


def duplicated() -> Dataset:
    rows = rows_of(clean())
    return dataset_of([*rows, rows[0], sequences.reverse_complement(rows[2]), rows[5]], [*np.arange(N) % 2, 0, 0, 1])


def conflicting() -> Dataset:
    rows = rows_of(clean())
    return dataset_of([*rows, rows[0], sequences.reverse_complement(rows[2])], [*np.arange(N) % 2, 1, 1])


def near() -> Dataset:
    rows, splits = rows_of(clean(3)), own_split()
    for test, train in zip(np.flatnonzero(splits == 2)[:20], np.flatnonzero(splits == 0), strict=False):
        rows[test][30:60] = rows[train][10:40]
    return dataset_of(rows, np.arange(N) % 2, splits=splits)


def long_and_short() -> Dataset:
    return dataset_of([row[:60] if number % 2 else row for number, row in enumerate(rows_of(clean()))], np.arange(N) % 2)


def rich_and_poor() -> Dataset:
    rng = np.random.default_rng(0)
    rows = [rng.choice(4, 60, p=[0.24, 0.26, 0.26, 0.24] if label else [0.28, 0.22, 0.22, 0.28]) for label in np.arange(2000) % 2]
    return dataset_of(rows, np.arange(2000) % 2)


def filled() -> Dataset:
    rows = rows_of(clean())
    for number in range(0, N, 8):
        rows[number][-20:] = 4
    return dataset_of(rows, np.random.default_rng(0).integers(0, 2, N))


def tagged() -> Dataset:
    adapter = sequences.encode("AGATCGGAAGAGCACA")
    rows = [np.concatenate([adapter, row]) if number % 3 == 0 else row for number, row in enumerate(rows_of(clean()))]
    return dataset_of(rows, np.random.default_rng(0).integers(0, 2, N))


def repetitive() -> Dataset:
    rows = rows_of(clean())
    for number in range(9):
        rows[number] = np.tile(np.array([0, 3], np.uint8), 40)[number:]
    return dataset_of(rows, np.arange(N) % 2)


def holed() -> Dataset:
    rows = rows_of(clean())
    for number in range(1, N, 20):
        rows[number][30:40] = 4
    return dataset_of(rows, np.arange(N) % 2)


def shifted_test() -> Dataset:
    rows, splits = rows_of(clean()), own_split()
    for number in np.flatnonzero(splits == 2):
        rows[number][:60][rows[number][:60] == 0] = 2
    return dataset_of(rows, np.arange(N) % 2, splits=splits)


FLAWED = {
    "duplicates": (duplicated, 400),
    "reverse_complement_duplicates": (duplicated, 400),
    "label_conflict": (conflicting, 398),
    "leak": (lambda: reverse_complement_leak(9), 391),
    "near_duplicates": (near, 400),
    "repeated_identifiers": (lambda: clean(ids=("a", "a", "a_2", *(f"s{n}" for n in range(N - 3)))), 400),
    "length_shortcut": (long_and_short, 400),
    "gc_shortcut": (rich_and_poor, None),
    "case_shortcut": (lambda: clean(lower=np.where(np.arange(N) % 2, 80, 0).astype(np.int32)), 400),
    "imbalance": (lambda: dataset_of(random_rows(400, 50), np.arange(400) % 20 // 19), 40),
    "tiny_class": (lambda: dataset_of(random_rows(400, 50), [*np.arange(395) % 2, *[2] * 5]), 395),
    "padding": (filled, 400),
    "adapter": (tagged, 400),
    "low_complexity": (repetitive, 391),
    "unknown_bases": (holed, 380),
    "one_class": (lambda: dataset_of(random_rows(200, 50)), 400),
    "test_unlike_train": (shifted_test, 400),
}


@pytest.mark.parametrize("code", FLAWED)
def test_a_remedy_mends_what_it_is_for(code):
    make, left = FLAWED[code]
    flawed = make()
    before = dataclasses.replace(flawed, codes=flawed.codes.copy())
    assert code in {finding.code for finding in audit.inspect(flawed).findings}

    mended = remedies.mend(flawed, code)

    assert code not in {finding.code for finding in audit.inspect(mended).findings}
    assert left is None or len(mended) == left
    assert (mended.parent, mended.remedy in remedies.REMEDIES) == (flawed.fingerprint, True)
    assert mended.fingerprint != flawed.fingerprint
    assert len(mended.notes) > len(flawed.notes)
    assert mended.name.startswith(flawed.name)
    assert mended.name != flawed.name
    assert len(mended.ids) == len(mended.offsets) - 1
    assert (flawed.codes == before.codes).all()


def test_every_action_of_a_finding_is_a_remedy_and_the_other_way_round():
    actions = {finding.action for make, _ in FLAWED.values() for finding in audit.inspect(make()).findings} - {""}
    assert actions <= set(remedies.REMEDIES)
    assert set(remedies.REMEDIES) - actions <= {"drop_unknown"}


def test_one_of_each_keeps_the_copy_in_the_test_part():
    base = reverse_complement_leak(5)
    mended = remedies.mend(base, "keep_one_of_each")
    assert (mended.splits == 2).sum() == (base.splits == 2).sum()
    assert len(mended) == N - 5


def test_the_test_part_stays_when_leaks_leave_train():
    base = reverse_complement_leak(9)
    mended = remedies.mend(base, "leak")
    kept = [base.ids[i] for i in np.flatnonzero(base.splits == 2)]
    assert [mended.ids[i] for i in np.flatnonzero(mended.splits == 2)] == kept


def test_cut_ends_are_the_filled_ones_and_the_rest_is_untouched():
    base = filled()
    mended = remedies.mend(base, "strip_padding")
    for number in range(N):
        expected = base.sequence(number)[:-20] if number % 8 == 0 else base.sequence(number)
        assert mended.sequence(number) == expected
    assert "1,000 letters of filled ends are cut off 50 records" in mended.notes[-1]


def test_equal_lengths_are_the_middle_of_each():
    base = long_and_short()
    mended = remedies.mend(base, "equalise_lengths")
    assert set(mended.lengths.tolist()) == {60}
    assert mended.sequence(0) == base.sequence(0)[10:70]
    assert mended.sequence(1) == base.sequence(1)


def test_what_cannot_be_mended_is_refused():
    with pytest.raises(SettingError, match=r'"duplicates" was not found in toy'):
        remedies.mend(clean(), "duplicates")
    with pytest.raises(SettingError, match=r'"bleach" is no remedy\. Remedies: keep_one_of_each'):
        remedies.mend(clean(), "bleach")
    with pytest.raises(SettingError, match=r'"too_few" cannot be mended here\. Add sequences'):
        remedies.mend(clean(n=60), "too_few")
    with pytest.raises(SettingError, match=r"would leave no record of toy\. Nothing was changed"):
        remedies.mend(dataset_of([np.tile(np.array([0, 3], np.uint8), 30)] * 3), "drop_low_complexity")
