"""Every format by its content: the same sequences in each give the same records, packed or not; real files beside that."""

import gzip
import io as streams
import itertools
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from Bio import SeqIO
from Bio.Seq import Seq
from Bio.SeqRecord import SeqRecord
from hypothesis import given
from hypothesis import strategies as st

from genomics import io, sequences
from genomics.errors import InputError
from genomics.io import letters

FORMATS = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "formats"
NAMED = {"first": "ACGTNACGTTTACG", "second": "ggtACCGTAAACGT", "third": "TTTTTTTTTTNNNN"}


def texts_of(records: io.Records) -> list[str]:
    return [sequences.decode(records.codes[a:b]) for a, b in itertools.pairwise(records.offsets)]


def in_format(kind: str) -> bytes:
    """The same three sequences, by Biopython or pyarrow where they write the format."""
    if kind == "parquet":
        out = streams.BytesIO()
        pq.write_table(pa.table({"id": list(NAMED), "sequence": list(NAMED.values())}), out)
        return out.getvalue()
    if kind == "csv":
        return ("id,sequence\n" + "".join(f"{name},{text}\n" for name, text in NAMED.items())).encode()
    records = [SeqRecord(Seq(text), name, name, "", annotations={"molecule_type": "DNA"}) for name, text in NAMED.items()]
    for record in records:
        record.letter_annotations["phred_quality"] = [30] * len(record)
    out = streams.StringIO()
    SeqIO.write(records, out, kind)
    return out.getvalue().encode()


def zipped(data: bytes, *more: str) -> bytes:
    packed = streams.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in more:
            archive.writestr(name, b"")
        archive.writestr("folder/data", data)
    return packed.getvalue()


@pytest.mark.parametrize("kind", ["fasta", "fastq", "genbank", "embl", "csv", "parquet"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, zipped, lambda data: gzip.compress(zipped(data, "folder/", "__MACOSX/._data"))])
def test_every_format_gives_the_same_records_whatever_its_name(kind, pack):
    records, report = io.read(pack(in_format(kind)), "data", label="-")
    assert records.ids == list(NAMED)
    assert texts_of(records) == [text.upper() for text in NAMED.values()]
    assert report.problems == []
    if kind in ("genbank", "embl"):  # which have no case
        assert records.lower is None
    else:
        assert records.lower.tolist() == [0, 3, 0]
    assert any("5 bases (11.90%) are unknown" in note for note in report.notes)


def test_annotated_records_are_whole_sequences_and_said_to_be():
    _, report = io.read(in_format("genbank"), "x.gb")
    assert "x.gb: each record is taken as one sequence. Windows round its 0 features can be cut out instead." in report.notes


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("first\t1\t4\tx\t0\t+\nsecond\t0\t3\ty\t0\t-\n", "x.bed"),
        ("first\t1\t4\tx\t0\t+\nsecond\t0\t3\ty\t0\t-\n", "pasted text"),
        ("track name=x\nfirst\t1\t4\tx\t0\t+\nsecond\t0\t3\ty\t0\t-\n", "pasted text"),
        ("first\t.\tCDS\t2\t4\t.\t+\t0\tID=x\nsecond\t.\tCDS\t1\t3\t.\t-\t0\tID=y\n", "x.txt"),
    ],
)
@pytest.mark.parametrize("kind", ["fasta", "genbank"])
def test_places_are_cut_out_of_a_reference_of_any_kind(text, name, kind):
    for reference in (in_format(kind), io.read_contigs(in_format(kind), "genome")):
        records, _ = io.read(text.encode(), name, reference=reference, reference_name="genome", label="-")
        assert texts_of(records) == ["CGT", "ACC"]
        assert (records.lower is None) if kind == "genbank" else (records.lower.tolist() == [0, 3])  # GenBank has no case


def test_a_reference_holds_nothing_but_bases():
    with pytest.raises(InputError, match=r'genome.fa, record 1 "chr1", line 3: \'5\' is not a base'):
        io.read_contigs(b">chr1\nACGT\nA5\n", "genome.fa")
    with pytest.raises(InputError, match=r"genome.csv holds no reference sequences. Give FASTA, 2bit, GenBank or EMBL"):
        io.read_contigs(in_format("csv"), "genome.csv")


@given(st.lists(st.text("ACGTacgtN \n", max_size=15), min_size=1, max_size=4))
def test_contigs_of_a_fasta_keep_their_case(rows):
    plain = ["".join(row.split()) for row in rows]
    text = "".join(f">c{n}\n{row}\n" for n, row in enumerate(rows)).encode()
    if not all(plain):
        with pytest.raises(InputError, match="has no sequence"):
            io.read_contigs(text, "x.fa")
        return
    contigs = io.read_contigs(text, "x.fa")
    assert [sequences.decode(c.codes) for c in contigs] == [row.upper() for row in plain]
    assert [c.lower.tolist() for c in contigs] == [[letter.islower() for letter in row] for row in plain]


