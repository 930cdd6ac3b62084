"""FASTA: Biopython's parser as the oracle; then labels in headers, comments, and the line of a bad letter."""

import gzip
import io as streams
import itertools
from dataclasses import astuple

import numpy as np
import pytest
from Bio.SeqIO.FastaIO import SimpleFastaParser
from hypothesis import given
from hypothesis import strategies as st

from genomics import io, sequences
from genomics.errors import InputError

LETTERS = "ACGTNacgtnRYSWKMBDHVX"
titles = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")) | st.just(" "), max_size=20)


@st.composite
def fasta_texts(draw) -> str:
    """Any mixture of line widths, blank lines, line ends and letters, each record with a sequence."""
    end = draw(st.sampled_from(["\n", "\r\n"]))
    rows = draw(st.lists(st.just(""), max_size=2))
    for title in draw(st.lists(titles, min_size=1, max_size=5)):
        rows.append(">" + title)
        rows += draw(st.lists(st.text(LETTERS, max_size=9) | st.sampled_from(["", " ACG T", "\tAC"]), max_size=4))
        rows.append(draw(st.text(LETTERS, min_size=1, max_size=9)))
        rows += draw(st.lists(st.just(""), max_size=2))
    return end.join(rows) + draw(st.sampled_from(["", end]))


def texts_of(records: io.Records) -> list[str]:
    return [sequences.decode(records.codes[a:b]) for a, b in itertools.pairwise(records.offsets)]


def plain(text: str) -> str:
    return "".join(c if c in "ACGT" else "N" for c in text.upper())


@given(fasta_texts())
def test_parsing_agrees_with_biopython(text):
    records, report = io.read(text.encode(), "some.fa", label="-")
    expected = list(SimpleFastaParser(streams.StringIO(text, newline=None)))
    assert texts_of(records) == [plain("".join(sequence.split())) for _, sequence in expected]
    assert records.ids == [(title.split(None, 1) or [f"record_{n}"])[0] for n, (title, _) in enumerate(expected, 1)]
    assert report.problems == []


@given(fasta_texts())
def test_each_record_knows_the_line_of_its_header(text):
    records, _ = io.read(text.encode(), "some.fa", label="-")
    rows = text.replace("\r\n", "\n").split("\n")
    assert records.lines.tolist() == [number for number, row in enumerate(rows, start=1) if row.startswith(">")]


@given(fasta_texts())
def test_a_packed_file_gives_what_the_plain_one_gives(text):
    raw = text.encode()
    half = len(raw) // 2
    read = [io.read(data, "x") for data in (raw, gzip.compress(raw), gzip.compress(raw[:half]) + gzip.compress(raw[half:]))]
    for records, report in read[1:]:
        for value, other in zip(astuple(records), astuple(read[0][0]), strict=True):
            assert np.array_equal(value, other) if isinstance(value, np.ndarray) else value == other
        assert report == read[0][1]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_mean_the_same(ends):
    records, _ = io.read(ends.join([">a", "ACGT", "", "AC", ">b", "GG", ""]).encode(), "x.fa")
    assert (records.ids, texts_of(records), records.lines.tolist()) == (["a", "b"], ["ACGTAC", "GG"], [1, 5])


def test_what_changes_letters_is_noted_with_a_count():
    _, report = io.read(b">a\nacgUuNR\n", "x.fa")
    notes = "\n".join(report.notes)
    assert "x.fa: 4 letters (57.1%) are lower case; case is ignored." in notes
    assert "x.fa: 2 U are read as T." in notes
    assert "x.fa: 2 bases (28.57%) are unknown (N or another IUPAC letter)" in notes


def test_comment_lines_are_skipped_and_said_to_be():
    records, report = io.read(b"; made by hand\n>a\nAC\n;between\nGT\n>b\nGG\n", "x.fa")
    assert (texts_of(records), records.lines.tolist()) == (["ACGT", "GG"], [2, 6])
    assert report.notes == ["x.fa: lines that begin with ; are comments."]


def test_blanks_before_the_first_header_are_no_part_of_it():
    records, _ = io.read(b" \n  >a\nACGT\n>b\nGG\n", "x.fa")
    assert (records.ids, records.lines.tolist()) == (["a", "b"], [2, 4])


def test_letters_before_the_first_header_are_refused():
    with pytest.raises(InputError, match=r"x.fa, line 1: there are letters before the first header.*Begin each sequence"):
        io.read(b"; comment\nACGT\n>a\nACGT\n", "x.fa")


