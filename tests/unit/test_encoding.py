"""The encodings: the chaos game played point by point, words numbered by hand, and what all share."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genomics import sequences
from genomics.encoding import ENCODINGS, chaos_image

CORNERS = {"A": (0, 0), "C": (0, 1), "G": (1, 1), "T": (1, 0)}  # (right, up), as Jeffrey 1990 draws them
HALF = Fraction(1, 2)
sets = st.lists(st.text("ACGTN", max_size=20), min_size=1, max_size=4)
layouts = st.builds(sequences.Layout, st.integers(1, 12), st.sampled_from(sequences.ANCHORS))


def flat(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    return sequences.flatten([sequences.encode(text) for text in texts])


def played(text: str, k: int) -> np.ndarray:
    """The game itself: from the middle, each base moves the point half-way to its corner; from the k-th base on, the
    cell it has reached is counted. An unknown base begins the game again. Row 0 is the top."""
    side = 2**k
    picture = np.zeros((side, side), int)
    for stretch in text.split("N"):
        x = y = HALF
        for move, base in enumerate(stretch, start=1):
            right, up = CORNERS[base]
            x, y = (x + right) * HALF, (y + up) * HALF
            if move >= k:
                picture[side - 1 - int(y * side), int(x * side)] += 1
    return picture


@given(texts=sets, k=st.integers(1, 5))
def test_the_chaos_image_is_where_the_chaos_game_leads(texts, k):
    pictures = chaos_image.encode(*flat(texts), sequences.Layout(3, "left"), 2**k)
    assert pictures.shape == (len(texts), 2**k, 2**k, 1)
    assert pictures.dtype == np.uint16
    for picture, text in zip(pictures, texts, strict=True):
        assert (picture[:, :, 0] == played(text, k)).all()


def test_single_bases_lie_in_the_documented_corners():
    picture = chaos_image.encode(*flat(["ACCGGGTTTT"]), sequences.Layout(1, "left"), 2)[0, :, :, 0]
    assert picture.tolist() == [[2, 3], [1, 4]]  # C G above A T


@pytest.mark.parametrize("k", range(1, 8))
def test_each_word_has_a_cell_of_its_own(k):
    assert sorted(chaos_image.cells(k)) == list(range(4**k))


def test_counts_end_at_the_largest_number_that_fits():
    picture = chaos_image.encode(*flat(["A" * 70_000, "A" * 65_535]), sequences.Layout(1, "left"), 2)
    assert picture[:, 1, 0, 0].tolist() == [65_535, 65_535]


def numbered(text: str, k: int) -> list[int]:
    words = [text[at : at + k] for at in range(len(text) - k + 1)]
    return [0 if "N" in word else 1 + sum("ACGT".index(c) * 4 ** (k - 1 - at) for at, c in enumerate(word)) for word in words]


@given(texts=sets, layout=layouts, k=st.integers(1, 7))
def test_tokens_are_the_words_of_the_laid_out_sequence(texts, layout, k):
    tokens = ENCODINGS["kmer_tokens"].encode(*flat(texts), layout, k)
    rows = sequences.matrix(*flat(texts), layout)
    assert tokens.tolist() == [numbered(sequences.decode(row), k) for row in rows]


def test_tokens_of_the_longest_words_fit_their_type():
    tokens = ENCODINGS["kmer_tokens"].encode(*flat(["T" * 7]), sequences.Layout(7, "left"), 7)
    assert tokens.tolist() == [[4**7]]


@given(texts=sets, layout=layouts)
def test_one_hot_keeps_codes_and_they_unfold_to_one_row_of_four_per_base(texts, layout):
    codes = ENCODINGS["one_hot"].encode(*flat(texts), layout, 0)
    assert (codes == sequences.matrix(*flat(texts), layout)).all()
    unfolded = np.eye(5)[codes][..., :4]  # what the model does: 4 becomes zeros
    for row, text in zip(unfolded, [sequences.decode(c) for c in codes], strict=True):
        assert row.tolist() == [[float(letter == base) for base in "ACGT"] for letter in text]


def test_the_encodings_are_these():
    assert sorted(ENCODINGS) == ["chaos_image", "kmer_tokens", "one_hot"]
    assert [name for name, encoding in ENCODINGS.items() if encoding.whole] == ["chaos_image"]


SIZES = {"one_hot": st.just(0), "kmer_tokens": st.integers(1, 7), "chaos_image": st.sampled_from([4, 8, 16])}


@pytest.mark.parametrize("name", ENCODINGS)
@given(texts=sets, layout=layouts, data=st.data())
def test_every_encoding_gives_the_shape_and_type_it_declares_row_by_row(name, texts, layout, data):
    encoding = ENCODINGS[name]
    assert encoding.name == name
    size = data.draw(SIZES.get(name, st.just(4)))
    rows = encoding.encode(*flat(texts), layout, size)
    assert rows.shape == (len(texts), *encoding.shape(layout, size))
    assert rows.dtype == encoding.dtype
    for row, text in zip(rows, texts, strict=True):  # a row does not depend on its neighbours
        assert (encoding.encode(*flat([text]), layout, size)[0] == row).all()
