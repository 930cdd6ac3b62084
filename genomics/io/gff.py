"""GFF3 and GTF: a feature a line, nine columns with tabs between, places counted from 1 with both ends."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from genomics.errors import InputError
from genomics.io.contigs import Contig
from genomics.io.features import Annotated, Feature
from genomics.io.flatfile import of_skipped
from genomics.io.report import shorten
from genomics.io.stretches import Flaw, place

NAMED_BY = ("gene", "gene_name", "Name", "locus_tag", "gene_id", "transcript_id", "ID")
STRANDS = {"+": 1, "-": -1, ".": 0, "?": 0}
_GTF = re.compile(r'(\S+)\s+(?:"([^"]*)"|([^\s;"]+))\s*(?:;|$)')


class Row(NamedTuple):
    """A line's feature; places as everywhere here: counted from 0, the end is not part of it."""

    contig: str
    kind: str
    start: int
    end: int
    strand: int  # 1, -1, or 0 where it has none
    attributes: dict[str, str]

    def name(self) -> str:
        """The gene's name, or what comes closest; may be empty."""
        return next((self.attributes[key] for key in NAMED_BY if self.attributes.get(key)), "")


def is_gff(fields: Sequence[str]) -> bool:
    """Whether columns are those of GFF rather than of BED."""
    return len(fields) >= 7 and fields[3].isdecimal() and fields[4].isdecimal() and fields[6] in STRANDS and not fields[1].isdecimal()


def parse_row(line: str) -> Row | Flaw:
    """Reads one line."""
    fields = line.split("\t")
    if len(fields) not in (8, 9):
        spaces = len(fields) == 1 and len(line.split()) >= 8
        reason = "its columns have spaces between them, not tabs." if spaces else f"{len(fields)} columns where GFF has 9."
        return Flaw(reason, "Put one tab between columns.")
    contig, _, kind, first, last, _, strand, _ = fields[:8]
    begin, end = place(first), place(last)
    if begin is None or end is None:
        return Flaw(f'"{shorten(first if begin is None else last)}" is no place: a whole number from 1 on.', "Mend the row or remove it.")
    if begin < 1:
        return Flaw(f"the start is {begin:,}, but GFF counts from 1.", "Give BED if places count from 0.")
    if begin > end:
        return Flaw(f"the start {first} lies behind the end {last}.", "Give the smaller place first; the strand is in column 7.")
    if strand not in STRANDS:
        return Flaw(f'the strand "{shorten(strand)}" is not one of +, -, . and ?.', "Mend column 7.")
    return Row(_decoded(contig), _decoded(kind), begin - 1, end, STRANDS[strand], attributes(fields[8] if len(fields) == 9 else ""))


def attributes(text: str) -> dict[str, str]:
    """The last column: `key=value;...` of GFF3, percent signs decoded, or `key "value"; ...` of GTF."""
    first = text.partition(";")[0]
    if "=" in first and not re.match(r'\s*\w+\s+"', first):
        pairs = (pair.partition("=") for pair in text.split(";") if "=" in pair)
        return {_decoded(key.strip()): _decoded(value.strip()) for key, _, value in pairs}
    return {key: quoted or bare for key, quoted, bare in _GTF.findall(text)}


def read_gff(content: bytes, name: str, contigs: Sequence[Contig]) -> Annotated:
    """Reads the features of GFF3 or GTF; a FASTA part is left alone.

    Rows of one kind and strand with the same ID (in GTF: coding rows of the same transcript) are one feature of several
    parts. On a circular contig (also one with a row `Is_circular=true`) a feature may end beyond the contig's end.

    Args:
        content: the file, UTF-8 or Latin-1.
        name: what to call it in messages.
        contigs: the sequences, each with a name of its own.

    Raises:
        InputError: no contigs or two of one name, a malformed row, or no row on any of the contigs.
    """
    number = by_name(contigs, name)
    text = _text(content).partition("\n##FASTA")[0]
    rows: dict[tuple[str, ...], list[Row]] = {}
    elsewhere: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    circular: set[int] = set()
    for line, raw in enumerate(text.split("\n"), start=1):
        if not raw.strip() or raw.startswith("#"):
            continue
        row = parse_row(raw)
        if isinstance(row, Flaw):
            raise InputError(f"{name}, line {line:,}: {row.reason} {row.remedy}")
        if row.contig not in number:
            elsewhere[row.contig] += 1
            continue
        if row.attributes.get("Is_circular", "").lower() == "true":
            circular.add(number[row.contig])
        rows.setdefault(_key(row, line), []).append(row)
    if not rows:
        there = f"; its features are on {_first(elsewhere)}" if elsewhere else ""
        raise InputError(
            f"{name} holds no feature on the contigs given ({_first(number)}){there}. Give the reference that it was made for."
        )

    here = [contig._replace(circular=contig.circular or at in circular) for at, contig in enumerate(contigs)]
    features = [made for same in rows.values() if (made := _feature(same, number[same[0].contig], here, skipped)) is not None]
    notes = [f"{name}: {len(circular):,} contigs are circular, as the file says."] if circular else []
    if elsewhere:
        notes.append(f"{name}: {elsewhere.total():,} rows left out: not on a contig that is here, but on {_first(elsewhere)}.")
    return Annotated(here, features, notes + of_skipped(skipped, name), name)


def by_name(contigs: Sequence[Contig], name: str) -> dict[str, int]:
    """The number of each contig by its name.

    Raises:
        InputError: there is none, or two share a name.
    """
    number = {contig.name: at for at, contig in enumerate(contigs)}
    if not contigs:
        raise InputError(f"{name} needs a reference, but that holds no sequence. Give the genome as FASTA, 2bit or GenBank.")
    if len(number) < len(contigs):
        names = [contig.name for contig in contigs]
        twice = next(contig for contig in names if names.count(contig) > 1)
        raise InputError(f'{name}: the reference has {names.count(twice)} contigs called "{shorten(twice)}". Rename or remove all but one.')
    return number


def _key(row: Row, line: int) -> tuple[str, ...]:
    """Equal for rows that are one feature."""
    same = row.attributes.get("ID") or (row.attributes.get("transcript_id") if row.kind == "CDS" else "")
    return (row.contig, row.kind, str(row.strand), same) if same else (str(line),)


def _feature(rows: list[Row], contig: int, contigs: Sequence[Contig], skipped: Counter[str]) -> Feature | None:
    length, first = len(contigs[contig].codes), rows[0]
    strand = first.strand or 1
    parts: list[tuple[int, int]] = []
    for row in sorted(rows, key=lambda row: row.start, reverse=strand == -1):
        pieces = [(row.start, row.end)]
        if contigs[contig].circular and row.start < length < row.end <= row.start + length:
            pieces = [(row.start, length), (0, row.end - length)][::strand]
        parts += pieces
    if any(end > length for _, end in parts):
        skipped["left out: beyond the end of its contig."] += 1
        return None
    if not first.strand:
        skipped["without a strand: taken as +."] += 1
    partial = any(row.attributes.get("partial") == "true" or {"start_range", "end_range"} & row.attributes.keys() for row in rows)
    return Feature(contig, first.kind, first.name(), tuple(parts), strand, partial)


def _first(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(shorten(name) for name in listed[:3]) + (f" and {len(listed) - 3:,} more" if len(listed) > 3 else "")


def _decoded(text: str) -> str:
    return unquote(text) if "%" in text else text


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")
