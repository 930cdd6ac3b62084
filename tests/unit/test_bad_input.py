"""What people really upload, and the sentence each gets: file, record, line and remedy. Then the policies of `clean`."""

import gzip
import io as streams
import itertools
import random
import struct
import zipfile
from dataclasses import astuple

import numpy as np
import pytest

from genomics import dataset, io, sequences, split
from genomics.errors import InputError, SettingError

SEQ = "ACGTACGTAC"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256))
PROTEIN = ">sp|P1|X\nMSKGEELFTGVVPILVELDGDVNGHKFSVSGEGEGDATYGKLTLKFICTTGKLPVPWPTLVTTFSYGVQCF\n"


def zipped(**files: bytes) -> bytes:
    packed = streams.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def encrypted(packed: bytes) -> bytes:
    """A zip whose only file claims to be encrypted, in its own header and in the list at the end."""
    data = bytearray(packed)
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def twobit(*, count: int = 1, length: int = 8, blocks: tuple[tuple[int, int], ...] = (), at: int | None = None) -> bytes:
    """A 2bit file of one sequence "a", its list of N as given."""
    index = struct.pack("<B1sI", 1, b"a", 22 if at is None else at)
    lists = struct.pack(f"<I{2 * len(blocks)}I", len(blocks), *(s for s, _ in blocks), *(n for _, n in blocks))
    return struct.pack("<4I", 0x1A412743, 0, count, 0) + index + struct.pack("<I", length) + lists + struct.pack("<2I", 0, 0) + b"\x1b\x1b"


def use(name: str, content: str | bytes, **asked: str) -> dataset.Dataset:
    data = content.encode() if isinstance(content, str) else content
    return dataset.build(*io.read(data, name, **asked))


