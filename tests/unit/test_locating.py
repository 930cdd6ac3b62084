"""Where sequences stand in a genome, held against a plain search of both strands."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genomics import sequences
from genomics.io.contigs import Contig
from genomics.negatives import locating


def contigs_of(texts: list[str], circular: bool = False) -> list[Contig]:
    return [Contig(f"c{number}", sequences.encode(text), circular) for number, text in enumerate(texts)]


def found(wanted: list[str], genome: list[Contig]) -> set[tuple[int, int, int, int]]:
    places = locating.find(*sequences.flatten([sequences.encode(text) for text in wanted]), genome)
    rows = list(zip(*(values.tolist() for values in places), strict=True))
    assert rows == sorted(set(rows))
    return set(rows)


def searched(wanted: list[str], genome: list[Contig]) -> set[tuple[int, int, int, int]]:
    """The same by comparing texts at every place; without what has no known word, as documented."""
    rows = set()
    for (number, text), (on, contig) in product(enumerate(wanted), enumerate(genome)):
        length, word = len(text), min(len(text), locating.WORD)
        if not length or length > len(contig.codes) or not any("N" not in text[at : at + word] for at in range(length - word + 1)):
            continue
        here = sequences.decode(contig.codes)
        read = here + here[: length - 1] if contig.circular else here
        for start in range(min(len(here), len(read) - length + 1)):
            if read[start : start + length] in (text, sequences.reverse_complement_text(text)):
                rows.add((number, on, start, start + length))
    return rows


@given(
    st.lists(st.text("ACN", max_size=40), max_size=3),
    st.lists(st.text("ACN", min_size=1, max_size=5), max_size=4),
    st.booleans(),
)
def test_short_sequences_are_found_like_by_a_plain_search(genome: list[str], wanted: list[str], circular: bool) -> None:
    contigs = contigs_of(genome, circular)
    assert found(wanted, contigs) == searched(wanted, contigs)


@pytest.mark.parametrize("chunk", [50, 4_000_000])
@pytest.mark.parametrize("circular", [False, True])
def test_long_sequences_are_found_like_by_a_plain_search(monkeypatch: pytest.MonkeyPatch, chunk: int, circular: bool) -> None:
    monkeypatch.setattr(locating, "_CHUNK_BASES", chunk)
    rng = np.random.default_rng(0)
    texts = [sequences.decode(rng.integers(0, 4, length).astype(np.uint8)) for length in (300, 90, 25, 21)]
    texts[0] += texts[1][:60] + "N" * 5 + texts[0][:70]  # places that stand twice, and unknown bases
    contigs = contigs_of(texts, circular)
    wanted = [texts[0][10:50], sequences.reverse_complement_text(texts[1][5:60]), texts[1][:30], texts[0][-90:], texts[3], texts[2][:20]]
    wanted += [
        texts[1][-15:] + texts[1][:15],
        sequences.reverse_complement_text(texts[3][-3:] + texts[3][:-3]),
        "ACGT" * 8,
        texts[0][10:49] + "N",
    ]
    rows = found(wanted, contigs)
    assert rows == searched(wanted, contigs)
    assert {row[0] for row in rows} == {0, 1, 2, 3, 4, 5} | ({6, 7} if circular else set())


def test_gaps_between_contigs_are_not_part_of_the_genome() -> None:
    left, right = "ACGTTGCAAC", "GGATCCTTAG"
    assert found([left + right, left[2:] + "N", "N" + right[:5], left + "N" + right], contigs_of([left, right])) == set()
    assert found([(left + right + left)[5:] + "N"], contigs_of([left + right + left, right])) == set()


def test_an_unknown_base_equals_an_unknown_base_only() -> None:
    text = "ACGTTGCAACGGATCCTTAGCA"
    assert found([text[:20] + "NA", text], contigs_of([text, text[:20] + "NA"])) == {(0, 1, 0, 22), (1, 0, 0, 22)}


def test_joined_contigs_know_their_places() -> None:
    joined = locating.join([Contig("a", sequences.encode("ACG"), circular=True), Contig("b", sequences.encode("TT"))], beyond=2)
    assert sequences.decode(joined.codes) == "ACGACNTTN"
    assert joined.starts.tolist() == [0, 6]
    assert joined.contig_at(np.array([0, 5, 6, 7])).tolist() == [0, 0, 1, 1]
    assert len(locating.join([]).codes) == 0
