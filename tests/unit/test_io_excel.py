"""Excel and Parquet: cells with types become the text that CSV would hold; sheets are looked through."""

import datetime
import io as streams
import zipfile
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genomics.errors import InputError, TooLargeError
from genomics.io.report import Collector
from genomics.io.sheets import parse_excel, parse_parquet

SEQ = "ACGTACGTAC"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(**sheets: list[list[object]]) -> bytes:
    """The least that an .xlsx file can be: texts inline, numbers and booleans as Excel keeps them."""
    packed = streams.BytesIO()
    numbers = range(1, len(sheets) + 1)
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        top = f'<Relationship Id="r1" Type="{_DOC}/officeDocument" Target="xl/workbook.xml"/>'
        file.writestr("_rels/.rels", f'<Relationships xmlns="{_RELS}">{top}</Relationships>')
        listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in zip(numbers, sheets, strict=True))
        file.writestr("xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}"><sheets>{listed}</sheets></workbook>')
        links = "".join(f'<Relationship Id="r{n}" Type="{_DOC}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
        file.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_RELS}">{links}</Relationships>')
        for number, rows in zip(numbers, sheets.values(), strict=True):
            body = "".join(f'<row r="{at}">{"".join(map(_cell, row))}</row>' for at, row in enumerate(rows, start=1))
            file.writestr(f"xl/worksheets/sheet{number}.xml", f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>')
    return packed.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f"<c><v>{value!r}</v></c>"


def excel(data: bytes, **asked: str):
    collector = Collector("set.xlsx")
    return parse_excel(data, collector, **asked), collector


def parquet(columns: dict[str, object], **asked: str):
    data = streams.BytesIO()
    pq.write_table(pa.table(columns), data)
    collector = Collector("set.parquet")
    return parse_parquet(data.getvalue(), collector, **asked), collector


def test_a_sheet_is_read_with_the_rows_it_has_in_excel():
    rows = [["id", "sequence", "label"], ["a", f" {SEQ} ", "x"], [None, None, None], ["b", "GGTT", "y"]]
    parsed, collector = excel(workbook(Data=rows))
    assert (parsed.ids, parsed.sequences, parsed.labels, parsed.lines) == (["a", "b"], [SEQ, "GGTT"], ["x", "y"], [2, 4])
    assert collector.notes[0] == 'set.xlsx: read from the sheet "Data".'


def test_the_first_sheet_with_a_sequence_column_is_taken_and_named():
    parsed, collector = excel(
        workbook(About=[["who", "when"], ["me", 2024]], Reads=[["dna", "y"], [SEQ, 1], [SEQ, 0]], Old=[["seq"], [SEQ]])
    )
    assert (parsed.sequences, parsed.labels) == ([SEQ, SEQ], ["1", "0"])
    assert collector.notes[0] == 'set.xlsx: read from the sheet "Reads" (of 3: the first with a sequence column).'


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1"), (1.0, "1"), (0.1, "0.1"), (-2.5e-7, "-2.5e-07"), (True, "true"), ("1.0", "1.0"), (123456789012, "123456789012")],
)
def test_a_number_keeps_its_exact_value_as_text(value, text):
    assert excel(workbook(S=[["seq", "y"], [SEQ, value]]))[0].labels == [text]


def test_missing_cells_are_reported_by_the_row_of_the_sheet():
    _, collector = excel(workbook(S=[["seq", "y"], [SEQ, 1], [None, 2], [SEQ, None]]))
    assert [str(problem) for problem in collector.problems] == [
        'set.xlsx, record 2 "row_2", line 3: the sequence is missing. Fill it in or remove the row.',
        'set.xlsx, record 3 "row_3", line 4: the label is missing. Fill it in or remove the row.',
    ]


def test_a_sheet_without_a_header_row_is_recognised():
    parsed, collector = excel(workbook(S=[[SEQ, "p"], [SEQ, "q"]]))
    assert (parsed.labels, parsed.lines) == (["p", "q"], [1, 2])
    assert "set.xlsx has no header row; its columns are called column 1, column 2." in collector.notes


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 no zip at all", "set.xlsx cannot be read as Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "set.xlsx cannot be read as Excel"),
        (workbook(S=[["seq", "y"], [SEQ, 1]])[:-30], "set.xlsx cannot be read as Excel .* Save it again as .xlsx, or as CSV."),
        (workbook(S=[]), "set.xlsx has an empty sheet. Add rows with sequences."),
        (workbook(S=[["seq", "y"]]), "set.xlsx has a header row only. Add rows with sequences."),
        (workbook(S=[["a", "b"], ["c", "d"]]), 'set.xlsx has no column of DNA sequences. Name one "sequence". Its columns: a, b.'),
        (workbook(S=[["a"], ["c"]], T=[["b"], ["d"]]), "none of its 2 sheets has what is needed. The first: set.xlsx has no column of DNA"),
        (workbook(S=[["seq", "seq"], [SEQ, SEQ]]), 'set.xlsx has 2 columns called "seq". Rename all but one.'),
    ],
)
def test_what_is_no_usable_workbook_gets_a_sentence(data, said):
    with pytest.raises(InputError, match=said):
        excel(data)


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read(monkeypatch):
    data = workbook(S=[["seq", "y"], ["A" * 100_000, 1]])
    monkeypatch.setenv("GENOMICS_MAX_BYTES", "50000")
    with pytest.raises(TooLargeError, match=r"set\.xlsx unpacks to more than 5e-05 GB"):
        excel(data)


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array([1, 20], pa.int8()), ["1", "20"]),
        (pa.array([1.0, 0.1]), ["1", "0.1"]),
        (pa.array([0.1, 1.5], pa.float32()), ["0.1", "1.5"]),
        (pa.array([float("nan"), None]), ["", ""]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array(["p", "q"]).dictionary_encode(), ["p", "q"]),
        (pa.array(["p", " q "], pa.large_string()), ["p", "q"]),
        (pa.array([b"p", b"q"]), ["p", "q"]),
        (pa.array([datetime.date(2024, 1, 2), None]), ["2024-01-02", ""]),
        (pa.array([2**60, 2**60 + 1]), [str(2**60), str(2**60 + 1)]),
    ],
    ids=str,
)
def test_a_parquet_value_keeps_its_exact_value_as_text(values, texts):
    parsed, collector = parquet({"sequence": [SEQ, "GGTT"], "label": values})
    assert (parsed.sequences, parsed.labels, parsed.lines) == ([SEQ, "GGTT"], texts, [0, 0])
    assert collector.counts.get("no_label", 0) == texts.count("")


