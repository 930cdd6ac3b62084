"""FASTQ: Biopython's parser as the oracle for sequences and qualities; then the filter and what reading says of quality."""

import io as streams
import itertools
from pathlib import Path

import numpy as np
import pytest
from Bio import SeqIO
from Bio.SeqIO.QualityIO import FastqGeneralIterator
from hypothesis import given
from hypothesis import strategies as st

from genomics import io, sequences
from genomics.errors import InputError, SettingError
from genomics.io import fastq, letters
from genomics.io.report import Collector

FORMATS = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "formats"
QUALITIES = "".join(map(chr, range(33, 75)))


@st.composite
def reads(draw) -> list[tuple[str, str, str]]:
    """Names, sequences and qualities of a few reads; every quality letter, @ and + first too."""
    made = []
    for number in range(draw(st.integers(1, 6))):
        sequence = draw(st.text("ACGTNacgtn", min_size=1, max_size=12))
        quality = draw(st.text(QUALITIES, min_size=len(sequence), max_size=len(sequence)))
        made.append((f"r{number} lane", sequence, quality))
    return made


def four_lines(made: list[tuple[str, str, str]]) -> str:
    return "".join(f"@{name}\n{sequence}\n+\n{quality}\n" for name, sequence, quality in made)


def wrapped(made: list[tuple[str, str, str]], width: int) -> str:
    def fold(text: str) -> str:
        return "\n".join(text[at : at + width] for at in range(0, len(text), width))

    return "".join(f"@{name}\n{fold(sequence)}\n+{name}\n{fold(quality)}\n" for name, sequence, quality in made)


def texts_of(records: io.Records) -> list[str]:
    return [sequences.decode(records.codes[a:b]) for a, b in itertools.pairwise(records.offsets)]


@given(reads(), st.sampled_from(["", "\n", "\n\n \n"]))
def test_reading_agrees_with_biopython(made, tail):
    text = four_lines(made)
    records, report = io.read((text + tail).encode(), "some.fq", label="-")
    expected = list(FastqGeneralIterator(streams.StringIO(text)))
    assert texts_of(records) == [sequence.upper() for _, sequence, _ in expected]
    assert records.ids == [title.split()[0] for title, _, _ in expected]
    assert records.lines.tolist() == [4 * n + 1 for n in range(len(made))]
    assert records.lower.tolist() == [sum(c.islower() for c in sequence) for _, sequence, _ in made]
    assert report.problems == []


@given(reads(), st.integers(1, 9))
def test_lines_of_any_width_give_what_four_lines_give(made, width):
    whole, folded = (io.read(text.encode(), "x.fq", label="-") for text in (four_lines(made), wrapped(made, width)))
    assert texts_of(folded[0]) == texts_of(whole[0])
    assert folded[0].ids == whole[0].ids
    assert folded[0].lower.tolist() == whole[0].lower.tolist()
    assert folded[1].notes == whole[1].notes
    text = wrapped(made, width).split("\n")
    assert [text[line - 1] for line in folded[0].lines] == [f"@{name}" for name, _, _ in made]


@given(reads(), st.floats(0, 45))
def test_the_filter_keeps_what_a_plain_mean_keeps(made, least):
    for text in (four_lines(made), wrapped(made, 5)):
        keep = [name.split()[0] for name, _, quality in made if sum(map(ord, quality)) / len(quality) - 33 >= least]
        if not keep:
            with pytest.raises(InputError, match=r"no read has a mean quality of .* or more; the best has"):
                io.read(text.encode(), "x.fq", min_quality=least)
            continue
        records, report = io.read(text.encode(), "x.fq", label="-", min_quality=least)
        assert records.ids == keep
        assert texts_of(records) == [sequence.upper() for name, sequence, _ in made if name.split()[0] in keep]
        said = f"x.fq: {len(made) - len(keep):,} of {len(made):,} reads are left out"
        assert any(said in note for note in report.notes) == bool(least)


