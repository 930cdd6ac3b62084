"""Annotated genomes: GenBank, EMBL, and GFF3 with the sequences in it (`read`) or beside it (`read_gff`)."""

import io
import re

import numpy as np
from Bio.SeqIO.FastaIO import SimpleFastaParser

from genomics.errors import InputError
from genomics.io.contigs import Contig
from genomics.io.features import Annotated, Feature, kinds
from genomics.io.flatfile import read_flat
from genomics.io.gff import read_gff
from genomics.sequences import READING

__all__ = ["Annotated", "Feature", "kinds", "read", "read_gff"]
_FASTA_PART = re.compile(rb"^##FASTA[^\n]*\n|^(?=>)", re.MULTILINE)


def read(content: bytes, name: str) -> Annotated:
    r"""Reads an annotated genome, every record of it.

    Args:
        content: GenBank, EMBL, or GFF3 with a `##FASTA` part; unpacked, with `\n` line ends.
        name: what to call it in messages.

    Returns:
        Contigs, features, and a note for everything that was left out or chosen.

    Raises:
        InputError: none of these formats, damaged, or without sequences.
    """
    form = flat_form(content)
    if form:
        return read_flat(content, name, form)
    head = content.lstrip()[:2000]
    if head.startswith(b"##gff") or re.search(rb"^[^#\t\n][^\t\n]*(\t[^\t\n]*){7,8}$", head, re.MULTILINE):
        part = _FASTA_PART.search(content)
        if part is None:
            raise InputError(f"{name} has no sequences of its own (no ##FASTA part). Give the genome as well, as its reference.")
        return read_gff(content[: part.start()], name, _contigs(content[part.end() :], name))
    raise InputError(f"{name} is no annotated genome. Give GenBank, EMBL, or GFF3 with its sequences.")


def flat_form(content: bytes) -> str:
    """Which of "genbank" and "embl" a file is; empty where neither."""
    head = content.lstrip()[:2000]
    if head.startswith(b"ID   "):
        return "embl"
    return "genbank" if re.search(rb"^LOCUS\s", head, re.MULTILINE) else ""


def _contigs(text: bytes, name: str) -> list[Contig]:
    found = []
    try:
        for title, letters in SimpleFastaParser(io.TextIOWrapper(io.BytesIO(text), "latin-1")):
            raw = np.frombuffer(letters.encode("latin-1"), np.uint8)
            found.append(Contig((title.split(None, 1) or [""])[0], READING[raw], lower=(raw >= ord("a")) & (raw <= ord("z"))))
    except ValueError as error:
        raise InputError(f"{name}: its FASTA part cannot be read ({error}). Write it again.") from None
    if not any(len(contig.codes) for contig in found):
        raise InputError(f"{name}: its FASTA part holds no sequence. Give the genome as well, as its reference.")
    return found
