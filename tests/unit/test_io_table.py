"""Tables: columns found by name, by content or as asked; quoting; the split column; rows that do not fit."""

import csv
import io as streams
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genomics import io, sequences
from genomics.errors import InputError

SEQ = "ACGTACGTAC"


def read(text: str, **asked: str):
    return io.read(text.encode(), "set.csv", **asked)


def texts_of(records: io.Records) -> list[str]:
    return [sequences.decode(records.codes[a:b]) for a, b in itertools.pairwise(records.offsets)]


cells = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=8).map(lambda t: "x" + t)


@given(
    rows=st.lists(st.tuples(cells, st.text("ACGT", min_size=1, max_size=9), cells), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;\t"),
)
def test_what_python_writes_is_read_back(rows, delimiter):
    text = streams.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([("id", "sequence", "label"), *rows])
    records, report = read(text.getvalue())
    assert records.ids == [id.strip() for id, _, _ in rows]
    assert texts_of(records) == [sequence for _, sequence, _ in rows]
    assert records.labels == [label.strip() for _, _, label in rows]
    assert report.problems == []
    assert 'sequence from column "sequence", label from column "label", id from column "id".' in report.notes[0]


@pytest.mark.parametrize("name", ["sequence", "Seq", "DNA", " text ", "nucleotides"])
def test_the_sequence_column_is_known_by_its_name(name):
    records, _ = read(f"x,{name},y\n1,AC,b\n2,GT,a\n")
    assert (texts_of(records), records.labels) == (["AC", "GT"], ["b", "a"])


def test_the_sequence_column_is_known_by_its_content():
    records, _ = read(f"a,b,c\nx,{SEQ},1\ny,{SEQ},2\n")
    assert texts_of(records) == [SEQ, SEQ]
    assert records.labels is None


def test_columns_can_be_asked_for():
    text = "one,two,three\nAC,GT,p\nGG,TT,q\n"
    records, _ = read(text, sequence="two", label="three")
    assert (texts_of(records), records.labels) == (["GT", "TT"], ["p", "q"])
    assert read(text, sequence="one", label="-")[0].labels is None


def test_of_two_columns_the_other_one_is_the_label():
    assert read("sequence,strength\nAC,1.5\nGT,2.5\n")[0].labels == ["1.5", "2.5"]


@pytest.mark.parametrize("other", ["id", "Name", "split"])
def test_of_two_columns_an_id_or_a_split_is_no_label(other):
    assert read(f"{other},sequence\ntrain,AC\ntest,GT\n")[0].labels is None


def test_a_column_without_a_separator_is_a_table_too():
    records, _ = read("sequence\nACGT\nGGTT\n")
    assert (texts_of(records), records.ids) == (["ACGT", "GGTT"], ["row_1", "row_2"])


@pytest.mark.parametrize(("asked", "role"), [({"label": "kind"}, "label"), ({"sequence": "kind"}, "sequence")])
def test_a_missing_column_is_refused_with_those_there_are(asked, role):
    with pytest.raises(InputError, match=f'set.csv has no column "kind" for the {role}. Its columns: id, sequence, label.'):
        read("id,sequence,label\na,AC,x\n", **asked)


def test_no_sequence_column_is_refused_with_those_there_are():
    with pytest.raises(InputError, match=r'no column of DNA sequences. Name one "sequence". Its columns: a, b.'):
        read("a,b\nhello,world\n")


def test_a_table_without_a_header_line_is_recognised():
    records, report = read(f"{SEQ},pos\n{SEQ},neg\n")
    assert records.labels == ["pos", "neg"]
    assert records.lines.tolist() == [1, 2]
    assert "set.csv has no header line; its columns are called column 1, column 2." in report.notes


def test_a_semicolon_table_may_begin_with_a_semicolon():
    records, _ = read(";sequence;label\n0;ACGT;x\n1;GGTT;y\n")
    assert (texts_of(records), records.labels) == (["ACGT", "GGTT"], ["x", "y"])


def test_a_line_is_where_the_row_begins_even_after_a_newline_in_quotes():
    records, report = read('id,sequence,label\n"a\nb","AC\nGT",x\n\nc,A5,y\n')
    assert records.lines.tolist() == [2, 6]
    assert records.labels == ["x", "y"]
    assert sequences.decode(records.codes[:4]) == "ACGT"  # a wrapped sequence is one sequence
    assert [(p.record, p.line, p.reason) for p in report.problems] == [(2, 6, "'5' is not a base.")]


def test_ragged_rows_are_reported_by_line_and_width():
    _, report = read("sequence,label\nACGT,x\nACGT\nACGT,x,more\n")
    assert [str(p) for p in report.problems] == [
        'set.csv, record 2 "ACGT", line 3: 1 columns where the header has 2. Mend the row or remove it.',
        'set.csv, record 3 "ACGT", line 4: 3 columns where the header has 2. Mend the row or remove it.',
    ]


def test_no_row_as_wide_as_the_header_is_refused():
    with pytest.raises(InputError, match=r"no row has as many columns as the header \(3\). Check the separator."):
        read("id,sequence,label\nACGT,x\nACGT,y\n")


def test_missing_cells_are_reported_by_record_and_line():
    _, report = read("id,sequence,label\na,ACGT,x\nb,,y\nc,ACGT,\n")
    assert [str(p) for p in report.problems] == [
        'set.csv, record 2 "b", line 3: the sequence is missing. Fill it in or remove the row.',
        'set.csv, record 3 "c", line 4: the label is missing. Fill it in or remove the row.',
    ]


def test_a_header_line_only_is_refused():
    with pytest.raises(InputError, match=r"set.csv has a header line only. Add rows with sequences."):
        read("sequence,label\n")


def table(splits: list[str]) -> str:
    return "sequence,label,split\n" + "".join(f"ACGT,x,{split}\n" for split in splits)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (["train", "dev", "test"], ["train", "validation", "test"]),
        (["Training", "VAL", "testing"], ["train", "validation", "test"]),
        (["train", "valid", "test", "validation"], ["train", "validation", "test", "validation"]),
        (["train", "test"], ["train", "test"]),
    ],
)
def test_the_split_column_is_respected(given, meant):
    records, report = read(table(given))
    assert records.splits == meant
    assert 'split from column "split"' in report.notes[0]


def test_without_train_the_validation_part_is_trained_on_and_that_is_said():
    records, report = read(table(["dev", "test"]))
    assert records.splits == ["train", "test"]
    assert any('has no "train"; its validation part is trained on' in note for note in report.notes)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (["all", "all"], 'it holds "all"'),
        (["train", "test", "fold 3"], 'it holds "fold 3"'),
        (["train", "test", ""], 'it holds ""'),
        (["train", "dev"], 'it has no "test" part'),
    ],
)
def test_a_split_column_that_cannot_be_used_is_left_and_that_is_said(given, reason):
    records, report = read(table(given))
    assert records.splits is None
    assert any(f"the split column is not used, because {reason}. Allowed: train, validation" in note for note in report.notes)


def test_text_in_another_encoding_is_still_read():
    records, _ = io.read("id,sequence,label\nä,ACGT,é\n".encode("latin-1"), "set.csv")
    assert (records.ids, records.labels) == (["ä"], ["é"])
