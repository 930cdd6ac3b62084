"""GenBank, EMBL, GFF3 and GTF against Biopython and against files small enough to read."""

import io as text_io
import warnings
from pathlib import Path

import numpy as np
import pytest
from Bio import BiopythonParserWarning, SeqIO
from Bio.Seq import Seq
from Bio.SeqFeature import CompoundLocation, SeqFeature, SimpleLocation
from Bio.SeqRecord import SeqRecord
from hypothesis import given
from hypothesis import strategies as st

from genomics.errors import InputError
from genomics.io import annotation, read_annotated, source
from genomics.io.annotation import Feature, read, read_gff
from genomics.io.contigs import Contig
from genomics.io.gff import attributes
from genomics.sequences import decode, encode

FORMATS = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "formats"
GENOME = "".join("ACGT"[i * 7 % 11 % 4] for i in range(60))


def flat(features: str, *, form: str = "genbank", name: str = "chr1", topology: str = "linear") -> bytes:
    """A GenBank or EMBL record of GENOME whose feature lines are written as they stand."""
    record = SeqRecord(Seq(GENOME), id=name, name=name, annotations={"molecule_type": "DNA", "topology": topology})
    text = record.format(form)
    if form == "genbank":
        lines = "".join(
            f"     {kind:16}{place}\n" + "".join(f"                     /{q}\n" for q in rest) for kind, place, *rest in rows(features)
        )
        return text.replace("ORIGIN", lines + "ORIGIN", 1).encode()
    lines = "".join(
        f"FT   {kind:16}{place}\n" + "".join(f"FT                   /{q}\n" for q in rest) for kind, place, *rest in rows(features)
    )
    return text.replace("XX\nSQ   ", lines + "XX\nSQ   ", 1).encode()


def rows(features: str) -> list[list[str]]:
    return [line.split() for line in features.strip().split("\n") if line.strip()]


def only(features: str, **form: str) -> Feature:
    found = read(flat(features, **form), "x.gbk").features
    assert len(found) == 1
    return found[0]


PLACES = [
    ("5..10", ((4, 10),), 1, 4, 9),
    ("complement(5..10)", ((4, 10),), -1, 9, 4),
    ("7", ((6, 7),), 1, 6, 6),
    ("join(5..10,20..30)", ((4, 10), (19, 30)), 1, 4, 29),
    ("complement(join(5..10,20..30))", ((19, 30), (4, 10)), -1, 29, 4),
    ("join(complement(20..30),complement(5..10))", ((19, 30), (4, 10)), -1, 29, 4),
]


@pytest.mark.parametrize("form", ["genbank", "embl"])
@pytest.mark.parametrize(("place", "parts", "strand", "position", "last"), PLACES)
def test_places_are_in_the_features_own_direction(form, place, parts, strand, position, last):
    feature = only(f'CDS {place} gene="abc"', form=form)
    assert feature == Feature(0, "CDS", "abc", parts, strand, False)
    assert (feature.position(), feature.last()) == (position, last)


@pytest.mark.parametrize(
    ("place", "parts", "strand", "ends"),
    [
        ("join(55..60,1..6)", ((54, 60), (0, 6)), 1, (54, 5)),
        ("complement(join(55..60,1..6))", ((0, 6), (54, 60)), -1, (5, 54)),
    ],
)
def test_a_join_may_cross_the_origin_of_a_circle(place, parts, strand, ends):
    read_back = read(flat(f"CDS {place}", topology="circular"), "x.gbk")
    assert read_back.contigs[0].circular
    (feature,) = read_back.features
    assert (feature.parts, feature.strand, (feature.position(), feature.last())) == (parts, strand, ends)


@pytest.mark.parametrize("place", ["<5..10", "5..>10", "complement(<5..10)", "join(5..10,20..>30)"])
def test_an_open_end_makes_a_feature_partial(place):
    assert only(f"CDS {place}").partial


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("join(5..10,complement(20..30))", "1 feature left out: the parts lie on both strands."),
        ("join(J00194.1:5..10,20..30)", "1 feature left out: a part lies on another record."),
        ("12^13", "1 feature left out: the place is between two bases."),
        ("50..70", "1 feature left out: beyond the end of the sequence."),
    ],
)
def test_what_cannot_be_cut_is_left_out_and_counted(place, said):
    made = read(flat(f"CDS {place}\ngene 5..10"), "x.gbk")
    assert [feature.kind for feature in made.features] == ["gene"]
    assert f"x.gbk: {said}" in made.notes


def test_an_order_is_taken_as_joined_and_that_is_said():
    made = read(flat("CDS order(5..10,20..30)"), "x.gbk")
    assert made.features[0].parts == ((4, 10), (19, 30))
    assert made.notes == ["x.gbk: 1 feature given with order(): the parts are taken as joined."]


