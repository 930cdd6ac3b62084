"""Train, validation and test: no overlap, no loss, no leak, in proportion, and again the same by seed."""

import random
import re

import numpy as np
import pytest
from Bio.Seq import Seq
from hypothesis import given
from hypothesis import strategies as st

from genomics import sequences, split
from genomics.dataset import Dataset
from genomics.errors import SettingError


def dataset_of(texts: list[str], labels: list[int] | None = None, splits: list[int] | None = None) -> Dataset:
    codes, offsets = sequences.flatten([sequences.encode(text) for text in texts])
    return Dataset(
        name="set",
        ids=tuple(f"s{n}" for n in range(len(texts))),
        codes=codes,
        offsets=offsets,
        task="unlabelled" if labels is None else "multiclass",
        classes=() if labels is None else tuple(f"class {n}" for n in range(max(labels) + 1)),
        labels=None if labels is None else np.array(labels, np.int32),
        splits=None if splits is None else np.array(splits, np.int8),
    )


def canonical(text: str) -> str:
    return min(text, str(Seq(text).reverse_complement()))


def distinct(count: int, rng: random.Random) -> list[str]:
    """Sequences of which no two are equal on either strand."""
    found: dict[str, str] = {}
    while len(found) < count:
        text = "".join(rng.choices("ACGT", k=12))
        found[canonical(text)] = text
    return list(found.values())


@st.composite
def sets(draw, copies: bool = True) -> Dataset:
    """Classes of 3 to 40 different sequences; some of them again, from either strand and with any label."""
    rng = random.Random(draw(st.integers(0, 10_000)))
    sizes = draw(st.lists(st.integers(3, 40), min_size=2, max_size=4))
    texts = distinct(sum(sizes), rng)
    labels = [label for label, size in enumerate(sizes) for _ in range(size)]
    if copies:
        for _ in range(draw(st.integers(0, 20))):
            again = rng.randrange(len(texts))
            texts.append(rng.choice([texts[again], str(Seq(texts[again]).reverse_complement())]))
            labels.append(rng.choice([labels[again], rng.randrange(len(sizes))]))
    order = list(range(len(texts))) if copies else rng.sample(range(len(texts)), len(texts))
    return dataset_of([texts[i] for i in order], [labels[i] for i in order])


seeds = st.integers(0, 2**32)


@given(sets(), seeds)
def test_the_parts_are_disjoint_sorted_and_cover_everything(whole, seed):
    parts = split.make(whole, "random", seed)
    assert all((np.diff(parts.part(name)) > 0).all() for name in split.PARTS)
    assert sorted(np.concatenate(parts[:3]).tolist()) == list(range(len(whole)))


@given(sets(), seeds)
def test_no_sequence_is_on_two_sides_on_either_strand(whole, seed):
    parts = split.make(whole, "random", seed)
    sides = [{canonical(whole.sequence(i)) for i in part} for part in parts[:3]]
    assert not sides[0] & sides[1]
    assert not sides[0] & sides[2]
    assert not sides[1] & sides[2]


@given(sets(), seeds)
def test_every_class_is_in_every_part(whole, seed):
    parts = split.make(whole, "random", seed)
    firsts = {canonical(whole.sequence(i)): i for i in reversed(range(len(whole)))}.values()
    for label in range(len(whole.classes)):
        mine = {i for i in firsts if whole.labels[i] == label}
        assert all(mine & set(part.tolist()) for part in parts[:3])


@given(sets(copies=False), seeds)
def test_each_class_is_divided_in_proportion(whole, seed):
    parts = split.make(whole, "random", seed)
    for label, total in enumerate(np.bincount(whole.labels)):
        for part, fraction in zip(parts[:3], split.FRACTIONS, strict=True):
            assert abs((whole.labels[part] == label).sum() - fraction * total) < 1.5


@given(sets(), seeds)
def test_the_same_seed_gives_the_same_parts(whole, seed):
    once, again = split.make(whole, "random", seed), split.make(whole, "random", seed)
    assert all((a == b).all() for a, b in zip(once[:3], again[:3], strict=True))
    assert once.notes == again.notes


