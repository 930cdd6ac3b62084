"""Folds: each record is tested once, classes stay in proportion, and what cannot be folded is refused."""

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
    for fold in ((0, 1), (0, 51), (3, 3), (-1, 3)):
        with pytest.raises(SettingError, match="choose 2 to 50"):
            split.make(dataset, fold=fold)
    with pytest.raises(SettingError, match="at least 15 are needed"):
        split.make(dataset_of(random_rows(40, 20), np.arange(40) % 4 // 3), fold=(0, 15))
    assert split.make(dataset, fold=(0, 3)).how == "folds"


def test_one_class_of_a_split():
    dataset = dataset_of(random_rows(40, 20), np.arange(40) % 2)
    whole = split.make(dataset)
    assert split.of_class(dataset, whole, "") is whole
    assert split.of_class(dataset_of(random_rows(4, 20)), whole, "class 1") is whole
    odd = split.of_class(dataset, whole, "class 1")
    for name in split.PARTS:
        assert odd.part(name).tolist() == [i for i in whole.part(name) if i % 2]