WHOLE_FILE = {
    "empty": ("x.fa", b"", ["x.fa is empty", "Choose a file"]),
    "whitespace": ("x.fa", b" \n\t\r\n ", ["x.fa is empty", "Choose a file"]),
    "byte order mark only": ("x.fa", b"\xef\xbb\xbf\n", ["x.fa is empty"]),
    "empty gzip": ("x.fa.gz", gzip.compress(b""), ["x.fa.gz is empty"]),
    "truncated gzip": ("x.fa.gz", gzip.compress(SEQ.encode() * 50)[:-9], ["x.fa.gz is truncated", "Fetch it again"]),
    "gzip magic only": ("x.fa.gz", b"\x1f\x8b", ["x.fa.gz is truncated", "Fetch it again"]),
    "damaged gzip": ("x.fa.gz", b"\x1f\x8b" + b"no gzip at all", ["x.fa.gz is damaged", "Pack it again"]),
    "UTF-16": ("x.csv", "sequence,label\nACGT,x\n".encode("utf-16"), ["x.csv is UTF-16", "Save it as UTF-8"]),
    "UTF-16 without a mark": ("x.csv", "sequence,label\n".encode("utf-16-le"), ["x.csv is not a text file", "FASTA, FASTQ, GenBank, CSV"]),
    "picture": ("x.png", PNG, ["x.png is a picture", "as FASTA or a table"]),
    "NUL bytes": ("x.fa", b">a\nAC\0GT\n", ["x.fa is not a text file"]),
    "prose": ("x.txt", "Dear editor\nplease find enclosed\n", ["x.txt: no sequence found", "lines that begin with >"]),
    "numbers": ("x.txt", "1.5 2.5\n3.5 4.5\n", ["x.txt: no sequence found"]),
    "no sequence column": ("x.csv", "a,b\nred,blue\n", ["x.csv has no column of DNA", 'Name one "sequence"', "a, b"]),
    "header line only": ("x.csv", "sequence,label\n", ["x.csv has a header line only", "Add rows"]),
    "letters before the header": ("x.fa", "; note\nACGT\n>a\nAC\n", ["x.fa, line 1", "before the first header", '">name"']),
    "protein FASTA": ("x.fa", PROTEIN, ["x.fa looks like protein", "Give DNA sequences"]),
    "protein lines": ("x.txt", PROTEIN.split("\n")[1], ["x.txt looks like protein"]),
    "truncated zip": ("x.zip", zipped(a=SEQ.encode() * 50)[:-30], ["x.zip is damaged", "Pack it again"]),
    "damaged zip": ("x.zip", zipped(a=b">a\nACGT\n").replace(b"PK\1\2", b"PK\1\7"), ["x.zip is damaged"]),
    "zip of two": ("x.zip", zipped(a=b">a\nAC\n", b=b">b\nAC\n"), ["x.zip is a zip of 2 files (a, b)", "Unpack it and give the files"]),
    "empty zip": ("x.zip", zipped(), ["x.zip is a zip without a file"]),
    "encrypted zip": ("x.zip", encrypted(zipped(a=b">a\nACGT\n")), ["x.zip is encrypted", "with its password"]),
    "packed four times": ("x.gz", gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"A")))), ["more than 3 times", "Unpack it"]),
    "Word": ("x.docx", zipped(**{"word/document.xml": b"<w/>"}), ["x.docx is a Word document", "Save it as plain text"]),
    "Excel without its parts": ("x.xlsx", zipped(**{"xl/workbook.xml": b"<w/>"}), ["x.xlsx"]),
    "PDF": ("x.pdf", b"%PDF-1.7\n", ["x.pdf is PDF", "Give the sequences as FASTA"]),
    "BAM": ("x.bam", gzip.compress(b"BAM\1" + bytes(40)), ["x.bam is BAM, aligned reads", "as FASTQ"]),
    "bzip2": ("x.fa.bz2", b"BZh91AY&SY", ["packed as bzip2", "pack it as gzip"]),
    "web page": ("x.fa", "<!DOCTYPE html>\n<html>", ["x.fa is a web page", "download link"]),
    "VCF": ("x.vcf", "##fileformat=VCFv4.2\n", ["x.vcf is VCF, a list of variants", "as FASTA"]),
    "SAM": ("x.sam", "@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:9\n", ["x.sam is SAM, aligned reads", "as FASTQ"]),
    "Clustal": ("x.aln", "CLUSTAL W (1.81) multiple sequence alignment\n\na AC-T\n", ["x.aln is Clustal, an alignment", "gap=remove"]),
    "Stockholm": ("x.sto", "# STOCKHOLM 1.0\na AC-T\n//\n", ["x.sto is Stockholm", "Convert it to FASTA"]),
    "PHYLIP": ("x.phy", " 2 8\nfirst     ACGTACGT\nsecond    ACGTACGT\n", ["x.phy is PHYLIP", "Convert it to FASTA"]),
    "GFA": ("x.gfa", "H\tVN:Z:1.0\nS\t1\tACGT\n", ["x.gfa is GFA, an assembly graph", "segments as FASTA"]),
    "BED alone": ("x.bed", "chr1\t0\t9\n", ["x.bed holds places on a genome (BED)", "as its reference too"]),
    "GFF alone": ("x.gff", "##gff-version 3\nchr1\t.\tCDS\t1\t9\t.\t+\t0\tID=a\n", ["(GFF)", "as its reference too"]),
    "2bit magic only": ("x.2bit", b"\x43\x27\x41\x1a", ["x.2bit is truncated", "Fetch it again"]),
    "truncated 2bit": ("x.2bit", twobit()[:-1], ["x.2bit is truncated", "2bit data end too early"]),
    "2bit that points outside": ("x.2bit", twobit(at=10_000), ["x.2bit is truncated"]),
    "2bit without sequences": ("x.2bit", twobit(count=0), ["x.2bit is a 2bit file without sequences"]),
    "2bit of another version": ("x.2bit", twobit().replace(bytes(4), b"\7\0\0\0", 1), ["not a 2bit file of version 0 or 1"]),
    "2bit with N outside": ("x.2bit", twobit(blocks=((6, 5),)), ["x.2bit is damaged", 'stretches of "a"', "its 8 bases"]),
    "2bit with overlapping N": ("x.2bit", twobit(blocks=((0, 5), (2, 2))), ["x.2bit is damaged", "overlap"]),
    "truncated FASTQ": ("x.fq", "@a\nACGT\n+\nIIII\n@b\nACGT\n", ['x.fq, read 2 "b", line 5', "no line with +", "fetch it again"]),
    "FASTQ cut in its quality": ("x.fq", "@a\nACGT\n+\nIII", ['x.fq, read 1 "a", line 1', "4 bases, but 3 quality letters", "truncated"]),
    "FASTQ with too long a quality": ("x.fq", "@a\nACGT\n+\nIIIII\n@b\nA\n+\nI\n", ['read 1 "a"', "4 bases, but 5", "one quality"]),
    "FASTQ with quality missing": (
        "x.fq",
        "@a\nACGT\n+\nII\n@b\nACGT\n+\nIIII\n",
        ['x.fq, read 1 "a", line 6', "begins with @", "equally long"],
    ),
    "FASTQ without @": ("x.fq", "@a\nAC\n+\nII\nb\nAC\n+\nII\n", ["x.fq", "line 5", "begins with @ was expected"]),
    "qualities of before 2011": ("x.fq", f"@a\n{SEQ}\n+\n{'hgfedcbaBB'}\n", ["x.fq", "(B to h)", "offset 64", "with offset 33"]),
    "qualities that are none": ("x.fq", b"@a\nACGT\n+\nII\x01I\n", ["x.fq: qualities hold characters that are none (number 1)"]),
    "protein FASTQ": ("x.fq", "@a\nMSKGEELFTG\n+\nIIIIIIIII5\n", ["x.fq looks like protein"]),
    "GenBank without a sequence": ("x.gb", "LOCUS       X 4 bp DNA linear 01-JAN-2000\n//\n", ["x.gb"]),
    "EMBL cut short": ("x.embl", "ID   X; SV 1; linear; genomic DNA; STD; UNC; 8 BP.\n", ["x.embl"]),
    "GFF with an empty FASTA part": ("x.gff", "##gff-version 3\n##FASTA\n", ["x.gff"]),
    "truncated Parquet": ("x.parquet", b"PAR1" + bytes(20), ["x.parquet"]),
    "wrong separator": ("x.csv", "id,sequence,label\na b,AC\n", ["x.csv: no row has as many columns as the header (3)", "separator"]),
}
ONE_RECORD = {
    "header only": ("x.fa", ">a\n", ['x.fa, record 1 "a", line 1', "has no sequence", "remove the header"]),
    "one without a sequence": ("x.fa", ">a\nACGT\n>b\n\n>c\nAC\n", ['x.fa, record 2 "b", line 3', "has no sequence"]),
    "empty header, no sequence": ("x.fa", ">", ['x.fa, record 1 "record_1", line 1', "has no sequence"]),
    "digit": ("x.fa", ">a\nACGT\n>b\nACGT\n\nAC\nAC5T\n", ['x.fa, record 2 "b", line 7', "'5' is not a base", 'treat as N"']),
    "gap": ("x.fa", ">a\nAC-GT\n", ['x.fa, record 1 "a", line 2', "'-' is not a base"]),
    "control character": ("x.fa", b">a\nAC\x07GT\n", ["line 2: character 7 is not a base"]),
    "stop": ("x.fa", ">a\nACGT*\n", ['x.fa, record 1 "a", line 2', "'*' is not a base but a stop", "stop=remove"]),
    "alignment": (
        "x.fa",
        ">a\nAC..-T\n",
        ['x.fa, record 1 "a", line 2', "'.' is not a base but a gap (2 more in this record)", "gap=remove"],
    ),
    "soft hyphen": ("x.fa", b">a\nAC\xadGT\n", ["line 2: character 173 is not a base"]),
    "indented header": ("x.fa", ">a\nAC\n  >b\nGT\n", ['x.fa, record 1 "a", line 3', "'>' is not a base"]),
    "digit in a bare line": ("x.txt", "ACGTACGT\n\nACGT5\n", ['x.txt, record 2 "line_3", line 3', "'5' is not a base"]),
    "FASTQ with a digit": ("x.fq", "@a\nACGT\n+\nIIII\n@b\nA5GT\n+\nIIII\n", ['x.fq, record 2 "b", line 6', "'5' is not a base"]),
    "FASTQ without a sequence": ("x.fq", "@a\nACGT\n+\nIIII\n@b\n\n+\n\n", ['x.fq, record 2 "b", line 5', "has no sequence"]),
    "digit in a table": ("x.csv", "id,sequence,label\na,ACGT,x\nb,AC1T,y\n", ['x.csv, record 2 "b", line 3', "'1' is not a base"]),
    "not latin": ("x.csv", "sequence,label\nAC\u03b1T,y\n", ['x.csv, record 1 "row_1", line 2', "is not a base"]),
    "ragged row": ("x.csv", "sequence,label\nACGT,x\nACGT\n", ["x.csv, record 2", "line 3", "1 columns", "has 2", "Mend the row"]),
    "missing label": ("x.csv", "id,sequence,label\na,ACGT,\n", ['x.csv, record 1 "a", line 2', "label is missing", "Fill it in"]),
    "missing sequence": ("x.csv", "id,sequence,label\na,,x\n", ['x.csv, record 1 "a", line 2', "sequence is missing", "Fill it in"]),
    "digit in a semicolon table": ("x.csv", "sequence;label\nAC1T;x\n", ['x.csv, record 1 "row_1", line 2', "'1' is not a base"]),
}
CASES = WHOLE_FILE | ONE_RECORD


