"""What is said of new sequences: how they are read, and in what they are unlike the training set."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from toys import dataset_of, gc_classes, random_rows

from genomics import applying, recipe, sequences
from genomics import dataset as datasets
from genomics.prediction import Predictor
from genomics.sequences import Layout

TRAINING = gc_classes(200, 40)
EVERY = np.arange(200)


def network(architecture: str = "cnn", dataset=TRAINING, *, both: bool = False, **plan) -> Predictor:
    """Says that the second class is as probable as the first base that it reads is an A (1 or 0)."""
    model = lambda x, training: np.where(np.asarray(x)[:, :1] == 0, 50.0, -50.0)  # noqa: E731
    return Predictor(model, recipe.plan(dataset, architecture, **plan), dataset.classes, both_strands=both)


def known(members, dataset=TRAINING, train=EVERY):
    return [applying.profile(members, dataset, train, k) for k in (1, 3)]


def seen(texts, members, profiles=()) -> list[str]:
    return applying.remarks(members, dataset_of([sequences.encode(text) for text in texts]), profiles)


@pytest.mark.parametrize(("anchor", "at"), [("left", 0), ("centre", 15), ("right", 30)])
def test_only_the_part_that_is_read_is_looked_at(anchor, at):
    members = [network(length=40, anchor=anchor)]
    text = "N" * at + "ACGT" * 10 + "N" * (30 - at)
    assert seen([text, text[at : at + 40], "ACGT" * 9, "N" * 70], members) == ["longer", "", "shorter", "longer;unknown bases"]


def test_padding_is_not_an_unknown_base_and_one_in_twenty_is_not_too_many():
    members = [network(length=100)]
    assert seen(["ACGT" * 3, "N" + "A" * 19, "NN" + "A" * 37], members) == ["shorter", "shorter", "shorter;unknown bases"]


@pytest.mark.parametrize("architecture", ["kmer_dense", "image_cnn"])
def test_nothing_is_cropped_where_whole_sequences_are_read(architecture):
    whole = network(architecture)
    assert applying.reads([whole]) is None
    assert applying.reads([network("image_cnn", settings={"picture": "one_hot"})]) == Layout(40, "left")
    assert seen(["ACGT" * 100, "A"], [whole]) == ["", ""]
    assert applying.reads([whole, network(length=30), network(length=20, anchor="right")]) == Layout(20, "right")


def plainly(rows, train_rows, k: int) -> tuple[list[float], list[float]]:
    """The distances of `applying`, in loops over text."""
    every = ["".join(word) for word in product("ACGT", repeat=k)]

    def shares(text):
        found = [text[at : at + k] for at in range(len(text) - k + 1)]
        return [found.count(word) / len(found) for word in every], len(found)

    train = [shares(text) for text in train_rows]
    total = sum(count for _, count in train)
    distances = []
    for own, count in map(shares, [*train_rows, *rows]):
        squares = []
        for at in range(len(every)):
            values = [row[at] for row, _ in train]
            plain = sum(values) / len(values)
            mean = (plain * total + 1) / (total + len(every))
            spread = sum((value - plain) ** 2 for value in values) / len(values)
            chance = mean * (1 - mean)
            between = max(0.0, spread - chance * sum(1 / of for _, of in train) / len(train))
            squares.append((own[at] - mean) ** 2 / (between + chance / count))
        distances.append(sum(squares) / len(squares))
    return distances[: len(train_rows)], distances[len(train_rows) :]


@pytest.mark.parametrize("k", [1, 3])
def test_distances_agree_with_loops_over_text(k):
    rng = np.random.default_rng(3)
    texts = ["".join(rng.choice(list("ACGT"), length, p=[0.4, 0.1, 0.2, 0.3])) for length in rng.integers(35, 60, 60)]
    train, rows = texts[:30], [*texts[30:], "GC" * 20, "A" * 45]
    members = [network(length=60)]
    found = applying.profile(members, dataset_of([sequences.encode(text) for text in train]), np.arange(30), k)
    among, new = plainly(rows, train, k)
    assert found.limit == pytest.approx(max(among), rel=1e-4)
    name = {1: "unusual base composition", 3: "unusual 3-mers"}[k]
    profiles = [found] if k == 1 else [found._replace(k=1, limit=np.inf, mean=np.ones(4), between=np.ones(4)), found]
    said = [name in codes for codes in seen(rows, members, profiles)]
    assert said == [distance > max(among) for distance in new]
    assert said[-2:] == [True, True]


def test_sequences_like_the_training_set_are_left_alone_and_others_are_not():
    members = [network()]
    profiles = known(members, gc_classes(2000, 40), np.arange(2000))
    like = applying.remarks(members, gc_classes(2000, 40, seed=1), profiles)
    assert sum(map(bool, like)) < 40  # 1 % expected
    assert all("unusual base composition" in codes for codes in seen(["A" * 40, "T" * 40, "GA" * 20], members, profiles))
    assert all("unusual 3-mers" in codes for codes in seen(["ACGT" * 10, "AACCGGTT" * 5], members, profiles))


def test_a_short_piece_of_a_training_sequence_is_not_unlike_it():
    members = [network(length=400)]
    long = dataset_of(random_rows(400, 400))
    profiles = known(members, long, np.arange(400))
    for length in (1, 5, 12, 30, 60, 120):
        pieces = applying.remarks(members, dataset_of(random_rows(400, length, seed=length)), profiles)
        assert sum(codes != "shorter" for codes in pieces) <= 20, length


def test_a_sequence_of_few_bases_is_not_judged():
    members = [network()]
    profiles = known(members, dataset_of(random_rows(100, 40) % 2 * 3), np.arange(100))  # A and T
    assert seen(["G" * 9, "G" * 10, "G" * 31, "G" * 32], members, profiles) == [
        "shorter",
        "shorter;unusual base composition",
        "shorter;unusual base composition",
        "shorter;unusual base composition;unusual 3-mers",
    ]


def test_both_strands_are_alike_where_both_are_read():
    rows = np.random.default_rng(0).choice(4, (200, 40), p=[0.6, 0.2, 0.1, 0.1])
    one_way, turned = dataset_of(rows), dataset_of(sequences.reverse_complement(rows))
    for both, few in ((False, False), (True, True)):
        members = [network(both=both)]
        marked = sum(map(bool, applying.remarks(members, turned, known(members, one_way))))
        assert (marked <= 2, marked > 150) == (few, not few)


def test_few_training_sequences_say_nothing_and_many_are_thinned(monkeypatch):
    members = [network()]
    assert seen(["A" * 40], members, known(members, train=np.arange(19))) == [""]
    assert seen(["A" * 40], members, known(members, train=np.arange(20))) == ["unusual base composition;unusual 3-mers"]
    monkeypatch.setattr(applying, "_MOST", 50)
    thinned = known(members)[0]
    assert thinned.limit == known(members, train=EVERY[::4])[0].limit
    many = applying.remarks(members, TRAINING, known(members))  # in four lots
    assert many == [applying.remarks(members, datasets.take(TRAINING, EVERY[at : at + 1]), known(members))[0] for at in EVERY]


def test_only_the_training_part_counts_and_it_may_be_gone(tmp_path):
    rows = np.concatenate([random_rows(60, 40) % 2, random_rows(60, 40) % 2 + 2])  # A and C; then G and T, which are tested
    dataset = dataset_of(rows, np.arange(120) % 2, splits=np.repeat([0, 2], 60).astype(np.int8))
    members = [network(dataset=dataset)]
    assert applying.profiles(members, tmp_path) is None
    datasets.save(dataset, tmp_path)
    profiles = applying.profiles(members, tmp_path)
    codes = applying.remarks(members, dataset, profiles)
    assert all("unusual base composition" in found for found in codes[60:])
    assert sum(map(bool, codes[:60])) <= 2


def test_a_table_has_a_row_for_each_sequence_and_looks_at_no_label():
    members = [network(), network(both=True)]
    new = dataset_of([sequences.encode(text) for text in ("A" * 40, "C" * 50, "CCA")], [0, 1, 0])
    columns = applying.table(members, replace(new, groups=np.array([0, 0, 1], np.int32), group_names=("g", "h")), ())
    assert list(columns) == ["id", "group", "prediction", "probability class 0", "probability class 1", "length", "remarks"]
    assert columns["length"] == [40, 50, 3]
    assert columns["prediction"] == ["class 1", "class 0", "class 0"]
    assert columns["remarks"] == ["", "longer", "shorter"]
    told = applying.about(members, columns["remarks"])
    assert told == {"records": 3, "remarks": {"longer": 1, "shorter": 1}, "reads": {"length": 40, "anchor": "left"}}
    first, second = applying.sentences(told)
    assert all(number in first for number in ("1 of 3", "first 40 bp"))
    assert all(number in second for number in ("1 of 3", "40 bp"))
    assert applying.sentences(applying.about([network("kmer_dense")], ["", ""])) == []