def test_a_read_that_is_just_good_enough_stays():
    assert io.read(b"@a\nACGT\n+\n5555\n@b\nACGT\n+\n5554\n", "x.fq", min_quality=20)[0].ids == ["a"]


def test_a_read_left_out_takes_its_problems_with_it():
    _, report = io.read(b"@a\nAC5T\n+\n####\n@b\nACGT\n+\nIIII\n", "x.fq", min_quality=20)
    assert report.problems == []


@given(reads(), st.integers(1, 40))
def test_pieces_of_any_size_give_the_same(made, size):
    text = four_lines(made).encode()
    before = fastq._CHUNK, fastq._READS, letters._CHUNK
    whole = io.read(text, "x.fq", min_quality=0.5) if any(q.strip("!") for _, _, q in made) else None
    fastq._CHUNK, fastq._READS, letters._CHUNK = size, 2, size
    try:
        if whole:
            records, report = io.read(text, "x.fq", min_quality=0.5)
            assert texts_of(records) == texts_of(whole[0])
            assert report == whole[1]
    finally:
        fastq._CHUNK, fastq._READS, letters._CHUNK = before


def test_what_is_said_of_quality_is_counted_by_hand():
    _, report = io.read(b"@a\nACGT\n+\n!+5I\n", "x.fq")  # Q0, Q10, Q20, Q40
    assert report.notes == ["x.fq: the mean quality of a base is 17.5; 50.0% of bases are below Q20 (from 0 to 40, Phred, offset 33)."]


@pytest.mark.parametrize("quality", ["hhhh", "BBhh", ";Kef"])
def test_qualities_of_offset_64_are_refused(quality):
    with pytest.raises(InputError, match=r"look as if written with offset 64, as before 2011. Write them with offset 33"):
        io.read(f"@a\nACGT\n+\n{quality}\n".encode(), "x.fq")


@pytest.mark.parametrize("quality", ["IIII", "JJJJ", "!hhh", "~~~~", ":KKK"])
def test_what_offset_33_can_hold_is_not_taken_for_64(quality):
    assert len(io.read(f"@a\nACGT\n+\n{quality}\n".encode(), "x.fq")[0]) == 1


@pytest.mark.parametrize("least", [-1, 94, float("nan")])
def test_a_least_quality_outside_its_range_is_refused(least):
    with pytest.raises(SettingError, match=r"It is a number from 0 \(all reads\) to 93"):
        io.read(b"@a\nACGT\n+\nIIII\n", "x.fq", min_quality=least)


def test_classes_are_read_from_headers_here_too():
    records, _ = io.read(b"@a label=yes\nACGT\n+\nIIII\n@b label=no\nACGT\n+\nIIII\n", "x.fq")
    assert records.labels == ["yes", "no"]


def test_only_whole_files_are_taken_the_short_way():
    assert fastq._of_four_lines(b"@a\nACGT\n+\nIIII") is not None
    for text in (b"@a\nAC GT\n+\nIIIII\n", b"@a\nAC\nGT\n+\nIIII\n", b"@a\nACGT\n+\nIII\n", b"a\nACGT\n+\nIIII\n", b"@a\n\n+\n\n"):
        assert fastq._of_four_lines(text) is None


@pytest.mark.skipif(not FORMATS.is_dir(), reason="the real files are not beside the repository")
@pytest.mark.parametrize("name", ["reads_1.fq.gz", "any2fasta/test.fq.gz"])
def test_a_real_file_agrees_with_biopython(name):
    path = FORMATS / name
    records, _ = io.read(path)
    _, content = io.source.load(path)
    expected = list(SeqIO.parse(streams.StringIO(content.decode()), "fastq"))
    assert texts_of(records) == [str(read.seq).upper() for read in expected]
    means = [np.mean(read.letter_annotations["phred_quality"]) for read in expected]
    kept, _ = io.read(path, min_quality=20)
    assert kept.ids == [read.id for read, mean in zip(expected, means, strict=True) if mean >= 20]
    found = fastq.locate(content, Collector(name))
    assert np.allclose(fastq._sums(found) / found.lengths - 33, means)
