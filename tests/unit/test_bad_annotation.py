"""What people really upload as tables, annotated genomes and intervals, and the sentence each gets: where, what, and the remedy."""

import io as streams

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genomics.errors import GenomicsError, InputError
from genomics.io import annotation, intervals
from genomics.io.contigs import Contig
from genomics.io.gff import read_gff
from genomics.io.report import Collector
from genomics.io.sheets import parse_excel, parse_parquet
from genomics.io.table import parse
from genomics.sequences import encode

SEQ = "ACGTACGTAC"
CONTIGS = [Contig("chr1", encode(SEQ * 10)), Contig("chr2", encode(SEQ)), Contig("MT", encode(SEQ)), Contig("X", encode(SEQ))]
HOSTILE = "\x1b[31m" + "<script>" * 20
GENBANK = (
    "LOCUS       one                       10 bp    DNA     linear   BCT 01-JAN-2000\nDEFINITION  .\nACCESSION   one\n"
    "FEATURES             Location/Qualifiers\n     CDS             1..6\nORIGIN\n        1 acgtacgtac\n//\n"
)
EMBL = (
    "ID   one; SV 1; linear; genomic DNA; STD; PRO; 10 BP.\nXX\nFH   Key             Location/Qualifiers\nFH\n"
    "FT   CDS             1..6\nXX\nSQ   Sequence 10 BP;\n     acgtacgtac                                                               10\n//\n"
)


def tabs(text: str) -> bytes:
    return "\n".join("\t".join(line.split(" ")) for line in text.split("\n")).encode()


def parquet(**columns: object) -> bytes:
    data = streams.BytesIO()
    pq.write_table(pa.table(columns), data)
    return data.getvalue()


