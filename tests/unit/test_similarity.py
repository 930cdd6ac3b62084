"""Equal sequences and shared words, held against plain Python sets on either strand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from genomics import kmers, sequences, similarity
from genomics.errors import SettingError

WORD = 6
texts = st.lists(st.text("ACGTN", max_size=14), min_size=1, max_size=12)


def flat(given: list[str]) -> tuple[np.ndarray, np.ndarray]:
    return sequences.flatten([sequences.encode(text) for text in given])


def canonical(text: str) -> str:
    return min(text, sequences.reverse_complement_text(text))


def words(text: str, length: int = WORD) -> list[str]:
    found = (text[i : i + length] for i in range(len(text) - length + 1))
    return [canonical(word) for word in found if "N" not in word]


@st.composite
def related(draw) -> list[str]:
    """Sequences of which some hold a piece of another one, from either strand."""
    made = draw(st.lists(st.text("ACGTN", max_size=16), min_size=2, max_size=10))
    for _ in range(draw(st.integers(0, 4))):
        source, target = (draw(st.integers(0, len(made) - 1)) for _ in range(2))
        piece = made[source][:8]
        made[target] += piece if draw(st.booleans()) else sequences.reverse_complement_text(piece)
    return made


@given(texts, st.booleans())
def test_the_same_sequence_has_the_same_number(given, strands):
    groups = similarity.same(*flat(given), strands=strands)
    keys = [canonical(text) if strands else text for text in given]
    numbers: dict[str, int] = {}
    assert groups.tolist() == [numbers.setdefault(key, len(numbers)) for key in keys]


@given(st.lists(st.text("ACGTN", min_size=1, max_size=30), min_size=1, max_size=6), st.booleans(), st.integers(1, 9))
def test_long_sequences_are_taken_in_pieces_with_the_same_result(given, strands, piece):
    given = [*given, sequences.reverse_complement_text(given[0]), given[0]]
    whole = similarity.same(*flat(given), strands=strands)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similarity, "_CHUNK_BASES", piece)
        assert (similarity.same(*flat(given), strands=strands) == whole).all()


@given(texts, st.integers(1, 31))
def test_words_are_those_of_the_smaller_strand(given, k):
    for text in given:
        found = kmers.canonical_kmers(sequences.encode(text), k)
        for at in range(max(len(text) - k + 1, 0)):
            word = text[at : at + k]
            assert found.known[at] == ("N" not in word)
            if found.known[at]:
                number = min(
                    int("".join(str("ACGT".index(c)) for c in strand), 4) for strand in (word, sequences.reverse_complement_text(word))
                )
                assert found.numbers[at] == number
        assert len(found.numbers) == len(found.known) == max(len(text) - k + 1, 0)


@given(related(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_families_and_crossing_words_are_those_of_plain_sets(given, random):
    side = np.array([random.random() < 0.5 for _ in given])
    found = similarity.compare(*flat(given), side, word=WORD)

    sets = [set(words(text)) for text in given]
    linked = [
        [bool(a & b) or canonical(s) == canonical(t) for b, t in zip(sets, given, strict=True)] for a, s in zip(sets, given, strict=True)
    ]
    _, expected = connected_components(np.array(linked))
    assert len(set(zip(expected, found.families, strict=True))) == len(set(expected)) == len(set(found.families))
    for number, text in enumerate(given):
        others = set().union(*(sets[i] for i in range(len(given)) if side[i] != side[number]))
        assert found.crossing[number] == sum(word in others for word in words(text))


def test_large_sets_taken_in_shares_give_the_same(monkeypatch):
    rng = np.random.default_rng(0)
    pieces = [rng.integers(0, 5, rng.integers(0, 60)).astype(np.uint8) for _ in range(80)]
    for _ in range(20):
        source, target = rng.integers(0, 80, 2)
        pieces[target] = np.concatenate([pieces[target], sequences.reverse_complement(pieces[source][:25])])
    codes, offsets = sequences.flatten(pieces)
    side = rng.random(80) < 0.4
    whole = similarity.compare(codes, offsets, side, word=8)
    monkeypatch.setattr(similarity, "_WORDS_AT_ONCE", 300)
    monkeypatch.setattr(similarity, "_CHUNK_BASES", 41)
    shares: list[float] = []
    piecewise = similarity.compare(codes, offsets, side, word=8, tick=shares.append)
    assert (whole.families == piecewise.families).all()
    assert (whole.crossing == piecewise.crossing).all()
    assert len(set(whole.families)) < 80
    assert whole.crossing.any()
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_chance_is_that_of_drawing_the_same_bases():
    even = np.tile(np.arange(4, dtype=np.uint8), 100)
    assert similarity.chance_of_a_word(even, 20) == pytest.approx(2 * 0.25**20)
    assert similarity.chance_of_a_word(np.zeros(9, np.uint8), 20) == pytest.approx(1)
    assert similarity.chance_of_a_word(np.full(9, 4, np.uint8), 20) == 0


@pytest.mark.parametrize("word", [3, 21])
def test_a_word_length_that_does_not_fit_is_refused(word):
    with pytest.raises(SettingError, match=rf"word = {word} is not allowed: choose 4 to 20"):
        similarity.compare(*flat(["ACGT"]), word=word)


@given(related(), st.integers(2, 12), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_sharing_a_stretch_is_having_one_word_of_that_length_in_common(given, length, random):
    side = [random.random() < 0.5 for _ in given]
    asked, others = np.flatnonzero(side), np.flatnonzero(~np.array(side, bool))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similarity, "_CHUNK_BASES", 9)
        found = similarity.sharing(*flat(given), asked, others, length)
    sets = [{word for word in words(text, length) if len(set(word)) > 1} for text in given]
    there = set().union(*(sets[i] for i in others))
    assert found.tolist() == [bool(sets[i] & there) for i in asked]


@pytest.mark.parametrize("length", [31, 32, 45, 62])
@pytest.mark.parametrize("turned", [False, True])
def test_long_stretches_are_found_to_the_base(length, turned):
    rng = np.random.default_rng(length)
    rows = [rng.integers(0, 4, 150).astype(np.uint8) for _ in range(20)]
    for number, shared in ((0, length - 1), (1, length), (2, length + 5)):
        piece = rows[10 + number][40 : 40 + shared]
        rows[number][60 : 60 + shared] = sequences.reverse_complement(piece) if turned else piece
        before, after = int(rows[10 + number][39]), int(rows[10 + number][40 + shared])
        before, after = (3 - after, 3 - before) if turned else (before, after)
        rows[number][59], rows[number][60 + shared] = (before + 1) % 4, (after + 1) % 4  # so that not a base more agrees
    codes, offsets = sequences.flatten(rows)
    found = similarity.sharing(codes, offsets, np.arange(10), np.arange(10, 20), length)
    assert np.flatnonzero(found).tolist() == [1, 2]