def test_the_name_is_the_genes_or_what_comes_closest():
    text = 'CDS 1..3 locus_tag="b1" gene="abc"\nCDS 4..6 locus_tag="b2"\nCDS 7..9 product="x"'
    assert [feature.name for feature in read(flat(text), "x.gbk").features] == ["abc", "b2", ""]


def test_every_record_of_a_file_is_read():
    made = read(flat("CDS 1..6", name="one") + flat("gene 2..5\ngene 3..6", name="two", topology="circular"), "x.gbk")
    assert [(contig.name, contig.circular, decode(contig.codes)) for contig in made.contigs] == [
        ("one", False, GENOME),
        ("two", True, GENOME),
    ]
    assert [(feature.contig, feature.kind) for feature in made.features] == [(0, "CDS"), (1, "gene"), (1, "gene")]
    assert annotation.kinds(made) == {"gene": 2, "CDS": 1}


# GFF3 and GTF

CONTIGS = [Contig("chr1", encode(GENOME)), Contig("plasmid", encode(GENOME[:30]), circular=True)]


def gff(*lines: str) -> bytes:
    return ("##gff-version 3\n" + "\n".join("\t".join(line.split(" ")) for line in lines) + "\n").encode()


def test_gff_places_count_from_1_with_both_ends():
    made = read_gff(gff("chr1 x gene 5 10 . - . ID=g1;Name=abc"), "x.gff", CONTIGS)
    assert made.features == [Feature(0, "gene", "abc", ((4, 10),), -1)]
    assert made.notes == []


@pytest.mark.parametrize(("strand", "parts"), [("+", ((4, 10), (19, 30))), ("-", ((19, 30), (4, 10)))])
@pytest.mark.parametrize("reverse", [False, True])
def test_coding_rows_of_one_id_are_one_feature_in_its_own_direction(strand, parts, reverse):
    lines = [f"chr1 x CDS 5 10 . {strand} 0 ID=c1", f"chr1 x CDS 20 30 . {strand} 0 ID=c1"]
    made = read_gff(gff(*(lines[::-1] if reverse else lines), "chr1 x CDS 40 50 . + 0 ID=c2"), "x.gff", CONTIGS)
    assert [feature.parts for feature in made.features] == [parts, ((39, 50),)]


def test_gtf_joins_the_coding_rows_of_a_transcript_and_keeps_its_exons_apart():
    rest = 'gene_id "g;1"; transcript_id "t1"; gene_name "abc";'
    lines = [f"chr1\tx\t{kind}\t{start}\t{start + 4}\t.\t-\t0\t{rest}" for kind in ("exon", "CDS") for start in (5, 20)]
    made = read_gff("\n".join(lines).encode(), "x.gtf", CONTIGS)
    assert [(f.kind, f.parts) for f in made.features] == [("exon", ((4, 9),)), ("exon", ((19, 24),)), ("CDS", ((19, 24), (4, 9)))]
    assert {feature.name for feature in made.features} == {"abc"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ID=a%3Bb;Name=x%20y;Note=1,2", {"ID": "a;b", "Name": "x y", "Note": "1,2"}),
        ('gene_id "a;b"; n 3; tag "x y"', {"gene_id": "a;b", "n": "3", "tag": "x y"}),
        ('gene_id "a=b";', {"gene_id": "a=b"}),
        ("ID=", {"ID": ""}),
        ("", {}),
        (".", {}),
    ],
)
def test_attributes_of_both_forms(text, found):
    assert attributes(text) == found


@pytest.mark.parametrize(("strand", "parts"), [("+", ((24, 30), (0, 5))), ("-", ((0, 5), (24, 30)))])
def test_on_a_circle_a_gff_feature_may_end_beyond_the_end(strand, parts):
    made = read_gff(gff(f"plasmid x CDS 25 35 . {strand} 0 ID=c"), "x.gff", CONTIGS)
    assert made.features[0].parts == parts


def test_gff_can_say_that_a_contig_is_circular():
    made = read_gff(gff("chr1 x region 1 60 . + . Is_circular=true", "chr1 x CDS 55 65 . + 0 ID=c"), "x.gff", CONTIGS)
    assert made.contigs[0].circular
    assert made.features[1].parts == ((54, 60), (0, 5))
    assert made.notes == ["x.gff: 1 contigs are circular, as the file says."]


