"""Whatever bytes come in, out come records or a sentence: random texts, and small files of every format with bytes changed."""

import gzip
import io as streams
import random
import struct
import time
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genomics import io
from genomics.errors import GenomicsError

FORMATS = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "formats"
SECONDS = 5.0
SMALL = 20_000
REFERENCE = io.read_contigs(b">chr1\n" + b"ACGTTGCA" * 20 + b"\n>chr2\nacgtACGT\n", "genome.fa")
FASTA = b">a label=x\nACGTN\nacgt\n;comment\n>b label=y\r\nAC-GT*\n\n>chr1:5-9|x\nACGU\n"
FASTQ = b"@a label=x\nACGT\n+\nIIII\n@b label=y\nACG\nTN\n+b\n!@+\nII\n"
CSV = b'id,sequence,label,split,group\na,ACGTACGTAC,x,train,g\n"b ""q""",GGTTGGTTAA,y,test,h\n'
BED = b"track name=x\nchr1\t0\t9\ta\t0\t+\nchr1\t5\t20\tb\t0\t-\nchr2\t1\t4\n"
GFF = b"##gff-version 3\nchr1\t.\tCDS\t1\t9\t.\t+\t0\tID=a;Name=b%20c\nchr1\t.\tgene\t3\t8\t.\t-\t.\tID=d\n##FASTA\n>chr1\nACGTACGTACGT\n"
GENBANK = b"""LOCUS       X                         30 bp    DNA     circular BCT 01-JAN-2000
FEATURES             Location/Qualifiers
     source          1..30
     CDS             join(25..30,1..6)
                     /gene="a"
     CDS             complement(<7..12)
                     /gene="b"
ORIGIN
        1 acgtacgtac gtacgtacgt acgtacgtac
//
"""
EMBL = b"""ID   X; SV 1; linear; genomic DNA; STD; UNC; 12 BP.
XX
FH   Key             Location/Qualifiers
FT   CDS             1..9
FT                   /gene="a"
SQ   Sequence 12 BP; 3 A; 3 C; 3 G; 3 T; 0 other;
     acgtacgtac gt                                                            12
//
"""


def twobit() -> bytes:
    record = struct.pack("<7I", 9, 1, 2, 3, 1, 4, 2) + struct.pack("<I", 0) + b"\x1b\x1b\x1b"
    return struct.pack("<4I", 0x1A412743, 0, 1, 0) + struct.pack("<B4sI", 4, b"chr1", 25) + record


def parquet() -> bytes:
    out = streams.BytesIO()
    pq.write_table(pa.table({"id": ["a", "b"], "sequence": ["ACGTACGTAC", "GGTT"], "label": [1.5, None]}), out)
    return out.getvalue()


def zipped(data: bytes) -> bytes:
    packed = streams.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", data)
    return packed.getvalue()


SEEDS = {
    "fasta": FASTA,
    "fastq": FASTQ,
    "csv": CSV,
    "tsv": CSV.replace(b",", b"\t"),
    "bed": BED,
    "gff": GFF,
    "genbank": GENBANK,
    "embl": EMBL,
    "2bit": twobit(),
    "parquet": parquet(),
    "gzip": gzip.compress(FASTA, mtime=0) + gzip.compress(FASTQ, mtime=0),
    "zip": zipped(FASTA),
    "lines": b"ACGTACGTAC\n\nGGTTAA\n",
}


def use(data: bytes, name: str = "x", reference: object = None) -> None:
    """Reads and cleans; anything but records or a sentence, or much time, fails the test."""
    began = time.perf_counter()
    try:
        read = io.read(data, name, reference=reference)
        for policy in ("n,iupac=split", "drop", "refuse"):
            records, _ = io.clean(*read, policy)
            assert len(records) == len(records.offsets) - 1 == len(records.lines)
            assert records.offsets[-1] == len(records.codes)
            assert records.codes.max() <= 4
            assert (np.diff(records.offsets) > 0).all()
            assert records.lower is None or len(records.lower) == len(records)
    except GenomicsError as error:
        assert "\n" not in str(error)
        assert str(error).isprintable()
        assert len(str(error)) < 500
    assert time.perf_counter() - began < SECONDS