def test_another_seed_gives_other_parts():
    whole = dataset_of(distinct(60, random.Random(0)))
    drawn = {tuple(split.make(whole, "random", seed).test.tolist()) for seed in range(5)}
    assert len(drawn) == 5


def test_a_large_group_does_not_starve_the_other_parts():
    texts = [*distinct(9, random.Random(3))]
    whole = dataset_of(texts + [texts[0]] * 30)
    for seed in range(20):
        parts = split.make(whole, "random", seed)
        assert {*parts.train.tolist()} >= {0, *range(9, 39)}
        assert len(parts.validation)
        assert len(parts.test)


def test_repeated_sequences_are_counted_in_a_sentence():
    texts = distinct(20, random.Random(1))
    whole = dataset_of([*texts, texts[0], texts[0], str(Seq(texts[1]).reverse_complement())])
    assert "3 repeated sequences (either strand) are kept on the same side as their first copy." in split.make(whole).notes
    assert len(split.make(dataset_of(texts)).notes) == 1


def test_a_group_is_a_sequence_on_either_strand():
    groups = dataset_of(["AACG", "CGTT", "AACG", "AACC", "ACGT", "AACGN"]).repeats
    assert groups.tolist() == [0, 0, 0, 1, 2, 3]


def test_the_files_own_split_is_kept_to_the_record():
    texts = distinct(30, random.Random(2))
    own = [n % 3 for n in range(30)]
    whole = dataset_of(texts, [n % 2 for n in range(30)], own)
    for how in ("auto", "file"):
        parts = split.make(whole, how)
        assert parts.how == "file"
        assert parts.notes == ("The file's own split column.",)
        assert [part.tolist() for part in parts[:3]] == [list(range(number, 30, 3)) for number in range(3)]
    assert split.make(whole, "random").how == "random"


def test_without_a_validation_part_some_of_train_takes_its_place():
    texts = distinct(60, random.Random(4))
    whole = dataset_of(texts, [n % 2 for n in range(60)], [0] * 40 + [2] * 20)
    parts = split.make(whole)
    assert parts.test.tolist() == list(range(40, 60))
    assert sorted([*parts.train, *parts.validation]) == list(range(40))
    assert np.bincount(whole.labels[parts.validation]).tolist() == [3, 3]
    assert parts.notes[1].startswith("It has no validation part: 15 % of train")


@given(leaks=st.integers(0, 6), times=st.integers(1, 3), turned=st.booleans(), from_validation=st.booleans())
def test_sequences_on_both_sides_of_the_files_split_are_counted(leaks, times, turned, from_validation):
    texts = distinct(30, random.Random(5))
    own = [0] * 10 + [1] * 10 + [2] * 10
    start = 10 if from_validation else 0
    for n in range(leaks):
        copy = texts[start + n]
        texts += [str(Seq(copy).reverse_complement()) if turned else copy] * times
        own += [2] * times
    note = [note for note in split.make(dataset_of(texts, splits=own)).notes if "flatter" in note]
    assert [int(re.match(r"(\d+) different sequences of the test part", text)[1]) for text in note] == ([leaks] if leaks else [])


@pytest.mark.parametrize(("size", "members"), [(1, "1 member "), (2, "2 members ")])
def test_a_class_too_small_for_three_parts_is_named(size, members):
    texts = distinct(20 + size, random.Random(6))
    with pytest.raises(SettingError, match=f'The class "class 1" has {members}.*at least 3 are needed.*or leave it out'):
        split.make(dataset_of(texts, [0] * 20 + [1] * size))


def test_copies_do_not_make_a_class_larger():
    texts = distinct(21, random.Random(7))
    with pytest.raises(SettingError, match=r'The class "class 1" has 1 member .*equal sequences, on either strand, count once'):
        split.make(dataset_of([*texts, texts[20], str(Seq(texts[20]).reverse_complement())], [0] * 20 + [1] * 3))


@pytest.mark.parametrize("texts", [distinct(5, random.Random(8)), ["ACGTT"] * 50])
def test_too_few_sequences_are_refused(texts):
    with pytest.raises(SettingError, match=r"^[15] different sequences? .*(is|are) too few to divide.*Add more"):
        split.make(dataset_of(texts))


