"""The contigs of a reference: from FASTA, 2bit, GenBank or EMBL."""

from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genomics.errors import InputError
from genomics.io import annotation, fasta, headers, oddities, recognition, source, twobit
from genomics.io.contigs import Contig
from genomics.io.letters import BLANKS, gather
from genomics.io.report import Collector


def read_contigs(data: str | Path | bytes, name: str = "") -> list[Contig]:
    """Reads whole sequences to cut others out of.

    Args:
        data: a path, or the content itself, plain or packed.
        name: what to call it in messages.

    Raises:
        InputError: not a format of whole sequences, or a letter in it is no base.
    """
    name, raw = source.fetch(data, name)
    kind = recognition.of_bytes(raw, name)
    if kind == "twobit":
        return twobit.read(raw, name)
    text = b"" if kind else source.plain_text(raw, name)
    kind = kind or recognition.of_text(text, name)
    if kind == "fasta":
        return _fasta(text, name)
    contigs = annotation.read(text, name).contigs if kind == "genbank" or (kind == "gff" and b"\n##FASTA" in text) else []
    if not contigs:
        raise InputError(f"{name} holds no reference sequences. Give FASTA, 2bit, GenBank or EMBL.")
    return contigs


def _fasta(text: bytes, name: str) -> list[Contig]:
    collector = Collector(name)
    found = fasta.locate(text, collector)
    letters = gather(found.raw, found.starts, found.ends)
    ids = [headers.record_id(header, number) for number, header in enumerate(found.headers, start=1)]
    oddities.report_empty(letters, ids, found.lines, collector)
    oddities.report(letters, ids, oddities.in_stretches(found.raw, found.starts, found.ends, found.lines), collector)
    collector.report().refuse()
    lower = _lower(found) if letters.lower.any() else np.zeros(len(letters.codes), bool)
    return [Contig(id, letters.codes[a:b], lower=lower[a:b]) for id, (a, b) in zip(ids, pairwise(letters.offsets.tolist()), strict=True)]


def _lower(found: fasta.Located) -> NDArray[np.bool_]:
    """Which letters are lower case: bool (total,)."""
    rows = (found.raw[a:b].translate(_CASE, BLANKS) for a, b in zip(found.starts.tolist(), found.ends.tolist(), strict=True))
    return np.frombuffer(b"".join(rows), np.uint8).view(bool)


_CASE = bytes(97 <= byte <= 122 for byte in range(256))