TABLES = {
    "no whole row": (parse, b"id,sequence,label\na b,AC\n", "set: no row has as many columns as the header (3). Check the separator."),
    "header only": (parse, b"sequence,label\n", "set has a header line only. Add rows with sequences."),
    "no sequences": (parse, b"a,b\nred,blue\n", 'set has no column of DNA sequences. Name one "sequence". Its columns: a, b.'),
    "no name at all": (parse, b",\n1,2\n", "set has no column of DNA sequences"),
    "twice the same column": (parse, b"sequence,label,sequence\nAC,x,GT\n", 'set has 2 columns called "sequence". Rename all but one.'),
    "hostile column": (parse, f"{HOSTILE},b\nx,y\n".encode(), "Its columns:  [31m<script>"),
    "wrong encoding": (parse, "sequence,étage\nAC,x\nGT\n".encode("latin-1"), 'record 2 "GT", line 3: 1 columns where the header has 2.'),
    "open quote": (parse, b'sequence,label\n"ACGT,x\nGT,y\n', "set: no row has as many columns as the header (2)"),
    "Excel called CSV": (parse_excel, b"sequence,label\nAC,x\n", "set cannot be read as Excel"),
    "empty zip as Excel": (parse_excel, b"PK\x05\x06" + bytes(18), "set cannot be read as Excel"),
    "truncated Excel 97": (parse_excel, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), "Save it again as .xlsx, or as CSV."),
    "truncated Parquet": (parse_parquet, parquet(sequence=[SEQ], label=["x"])[:-20], "set is truncated or damaged Parquet"),
    "only the mark of Parquet": (parse_parquet, b"PAR1", "set is truncated or damaged Parquet"),
    "Parquet damaged inside": (
        parse_parquet,
        b"PAR1" + bytes(40) + parquet(sequence=[SEQ] * 9)[44:],
        "set is truncated or damaged Parquet",
    ),
    "nested Parquet": (parse_parquet, parquet(sequence=[[SEQ]], label=["x"]), 'column "sequence" holds list'),
    "numbers as sequences": (parse_parquet, parquet(sequence=[1.5]), 'column "sequence" holds double; it must hold text'),
    "Parquet without rows": (parse_parquet, parquet(sequence=pa.array([], pa.string())), "set holds no rows"),
}
GENOMES = {
    "empty GenBank": (b"LOCUS       one\n//\n", "g.gbk is not readable GenBank (Premature end of sequence data"),
    "not closed": (GENBANK[:-3].encode(), "g.gbk is truncated: its last line is not //. Fetch it again."),
    "shorter than announced": (GENBANK.replace("10 bp", "90 bp").encode(), "g.gbk is truncated: a sequence is shorter than announced"),
    "without the sequence": (
        GENBANK.replace("        1 acgtacgtac\n", "").encode(),
        "g.gbk holds no GenBank record with a sequence. Fetch it as GenBank (full).",
    ),
    "without its last part": (GENBANK.partition("ORIGIN")[0].encode() + b"//\n", "not readable GenBank (Premature end of features table"),
    "cut within the features": (GENBANK.partition("CDS")[0].encode(), "g.gbk is truncated: it ends within a record. Fetch it again."),
    "protein": (GENBANK.replace("bp    DNA", "aa       ").encode(), "Give DNA"),
    "LOCUS and then nothing": (b"LOCUS       \n", "g.gbk"),
    "EMBL not closed": (EMBL[:-3].encode(), "g.gbk is truncated"),
    "EMBL without a sequence": (EMBL.partition("SQ ")[0].encode() + b"//\n", "g.gbk"),
    "neither": (b"hello\n", "g.gbk is no annotated genome. Give GenBank, EMBL, or GFF3 with its sequences."),
    "GFF without sequences": (
        tabs("c x CDS 1 6 . + 0 ID=a"),
        "g.gbk has no sequences of its own (no ##FASTA part). Give the genome as well",
    ),
    "GFF with an empty FASTA part": (tabs("c x CDS 1 6 . + 0 ID=a") + b"\n##FASTA\n", "its FASTA part holds no sequence"),
    "GFF with a FASTA part that is none": (tabs("c x CDS 1 6 . + 0 ID=a") + b"\n##FASTA\nACGT\n", "its FASTA part"),
}
FEATURES = {
    "seven columns": ("chr1 x CDS 1 6 . +", "g.gff, line 1: 7 columns where GFF has 9. Put one tab between columns."),
    "no number": ("chr1 x CDS one 6 . + 0 ID=a", 'g.gff, line 1: "one" is no place: a whole number from 1 on.'),
    "huge number": (f"chr1 x CDS 1 {'9' * 5000} . + 0 ID=a", "is no place: a whole number from 1 on."),
    "from 0": ("#\nchr1 x CDS 0 6 . + 0 ID=a", "g.gff, line 2: the start is 0, but GFF counts from 1. Give BED if places count from 0."),
    "backwards": (
        "chr1 x CDS 9 6 . - 0 ID=a",
        "the start 9 lies behind the end 6. Give the smaller place first; the strand is in column 7.",
    ),
    "strand": ("chr1 x CDS 1 6 . plus 0 ID=a", 'the strand "plus" is not one of +, -, . and ?. Mend column 7.'),
    "another genome": (
        "chrI x CDS 1 6 . + 0 ID=a",
        "holds no feature on the contigs given (chr1, chr2, MT and 1 more); its features are on chrI.",
    ),
    "comments only": ("##gff-version 3", "g.gff holds no feature on the contigs given"),
}
LINES = {
    "start at the end": ("chr1 5 5", "the start 5 is not before the end 5. Give the smaller place first; the strand is in column 6."),
    "backwards": ("chr1 9 5", "the start 9 is not before the end 5."),
    "negative": ("chr1 -3 5", "the start -3 is negative. Places count from 0."),
    "beyond": ("chr1 90 101", "the end 101 lies beyond chr1, which has 100 bp. Use the reference that it was made for."),
    "unknown": ("chr7 1 5", 'the reference has no contig "chr7"; it has chr1, chr2, MT and 1 more.'),
    "chr too many": ("chrX 1 5", 'Choose rename "strip chr" if they are the same.'),
    "chr missing": ("2 1 5", 'Choose rename "add chr" if they are the same.'),
    "another case": ("CHR1 1 5", 'the reference has no contig "CHR1"'),
    "near miss": ("chr1.1 1 5", 'Is "chr1" meant? Rename it.'),
    "hostile contig": (f"{HOSTILE} 1 5", 'the reference has no contig " [31m<script>'),
    "two columns": ("chr1 5", "2 columns where BED has at least 3. Put one tab between columns."),
    "header line": ("chrom start end", '"start" is no place: a whole number from 0 on. Begin header lines with #'),
    "decimals": ("chr1 1 5.0", '"5.0" is no place'),
    "thousands": ("chr1 1 1,000", '"1,000" is no place'),
    "underscores": ("chr1 1 1_0", '"1_0" is no place'),
    "huge": (f"chr1 1 {'9' * 5000}", "is no place"),
    "strand": ("chr1 1 5 n 0 plus", 'the strand "plus" is not one of +, - and the point. Mend column 6.'),
    "GFF after BED": ("chr1 1 5\nchr1 x CDS 1 6 . + 0 ID=a", "line 2: this line has the columns of GFF, the first line has those of BED."),
    "BED after GFF": ("chr1 x CDS 1 6 . + 0 ID=a\nchr1 1 5", "line 2: this line has the columns of BED, the first line has those of GFF."),
}
BLOCKS = {
    "few columns": ("chr1 0 50 n 0 +", "6 columns where blocks need 12. Mend columns 10 to 12, or do not splice."),
    "no numbers": ("chr1 0 50 n 0 + 0 0 0 2 a,b 0,9", "its blocks are no whole numbers."),
    "count": ("chr1 0 50 n 0 + 0 0 0 3 5,5 0,9", "3 blocks, but 2 sizes and 2 starts."),
    "no blocks": ("chr1 0 50 n 0 + 0 0 0 0  ", "its blocks are no whole numbers."),
    "overlap": ("chr1 0 50 n 0 + 0 0 0 2 9,5 0,4", "its blocks overlap, are out of order, or leave the interval."),
    "outside": ("chr1 0 50 n 0 + 0 0 0 2 5,5 0,46", "its blocks overlap, are out of order, or leave the interval."),
    "empty block": ("chr1 0 50 n 0 + 0 0 0 2 0,5 0,9", "its blocks overlap, are out of order, or leave the interval."),
}


