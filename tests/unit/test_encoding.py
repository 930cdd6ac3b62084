"""The encodings: the chaos game played point by point, words counted by hand, and what all share."""

import re
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from Bio.SeqUtils.MeltingTemp import DNA_NN4
from hypothesis import given
from hypothesis import strategies as st

from genomics import sequences
from genomics.encoding import ENCODINGS, chaos_image, dinucleotides, kmer_counts

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


def counted(text: str, k: int) -> list[int]:
    words = [text[at : at + k] for at in range(len(text) - k + 1)]
    return [words.count("".join(word)) for word in product("ACGT", repeat=k)]


@given(texts=sets, k=st.integers(1, 3))
def test_words_are_counted_wherever_they_stand(texts, k):
    counts = ENCODINGS["kmer_counts"].encode(*flat(texts), sequences.Layout(3, "left"), k)
    assert counts.tolist() == [counted(text, k) for text in texts]


def test_counting_in_pieces_gives_the_same(monkeypatch):
    texts = ["ACGTNACCA", "", "A" * 31, "CG", "TTTACGGACGTAC" * 3, "N"]
    whole = kmer_counts.count(*flat(texts), 3)
    for bases, cells in ((1, 1), (5, 10**6), (10**6, 128)):
        monkeypatch.setattr(kmer_counts, "_BASES", bases)
        monkeypatch.setattr(kmer_counts, "_CELLS", cells)
        assert (kmer_counts.count(*flat(texts), 3) == whole).all()


@pytest.mark.parametrize(("name", "size"), [("kmer_counts", 1), ("kmer_counts", 4), ("chaos_image", 4), ("chaos_image", 32)])
def test_counts_of_the_other_strand_are_the_same_counts_in_other_cells(name, size):
    encoding = ENCODINGS[name]
    texts = ["ACCGTNNACGGATTTACGAC", "GGGGGGA", "T"]
    others = [sequences.reverse_complement_text(text) for text in texts]
    layout = sequences.Layout(3, "left")
    one, other = (encoding.encode(*flat(each), layout, size).reshape(3, -1) for each in (texts, others))
    assert (one[:, encoding.reverse(size)] == other).all()
    assert (one != other).any()


@given(texts=sets, layout=layouts)
@pytest.mark.parametrize("name", ["kmer_tokens", "dinucleotides"])
def test_what_the_model_unfolds_is_kept_as_codes(name, texts, layout):
    assert (ENCODINGS[name].encode(*flat(texts), layout, 4) == sequences.matrix(*flat(texts), layout)).all()


def test_properties_of_pairs_are_the_same_on_both_strands_and_standardised():
    table = dinucleotides.table()
    assert table.shape == (17, len(dinucleotides.PROPERTIES))
    assert not table[0].any()
    np.testing.assert_array_equal(table[1:], table[1:][kmer_counts.complements(2)])
    np.testing.assert_allclose(table[1:].mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(table[1:].std(0), 1, rtol=1e-6)


def test_stacking_energies_follow_from_enthalpy_and_entropy():
    """Biopython has both for each pair (SantaLucia & Hicks 2004); the free energy at 37 degrees follows."""
    parts = {pair[:2]: values for pair, values in DNA_NN4.items() if re.fullmatch("[ACGT]{2}/[ACGT]{2}", pair)}
    assert len(parts) == 10
    for pair, (enthalpy, entropy) in parts.items():
        measured = dinucleotides.MEASURED.get(pair) or dinucleotides.MEASURED[sequences.reverse_complement_text(pair)]
        assert measured[-1] == pytest.approx(enthalpy - 310.15 * entropy / 1000, abs=0.02)


@given(texts=sets, layout=layouts)
def test_one_hot_keeps_codes_and_they_unfold_to_one_row_of_four_per_base(texts, layout):
    codes = ENCODINGS["one_hot"].encode(*flat(texts), layout, 0)
    assert (codes == sequences.matrix(*flat(texts), layout)).all()
    unfolded = np.eye(5)[codes][..., :4]  # what the model does: 4 becomes zeros
    for row, text in zip(unfolded, [sequences.decode(c) for c in codes], strict=True):
        assert row.tolist() == [[float(letter == base) for base in "ACGT"] for letter in text]


def test_the_encodings_are_these():
    assert sorted(ENCODINGS) == ["chaos_image", "dinucleotides", "kmer_counts", "kmer_tokens", "one_hot"]
    counts = {"chaos_image", "kmer_counts"}
    for name, encoding in ENCODINGS.items():  # of two kinds
        assert encoding.whole == (encoding.reverse is not None) == (name in counts)
        assert encoding.codes == (name not in counts)


SIZES = {
    "one_hot": st.just(0),
    "kmer_tokens": st.integers(1, 7),
    "kmer_counts": st.integers(1, 4),
    "chaos_image": st.sampled_from([4, 8, 16]),
}


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
