"""Codes, strands, layouts and words, against Biopython and against naive loops."""

import itertools
import math

import numpy as np
import pytest
from Bio.Seq import Seq
from hypothesis import given
from hypothesis import strategies as st

from genomics import kmers, sequences

IUPAC = "ACGTUNRYSWKMBDHVX"
dna = st.text("ACGT", max_size=60)
dna_n = st.text("ACGTN", max_size=60)
iupac = st.text(IUPAC + IUPAC.lower(), max_size=60)
sets = st.lists(st.text("ACGTN", max_size=12), max_size=6)


def plain(text: str) -> str:
    """What a text of any letters means: upper case, U is T, every ambiguous letter is N."""
    return "".join(c if c in "ACGT" else "N" for c in text.upper().replace("U", "T"))


def flat(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    return sequences.flatten([sequences.encode(text) for text in texts])


@given(iupac)
def test_decode_undoes_encode_up_to_case_and_ambiguity(text):
    codes = sequences.encode(text)
    assert codes.dtype == np.uint8
    assert sequences.decode(codes) == plain(text)
    assert (sequences.encode(text.encode()) == codes).all()


def test_the_codes_are_the_documented_ones():
    assert sequences.encode("ACGTUacgtuNX").tolist() == [0, 1, 2, 3, 3, 0, 1, 2, 3, 3, 4, 4]


def test_each_byte_is_a_base_an_ambiguous_letter_or_invalid():
    bases = set("ACGTUacgtu")
    for byte in range(256):
        letter = chr(byte)
        code = sequences.encode(bytes([byte]))[0]
        if letter in bases:
            assert code < 4, letter
        elif letter in IUPAC + IUPAC.lower():
            assert code == sequences.UNKNOWN, letter
        else:
            assert code == sequences.INVALID, letter


def test_a_letter_outside_latin_1_is_invalid_and_not_an_error():
    assert sequences.encode("A\u03b1T").tolist() == [0, sequences.INVALID, 3]


@given(dna_n)
def test_reverse_complement_agrees_with_biopython(text):
    assert sequences.reverse_complement_text(text) == str(Seq(text).reverse_complement())


@given(iupac)
def test_reverse_complement_of_ambiguous_letters_agrees_with_biopython(text):
    assert sequences.reverse_complement_text(text) == plain(str(Seq(text.replace("U", "T").replace("u", "t")).reverse_complement()))


@given(dna_n)
def test_reverse_complement_twice_is_the_same_strand(text):
    codes = sequences.encode(text)
    assert (sequences.reverse_complement(sequences.reverse_complement(codes)) == codes).all()


def test_reverse_complement_of_rows_turns_each_row():
    rows = np.stack([sequences.encode("AACG"), sequences.encode("TTTN")])
    assert [sequences.decode(row) for row in sequences.reverse_complement(rows)] == ["CGTT", "NAAA"]


@given(sets)
def test_flatten_keeps_each_sequence_at_its_offsets(texts):
    codes, offsets = flat(texts)
    assert codes.dtype == np.uint8
    assert offsets.dtype == np.int64
    assert [sequences.decode(codes[a:b]) for a, b in itertools.pairwise(offsets)] == texts


def laid_out(text: str, length: int, anchor: str) -> str:
    """The naive rule of `Layout`; with an odd surplus or gap, the extra base falls to the right end of the sequence."""
    if anchor == "left":
        return text[:length].ljust(length, "N")
    if anchor == "right":
        return text[max(len(text) - length, 0) :].rjust(length, "N")
    if len(text) >= length:
        start = (len(text) - length) // 2
        return text[start : start + length]
    before = math.ceil((length - len(text)) / 2)
    return "N" * before + text + "N" * (length - len(text) - before)


@pytest.mark.parametrize("anchor", sequences.ANCHORS)
@given(texts=sets, length=st.integers(1, 15))
def test_matrix_agrees_with_slicing_text(anchor, texts, length):
    rows = sequences.matrix(*flat(texts), sequences.Layout(length, anchor))
    assert rows.shape == (len(texts), length)
    assert rows.dtype == np.uint8
    assert [sequences.decode(row) for row in rows] == [laid_out(text, length, anchor) for text in texts]


def word_number(word: str) -> int:
    return -1 if "N" in word else int("".join(str("ACGT".index(c)) for c in word), 4)


@given(text=dna_n, k=st.integers(1, 6))
def test_kmer_indices_agree_with_reading_each_word_as_a_number_of_base_four(text, k):
    expected = [word_number(text[at : at + k]) for at in range(len(text) - k + 1)]
    assert kmers.kmer_indices(sequences.encode(text), k).tolist() == expected


@given(st.lists(st.text("ACGTN", min_size=7, max_size=7), min_size=1, max_size=5), st.integers(1, 8))
def test_kmer_indices_of_rows_are_those_of_each_row(texts, k):
    rows = np.stack([sequences.encode(text) for text in texts])
    together = kmers.kmer_indices(rows, k)
    assert together.shape == (len(texts), max(7 - k + 1, 0))
    assert all((part == kmers.kmer_indices(row, k)).all() for part, row in zip(together, rows, strict=True))


def test_a_letter_that_is_no_base_makes_the_word_unknown():
    assert kmers.kmer_indices(sequences.encode("AC5GT"), 2).tolist() == [1, -1, -1, 11]


@given(st.lists(st.integers(0, 9), max_size=30), st.integers(1, 20), st.sampled_from([None, 1, 2, 5]))
def test_chunks_hold_each_sequence_once_and_no_more_than_allowed(lengths, bases, records):
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    found = list(sequences.chunks(offsets, bases, records))
    assert [number for first, last in found for number in range(first, last)] == list(range(len(lengths)))
    for first, last in found:
        assert last - first == 1 or (sum(lengths[first:last]) <= bases and last - first <= (records or len(lengths)))
        full = last - first == records or last == len(lengths)
        assert full or sum(lengths[first : last + 1]) > bases


@given(texts=sets, k=st.integers(1, 4))
def test_kmer_counts_agree_with_counting_inside_each_sequence(texts, k):
    expected = np.zeros(4**k, int)
    for text in texts:
        for at in range(len(text) - k + 1):
            if (number := word_number(text[at : at + k])) >= 0:
                expected[number] += 1
    assert (kmers.kmer_counts(*flat(texts), k) == expected).all()


@given(st.lists(dna, max_size=5), st.integers(1, 4))
def test_kmer_counts_of_the_other_strand_are_those_of_the_complementary_words(texts, k):
    words = [sequences.decode(np.array([number // 4 ** (k - 1 - at) % 4 for at in range(k)])) for number in range(4**k)]
    other = [sequences.reverse_complement_text(text) for text in texts]
    counts, turned = (kmers.kmer_counts(*flat(strand), k) for strand in (texts, other))
    assert all(counts[n] == turned[word_number(str(Seq(word).reverse_complement()))] for n, word in enumerate(words))


@given(sets)
def test_gc_content_agrees_with_counting_letters(texts):
    found = sequences.gc_content(*flat(texts))
    assert len(found) == len(texts)
    for value, text in zip(found, texts, strict=True):
        known = [c for c in text if c != "N"]
        expected = sum(c in "GC" for c in known) / len(known) if known else math.nan
        assert value == pytest.approx(expected, nan_ok=True)


@given(st.lists(st.text("ACGTN", min_size=4, max_size=4), min_size=1, max_size=6))
def test_position_frequencies_agree_with_counting_columns(texts):
    found = sequences.position_frequencies(np.stack([sequences.encode(text) for text in texts]))
    assert found.shape == (4, 4)
    for position in range(4):
        column = [text[position] for text in texts if text[position] != "N"]
        expected = [column.count(base) / len(column) if column else 0.0 for base in "ACGT"]
        assert found[position] == pytest.approx(expected)
