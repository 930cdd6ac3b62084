"""Folds: each record is tested once, classes stay in proportion, and what cannot be folded is refused."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import dataset_of, random_rows

from genomics import sequences, split
from genomics.errors import SettingError


@given(seed=st.integers(0, 1000), folds=st.integers(2, 6))
def test_each_record_is_tested_once_and_copies_stay_together(seed, folds):
    rows = random_rows(60, 20, seed)
    rows[40:50] = sequences.reverse_complement(rows[:10])
    labels = np.concatenate([np.arange(40) % 2, np.arange(10) % 2, np.arange(10) % 2])
    dataset = dataset_of(rows, labels)
    parts = [split.make(dataset, "auto", seed, (which, folds)) for which in range(folds)]
    assert sorted(np.concatenate([part.test for part in parts])) == list(range(60))
    groups = dataset.repeats
    for part in parts:
        assert sorted(np.concatenate([part.train, part.validation, part.test])) == list(range(60))
        for one, other in ((part.train, part.test), (part.validation, part.test), (part.train, part.validation)):
            assert not set(groups[one]) & set(groups[other])
        for name in split.PARTS:
            assert set(labels[part.part(name)]) == {0, 1}
        assert abs(labels[part.test].mean() - 0.5) < 0.2
        assert len(part.validation) == pytest.approx(0.15 * (60 - len(part.test)), abs=3)
    assert parts[1].notes[0].startswith(f"Fold 2 of {folds} is the test part")


def test_what_cannot_be_folded_is_refused():
    dataset = dataset_of(random_rows(40, 20), np.arange(40) % 2, splits=(np.arange(40) % 3).astype(np.int8))
    with pytest.raises(SettingError, match=r"The file's own split cannot be divided into folds\. Choose the random split"):
        split.make(dataset, "file", fold=(0, 3))
    for fold in ((0, 1), (0, 51)):
        with pytest.raises(SettingError, match="choose 2 to 50"):
            split.make(dataset, fold=fold)
    for fold in ((3, 3), (-1, 3)):
        with pytest.raises(SettingError, match="does not exist"):
            split.make(dataset, fold=fold)
    with pytest.raises(SettingError, match="at least 15 are needed"):
        split.make(dataset_of(random_rows(40, 20), np.arange(40) % 4 // 3), fold=(0, 15))
    assert split.make(dataset, fold=(0, 3)).how == "folds"


def test_left_out_one_by_one_copies_count_once():
    rows = random_rows(30, 20)
    rows[20:25] = sequences.reverse_complement(rows[:5])
    dataset = dataset_of(rows, np.arange(30) % 2)
    of = split.fold_count(dataset, "auto", "leave-one-out")
    assert of == 25
    tests = [split.make(dataset, "auto", 0, (which, of)).test for which in range(of)]
    assert sorted(np.concatenate(tests)) == list(range(30))
    assert sorted(map(len, tests)) == [1] * 20 + [2] * 5
    assert all(len(set(dataset.repeats[test])) == 1 for test in tests)


def test_given_folds_are_taken_as_they_are():
    folds = (np.arange(40) // 10).astype(np.int16)
    dataset = dataclasses.replace(dataset_of(random_rows(40, 20), np.arange(40) % 2), folds=folds)
    assert split.fold_count(dataset, "auto", "given") == 4
    for which in range(4):
        made = split.make(dataset, "auto", 0, (which, 4))
        np.testing.assert_array_equal(made.test, np.flatnonzero(folds == which))
    assert not np.array_equal(split.make(dataset, "auto", 0, (0, 5)).test, np.flatnonzero(folds == 0))
    assert dataset.fingerprint != dataclasses.replace(dataset, folds=None).fingerprint


@pytest.mark.parametrize("asked", ["1", "51", "-3", "x", ""])
def test_a_number_of_folds_that_is_none_is_refused(asked):
    with pytest.raises(SettingError, match="choose 2 to 50, or leave-one-out"):
        split.fold_count(dataset_of(random_rows(40, 20), np.arange(40) % 2), "auto", asked)
    with pytest.raises(SettingError, match="No folds came with this dataset"):
        split.fold_count(dataset_of(random_rows(4, 20)), "auto", "given")


def test_one_class_of_a_split():
    dataset = dataset_of(random_rows(40, 20), np.arange(40) % 2)
    whole = split.make(dataset)
    assert split.of_class(dataset, whole, "") is whole
    assert split.of_class(dataset_of(random_rows(4, 20)), whole, "class 1") is whole
    odd = split.of_class(dataset, whole, "class 1")
    for name in split.PARTS:
        assert odd.part(name).tolist() == [i for i in whole.part(name) if i % 2]