def test_parquet_columns_are_found_by_content_and_asked_for():
    columns = {"n": [3, 4], "s": [SEQ, SEQ], "a": [0.5, 1.0], "b": ["7", "8"]}
    parsed, _ = parquet(columns, label="a,b")
    assert (parsed.sequences, parsed.labels, parsed.label_names) == ([SEQ, SEQ], ["0.5;7", "1;8"], ("a", "b"))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"sequence": [[SEQ], [SEQ]]}, 'column "sequence" holds list<.*>; it must hold text. Write it anew as such.'),
        ({"sequence": [SEQ], "label": [{"x": 1}]}, 'column "label" holds struct<x: int64>; it must hold text, numbers or dates.'),
        ({"sequence": [1, 2]}, 'column "sequence" holds int64; it must hold text.'),
        ({"sequence": [b"\xff\xfe"]}, 'column "sequence" cannot be read as text'),
        ({"x": [1, 2]}, "set.parquet has no column of DNA sequences"),
        ({"sequence": pa.array([], pa.string())}, "set.parquet holds no rows"),
    ],
)
def test_what_is_no_usable_parquet_gets_a_sentence(columns, said):
    with pytest.raises(InputError, match=said):
        parquet(columns)


def test_parquet_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setenv("GENOMICS_MAX_BYTES", "50000")
    with pytest.raises(TooLargeError, match=r"set\.parquet unpacks to more than"):
        parquet({"sequence": ["A" * 1000] * 1000})
