"""What a file seems to be from its beginning, held against what reading makes of all of it."""

import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genomics import io as formats
from genomics.errors import InputError
from genomics.io.peek import HEAD, header_labels, look, peek

FORMATS = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "formats"
TABLE = b"id,sequence,label,split,family\n" + b"".join(b"r%d,ACGTACGTACGT,%d,train,f%d\n" % (i, i % 2, i % 3) for i in range(30))
GFF = b"##gff-version 3\n" + b"".join(b"c\t.\tCDS\t%d\t%d\t.\t+\t0\tID=%d\n" % (i, i + 5, i) for i in range(1, 60, 7))
EMBL = b'ID   X; SV 1; linear; DNA; STD; PRO; 12 BP.\nFH   Key             Location/Qualifiers\nFH\nFT   source          1..12\nFT   CDS             1..9\nFT                   /gene="a"\nSQ   Sequence 12 BP;\n     acgtacgtac gt 12\n//\n'
GENBANK = (
    b"LOCUS       X  12 bp DNA linear BCT 01-JAN-2000\nFEATURES             Location/Qualifiers\n     source          1..12\n"
    b'     gene            1..9\n                     /gene="a"\n     CDS             complement(1..9)\n     5\'UTR           1..2\n'
    b"     misc_difference 4\nORIGIN\n        1 acgtacgtac gt\n//\n"
)


def zipped(name: str, content: bytes, **more) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, **more) as archive:
        archive.writestr(name, content)
    return made.getvalue()


def parquet() -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.table({"dna": ["ACGTACGTACGT"] * 9, "score": np.arange(9) / 2, "y": [1.0, None, *range(7)]}), made)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.fa", b">a\nACGT\n", "fasta"),
        ("a.fa.gz", gzip.compress(b">a\nACGT\n"), "fasta"),
        ("a.zip", zipped("a.fa", b">a\nACGT\n"), "fasta"),
        ("a.fq", b"@a\nACGT\n+\nIIII\n", "fastq"),
        ("a.csv", TABLE, "table"),
        ("a.txt", b"ACGTACGTACGT\nACGTACGTAAAA\n", "lines"),
        ("a.bed", b"chr1\t10\t20\n", "bed"),
        ("a.gff", GFF, "gff"),
        ("a.embl", EMBL, "embl"),
        ("a.gb", GENBANK, "genbank"),
        ("a.parquet", parquet(), "parquet"),
        ("a.2bit", b"\x43\x27\x41\x1a" + bytes(12), "twobit"),
    ],
)
def test_formats_are_known_from_their_beginning(name, content, form):
    seen = look(io.BytesIO(content), name)
    assert (seen.format, seen.trouble, bool(seen.title)) == (form, "", True)
    assert seen.needs_reference == (form in ("bed", "gff"))


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"MZ\0\0", b"\x1f\x8b\x08garbage", b"%PDF-1.4", b"\xff\xfea\0"])
def test_what_cannot_be_read_says_why_and_raises_nothing(content):
    seen = look(io.BytesIO(content), "x.bin")
    assert seen.format == ""
    assert seen.trouble.startswith("x.bin")


def test_the_columns_are_those_that_reading_would_take():
    seen = look(io.BytesIO(TABLE), "t.csv")
    assert (seen.columns, seen.sequence, seen.labels, seen.split, seen.group) == (
        ("id", "sequence", "label", "split", "family"),
        "sequence",
        ("label",),
        "split",
        "family",
    )
    assert seen.column("label")[:3] == ["0", "1", "0"]
    records, _ = formats.read(TABLE, "t.csv")
    assert records.labels == seen.column("label")
    assert records.groups == seen.column("family")


def test_a_table_without_a_header_has_numbered_columns():
    seen = look(io.BytesIO(b"ACGTACGTACGT\tyes\nACGTACGTACGA\tno\n"), "t.tsv")
    assert (seen.columns, seen.sequence, seen.labels, len(seen.rows)) == (("column 1", "column 2"), "column 1", ("column 2",), 2)


def test_a_table_without_dna_names_its_columns_all_the_same():
    seen = look(io.BytesIO(b"colour,size\nred,1\n"), "t.csv")
    assert (seen.columns, seen.sequence, seen.labels) == (("colour", "size"), "", ())


def test_parquet_is_told_by_its_footer_and_numbers_are_as_a_table_would_hold_them():
    seen = look(io.BytesIO(parquet()), "t.parquet")
    assert (seen.columns, seen.sequence, seen.labels) == (("dna", "score", "y"), "dna", ("y",))
    assert seen.column("y")[:3] == ["1", "", "0"]


