"""Tables: columns found by name, by content or as asked; quoting; the split column; rows that do not fit."""

import csv
import io as streams
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genomics import io, sequences
from genomics.errors import InputError
from genomics.io import table as table_module
from genomics.io.report import Collector
from genomics.io.table import parse

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


# Several labels, groups, and the two ways of reading


def parsed(text: str, **asked: str):
    collector = Collector("set.csv")
    return parse(text.encode(), collector, **asked), collector


def test_several_label_columns_are_joined_in_the_order_asked():
    rows, collector = parsed("sequence,a,b,c\nACGT,1,2,x\nGGTT,3,4,y\n", label="b, a")
    assert (rows.labels, rows.label_names) == (["2;1", "4;3"], ("b", "a"))
    assert 'label from column "b", label from column "a"' in collector.notes[0]


def test_a_column_whose_name_holds_a_comma_can_be_asked_for():
    assert parsed('sequence,"a,b"\nACGT,1\n', label="a,b")[0].label_names == ("a,b",)


def test_a_missing_one_of_several_labels_is_named_and_the_record_has_none():
    rows, collector = parsed("sequence,a,b\nACGT,1,\nGGTT,3,4\n", label="a,b")
    assert rows.labels == ["", "3;4"]
    assert collector.problems[0].reason == 'the label is missing in "b".'


def test_an_unknown_one_of_several_labels_is_refused():
    with pytest.raises(InputError, match=r'no column "c" for the label\. Its columns: sequence, a, b\.'):
        parsed("sequence,a,b\nACGT,1,2\n", label="a,c")


@pytest.mark.parametrize("name", ["group", "Chromosome", "chrom", "family", "cluster", "gene_family"])
def test_the_group_column_is_known_by_its_name(name):
    rows, collector = parsed(f"sequence,label,{name}\nAC,x,1\nGT,y,1\nGG,y,2\n")
    assert rows.groups == ["1", "1", "2"]
    assert f'group from column "{name}"' in collector.notes[0]


def test_the_group_column_can_be_asked_for_or_left():
    text = "sequence,label,plate,chrom\nAC,x,p,1\nGT,y,p,1\nGG,y,q,2\n"
    assert parsed(text, group="plate")[0].groups == ["p", "p", "q"]
    assert parsed(text, group="-")[0].groups is None
    with pytest.raises(InputError, match='no column "dish" for the group'):
        parsed(text, group="dish")


def test_a_label_column_is_no_group_too():
    rows, _ = parsed("sequence,family,x\nAC,a,1\nGT,b,2\nGG,b,3\n", label="family")
    assert (rows.labels, rows.groups) == (["a", "b", "b"], None)


@pytest.mark.parametrize(("values", "reason"), [("aaa", "every row has the same"), ("abc", "no two rows share one")])
def test_a_group_column_that_groups_nothing_is_left_and_that_is_said(values, reason):
    rows, collector = parsed("sequence,label,group\n" + "".join(f"AC,x,{value}\n" for value in values))
    assert rows.groups is None
    assert f'the group column "group" is not used, because {reason}' in collector.notes[-1]


def test_rows_without_a_group_are_groups_of_their_own_and_counted():
    rows, collector = parsed("sequence,label,group\nAC,x,a\nAC,x,\nAC,x,a\nAC,x,\n")
    assert rows.groups == ["a", "(row 2)", "a", "(row 4)"]
    assert '2 rows have no group in column "group"; each is a group of its own' in collector.notes[-1]


def test_equal_labels_and_groups_are_one_object():
    rows, _ = parsed("sequence,label,group\n" + "AC,promoter,chr1\nAC,other,chr2\n" * 5)
    assert len({id(label) for label in rows.labels}) == 2
    assert len({id(group) for group in rows.groups}) == 2


@pytest.mark.parametrize("column", ["sequence", "label"])
def test_two_needed_columns_of_one_name_are_refused(column):
    with pytest.raises(InputError, match=f'set.csv has 2 columns called "{column}". Rename all but one.'):
        parsed(f"sequence,label,{column}\nAC,x,y\n")


def test_latin_1_is_said():
    collector = Collector("set.csv")
    parse("sequence,label\nACGT,é\n".encode("latin-1"), collector)
    assert "set.csv is not UTF-8; it is read as Latin-1. Look at the names that are not English." in collector.notes


plain = st.text(
    st.characters(codec="utf-8", exclude_characters='\r\n",;\t\0\v\f\x1c\x1d\x1e\x85\u2028\u2029', exclude_categories=("Cs",)), max_size=6
)


@given(
    rows=st.lists(st.tuples(plain, st.text("ACGT", max_size=9), plain), min_size=1, max_size=6),
    mark=st.sampled_from(",;\t"),
    end=st.booleans(),
)
def test_the_fast_way_and_the_row_by_row_way_read_the_same(rows, mark, end):
    text = "\n".join(mark.join(row) for row in [("id", "sequence", "label"), *rows]) + "\n" * end
    with pytest.MonkeyPatch.context() as patched:
        fast, first = parsed(text)
        patched.setattr(table_module, "_plain", lambda *_: None)
        slow, second = parsed(text)
    assert fast == slow
    assert (first.problems, first.notes) == (second.problems, second.notes)


@pytest.mark.parametrize(
    "text", ["sequence,label\nAC,x\n\nGT,y\n", "\nsequence,label\n\nAC,x\nGT,y\n", 'sequence,label\nAC,"x"\n\n\nGT,y\n']
)
def test_blank_lines_are_passed_over_and_lines_stay_true(text):
    rows, _ = parsed(text)
    assert (rows.sequences, rows.labels) == (["AC", "GT"], ["x", "y"])
    assert [text.split("\n")[line - 1][:2] for line in rows.lines] == ["AC", "GT"]


def test_quotes_are_read_as_quotes_however_plain_the_rest_is():
    assert parsed('sequence,label\nAC,"x"\nGT,"y"\n')[0].labels == ["x", "y"]
    assert parsed('sequence,label\nAC,"x"\n"G,T",y\n')[0].sequences == ["AC", "G,T"]