@pytest.mark.parametrize(("name", "content", "says"), CASES.values(), ids=CASES)
def test_each_is_refused_in_words_that_help(name, content, says):
    with pytest.raises(InputError) as refused:
        use(name, content)
    message = str(refused.value)
    assert all(part in message for part in says), message
    assert "\n" not in message
    assert message.isprintable()


@pytest.mark.parametrize("name", ONE_RECORD)
def test_what_is_wrong_with_one_record_does_not_hinder_reading_the_others(name):
    _, report = io.read(ONE_RECORD[name][1] if isinstance(ONE_RECORD[name][1], bytes) else ONE_RECORD[name][1].encode(), "x")
    assert report.stopping == 1


def test_a_byte_order_mark_does_no_harm():
    assert use("x.csv", b"\xef\xbb\xbfsequence,label\nACGT,x\n").sequence(0) == "ACGT"
    assert use("x.fa", b"\xef\xbb\xbf>a\nACGT\n").ids == ("a",)


def test_unequal_lengths_are_kept():
    assert use("x.fa", ">a\nA\n>b\nACGTACGT\n>c\nACG\n").lengths.tolist() == [1, 8, 3]


def test_a_missing_label_column_lists_the_columns():
    with pytest.raises(InputError, match=r'x.csv has no column "strength" for the label. Its columns: id, sequence, kind.'):
        use("x.csv", "id,sequence,kind\na,ACGT,x\n", label="strength")