@pytest.mark.parametrize(
    ("headers", "rule", "labels"),
    [
        (["a label=yes", "b label=no"], "label=...", ["yes", "no"]),
        (["a class:yes x", "b|Label=no|x"], "label=...", ["yes", "no"]),
        (["chr1:1-2|yes", "chr1:3-4|no"], "the last part after |", ["yes", "no"]),
        (["a yes", "b no"], "the second word", ["yes", "no"]),
    ],
)
def test_labels_are_found_in_headers(headers, rule, labels):
    text = "".join(f">{header}\nACGT\n" for header in headers)
    for asked in ("", rule):
        records, report = io.read(text.encode(), "x.fa", label=asked)
        assert records.labels == labels
        assert f"x.fa: classes are read from the headers ({rule})." in report.notes
    assert io.read(text.encode(), "x.fa", label="-")[0].labels is None


@pytest.mark.parametrize(
    "headers",
    [
        ["a", "b"],  # none
        ["a x", "b"],  # not in every header
        ["a x", "b x"],  # only one
        [f"s{n} name{n}" for n in range(9)],  # as many as records: names, not classes
    ],
)
def test_what_does_not_look_like_classes_is_not_taken_for_them(headers):
    assert io.read("".join(f">{h}\nACGT\n" for h in headers).encode(), "x.fa")[0].labels is None


def test_a_pattern_of_ones_own_finds_labels():
    records, _ = io.read(b">pos_1\nACGT\n>neg_1\nACGT\n", "x.fa", label="^(pos|neg)_")
    assert records.labels == ["pos", "neg"]


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("(", r'The label pattern "\(" is not a regular expression'),
        ("pos|neg", "needs exactly one group in parentheses round the label"),
        ("(p)(o)", "needs exactly one group"),
        ("^(pos)", r'x.fa: not every header has a label by the rule "\^\(pos\)"'),
        ("^(pos)?", "not every header has a label"),  # matches everywhere, finds nothing in the second
        ("([0-9]*)", "not every header has a label"),
    ],
)
def test_a_pattern_that_does_not_give_every_record_a_label_is_refused(pattern, says):
    with pytest.raises(InputError, match=says):
        io.read(b">pos_1\nACGT\n>neg_1\nACGT\n", "x.fa", label=pattern)


@given(
    widths=st.lists(st.integers(0, 7), min_size=1, max_size=6).filter(any),
    blanks=st.integers(0, 3),
    place=st.integers(0, 10_000),
)
def test_the_line_of_a_bad_letter_is_exact(widths, blanks, place):
    rows = ["AC GT"[:1] * width for width in widths]
    place %= sum(widths)
    owner = next(n for n in range(len(widths)) if sum(widths[: n + 1]) > place)
    at = place - sum(widths[:owner])
    rows[owner] = rows[owner][:at] + "5" + rows[owner][at + 1 :]
    text = "\n" * blanks + "\n".join([">first", "ACGT", "", ">second more words", *rows, ">third", "AC"])
    _, report = io.read(text.encode(), "x.fa")
    line = text.split("\n").index(rows[owner]) + 1
    assert [str(problem) for problem in report.problems] == [
        f"""x.fa, record 2 "second", line {line}: '5' is not a base. Remove it, or choose "treat as N"."""
    ]


def test_a_comment_inside_a_record_does_not_shift_the_line_of_a_bad_letter():
    _, report = io.read(b">a\nACGT\n;comment 5\nAC!T\n", "x.fa")
    assert report.problems[0].line == 4


def test_two_hundred_problems_are_listed_and_all_are_counted():
    _, report = io.read(b">x\nAC5\n" * 250, "x.fa")
    assert len(report.problems) == 200
    assert report.counts == {"not_a_base": 250}
    assert report.stopping == 250
    with pytest.raises(InputError, match=r"record 1 .*line 2: .*\(249 more like this\.\)"):
        report.refuse()


def test_bare_lines_are_sequences_and_said_to_be():
    records, report = io.read(b"ACGTAC\n\n  GGTTAA \n", "pasted text")
    assert (texts_of(records), records.ids, records.lines.tolist()) == (["ACGTAC", "GGTTAA"], ["line_1", "line_3"], [1, 3])
    assert report.notes[0] == "pasted text: each line is taken as one sequence."