def test_a_cut_beginning_shows_whole_lines_only():
    rows = b"sequence,label\n" + b"".join(b"ACGTACGTACGT,class%06d\n" % i for i in range(20_000))
    seen = look(io.BytesIO(rows), "t.csv")
    assert len(rows) > HEAD
    assert {len(value) for value in seen.column("label")} == {11}
    assert {len(value) for value in peek(rows[:1010], "t.csv").column("label")} == {11}
    headers = b"".join(b">record_%06d\nACGT\n" % i for i in range(40_000))
    assert {len(title) for title in look(io.BytesIO(headers), "t.fa").headers} == {13}
    assert peek(headers[:20], "t.fa").headers == ("record_000000",)


@pytest.mark.parametrize("content", [GENBANK, EMBL, GFF + b"##FASTA\n>c\n" + b"ACGTACGTAC" * 8 + b"\n"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda text: zipped("x", text)])
def test_features_are_counted_as_reading_finds_them(content, pack):
    seen = look(io.BytesIO(pack(content)), "x")
    annotated = formats.read_annotated(content, "x")
    assert {kind: n for kind, n in seen.features.items() if kind != "source"} == {
        kind: n for kind, n in formats.kinds(annotated).items() if kind != "source"
    }
    assert not seen.needs_reference


def test_features_beyond_the_beginning_and_across_pieces_are_counted():
    rows = b"##gff-version 3\n" + b"".join(b"c\t.\tgene%d\t%d\t%d\t.\t+\t0\tID=%d\n" % (i % 3, i, i + 5, i) for i in range(1, 100_001))
    assert len(rows) > 2 << 20
    for packed in (rows, gzip.compress(rows[: len(rows) // 2]) + gzip.compress(rows[len(rows) // 2 :])):  # as bgzip: several members
        seen = look(io.BytesIO(packed), "x.gff")
        assert sum(seen.features.values()) == 100_000
        assert seen.features["gene1"] == 33_334


@pytest.mark.parametrize("name", ["ct.gbk.gz", "any2fasta/test.gbk.gz", "any2fasta/test.gff.gz"])
def test_features_of_real_genomes(name):
    path = FORMATS / name
    if not path.exists():
        pytest.skip("the shared files are not here")
    with path.open("rb") as file:
        seen = look(file, path.name)
    found = formats.kinds(formats.read_annotated(path))
    for kind in ("CDS", "tRNA", "rRNA"):
        assert seen.features[kind] >= found[kind] > 0.98 * seen.features[kind], kind


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("", ["x", "y", "x"]),
        ("label=...", ["x", "y", "x"]),
        (r"^(\w)", ["a", "b", "c"]),
        (r"b|(c)", ["", "", "c"]),
        ("-", ["", "", ""]),
        ("the last part after |", ["", "", ""]),
    ],
)
def test_labels_of_headers(rule, found):
    assert header_labels(["a label=x", "b label=y", "c label=x"], rule) == found


def test_the_rule_that_is_taken_by_itself_is_that_of_reading():
    content = b"".join(b">g%d|kind%d\nACGT\n" % (i, i % 3) for i in range(30))
    records, _ = formats.read(content, "x.fa")
    assert header_labels(look(io.BytesIO(content), "x.fa").headers) == records.labels


@pytest.mark.parametrize("rule", ["(", "no group", "(a)(b)"])
def test_a_bad_pattern_is_refused_in_words(rule):
    with pytest.raises(InputError, match=r"regular expression|exactly one group"):
        header_labels(["a"], rule)


@given(st.binary(max_size=400), st.sampled_from(["x.fa", "x.csv", "x.gz", "x.gff", "x.bed"]))
def test_no_bytes_raise_anything(content, name):
    for packed in (
        content,
        gzip.compress(content),
        b"PK\x03\x04" + content,
        b"LOCUS       X\n" + content,
        b"PAR1" + content,
        b"@" + content,
    ):
        seen = look(io.BytesIO(packed), name)
        assert bool(seen.trouble) != bool(seen.format)


@given(st.integers(0, len(GENBANK)))
def test_a_cut_at_any_place_raises_nothing(at):
    for whole in (GENBANK, TABLE, GFF, gzip.compress(TABLE), zipped("t.csv", TABLE), parquet()):
        peek(whole[:at], "x")
