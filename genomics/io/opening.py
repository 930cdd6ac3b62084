"""The beginning of a packed file, and the features of an annotation counted as it streams by."""

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from genomics.errors import InputError

OFFICE = "office"
_UNPACKED = 1 << 20  # of a beginning, so that a bomb costs nothing
_STREAMED = 1 << 29
_PIECE = 1 << 20
_OFFICE_PARTS = (b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/", b"word/")
_KINDS = {
    "genbank": re.compile(rb"^ {5}([^\s\d]\S*|\d'\w+) +\S", re.MULTILINE),
    "embl": re.compile(rb"^FT {3}(\S+) +\S", re.MULTILINE),
    "gff": re.compile(rb"^[^#>\t\n][^\t\n]*\t[^\t\n]*\t([^\t\n]+)\t\d", re.MULTILINE),
}
_FASTA_PART = re.compile(rb"^(?:##FASTA|>)", re.MULTILINE)


def unpacked_head(head: bytes, name: str) -> tuple[bytes, str]:
    """The beginning without its packing, and what that was: "gzip", "zip", `OFFICE` (left as it is), or empty.

    Raises:
        InputError: it is damaged, or encrypted.
    """
    stream, at, packing = _unpacker(head)
    if stream is None:
        return head, packing
    if packing == "zip" and head[6] & 1:
        raise InputError(f"{name} is encrypted. Unpack it with its password and give the file inside.")
    try:
        return stream.decompress(head[at:], _UNPACKED), packing
    except zlib.error:
        raise InputError(f"{name} is damaged: it is not whole {packing} data. Pack it again or fetch it again.") from None


def feature_kinds(file: BinaryIO, form: str) -> tuple[dict[str, int], bool]:
    """Counts the lines that begin a feature, and tells whether sequences follow in the file itself.

    Args:
        file: at its beginning, plain, gzip or zip.
        form: "genbank", "embl" or "gff".

    Returns:
        Lines by kind, the most frequent first (a feature of several parts has several lines in GFF), and for GFF whether
        a FASTA part was met; for the others true. At most 512 MB are looked at.
    """
    counts: Counter[bytes] = Counter()
    rest = b""
    for piece in _pieces(file):
        text, _, rest = (rest + piece).rpartition(b"\n")
        end = _FASTA_PART.search(text) if form == "gff" else None
        counts.update(_KINDS[form].findall(text[: end.start()] if end else text))
        if end:
            return _named(counts), True
    counts.update(_KINDS[form].findall(rest))
    return _named(counts), form != "gff"


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """The content, unpacked, a piece at a time; what is damaged ends it."""
    first = file.read(_PIECE)
    stream, at, _ = _unpacker(first)
    piece, given = first[at:], 0
    while piece and given < _STREAMED:
        waiting = piece
        while waiting and given < _STREAMED:
            if stream is None:
                part, waiting = waiting, b""
            else:
                try:
                    part = stream.decompress(waiting, _PIECE)
                except zlib.error:
                    return
                waiting = stream.unconsumed_tail
                if stream.eof:  # bgzip has many members
                    waiting = stream.unused_data
                    stream = zlib.decompressobj(wbits=31)
                    waiting = waiting if waiting[:2] == b"\x1f\x8b" else b""
            given += len(part)
            yield part
        piece = file.read(_PIECE)


def _unpacker(head: bytes) -> tuple[Any, int, str]:
    """What unpacks a file, from which byte on, and the packing's name."""
    if head[:2] == b"\x1f\x8b":
        return zlib.decompressobj(wbits=31), 0, "gzip"
    if head[:4] != b"PK\x03\x04" or len(head) < 30:
        return None, 0, ""
    name_length, extra = (int.from_bytes(head[at : at + 2], "little") for at in (26, 28))
    if head[30 : 30 + name_length].startswith(_OFFICE_PARTS):
        return None, 0, OFFICE
    start = 30 + name_length + extra
    return (zlib.decompressobj(wbits=-15), start, "zip") if head[8] == 8 else (None, start, "zip")


def _named(counts: Counter[bytes]) -> dict[str, int]:
    return {kind.decode("utf-8", "replace"): count for kind, count in counts.most_common()}