def test_the_three_smallest_members_go_to_three_parts():
    whole = dataset_of(distinct(23, random.Random(9)), [0] * 20 + [1] * 3)
    assert all((whole.labels[part] == 1).sum() == 1 for part in split.make(whole)[:3])


@st.composite
def folded(draw) -> tuple[Dataset, int]:
    """Classes with at least as many different sequences as there are folds, some sequences several times."""
    of = draw(st.integers(2, 6))
    sizes = draw(st.lists(st.integers(4 if of == 2 else max(of, 3), 20), min_size=2, max_size=3))
    texts = distinct(sum(sizes), random.Random(draw(st.integers(0, 10_000))))
    labels = [label for label, size in enumerate(sizes) for _ in range(size)]
    again = draw(st.lists(st.integers(0, len(texts) - 1), max_size=10))
    return dataset_of([*texts, *(str(Seq(texts[i]).reverse_complement()) for i in again)], [*labels, *(labels[i] for i in again)]), of


@given(folded(), seeds)
def test_each_record_is_tested_in_one_fold_and_no_sequence_is_on_two_sides(case, seed):
    whole, of = case
    tested: list[int] = []
    for which in range(of):
        parts = split.make(whole, "random", seed, (which, of))
        assert sorted(np.concatenate(parts[:3]).tolist()) == list(range(len(whole)))
        assert all(len(part) for part in parts[:3])
        sides = [{canonical(whole.sequence(i)) for i in part} for part in parts[:3]]
        assert sum(map(len, sides)) == len(set.union(*sides))
        assert set(whole.labels[parts.test]) == set(range(len(whole.classes)))
        tested += parts.test.tolist()
    assert sorted(tested) == list(range(len(whole)))


@pytest.mark.parametrize("fold", [(0, 1), (0, 51), (3, 3), (-1, 3)])
def test_folds_that_cannot_be_are_refused(fold):
    with pytest.raises(SettingError, match=r"folds are not allowed: choose 2 to 50|does not exist"):
        split.make(dataset_of(distinct(10, random.Random(11))), "random", 0, fold)


@pytest.mark.parametrize(("of", "needed"), [(2, 4), (3, 3), (5, 5)])
def test_a_class_too_small_for_its_folds_is_named(of, needed):
    texts = distinct(20 + needed, random.Random(13))
    labels = [0] * 20 + [1] * needed
    split.make(dataset_of(texts, labels), "random", 0, (0, of))
    with pytest.raises(SettingError, match=f'The class "class 1" has {needed - 1} members .*at least {needed} are needed'):
        split.make(dataset_of(texts[:-1], labels[:-1]), "random", 0, (0, of))


def test_the_files_own_split_has_no_folds():
    with pytest.raises(SettingError, match=r"cannot be divided into folds. Choose the random split"):
        split.make(dataset_of(distinct(9, random.Random(12)), splits=[0, 1, 2] * 3), "file", 0, (0, 3))


def test_an_unknown_way_and_a_missing_column_are_refused():
    whole = dataset_of(distinct(10, random.Random(10)))
    with pytest.raises(SettingError, match=r'"homology" is no way to split. Ways: auto, random, group, similarity, file'):
        split.make(whole, "homology")
    for without in (whole, dataset_of(distinct(10, random.Random(10)), splits=[0] * 10)):
        with pytest.raises(SettingError, match=r'no split column with a "test" part. Choose the random split'):
            split.make(without, "file")
        assert split.make(without).how == "random"


@given(sets(), st.sampled_from([(0, 0), (1, 3)]), st.integers(1, 5))
def test_another_watched_part_is_drawn_from_what_is_not_tested(dataset, fold, watch):
    plain = split.make(dataset, "random", 0, fold)
    other = split.make(dataset, "random", 0, fold, watch)
    np.testing.assert_array_equal(other.test, plain.test)
    np.testing.assert_array_equal(
        np.sort(np.concatenate([other.train, other.validation])), np.sort(np.concatenate([plain.train, plain.validation]))
    )
    assert not np.isin(dataset.repeats[other.validation], dataset.repeats[other.train]).any()
    again = split.make(dataset, "random", 0, fold, watch)
    np.testing.assert_array_equal(again.validation, other.validation)