def mutated(data: bytes, rng: random.Random) -> bytes:
    """One to four changes: a byte, a bit, a cut, a stretch doubled, taken out or replaced."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at, size = rng.randrange(len(changed) + 1), rng.choice((1, 1, 2, 4, 50))
        match rng.randrange(6):
            case 0:
                changed[at : at + 1] = bytes([rng.choice((0, 9, 10, 13, 32, 34, 59, 62, 64, 127, 200, 255, rng.randrange(256)))])
            case 1 if at < len(changed):
                changed[at] ^= 1 << rng.randrange(8)
            case 2:
                del changed[at:]
            case 3:
                changed[at:at] = changed[at : at + size]
            case 4:
                del changed[at : at + size]
            case _:
                changed[at : at + size] = rng.randbytes(size)
    return bytes(changed)


@given(st.binary(max_size=400))
@settings(max_examples=300)
def test_any_bytes(data):
    use(data)


@given(
    st.sampled_from([seed[:8] for seed in SEEDS.values()] + [b"PK\x03\x04", b"PAR1", b">", b"@", b"ID   ", b"\xef\xbb\xbf"]),
    st.binary(max_size=200),
)
@settings(max_examples=300)
def test_any_bytes_after_the_first_ones_of_a_format(head, tail):
    use(head + tail)


@given(st.text("ACGTN>@+;,\t\n\r #\"'=:|.-*5xI", max_size=120), st.sampled_from(["x", "x.csv", "x.bed", "x.fa"]))
@settings(max_examples=500)
def test_any_text_of_the_letters_that_formats_use(text, name):
    use(text.encode(), name)
    use(text.encode(), name, REFERENCE)


@pytest.mark.parametrize("kind", SEEDS)
def test_a_changed_file(kind):
    rng = random.Random(kind)
    for _ in range(250):
        data = mutated(SEEDS[kind], rng)
        use(data, rng.choice(("x", f"x.{kind}")), REFERENCE if kind in ("bed", "gff") else None)


def test_a_changed_reference():
    rng = random.Random(2)
    for kind in ("fasta", "genbank", "2bit", "embl"):
        for _ in range(100):
            use(BED, "x.bed", mutated(SEEDS[kind], rng))


def workbook(sheet: bytes) -> bytes:
    """The least that is an Excel file, round one sheet."""
    packed = streams.BytesIO()
    main, office = b"http://schemas.openxmlformats.org/", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = b'<?xml version="1.0"?><Relationships xmlns="%spackage/2006/relationships"><Relationship Id="r1" Type="%s/%s" Target="%s"/></Relationships>'
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", link % (main, office, b"officeDocument", b"xl/workbook.xml"))
        archive.writestr(
            "xl/workbook.xml",
            b'<?xml version="1.0"?><workbook xmlns="%sspreadsheetml/2006/main" xmlns:r="%s"><sheets>'
            b'<sheet name="one" sheetId="1" r:id="r1"/></sheets></workbook>' % (main, office),
        )
        archive.writestr("xl/_rels/workbook.xml.rels", link % (main, office, b"worksheet", b"worksheets/sheet1.xml"))
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return packed.getvalue()


def sheet() -> bytes:
    cells = [["sequence", "label"], ["ACGTACGTAC", "x"], ["GGTTGGTTAA", "y"]]
    rows = "".join(
        f'<row r="{n}">'
        + "".join(f'<c r="{"AB"[at]}{n}" t="inlineStr"><is><t>{cell}</t></is></c>' for at, cell in enumerate(row))
        + "</row>"
        for n, row in enumerate(cells, start=1)
    )
    return f'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'.encode()


def test_a_changed_workbook():
    assert io.read(workbook(sheet()), "x.xlsx")[0].labels == ["x", "y"]
    rng = random.Random(3)
    for _ in range(100):
        use(workbook(mutated(sheet(), rng)), "x.xlsx")
        use(mutated(workbook(sheet()), rng), "x.xlsx")


@pytest.mark.skipif(not FORMATS.is_dir(), reason="the real files are not beside the repository")
def test_a_changed_real_file():
    rng = random.Random(4)
    for path in sorted(path for path in FORMATS.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        for packed in (data[:SMALL], gzip.compress(data[:SMALL], 1)):
            for _ in range(8):
                use(mutated(packed, rng), path.name)
