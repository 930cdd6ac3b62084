"""Which format a file is in: by its content first, by its name where the content leaves it open."""

import re

from genomics.errors import InputError
from genomics.io.packing import office

_TWOBIT = (b"\x1a\x41\x27\x43", b"\x43\x27\x41\x1a")
PARQUET = b"PAR1"
_EXCEL_97 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURE = "a picture. Give the sequences as FASTA or a table"
_REMEDY_PACKED = "Unpack it, or pack it as gzip or zip"
_BINARY = (  # first bytes, and what they tell
    (b"BAM\1", "BAM, aligned reads. Write them as FASTQ, for instance with samtools fastq"),
    (b"CRAM", "CRAM, aligned reads. Write them as FASTQ, for instance with samtools fastq"),
    (b"BCF\2", "BCF, a list of variants, which holds no whole sequences. Give the sequences as FASTA"),
    (b"%PDF", "PDF. Give the sequences as FASTA or a table"),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"BM6", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"RIFF", _PICTURE),
    (b"ABIF", "AB1, a Sanger trace. Export its bases as FASTA"),
    (b"BZh", f"packed as bzip2. {_REMEDY_PACKED}"),
    (b"\xfd7zXZ", f"packed as xz. {_REMEDY_PACKED}"),
    (b"\x28\xb5\x2f\xfd", f"packed as zstd. {_REMEDY_PACKED}"),
    (b"7z\xbc\xaf", f"packed as 7z. {_REMEDY_PACKED}"),
    (b"Rar!", f"packed as RAR. {_REMEDY_PACKED}"),
    (b"{\\rtf", "RTF, a text document. Save it as plain text"),
)
_ALIGNMENT = "an alignment. Convert it to FASTA; its gaps can then be removed (gap=remove)"
_TEXT = (
    (
        re.compile(rb"##fileformat=VCF|#CHROM\tPOS\t", re.I),
        "VCF, a list of variants, which holds no whole sequences. Give the sequences as FASTA",
    ),
    (
        re.compile(rb"@(?:HD\tVN:[^\n]*|(?:SQ|RG|PG|CO)\t(?:SN|ID|LN|PN)?[^\n]*)(?:\n@(?:HD|SQ|RG|PG|CO)\t|\n(?:[^\t\n]*\t){10}|\n?$)"),
        "SAM, aligned reads. Write them as FASTQ, for instance with samtools fastq",
    ),
    (re.compile(rb"(?:CLUSTAL|MUSCLE|PROBCONS|MAFFT)\b[^\n,\t;]*\n", re.I), f"Clustal, {_ALIGNMENT}"),
    (re.compile(rb"# STOCKHOLM", re.I), f"Stockholm, {_ALIGNMENT}"),
    (re.compile(rb"#NEXUS", re.I), f"NEXUS, {_ALIGNMENT}"),
    (re.compile(rb" *[0-9]+ +[0-9]+ *[a-z]?\n\S+ +[-.A-Za-z? ]{5}", re.I), f"PHYLIP, {_ALIGNMENT}"),
    (
        re.compile(rb"(?:#[^\n]*\n)*(?:H\tVN:Z:|S\t[^\t\n]+\t(?:[A-Za-z*]+|[0-9]+\t))"),
        "GFA, an assembly graph. Write its segments as FASTA, for instance with gfatools gfa2fa",
    ),
    (re.compile(rb"(?:<\?xml[^>]*>\s*)?<svg", re.I), _PICTURE),
    (re.compile(rb"<!doctype html|<html|<head|<body", re.I), "a web page, not the file itself. Fetch the file by its download link"),
    (re.compile(rb"<\?xml", re.I), "XML. Give the sequences as FASTA or a table"),
)
_GFF = re.compile(rb"[^\t\n]+\t[^\t\n]*\t[^\t\n]+\t[0-9]+\t[0-9]+\t[^\t\n]*\t[-+.?]\t[.0-2](?:\t|\n|$)")
_BED = re.compile(rb"[^\s,;]+[\t ]+[0-9]+[\t ]+[0-9]+(?=[\t \n]|$)")
_BED_HEADER = re.compile(rb"(?:track|browser)[ \t]")
_BED_ENDINGS = (".bed", ".bed.gz", ".bed.zip")
_TABLE_ENDINGS = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
_DNA = re.compile(rb"[ACGTUN]{10,}", re.I)


def of_bytes(data: bytes, name: str) -> str:
    """The format of a file that is no text: "twobit", "parquet" or "excel"; empty where it may be text.

    Args:
        data: the file, unpacked.
        name: for messages.

    Raises:
        InputError: a format that is not read; the message names it and the way out.
    """
    if data[:4] in _TWOBIT:
        return "twobit"
    if data[:4] == PARQUET:
        return "parquet"
    if data[:2] == b"PK" and (kind := office(data)):
        if kind == "excel":
            return kind
        raise InputError(f"{name} is a Word document. Save it as plain text.")
    if data[:8] == _EXCEL_97:
        if "WordDocument".encode("utf-16-le") in data:
            raise InputError(f"{name} is a Word document. Save it as plain text.")
        return "excel"
    for mark, what in _BINARY:
        if data.startswith(mark):
            raise InputError(f"{name} is {what}.")
    return ""


def of_text(text: bytes, name: str) -> str:
    """The format of a text: "fasta", "fastq", "genbank" (EMBL too), "gff", "bed" or "table" (bare lines too).

    Raises:
        InputError: a format that is not read; the message names it and the way out.
    """
    head = text[:100_000].lstrip()
    for pattern, what in _TEXT:
        if pattern.match(head):
            raise InputError(f"{name} is {what}.")
    if head.startswith(b">") or (head.startswith(b";") and b"\n>" in text):  # a table may begin with ; too
        return "fasta"
    if head.startswith(b"@"):
        return "fastq"
    if re.match(rb"LOCUS  |ID   \S", head):
        return "genbank"
    if head.lower().startswith(b"##gff-version"):
        return "gff"
    lower = name.lower()
    rows = [row for row in head.split(b"\n")[:200] if row.strip() and not row.startswith(b"#")]
    if rows and _GFF.match(rows[0]):
        return "gff"
    if lower.endswith(_BED_ENDINGS) or (rows and _BED_HEADER.match(rows[0])):
        return "bed"
    if rows and not lower.endswith(_TABLE_ENDINGS) and _BED.match(rows[0]) and not _DNA.search(rows[0]):
        return "bed"
    return "table"
