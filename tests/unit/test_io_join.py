"""Several files as one set."""

import itertools

import numpy as np
import pytest

from genomics import io, sequences
from genomics.errors import InputError
from genomics.io import letters

LABELLED = b"sequence,label,split\nACGT,x,train\nGGTT,y,test\n"


def fasta(*texts: str) -> bytes:
    return "".join(f">s{n}\n{text}\n" for n, text in enumerate(texts)).encode()


def texts_of(records: io.Records) -> list[str]:
    return [sequences.decode(records.codes[a:b]) for a, b in itertools.pairwise(records.offsets)]


def test_two_files_without_labels_are_two_classes():
    records, report = io.join([io.read(fasta("AC", "GGT"), "promoter.fa.gz"), io.read(fasta("TTTT"), "other.fa")])
    assert records.labels == ["promoter", "promoter", "other"]
    assert texts_of(records) == ["AC", "GGT", "TTTT"]
    assert (records.files, records.file_of.tolist()) == (["promoter.fa.gz", "other.fa"], [0, 0, 1])
    assert records.lines.tolist() == [1, 3, 1]
    assert report.notes[-1] == "Each file is one class: promoter.fa.gz = promoter, other.fa = other."


def test_class_names_can_be_given():
    records, _ = io.join([io.read(fasta("AC"), "a.fa"), io.read(fasta("GT"), "b.fa")], file_labels={"a.fa": "one", "b.fa": "two"})
    assert records.labels == ["one", "two"]


def test_names_equal_but_for_their_ending_stay_apart():
    assert io.joining.class_names(["a.fa", "a.csv", ".fa"]) == {"a.fa": "a.fa", "a.csv": "a.csv", ".fa": ".fa"}


def test_two_files_of_the_same_name_are_refused():
    with pytest.raises(InputError, match=r'Two files are called "a.fa". Rename one'):
        io.join([io.read(fasta("AC"), "a.fa"), io.read(fasta("GT"), "a.fa")])


def test_labelled_and_unlabelled_files_do_not_mix():
    with pytest.raises(InputError, match=r"b.fa has no labels, but another file has. Give all files labels, or none"):
        io.join([io.read(LABELLED, "a.csv"), io.read(fasta("GT"), "b.fa")])


def test_labelled_files_keep_their_labels_and_splits():
    records, _ = io.join([io.read(LABELLED, "a.csv"), io.read(LABELLED, "b.csv")])
    assert records.labels == ["x", "y", "x", "y"]
    assert records.splits == ["train", "test", "train", "test"]


def test_a_split_column_in_one_file_only_is_no_split():
    assert io.join([io.read(LABELLED, "a.csv"), io.read(b"sequence,label\nAC,x\n", "b.csv")])[0].splits is None


def test_one_file_is_itself():
    read = io.read(fasta("AC"), "a.fa")
    records, report = io.join([read])
    assert (records.ids, records.labels, report) == (["s0"], None, read[1])


def test_problems_and_counts_of_all_files_are_kept_with_their_file():
    _, report = io.join([io.read(fasta("A5"), "a.fa"), io.read(fasta("AC", "G!", ""), "b.fa")])
    assert [(p.file, p.record, p.line, p.code) for p in report.problems] == [
        ("a.fa", 1, 2, "not_a_base"),
        ("b.fa", 3, 5, "empty"),
        ("b.fa", 2, 4, "not_a_base"),
    ]
    assert report.counts == {"not_a_base": 2, "empty": 1}
    assert report.stopping == 3


def test_many_bases_are_joined_in_a_file_rather_than_in_memory(tmp_path, monkeypatch):
    paths = [tmp_path / "a.fa", tmp_path / "b.fa"]
    paths[0].write_text(">1\nACGT\n>2\nGGN\n")
    paths[1].write_text(">3\nTTTTT\n")
    usual, _ = io.join([io.read(path) for path in paths])
    monkeypatch.setattr(letters, "_MAPPED", 0)
    parts = [io.read(path) for path in paths]
    mapped, _ = io.join(parts)
    assert isinstance(mapped.codes, np.memmap)
    np.testing.assert_array_equal(mapped.codes, usual.codes)
    np.testing.assert_array_equal(mapped.offsets, usual.offsets)
    alone, _ = io.join(parts[:1])
    assert alone.codes is parts[0][0].codes  # of one file nothing is copied