def test_what_gff_leaves_open_is_counted():
    lines = [
        "chr1 x gene 5 10 . . . ID=a",
        "chr1 x gene 55 65 . + . ID=b",
        "chr9 x gene 5 10 . + . ID=c",
        "chr1 x gene 5 9 . + . partial=true",
    ]
    made = read_gff(gff(*lines), "x.gff", CONTIGS)
    assert [(feature.strand, feature.partial) for feature in made.features] == [(1, False), (1, True)]
    assert made.notes == [
        "x.gff: 1 rows left out: not on a contig that is here, but on chr9.",
        "x.gff: 1 feature without a strand: taken as +.",
        "x.gff: 1 feature left out: beyond the end of its contig.",
    ]


def test_gff_with_its_sequences_is_whole():
    content = gff("chr1 x gene 1 3 . + . ID=a") + f"##FASTA\n>chr1 some text\n{GENOME[:40]}\n{GENOME[40:].lower()}\n".encode()
    made = read(content, "x.gff")
    assert decode(made.contigs[0].codes) == GENOME
    assert made.contigs[0].lower.tolist() == [False] * 40 + [True] * 20
    assert made.features == [Feature(0, "gene", "a", ((0, 3),), 1)]


def test_gff_finds_its_genome_beside_it(tmp_path):
    (tmp_path / "g.fa").write_text(f">chr1\n{GENOME}\n")
    made = read_annotated(gff("chr1 x gene 1 3 . + . ID=a"), "x.gff", reference=tmp_path / "g.fa")
    assert (decode(made.contigs[0].codes), len(made.features)) == (GENOME, 1)
    with pytest.raises(InputError, match=r"x.gff has no sequences of its own \(no ##FASTA part\)\. Give the genome as well"):
        read_annotated(gff("chr1 x gene 1 3 . + . ID=a"), "x.gff")
    with pytest.raises(InputError, match=r"x.gbk holds its own sequences, but a reference is given too. Leave the reference out."):
        read_annotated(flat("gene 1..3"), "x.gbk", reference=tmp_path / "g.fa")


# Against Biopython


@given(st.data())
def test_any_place_is_what_biopython_extracts(data):
    edges = sorted(data.draw(st.sets(st.integers(0, 60), min_size=2, max_size=8)))
    strand = data.draw(st.sampled_from([1, -1]))
    parts = [SimpleLocation(a, b, strand) for a, b in zip(edges[::2], edges[1::2], strict=False)][::strand]
    location = CompoundLocation(parts) if len(parts) > 1 else parts[0]
    record = SeqRecord(Seq(GENOME), id="a", annotations={"molecule_type": "DNA"}, features=[SeqFeature(location, type="CDS")])
    (feature,) = read(record.format("genbank").encode(), "x.gbk").features

    pieces = (Seq(GENOME[a:b]) for a, b in feature.parts)
    joined = "".join(str(piece if feature.strand == 1 else piece.reverse_complement()) for piece in pieces)
    assert joined == str(location.extract(Seq(GENOME)))


@pytest.mark.parametrize(
    ("file", "form"), [("ct.gbk.gz", "genbank"), ("any2fasta/test.gbk.gz", "genbank"), ("any2fasta/test.embl", "embl")]
)
def test_real_files_hold_what_biopython_finds(file, form):
    if not (FORMATS / file).exists():
        pytest.skip(f"{file} is not here")
    name, content = source.load(FORMATS / file)
    made = read(content, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BiopythonParserWarning)
        records = list(SeqIO.parse(text_io.StringIO(content.decode("latin-1")), form))
    assert [contig.name for contig in made.contigs] == [record.id for record in records]
    expected = [(at, f) for at, record in enumerate(records) for f in record.features]
    assert len(made.features) == len(expected)
    for feature, (at, theirs) in zip(made.features, expected, strict=True):
        assert (feature.contig, feature.kind, feature.strand) == (at, theirs.type, theirs.location.strand)
        assert feature.parts == tuple((int(part.start), int(part.end)) for part in theirs.location.parts)
    for contig, record in zip(made.contigs, records, strict=True):
        assert np.array_equal(contig.codes, encode(bytes(record.seq)))


def test_a_real_gff_holds_its_rows():
    if not (FORMATS / "any2fasta/test.gff.gz").exists():
        pytest.skip("test.gff.gz is not here")
    name, content = source.load(FORMATS / "any2fasta/test.gff.gz")
    made = read(content, name)
    lines = [line.split("\t") for line in content.decode().partition("##FASTA")[0].split("\n") if line and line[0] != "#"]
    assert [(made.contigs[f.contig].name, f.kind, f.parts, f.strand) for f in made.features] == [
        (row[0], row[2], ((int(row[3]) - 1, int(row[4])),), 1 if row[6] == "+" else -1) for row in lines
    ]
    assert made.notes == []