@pytest.mark.parametrize("case", TABLES)
def test_a_bad_table_gets_its_sentence(case):
    read, content, said = TABLES[case]
    collector = Collector("set")
    try:
        read(content, collector)
        message = str(collector.problems[0])
    except InputError as error:
        message = str(error)
    assert said in message
    assert message.isprintable()


@pytest.mark.parametrize("case", GENOMES)
def test_a_bad_genome_gets_its_sentence(case):
    content, said = GENOMES[case]
    with pytest.raises(InputError) as error:
        annotation.read(content, "g.gbk")
    assert said in str(error.value)
    assert str(error.value).isprintable()


@pytest.mark.parametrize("case", FEATURES)
def test_a_bad_row_of_features_gets_its_sentence(case):
    text, said = FEATURES[case]
    with pytest.raises(InputError) as error:
        read_gff(tabs(text), "g.gff", CONTIGS)
    assert said in str(error.value)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize("case", [*LINES, *BLOCKS])
def test_a_bad_interval_gets_its_sentence(case):
    text, said = (LINES | BLOCKS)[case]
    collector = Collector("x.bed")
    records = intervals.read(tabs(text), "x.bed", CONTIGS, collector, spliced=case in BLOCKS and text == BLOCKS[case][0])
    message = str(collector.problems[0])
    assert said in message
    assert message.startswith(f'x.bed, record {len(records)} "line_{len(records)}", line {len(records)}: ')
    assert message.isprintable()
    assert len(message) < 400


def test_spaces_instead_of_tabs_are_named():
    collector = Collector("x.bed")
    intervals.read(b"chr1  5  9\n", "x.bed", CONTIGS, collector)
    assert "its columns have spaces between them, not tabs. Put one tab between columns." in str(collector.problems[0])
    with pytest.raises(InputError, match="its columns have spaces between them, not tabs"):
        read_gff(b"chr1 x CDS 1 6 . + 0 ID=a\n", "g.gff", CONTIGS)


@pytest.mark.parametrize(
    ("content", "contigs", "said"),
    [
        (b"#\ntrack x\n", CONTIGS, "x.bed holds no intervals. Give lines of BED or GFF."),
        (b"chr1\t1\t5\n", [], "x.bed needs a reference, but that holds no sequence."),
        (b"chr1\t1\t5\n", [*CONTIGS, CONTIGS[0]], 'the reference has 2 contigs called "chr1". Rename or remove all but one.'),
    ],
)
def test_intervals_as_a_whole_get_their_sentence(content, contigs, said):
    with pytest.raises(InputError, match=said):
        intervals.read(content, "x.bed", contigs, Collector("x.bed"))


SEEDS = [
    GENBANK.encode(),
    GENBANK.replace("1..6", "join(<1..3,complement(5..>9))").encode(),
    EMBL.encode(),
    tabs("##gff-version 3\nchr1 x CDS 1 6 . + 0 ID=a;Name=b%20c\nchr1 x CDS 8 9 . + 0 ID=a") + b"\n##FASTA\n>chr1\nACGTACGTAC\n",
    tabs("chr1 0 50 n 0 + 0 0 0 2 5,5 0,9\nchr2 1 5 m 0 -"),
    b"id,sequence,label\na,ACGTACGTAC,x\nb,GGTT,y\n",
]


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from([b"", b"\t", b"\n", b"0", b"..", b"(", b"\xff", b'"'])), max_size=4),
)
def test_damaged_files_give_a_result_or_a_sentence(content, edits):
    for at, piece in edits:
        content = content[:at] + piece + content[at + 1 :]
    for read in (
        lambda: annotation.read(content, "x"),
        lambda: read_gff(content, "x", CONTIGS),
        lambda: intervals.read(content, "x", CONTIGS, Collector("x"), spliced=True),
        lambda: parse(content, Collector("x")) if content.strip() else None,
    ):
        try:
            read()
        except GenomicsError as error:
            assert str(error).isprintable()
