"""Shuffled sequences: the counts that are kept, and that every order that keeps them is equally probable."""

from collections import Counter
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from genomics import sequences
from genomics.errors import SettingError
from genomics.negatives import shuffling

texts = st.lists(st.text("ACGTN", max_size=30), max_size=6)
lengths = st.sampled_from(shuffling.WORD_LENGTHS)


def shuffle(originals: list[str], k: int, seed: int = 0) -> list[str]:
    codes, offsets = sequences.flatten([sequences.encode(text) for text in originals])
    made = shuffling.shuffle(codes, offsets, k, seed)
    assert made.dtype == np.uint8
    return [sequences.decode(made[a:b]) for a, b in pairwise(offsets)]


def words(text: str, k: int) -> Counter[str]:
    return Counter(text[at : at + k] for at in range(len(text) - k + 1))


@given(texts, lengths, st.integers(0, 2**32))
def test_keeps_every_word_of_up_to_k_bases(originals: list[str], k: int, seed: int) -> None:
    made = shuffle(originals, k, seed)
    assert [len(text) for text in made] == [len(text) for text in originals]
    for before, after in zip(originals, made, strict=True):
        for length in range(1, k + 1):
            assert words(after, length) == words(before, length)
        assert after[: k - 1] == before[: k - 1]
        assert k == 1 or after[1 - k :] == before[1 - k :]


@given(texts, lengths)
def test_the_same_seed_gives_the_same_and_the_input_is_left_alone(originals: list[str], k: int) -> None:
    codes, offsets = sequences.flatten([sequences.encode(text) for text in originals])
    codes.setflags(write=False)
    assert shuffling.shuffle(codes, offsets, k, 7).tobytes() == shuffling.shuffle(codes, offsets, k, 7).tobytes()


@pytest.mark.parametrize(
    ("original", "k"),
    [
        ("ACGTN", 1),
        ("AACC", 1),
        ("ACACGATAGCA", 2),
        ("AAACAAGACT", 2),
        ("ANANCANNA", 2),
        ("ACACACGCAC", 3),
        ("ACGTACGACGT", 3),
        ("AACAACAAAACAC", 4),
    ],
)
def test_every_order_is_equally_probable(original: str, k: int) -> None:
    kept = words(original, k)
    possible = {text for text in map("".join, _orders(original)) if words(text, k) == kept and text[: k - 1] == original[: k - 1]}
    assert len(possible) > 1
    drawn = Counter(shuffle([original] * 400 * len(possible), k, seed=3))
    assert set(drawn) == possible
    assert chisquare([drawn[text] for text in sorted(possible)]).pvalue > 0.001


def _orders(text: str) -> set[tuple[str, ...]]:
    """Every order of some letters, built letter by letter, for `permutations` would repeat equal ones."""
    if len(text) <= 6:
        return set(permutations(text))
    return {(first, *rest) for first in set(text) for rest in _orders(text.replace(first, "", 1))}


@pytest.mark.parametrize("k", shuffling.WORD_LENGTHS)
def test_most_sequences_change(k: int) -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, 500 * 200).astype(np.uint8)
    made = shuffling.shuffle(codes, np.arange(501) * 200, k, 0)
    differ = (made != codes).reshape(500, 200).mean(1)
    assert (differ > 0).all()
    assert np.median(differ) > (0.6 if k < 4 else 0.2)


@pytest.mark.parametrize("original", ["A" * 3000 + "C", "AC" * 300 + "G", "A" * 50 + "C" * 50 + "G" * 50 + "T" * 50])
def test_ends_however_repetitive_a_sequence_is(original: str) -> None:
    (made,) = shuffle([original], 2)
    assert words(made, 2) == words(original, 2)


def test_two_seeds_and_two_copies_differ() -> None:
    original = sequences.decode(np.random.default_rng(1).integers(0, 4, 100).astype(np.uint8))
    first, second = shuffle([original, original], 2, seed=0)
    assert len({original, first, second, *shuffle([original], 2, seed=1)}) == 4


def test_many_blocks_are_shuffled_each_on_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shuffling, "_BLOCK_BASES", 64)
    rng = np.random.default_rng(2)
    originals = [sequences.decode(rng.integers(0, 5, n).astype(np.uint8)) for n in (0, 10, 100, 1, 0, 30, 30, 64, 200, 0)]
    made = shuffle(originals, 2)
    assert [words(text, 2) for text in made] == [words(text, 2) for text in originals]
    assert made[8] != originals[8]


@given(texts, lengths, st.integers(1, 4))
def test_walking_together_or_alone_gives_the_same(originals: list[str], k: int, few: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shuffling, "_FEW", few)
        together = shuffle(originals, k)
    assert together == shuffle(originals, k)


def test_a_set_may_be_empty() -> None:
    assert shuffle([], 2) == []
    assert shuffle(["", ""], 2) == ["", ""]


@pytest.mark.parametrize("k", [0, 5, -1])
def test_refuses_other_word_lengths(k: int) -> None:
    with pytest.raises(SettingError, match=f"k = {k} is not allowed: shuffling keeps words of 1, 2, 3 or 4 bases"):
        shuffle(["ACGT"], k)
