"""What is done to sequences in training, and that it follows from seed and step alone."""

import numpy as np
import pytest
import tensorflow as tf
from toys import random_rows

from genomics import sequences
from genomics.encoding import ENCODINGS
from genomics.fit import Fit
from genomics.sequences import Layout
from genomics.training import augmenting, evolving
from genomics.training.augmenting import augmentation

NO = tf.constant(False)
YES = tf.constant(True)


def changed(rows, seed=1, step=0, evolve=NO, **settings):
    return np.asarray(augmentation(Fit(**settings), seed)(tf.constant(rows), tf.constant(step), evolve))


def filled(n, length, known, anchor):
    """Rows whose first (or last) bases are known, the others filled."""
    rows = random_rows(n, length)
    rows[:, known:] = 4
    return rows if anchor == "left" else rows[:, ::-1].copy()


def test_nothing_is_done_where_nothing_is_asked():
    assert augmentation(Fit(reverse_complement="average"), 0) is None


@pytest.mark.parametrize("anchor", ["left", "centre", "right"])
def test_the_other_strand_is_the_one_numpy_makes_and_stays_on_its_side(anchor):
    for rows in (random_rows(5, 12), filled(5, 12, 7, anchor), np.full((2, 3), 4, np.uint8)):
        expected = sequences.other_strand(rows, anchor)
        np.testing.assert_array_equal(np.asarray(augmenting.other_strand(tf.constant(rows.astype(np.int32)), anchor)), expected)
        np.testing.assert_array_equal(sequences.other_strand(expected, anchor), rows)
    if anchor != "centre":
        rows = filled(5, 12, 7, anchor)
        inner = rows[:, :7] if anchor == "left" else rows[:, 5:]
        turned = sequences.other_strand(rows, anchor)
        np.testing.assert_array_equal(turned[:, :7] if anchor == "left" else turned[:, 5:], sequences.reverse_complement(inner))


def test_half_of_the_sequences_are_turned_over():
    rows = random_rows(2000, 20)
    found = changed(rows, reverse_complement="both")
    turned = (found == sequences.reverse_complement(rows)).all(1)
    assert (turned | (found == rows).all(1)).all()
    assert 0.45 < turned.mean() < 0.55


@pytest.mark.parametrize("name", ["chaos_image", "kmer_counts"])
def test_counts_become_those_of_the_other_strand(name):
    rows, size = random_rows(50, 30), 4 if name == "chaos_image" else 2
    offsets = np.arange(51, dtype=np.int64) * 30
    here, there = (
        ENCODINGS[name].encode(some.ravel(), offsets, Layout(30, "left"), size) for some in (rows, sequences.reverse_complement(rows))
    )
    done = augmentation(Fit(reverse_complement="augment"), 3, reverse=ENCODINGS[name].reverse(size))(tf.constant(here), tf.constant(5), NO)
    found, axes = np.asarray(done), tuple(range(1, here.ndim))
    assert found.dtype == np.uint16
    turned = (found == there).all(axes)
    assert (turned | (found == here).all(axes)).all()
    assert 0 < turned.sum() < 50


def test_moving_fills_what_opens():
    rows = random_rows(500, 20)
    found = changed(rows, shift=3)
    shifts = []
    for before, after in zip(rows, found, strict=True):
        fitting = [by for by in range(-3, 4) if (after == np.pad(before, 3, constant_values=4)[3 + by : 23 + by]).all()]
        assert fitting
        shifts += fitting
    assert set(shifts) == set(range(-3, 4))


def test_mutations_hit_their_share_of_known_bases_with_all_three_others():
    rows = np.zeros((200, 100), np.uint8)
    rows[:, 50:] = 4
    found = changed(rows, mutation=0.3)
    assert (found[:, 50:] == 4).all()
    assert (found[:, :50] != 0).mean() == pytest.approx(0.3, abs=0.02)
    shares = np.bincount(found[:, :50].ravel(), minlength=4)[1:] / (found[:, :50] != 0).sum()
    np.testing.assert_allclose(shares, 1 / 3, atol=0.03)


@pytest.mark.parametrize("settings", [{"mutation": 0.1}, {"shift": 5}, {"reverse_complement": "both"}, {"evoaug": True}])
def test_what_is_drawn_follows_from_seed_and_step(settings):
    rows = random_rows(16, 60)
    first = changed(rows, evolve=YES, **settings)
    np.testing.assert_array_equal(first, changed(rows, evolve=YES, **settings))
    assert not np.array_equal(first, changed(rows, step=1, evolve=YES, **settings))
    assert not np.array_equal(first, changed(rows, seed=2, evolve=YES, **settings))
    assert not np.array_equal(first, rows)


class TestEvolving:
    """One kind at a time, by drawing numbers that choose it."""

    @staticmethod
    def only(kind, rows, start=0.5):
        """Evolves by one kind alone, of the greatest length, at the middle."""
        calls = []

        def draw(*shape):
            calls.append(shape)
            if len(calls) == 1:  # the order of kinds: the wanted one first
                return tf.constant(
                    np.tile([0.0 if number == kind else 0.5 + number / 10 for number in range(5)], (len(rows), 1)), tf.float32
                )
            if len(calls) == 2:  # one of them
                return tf.zeros((len(rows), 1))
            if shape[1] == 1:  # sizes and starts in turn: longest, and where asked
                return tf.fill((len(rows), 1), 0.999 if len(calls) % 2 else start)
            return tf.fill((len(rows), shape[1]), 0.99)

        return np.asarray(evolving.evolved(tf.constant(rows.astype(np.int32)), draw))

    rows = random_rows(4, 100)
    size = 10

    def test_a_move_takes_the_end_to_the_start(self):
        np.testing.assert_array_equal(self.only(0, self.rows), np.roll(self.rows, self.size, axis=1))

    def test_an_inversion_turns_one_stretch_over(self):
        found = self.only(1, self.rows)
        begin = 45
        expected = self.rows.copy()
        expected[:, begin : begin + 10] = sequences.reverse_complement(self.rows[:, begin : begin + 10])
        np.testing.assert_array_equal(found, expected)

    def test_an_insertion_pushes_the_rest_along(self):
        found = self.only(2, self.rows)
        np.testing.assert_array_equal(found[:, :45], self.rows[:, :45])
        np.testing.assert_array_equal(found[:, 45:55], 3)  # what was drawn
        np.testing.assert_array_equal(found[:, 55:], self.rows[:, 45:90])

    def test_a_deletion_draws_the_rest_near(self):
        found = self.only(3, self.rows)
        np.testing.assert_array_equal(found[:, :45], self.rows[:, :45])
        np.testing.assert_array_equal(found[:, 45:90], self.rows[:, 55:])
        np.testing.assert_array_equal(found[:, 90:], 3)

    def test_filled_ends_stay(self):
        for anchor in ("left", "right"):
            rows = filled(300, 60, 40, anchor)
            found = changed(rows, evolve=YES, evoaug=True)
            np.testing.assert_array_equal(found == 4, rows == 4)
            assert (found != rows).any(1).mean() > 0.8

    def test_it_is_done_only_when_said(self):
        np.testing.assert_array_equal(changed(self.rows, evolve=NO, evoaug=True), self.rows)
