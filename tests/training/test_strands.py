"""Sequences with and without a direction are told apart."""

from pathlib import Path

import numpy as np
import pytest
from toys import dataset_of, random_rows

from genomics import dataset as datasets
from genomics import io, sequences
from genomics.sequences import Layout
from genomics.training import strands

DATA = Path("/work/shared/data")


def either_way(rows, seed=1):
    """Each turned over by the toss of a coin."""
    turn = np.random.default_rng(seed).integers(0, 2, len(rows)).astype(bool)
    return np.where(turn[:, None], sequences.reverse_complement(rows), rows)


def with_motif(n, length=60, at=20, seed=0):
    """A word that is no palindrome, in every other sequence."""
    rows = random_rows(n, length, seed)
    rows[::2, at : at + 6] = (3, 0, 3, 0, 0, 3)  # TATAAT
    return rows


def told(rows, labels=None, targets=None, length=0, anchor="left"):
    dataset = dataset_of(rows, np.arange(len(rows)) % 2 if labels is None and targets is None else labels, targets)
    return strands.symmetric(dataset, np.arange(len(rows)), Layout(length or len(rows[0]), anchor))


def test_a_word_in_one_direction_gives_it_away():
    found = told(with_motif(200))
    assert not found.alike
    assert found.why == 'The other strand is not used: sequences of the class "class 0" have a direction (their two strands differ).'
    assert told(either_way(with_motif(200))).alike


def test_a_little_everywhere_is_seen_as_well():
    rng = np.random.default_rng(0)
    rows = rng.choice(4, (400, 80), p=[0.28, 0.25, 0.25, 0.22]).astype(np.uint8)  # more A than T
    assert not told(rows).alike
    assert told(either_way(rows)).alike


def test_a_word_at_no_fixed_place_is_seen():
    rng = np.random.default_rng(0)
    rows = random_rows(600, 80)
    for row in rows:
        for at in rng.integers(0, 76, 4):
            row[at : at + 4] = (0, 1, 3, 2)  # one of each base, so that only the word tells
    assert not told(rows).alike
    assert told(either_way(rows)).alike


def test_sequences_of_unlike_length_are_compared_where_they_are_laid_out():
    rng = np.random.default_rng(0)
    rows = [row[: rng.integers(30, 60)] for row in with_motif(300)]
    assert not told(rows, length=60).alike
    turned = [sequences.reverse_complement(row) if rng.integers(0, 2) else row for row in rows]
    assert told(turned, length=60).alike


def test_it_is_seldom_wrong_about_sequences_without_a_direction():
    wrong = sum(not told(random_rows(60, 40, seed)).alike for seed in range(60))
    assert wrong <= 4  # 2 views, 1 in 100 each


def test_numbers_that_one_direction_alone_explains():
    rows = np.concatenate([with_motif(200)[::2], sequences.reverse_complement(with_motif(200, seed=1)[::2])])
    height = np.repeat([1.0, 0.0], 100) + np.random.default_rng(0).normal(0, 0.2, 200)
    assert told(rows, targets=np.random.default_rng(1).normal(0, 1, 200)).alike  # together they look alike on both strands
    found = told(rows, targets=height)
    assert not found.alike
    assert "high or low numbers" in found.why


def test_several_labels_are_looked_at_one_by_one():
    rows = either_way(random_rows(400, 50))
    members = np.zeros((400, 2), np.uint8)
    members[::2, 0] = members[:100, 1] = 1
    rows[:100:2, 10:16] = (3, 0, 3, 0, 0, 3)
    dataset = dataset_of(rows, task="multilabel", classes=("a", "b"), members=members)
    assert not strands.symmetric(dataset, np.arange(400), Layout(50, "left")).alike
    assert strands.symmetric(dataset, np.arange(100, 400), Layout(50, "left")).alike


def test_too_few_tell_nothing():
    found = told(random_rows(12, 30))
    assert not found.alike
    assert "12 training sequences are too few" in found.why


@pytest.mark.skipif(not DATA.exists(), reason="the real sets lie beside the project, not in it")
@pytest.mark.parametrize(("name", "alike"), [("uci_promoters106", False), ("cnnprom_bacillus", False), ("gue_tf_mouse0", True)])
def test_real_sequences(name, alike):
    records, report = io.read(DATA / name / "data.tsv.gz")
    dataset = datasets.build(records, report)
    layout = Layout(int(dataset.lengths.max()), "left")
    assert strands.symmetric(dataset, np.arange(len(dataset)), layout).alike == alike
