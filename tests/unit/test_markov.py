"""Markov chains: counted by hand on a toy, and true to the words they were fitted to."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import random_rows

from genomics import kmers, markov, sequences
from genomics.scorecard import Flat, jensen_shannon, word_frequencies


def flat_of(*texts: str) -> Flat:
    return Flat(*sequences.flatten([sequences.encode(text) for text in texts]))


def repetitive(n: int, length: int) -> Flat:
    """Each base likes to repeat the one two before it."""
    rng = np.random.default_rng(0)
    rows = random_rows(n, length)
    for position in range(2, length):
        same = rng.random(n) < 0.6
        rows[same, position] = rows[same, position - 2]
    return Flat(*sequences.flatten(list(rows)))


def test_a_chain_is_counted_by_hand():
    flat = flat_of("AAC", "AN")
    bases = np.array([3, 1, 0, 0])
    zero = (bases + 0.5) / 6
    np.testing.assert_allclose(markov.transitions(*flat, 0), [zero])
    after_a = (np.array([1, 1, 0, 0]) + 2 * zero) / 4  # AA, AC; not C-A nor A-N
    np.testing.assert_allclose(markov.transitions(*flat, 1), [after_a, zero, zero, zero])


@given(order=st.integers(0, 4), seed=st.integers(0, 100), length=st.integers(1, 9))
def test_rows_are_probabilities_and_nothing_is_impossible(order, seed, length):
    found = markov.transitions(*sequences.flatten(list(random_rows(3, length, seed))), order)
    assert found.shape == (4**order, 4)
    np.testing.assert_allclose(found.sum(1), 1)
    assert (found > 0).all()


def test_with_many_records_a_chain_is_what_was_counted():
    flat = repetitive(2000, 30)
    counts = kmers.kmer_counts(*flat, 3).reshape(-1, 4)
    np.testing.assert_allclose(markov.transitions(*flat, 2), counts / counts.sum(1, keepdims=True), atol=2e-3)


@pytest.mark.parametrize("order", [0, 1, 2, 3, 5])
def test_samples_have_the_words_of_what_the_chain_was_fitted_to(order):
    flat = repetitive(2000, 30)
    made = Flat(*markov.sample(*flat, order, 2000, np.random.default_rng(1)))
    for k in range(1, order + 2):
        floor = 4**k / (2000 * 30)  # what chance alone makes of so many words
        assert jensen_shannon(word_frequencies(made, k), word_frequencies(flat, k)) < 1e-3 + floor
    longer = jensen_shannon(word_frequencies(made, 3), word_frequencies(flat, 3))
    assert (longer > 0.05) == (order < 2)


def test_samples_are_as_long_as_real_ones_and_hold_known_bases():
    flat = flat_of("ACGTACGT", "AC", "GGN")
    codes, offsets = markov.sample(*flat, 3, 300, np.random.default_rng(0))
    assert len(offsets) == 301
    assert set(np.diff(offsets)) == {8, 2, 3}
    assert len(codes) == offsets[-1]
    assert codes.max() <= 3
    assert codes.dtype == np.uint8


def test_the_same_seed_draws_the_same_sequences():
    flat = repetitive(20, 30)
    one, again, other = (markov.sample(*flat, 2, 10, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_the_first_bases_follow_shorter_words():
    """The chain's first base has no word before it: it comes from the base frequencies, the second from order 1."""
    flat = flat_of(*["AT" * 10] * 50)
    codes, offsets = markov.sample(*flat, 2, 400, np.random.default_rng(0))
    starts = [sequences.decode(codes[start : start + 2]) for start, _ in itertools.pairwise(offsets)]
    assert {"AT", "TA"} >= {text for text in starts if starts.count(text) > 8}
    assert 120 < starts.count("AT") < 280