def test_a_table_that_looks_like_places_is_told_by_its_name_or_its_sequences():
    assert texts_of(io.read(b"ACGTACGTACGT\t0\t5\nGGGTACGTACGT\t1\t5\n", "pasted text")[0]) == ["ACGTACGTACGT", "GGGTACGTACGT"]
    with pytest.raises(InputError, match="has no column of DNA"):
        io.read(b"chr1\t0\t5\nchr1\t1\t5\n", "x.tsv")


@pytest.mark.parametrize(
    ("headers", "asked", "groups"),
    [
        (["chr1:1-20", "chr2:5-9 x"], "", ["chr1", "chr2"]),
        (["a chr1:1-20(+)", "b chrX:5-9"], "", ["chr1", "chrX"]),
        (["chr1:1-20", "chr1:5-9"], "", None),  # one chromosome is no grouping
        (["chr1:1-20", "b"], "", None),
        (["chr1", "chr2"], "", None),  # no places
        (["chr1", "chr2"], "chromosome", ["chr1", "chr2"]),
        (["chr1:1-20", "chr2:5-9"], "-", None),
        (["a|f1|x", "b|f2|y"], r"\|(f\d)", ["f1", "f2"]),
    ],
)
def test_groups_are_read_from_headers(headers, asked, groups):
    records, report = io.read("".join(f">{header}\nACGT\n" for header in headers).encode(), "x.fa", group=asked, label="-")
    assert records.groups == groups
    assert any("group" in note for note in report.notes) == (groups is not None)


@pytest.mark.parametrize(
    ("rule", "says"), [("(", "The group pattern"), ("a", "exactly one group"), ("(z)", "not every header has a group")]
)
def test_a_group_rule_that_fails_is_refused(rule, says):
    with pytest.raises(InputError, match=says):
        io.read(b">a\nACGT\n", "x.fa", group=rule)


def test_equal_labels_and_groups_are_one_object():
    text = "".join(f">s{n} chr{n % 3}:1-2 label=class{n % 2}\nACGT\n" for n in range(3000)).encode()
    records, _ = io.read(text, "x.fa")
    assert (len({id(label) for label in records.labels}), len({id(group) for group in records.groups})) == (2, 3)


def test_a_rule_that_fits_the_sample_but_not_all_headers_is_not_used():
    headers = [f"s{n} label={'xy'[n % 2]}" for n in range(4000)]
    headers[3001] = "s3001"
    assert io.read("".join(f">{header}\nACGT\n" for header in headers).encode(), "x.fa")[0].labels is None


@given(st.lists(st.text("ACGTacgtNU \n-*5", max_size=20), min_size=1, max_size=6), st.integers(1, 30))
def test_pieces_of_any_size_give_the_same(rows, size):
    text = "".join(f">s{n}\n{row}\n" for n, row in enumerate(rows)).encode()
    before = letters._CHUNK, io.fasta._CHUNK
    whole = io.read(text, "x.fa")
    letters._CHUNK = io.fasta._CHUNK = size
    try:
        records, report = io.read(text, "x.fa")
    finally:
        letters._CHUNK, io.fasta._CHUNK = before
    assert report == whole[1]
    assert records.ids == whole[0].ids
    for field in ("codes", "offsets", "lower", "lines"):
        assert np.array_equal(getattr(records, field), getattr(whole[0], field))
    assert records.lower.tolist() == [sum(map(str.islower, row)) for row in rows]


def test_bare_lines_have_no_columns_to_ask_for():
    with pytest.raises(InputError, match=r'x.txt has bare lines and no label "strength". Give a table with that column'):
        io.read(b"ACGTACGT\nACGTACGA\n", "x.txt", label="strength")


@pytest.mark.skipif(not FORMATS.is_dir(), reason="the real files are not beside the repository")
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("MG1655-K12.fasta.gz", "fasta"),
        ("pdH1N1-HA.fasta", "fasta"),
        ("chr17.hg19.part.fa", "fasta"),
        ("any2fasta/test.fna.gz", "fasta"),
        ("any2fasta/test.embl", "embl"),
        ("any2fasta/test.gbk.gz", "genbank"),
    ],
)
def test_a_real_file_agrees_with_biopython(name, kind):
    records, report = io.read(FORMATS / name)
    content = io.source.load(FORMATS / name)[1].decode()
    expected = [str(record.seq) for record in SeqIO.parse(streams.StringIO(content), kind)]
    table = str.maketrans("RYSWKMBDHV", "NNNNNNNNNN")
    assert texts_of(records) == [text.upper().translate(table) for text in expected]
    if kind == "fasta":
        assert records.lower.tolist() == [sum(map(str.islower, text)) for text in expected]
    assert report.problems == []


@pytest.mark.skipif(not FORMATS.is_dir(), reason="the real files are not beside the repository")
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gatk.vcf.gz", "is VCF"),
        ("any2fasta/test.clw", "is Clustal"),
        ("any2fasta/test.sth", "is Stockholm"),
        ("any2fasta/test.gfa.gz", "is GFA"),
        ("any2fasta/test.noseq.gff", "holds places on a genome"),
    ],
)
def test_a_real_file_of_another_kind_is_named(name, says):
    with pytest.raises(InputError, match=says):
        io.read(FORMATS / name)
