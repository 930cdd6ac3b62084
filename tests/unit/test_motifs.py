"""Filters against known sites: toys where the answer is exact, a naive comparison, and the rate of false matches."""

import numpy as np
import pytest

from genomics import motifs
from genomics.samples.planted import position_weight_matrix
from genomics.sequences import decode, encode, reverse_complement

SITE = "TGACTCA"


def noise(seed, filters=8, size=9):
    return np.random.default_rng(seed).normal(0, 0.1, (filters, size, 4)).astype(np.float32)


def with_site(site, at, which=3, size=12, seed=0):
    """Noise, and in one filter a site from a position on."""
    kernels = noise(seed, size=size)
    kernels[which, at : at + len(site)] += np.log(position_weight_matrix(site) / 0.25).astype(np.float32)
    return kernels


@pytest.mark.parametrize("at", range(6))
@pytest.mark.parametrize("site", [SITE, decode(reverse_complement(encode(SITE)))])
def test_a_site_in_a_kernel_is_found_on_either_strand_at_every_offset(site, at):
    found = motifs.match(with_site(site, at), SITE)
    assert found.found
    assert found.filter == 3
    assert found.correlation > 0.95
    assert found.chance <= 2 / 4**7  # the site and its reverse complement, nothing else


def test_a_constant_added_to_a_position_or_another_scale_changes_nothing():
    kernels = with_site(SITE, 2)
    other = 5 * kernels + np.random.default_rng(1).normal(size=(*kernels.shape[:2], 1))
    first, second = motifs.match(kernels, SITE), motifs.match(other, SITE)
    assert second.correlation == pytest.approx(first.correlation)
    assert (second.filter, second.chance) == (first.filter, first.chance)


def test_correlation_and_chance_are_those_of_a_naive_comparison():
    kernels, site = noise(5, filters=3, size=6), "ACGG"

    def pearson(word, window):
        return np.corrcoef(np.eye(4)[word].ravel(), (window - window.mean(1, keepdims=True)).ravel())[0, 1]

    def best(word):
        both = (word, 3 - word[::-1])
        return max((pearson(w, kernel[at : at + 4]), number) for number, kernel in enumerate(kernels) for at in range(3) for w in both)

    every = [best(np.array(word)) for word in np.ndindex(4, 4, 4, 4)]
    correlation, number = best(encode(site).astype(int))
    found = motifs.match(kernels, site)
    assert found.correlation == pytest.approx(correlation, abs=1e-6)
    assert found.filter == number
    assert found.chance == pytest.approx(np.mean([value >= correlation - 1e-6 for value, _ in every]))


def test_kernels_that_have_learned_nothing_match_by_chance_alone():
    chances = np.array([motifs.match(noise(seed), SITE).chance for seed in range(200)])
    assert (chances <= motifs.RARE).sum() <= 7  # 2 expected; more than 7 once in 1,000
    assert 0.4 < chances.mean() < 0.6


def test_a_kernel_with_the_same_letters_in_another_order_does_not_match():
    assert not motifs.match(with_site("ATCGCTA", 2), SITE).found


def test_dead_filters_match_nothing_and_narrow_ones_cannot_be_compared():
    dead = motifs.match(np.zeros((4, 9, 4), np.float32), SITE)
    assert not dead.found
    assert motifs.match(noise(0, size=6), SITE) is None
    assert motifs.match(noise(0, size=7), SITE) is not None
    assert motifs.match(np.zeros((0, 9, 4), np.float32), SITE) is None


@pytest.mark.parametrize("site", ["TGA", "TGACTCATG"])
def test_a_site_of_another_length_is_refused(site):
    with pytest.raises(ValueError, match="4 to 8 bases"):
        motifs.match(noise(0), site)