def test_one_class_is_no_task_for_a_classifier():
    read = io.read(b"sequence,label\nACGT,x\nGGTT,x\n", "x.csv")
    assert dataset.build(*read).task == "unlabelled"
    with pytest.raises(InputError, match=r"x.csv: a binary task has two classes, but there are 1"):
        dataset.build(*read, task="binary")
    with pytest.raises(InputError, match=r"there is one class only \(x\). Add records of another class"):
        dataset.build(*read, task="multiclass")


def test_a_class_with_one_member_cannot_be_split():
    rng = random.Random(1)
    rows = "".join(f"{''.join(rng.choices('ACGT', k=20))},common\n" for _ in range(9))
    with pytest.raises(SettingError, match=r'The class "rare" has 1 member .*at least 3 are needed.*Add records of that class'):
        split.make(use("x.csv", f"sequence,label\n{rows}{SEQ * 2},rare\n"))


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "path": "../../etc/passwd",
    "markdown": "[a](javascript:alert(1))**b**`c`",
    "control characters": "\x1b[31mred\x07\x08",
    "right to left": "\u202egpj.exe",
    "long": "x" * 10_000,
    "quotes": "\"';DROP TABLE",
}


@pytest.mark.parametrize("header", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_header_is_text_and_its_message_one_short_printable_line(header, tmp_path):
    made = use("x.fa", f">{header}\nACGT\n>other\nACGT\n")
    assert made.ids[0] == header.split()[0]
    assert dataset.load(tmp_path, dataset.save(made, tmp_path).name).ids == made.ids
    with pytest.raises(InputError) as refused:
        use("x.fa", f">{header}\nAC5T\n")
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_name_or_column_is_cut_and_printable(name):
    for content in (b"", f'sequence,"{name.replace(chr(34), "")}"\nA5,1\n'.encode()):
        with pytest.raises(InputError) as refused:
            dataset.build(*io.read(content, name, label="nothing" if content else ""))
        assert str(refused.value).isprintable()
        assert len(str(refused.value)) < 250


def mixed() -> tuple[io.Records, io.Report]:
    """Six records, of which 1 and 5 are sound, 2 has three bad letters, 3 no sequence, 4 no label and 6 is ragged."""
    return io.read(f"id,sequence,label\na,{SEQ},x\nb,A5-T!,y\nc,,x\nd,GGTT,\ne,TTNA,y\nf,ACGT\n".encode(), "x.csv")


def texts_of(records: io.Records) -> list[str]:
    return [sequences.decode(records.codes[a:b]) for a, b in itertools.pairwise(records.offsets)]


def test_refuse_names_the_first_and_counts_the_rest():
    with pytest.raises(InputError, match=r'x.csv, record 6 "f", line 7: .* \(3 more like this\.\)$'):
        io.clean(*mixed(), "refuse")


def test_refuse_leaves_sound_records_as_they_are():
    read = io.read(f">a\n{SEQ}\n>b\nNNN\n".encode(), "x.fa")
    assert io.clean(*read, "refuse") == read


@pytest.mark.parametrize(
    ("policy", "ids", "texts", "added"),
    [
        (
            "n",
            ["a", "b", "e"],
            [SEQ, "ANNTN", "TTNA"],
            [
                "1 rows are left out because their number of columns is wrong.",
                "1 gaps (- or .) are treated as N.",
                "2 letters that are no base are treated as N.",
                "2 of 5 records are left out because of a problem.",
            ],
        ),
        (
            "drop",
            ["a", "e"],
            [SEQ, "TTNA"],
            [
                "1 rows are left out because their number of columns is wrong.",
                "1 records hold gaps (- or .).",
                "1 records hold letters that are no base.",
                "3 of 5 records are left out because of a problem.",
            ],
        ),
    ],
)
def test_a_policy_does_what_it_says_counts_it_and_changes_nothing_else(policy, ids, texts, added):
    before, report = mixed()
    records, after = io.clean(before, report, policy)
    at = [before.ids.index(id) for id in ids]
    assert (records.ids, texts_of(records)) == (ids, texts)
    assert records.labels == [before.labels[i] for i in at]
    assert records.lines.tolist() == [int(before.lines[i]) for i in at]
    assert records.file_of.tolist() == [0] * len(at)
    assert after.notes == [*report.notes, *added]
    assert (after.problems, after.counts) == ([], {})
    assert before.ids == ["a", "b", "c", "d", "e"]  # the argument is not touched
    assert (before.codes > sequences.UNKNOWN).sum() == 3


def test_sound_records_pass_every_policy_unchanged():
    records, report = io.read(f"sequence,label,split\n{SEQ},x,train\nGGNT,y,test\n".encode(), "x.csv")
    for policy in ("refuse", "n", "drop"):
        kept, after = io.clean(records, report, policy)
        assert after.notes == report.notes
        for value, other in zip(astuple(kept), astuple(records), strict=True):
            assert np.array_equal(value, other) if isinstance(value, np.ndarray) else value == other


def test_nothing_left_is_refused_and_an_unknown_policy_too():
    read = io.read(b">a\nAC5\n", "x.fa")
    with pytest.raises(InputError, match=r'x.fa: every record has a problem. The first: x.fa, record 1 "a", line 2'):
        io.clean(*read, "drop")
    with pytest.raises(SettingError, match=r'"ignore" is no way to treat problems. Ways: refuse, n, drop'):
        io.clean(*read, "ignore")
