"""Each number of the scorecard against SciPy or a naive loop, and against generators whose faults are known."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial import distance
from toys import random_rows

from genomics import generating, kmers, scorecard, sequences
from genomics.scorecard import Flat


def flat_of(*texts: str) -> Flat:
    return Flat(*sequences.flatten([sequences.encode(text) for text in texts]))


def flat_rows(rows: np.ndarray) -> Flat:
    return Flat(*sequences.flatten(list(rows)))


def texts_of(flat: Flat) -> list[str]:
    return [sequences.decode(flat.codes[start:end]) for start, end in itertools.pairwise(flat.offsets)]


def real(n: int = 400, length: int = 40, seed: int = 0) -> Flat:
    """Sequences in which each base likes to follow its complement: order 1 is not enough for k = 4, order 3 is."""
    rng = np.random.default_rng(seed)
    rows = random_rows(n, length, seed)
    for position in range(3, length):
        again = rng.random(n) < 0.5
        rows[again, position] = 3 - rows[again, position - 3]
    return flat_rows(rows)


distributions = st.lists(st.integers(0, 20), min_size=4, max_size=4).filter(any).map(lambda counts: np.array(counts) / sum(counts))


@given(p=distributions, q=distributions)
def test_divergence_is_the_square_of_scipys_distance(p, q):
    assert scorecard.jensen_shannon(p, q) == pytest.approx(distance.jensenshannon(p, q, base=2) ** 2, abs=1e-9)


def test_divergence_is_nothing_of_equals_and_one_bit_where_nothing_is_shared():
    assert scorecard.jensen_shannon(np.array([0.25, 0.75]), np.array([0.25, 0.75])) == 0
    assert scorecard.jensen_shannon(np.array([1.0, 0]), np.array([0, 1.0])) == 1


@given(seed=st.integers(0, 1000))
def test_correlation_is_scipys(seed):
    x, y = np.random.default_rng(seed).normal(size=(2, 20))
    assert scorecard.correlation(x, y) == pytest.approx(stats.pearsonr(x, y).statistic)


@given(seed=st.integers(0, 1000))
def test_gc_distance_is_that_of_kolmogorov_and_smirnov(seed):
    one, other = flat_rows(random_rows(30, 12, seed)), flat_rows(random_rows(50, 9, seed + 1))
    contents = [[(text.count("G") + text.count("C")) / len(text) for text in texts_of(flat)] for flat in (one, other)]
    assert scorecard.gc_distance(one, other) == pytest.approx(stats.ks_2samp(*contents).statistic)


def test_words_with_unknown_bases_or_across_two_sequences_do_not_count():
    found = scorecard.word_frequencies(flat_of("AAN", "C", "GT"), 2)
    words = dict(zip(map("".join, itertools.product("ACGT", repeat=2)), found, strict=True))
    assert {word: share for word, share in words.items() if share} == {"AA": 0.5, "GT": 0.5}


def test_the_end_of_a_generated_sequence_counts_nowhere():
    rows = np.array([[0, 0, 4, 4], [1, 2, 3, 0], [4, 4, 4, 4]], np.uint8)
    flat = generating.flat(rows)
    assert texts_of(flat) == ["AA", "CGTA"]
    assert generating.texts(rows) == ["AA", "CGTA", ""]
    assert kmers.kmer_counts(*flat, 2).sum() == 1 + 3
    assert scorecard.score(flat, flat, flat).jsd == dict.fromkeys("123456", 0.0)


@given(seed=st.integers(0, 1000))
def test_the_nearest_neighbour_is_the_one_with_fewest_differences(seed):
    rng = np.random.default_rng(seed)
    some, training = (rng.choice(5, (n, 10), p=[0.24] * 4 + [0.04]).astype(np.uint8) for n in (7, 15))
    nearest = [min(sum(a != b or a == 4 for a, b in zip(one, other, strict=True)) / 10 for other in training) for one in some]
    assert scorecard.nearest(flat_rows(some), flat_rows(training)) == pytest.approx(np.median(nearest))


def test_sequences_of_unlike_length_have_no_nearest_neighbour():
    assert scorecard.nearest(flat_of("ACGT", "ACG"), flat_of("ACGT")) is None
    assert scorecard.nearest(flat_of("ACGT"), flat_of("ACG")) is None


@given(seed=st.integers(0, 1000))
def test_copied_words_are_those_in_a_set_of_all_words(seed):
    rng = np.random.default_rng(seed)
    training = [sequences.decode(rng.integers(0, 4, n).astype(np.uint8)) for n in rng.integers(1, 60, 12)]
    pieces = [text[a:b] for text in training for a, b in [sorted(rng.integers(0, 61, 2))]]
    new = [sequences.decode(rng.integers(0, 5, n).astype(np.uint8)) for n in rng.integers(1, 50, 6)]
    some = [text for text in [*pieces, *new, pieces[0] + new[0] + pieces[1]] if text]

    def words(texts: list[str]) -> list[str]:
        found = [text[at : at + 20] for text in texts for at in range(len(text) - 19)]
        return [word for word in found if "N" not in word]

    known, asked = set(words(training)), words(some)
    expected = sum(word in known for word in asked) / len(asked) if asked else 0.0
    assert scorecard.copied(flat_of(*some), flat_of(*training)) == pytest.approx(expected)


def test_a_memoriser_is_found_out_by_its_neighbours_and_copies():
    training, held = real(400, seed=1), real(300, seed=2)
    found = scorecard.score(training.first(200), held, training)
    assert (found.nearest, found.copied, found.n) == (0, 1, 200)
    honest = scorecard.score(real(200, seed=3), held, training)
    assert honest.nearest > 0.2
    assert honest.copied == 0
    assert found.jsd["4"] == pytest.approx(honest.jsd["4"], rel=0.3)  # word statistics do not tell


def test_a_collapse_is_found_out_by_how_few_are_different():
    held = real(300, seed=2)
    found = scorecard.score(flat_rows(np.tile(random_rows(10, 40), (20, 1))), held, real(400, seed=1))
    assert found.unique == pytest.approx(10 / 200)
    assert scorecard.score(real(200, seed=3), held, held).unique == 1


def test_base_frequencies_are_compared_by_position():
    rows = np.where(np.arange(20) % 2, random_rows(500, 20) % 2, 3)
    one, other = flat_rows(rows[:250].astype(np.uint8)), flat_rows(rows[250:].astype(np.uint8))
    turned = flat_rows(np.roll(rows[250:], 1, axis=1).astype(np.uint8))
    assert scorecard.score(one, other, other).position_r > 0.95
    assert scorecard.score(one, turned, other).position_r < 0.1


def test_yardsticks_are_ordered_and_the_gap_is_nothing_at_the_floor_and_closed_at_the_ceiling():
    training, held = real(1500, seed=1), real(1500, seed=2)
    rows = scorecard.yardsticks(held, training, 1000)
    assert list(rows) == ["real", "markov_1", "markov_3", "markov_5"]
    assert all(row.n == 1000 for row in rows.values())
    assert rows["real"].jsd["4"] < rows["markov_3"].jsd["4"] * 1.5 < rows["markov_1"].jsd["4"]
    assert scorecard.gap_closed(rows["markov_1"], rows) == 0
    assert scorecard.gap_closed(rows["real"], rows) == 1
    worse = scorecard.score(flat_rows(random_rows(1000, 40)), held, training)
    assert scorecard.gap_closed(worse, rows) < 0.1
    assert rows["real"].nearest == scorecard.nearest(held, training)
    assert scorecard.yardsticks(held, training, 1000) == rows
    assert scorecard.yardsticks(held, training, 1000, seed=1) != rows


def test_there_is_no_gap_where_the_floor_is_as_good_as_the_ceiling():
    flat = flat_rows(random_rows(300, 40))
    found = scorecard.score(flat, flat, flat)
    level = found._replace(jsd={**found.jsd, "4": 0.0011})
    better = found._replace(jsd={**found.jsd, "4": 0.001})

    assert scorecard.gap_closed(found, {"markov_1": level, "real": better}) is None
    assert scorecard.gap_closed(found, {"markov_1": level._replace(jsd={"4": 0.0021}), "real": better}) is not None


def test_a_set_without_any_sequence_can_be_scored():
    nothing = Flat(np.zeros(0, np.uint8), np.zeros(1, np.int64))
    training = real(30)
    found = scorecard.score(nothing, training, training)
    assert (found.n, found.unique, found.copied, found.nearest, found.gc_ks) == (0, 0, 0, None, 1)
    assert found.jsd["4"] == 1


def test_the_first_of_a_set():
    flat = flat_of("AC", "G", "TTT")
    assert texts_of(flat.first(2)) == ["AC", "G"]
    assert texts_of(flat.first(9)) == ["AC", "G", "TTT"]
    assert len(flat.first(9)) == 3
