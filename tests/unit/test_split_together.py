"""Splits that keep groups or similar sequences on one side, and their folds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components
from toys import dataset_of, random_rows

from genomics import dealing, sequences, split
from genomics.dataset import Dataset
from genomics.errors import SettingError


def families(seed: int, of: int = 30, size: int = 6, length: int = 80) -> Dataset:
    """Random founders; members share a mutated stretch with the one before them, from either strand."""
    rng = np.random.default_rng(seed)
    rows, labels = [], []
    for family in range(of):
        last = rng.integers(0, 4, length).astype(np.uint8)
        for _ in range(int(rng.integers(1, size + 1))):
            rows.append(last)
            labels.append(family % 2)
            fresh = rng.integers(0, 4, length).astype(np.uint8)
            at = int(rng.integers(0, length - 25))
            piece = last[at : at + 25]
            fresh[20:45] = sequences.reverse_complement(piece) if rng.random() < 0.5 else piece
            last = fresh
    order = rng.permutation(len(rows))
    return dataset_of([rows[i] for i in order], np.array(labels)[order])


def words(dataset: Dataset, index: np.ndarray) -> set[str]:
    found = set()
    for i in index:
        text = dataset.sequence(i)
        for at in range(len(text) - 19):
            word = text[at : at + 20]
            found.add(min(word, sequences.reverse_complement_text(word)))
    return found


@pytest.mark.parametrize("fold", [(0, 0), (0, 4), (3, 4)])
@pytest.mark.parametrize("seed", range(3))
def test_no_word_of_twenty_bases_crosses_a_similarity_split(seed, fold):
    dataset = families(seed)
    parts = split.make(dataset, "similarity", seed, fold)
    sides = [words(dataset, part) for part in parts[:3]]
    assert not sides[0] & sides[2]
    assert not sides[1] & sides[2]
    assert not sides[0] & sides[1]
    assert sorted(np.concatenate(parts[:3]).tolist()) == list(range(len(dataset)))
    assert all(set(dataset.labels[part]) == {0, 1} for part in parts[:3])
    random = split.make(dataset, "random", seed)
    assert words(dataset, random.train) & words(dataset, random.test)  # what would have happened


def test_each_record_is_tested_in_one_similarity_fold():
    dataset = families(7)
    tested = [i for which in range(5) for i in split.make(dataset, "similarity", 1, (which, 5)).test.tolist()]
    assert sorted(tested) == list(range(len(dataset)))


@given(seed=st.integers(0, 1000), names=st.integers(4, 12))
@settings(max_examples=30)
def test_groups_stay_whole_and_classes_in_proportion(seed, names):
    rng = np.random.default_rng(seed)
    n = 60 * names
    groups = rng.integers(0, names, n).astype(np.int32)
    groups[:names] = np.arange(names)
    dataset = dataset_of(random_rows(n, 12, seed), rng.integers(0, 2, n), groups=groups, group_names=tuple(f"chr{i}" for i in range(names)))
    parts = split.make(dataset, "group", seed)
    for one, other in ((parts.train, parts.test), (parts.train, parts.validation), (parts.validation, parts.test)):
        assert not set(groups[one]) & set(groups[other])
    assert sorted(np.concatenate(parts[:3]).tolist()) == list(range(n))
    assert parts.how == "group"
    assert f"({names} of them)" in parts.notes[0]
    assert len(parts.train) > len(parts.test)


def test_what_cannot_be_kept_together_is_refused_with_another_way():
    rows = random_rows(60, 80)
    with pytest.raises(SettingError, match=r"has no groups\. Name a column or a header pattern"):
        split.make(dataset_of(rows, np.arange(60) % 2), "group")
    two = dataset_of(rows, np.arange(60) % 2, groups=(np.arange(60) % 2).astype(np.int32), group_names=("a", "b"))
    with pytest.raises(SettingError, match=r"2 groups are too few .* Or choose the random split"):
        split.make(two, "group")
    pure = dataset_of(rows, np.arange(60) // 45, groups=(np.arange(60) // 15).astype(np.int32), group_names=tuple("abcd"))
    with pytest.raises(SettingError, match=r'The class "class 1" is in 1 of the groups; at least 3 are needed'):
        split.make(pure, "group")
    chained = rows.copy()
    chained[:40, :25] = rows[0, :25]
    with pytest.raises(SettingError, match=r"One of the families of similar sequences holds 67% of all records"):
        split.make(dataset_of(chained, np.arange(60) % 2), "similarity")


def test_a_similarity_split_of_unlike_sequences_is_in_proportion():
    parts = split.make(dataset_of(random_rows(400, 60), np.arange(400) % 2), "similarity")
    assert [len(part) for part in parts[:3]] == [280, 60, 60]
    assert "400 families, 400 of them single sequences" in parts.notes[0]


@given(
    sizes=st.lists(st.integers(1, 5), min_size=6, max_size=60),
    classes=st.integers(1, 3),
    seed=st.integers(0, 100),
)
def test_dealing_tears_nothing_and_keeps_shares(sizes, classes, seed):
    rng = np.random.default_rng(seed)
    units = np.repeat(np.arange(len(sizes)), sizes)
    strata = rng.integers(0, classes, len(sizes))[units]
    parts = dealing.deal(strata, units, (0.7, 0.15, 0.15), rng)
    assert all(len(set(parts[units == unit])) == 1 for unit in range(len(sizes)))
    for stratum in range(classes):
        member = strata == stratum
        if len(set(units[member])) >= 3:
            assert set(parts[member]) == {0, 1, 2}
        counts = np.bincount(parts[member], minlength=3)
        assert (np.abs(counts - np.array([0.7, 0.15, 0.15]) * member.sum()) <= 5 + 1).all()


def pairs(n: int, length: int = 60, together: bool = True) -> Dataset:
    """Sequences of one class, each with a copy of its length and composition in the other."""
    rng = np.random.default_rng(n)
    rows = [rng.integers(0, 4, int(rng.integers(30, length))) for _ in range(n)]
    other = [rng.permutation(row) for row in rows]
    return dataset_of([*rows, *other], np.repeat([1, 0], n), together=np.tile(np.arange(n, dtype=np.int32), 2) if together else None)


@pytest.mark.parametrize("fold", [(0, 0), (1, 4)])
def test_a_sequence_and_its_negative_stay_on_one_side(fold):
    dataset = pairs(100)
    parts = split.make(dataset, "auto", 0, fold)
    for part in parts[:3]:
        assert np.bincount(dataset.together[part])[np.unique(dataset.together[part])].tolist() == [2] * (len(part) // 2)
        assert (dataset.labels[part] == 1).sum() * 2 == len(part)
    assert sorted(np.concatenate(parts[:3]).tolist()) == list(range(200))
    torn = split.make(pairs(100, together=False), "auto", 0, fold)
    assert len(np.unique(torn.test % 100)) > len(torn.test) / 2


def test_too_few_things_that_belong_together_are_drawn_one_by_one():
    rows = random_rows(200, 40)
    dataset = dataset_of(rows, np.arange(200) % 2, together=np.zeros(200, np.int32))
    assert [len(part) for part in split.make(dataset)[:3]] == [140, 30, 30]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=30))
def test_joined_units_are_the_components_of_both_numberings(rows):
    one, other = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    linked = (one[:, None] == one) | (other[:, None] == other)
    count, expected = connected_components(linked)
    found = dealing.joined(one, other)
    assert len(set(zip(expected, found, strict=True))) == count == len(set(found.tolist()))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"labels": np.arange(60) % 2}, "class by class"),
        ({"task": "multilabel", "classes": ("a", "b"), "members": np.arange(120).reshape(60, 2) % 3 % 2}, "in proportion to labels"),
        ({"targets": np.arange(60)}, "random"),
    ],
    ids=["classes", "labels", "numbers"],
)
def test_the_note_says_what_is_kept_in_proportion(fields, says):
    """Numbers have no classes to be drawn by."""
    made = dataset_of(random_rows(60, 20), **fields)
    own = dataset_of(random_rows(60, 20), splits=np.repeat(np.array([0, 2], np.int8), 30), **fields)
    notes = [split.make(made).notes[0], split.make(made, fold=(0, 3)).notes[0], split.make(own).notes[1]]
    assert all(says in note and ("class by class" in note) == (says == "class by class") for note in notes)
    assert notes[0].startswith({"random": "Drawn at random with seed 0: "}.get(says, f"Drawn at random, {says}, with seed 0: "))