def test_members_of_an_ensemble_together_learn_from_all_that_is_not_tested():
    dataset = dataset_of(distinct(200, random.Random(0)), [0, 1] * 100)
    parts = [split.make(dataset, "random", 0, (0, 0), watch) for watch in range(5)]
    assert len({tuple(part.validation) for part in parts}) == 5
    assert {len(part.validation) for part in parts} == {30}
    assert len(np.unique(np.concatenate([part.train for part in parts]))) == 170


def test_a_validation_part_of_the_file_is_watched_whatever_the_number():
    dataset = dataset_of(distinct(60, random.Random(0)), [0, 1] * 30, [0] * 40 + [1] * 10 + [2] * 10)
    np.testing.assert_array_equal(split.make(dataset, "auto", 0, (0, 0), 3).validation, np.arange(40, 50))
    without = dataset_of(distinct(60, random.Random(0)), [0, 1] * 30, [0] * 50 + [2] * 10)
    one, other = (split.make(without, "auto", 0, (0, 0), watch).validation for watch in (0, 3))
    assert len(one) == len(other)
    assert not np.array_equal(one, other)


@given(sets(), st.sampled_from([(0, 0), (1, 3)]), st.integers(0, 3), st.floats(0.2, 0.5))
def test_a_share_to_watch_leaves_the_test_part_as_it_is_and_tears_nothing_apart(dataset, fold, watch, share):
    plain = split.make(dataset, "random", 0, fold)
    made = split.make(dataset, "random", 0, fold, watch, share)
    np.testing.assert_array_equal(made.test, plain.test)
    np.testing.assert_array_equal(
        np.sort(np.concatenate([made.train, made.validation])), np.sort(np.concatenate([plain.train, plain.validation]))
    )
    assert not np.isin(dataset.repeats[made.validation], dataset.repeats[made.train]).any()


@pytest.mark.parametrize("share", [0.02, 0.05, 0.25, 0.5])
@pytest.mark.parametrize(("how", "fold"), [("random", (0, 0)), ("random", (1, 4)), ("file", (0, 0)), ("similarity", (0, 0))])
def test_the_share_to_watch_is_what_was_asked_and_said(how, fold, share):
    dataset = dataset_of(distinct(2000, random.Random(1)), [0, 1] * 1000, [0] * 1500 + [2] * 500 if how == "file" else None)
    made = split.make(dataset, how, 0, fold, 0, share)
    rest = len(made.train) + len(made.validation)
    assert len(made.validation) == pytest.approx(share * rest, abs=4)
    labels = dataset.labels[made.validation]
    assert abs(np.bincount(labels)[0] - len(labels) / 2) <= 2
    part = share * (1 if fold[1] or how == "file" else rest / 2000)
    said = [float(number) for number in re.findall(r"([\d.]+) %", " ".join(made.notes))]
    assert any(number == pytest.approx(100 * part, abs=0.51) for number in said), made.notes


@pytest.mark.parametrize("share", [0.01, 0.6, -0.1, float("nan")])
def test_a_share_that_is_not_allowed_is_refused(share):
    dataset = dataset_of(distinct(200, random.Random(0)), [0, 1] * 100)
    with pytest.raises(SettingError, match=r"a number from 0.02 to 0.5"):
        split.make(dataset, "random", 0, (0, 0), 0, share)


def test_a_share_of_a_validation_part_that_came_with_the_file_is_refused():
    dataset = dataset_of(distinct(60, random.Random(0)), [0, 1] * 30, [0] * 40 + [1] * 10 + [2] * 10)
    assert split.watches_own(dataset, "auto")
    with pytest.raises(SettingError, match="has a validation part of its own"):
        split.make(dataset, "auto", 0, (0, 0), 0, 0.1)
    assert not split.watches_own(dataset, "random")
    assert len(split.make(dataset, "random", 0, (0, 0), 0, 0.1).validation) == pytest.approx(5, abs=1)
