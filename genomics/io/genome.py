"""An annotated genome from a file, or from two: its features beside its sequences."""

import re
from pathlib import Path

from genomics.errors import InputError
from genomics.io import annotation, source
from genomics.io.features import Annotated
from genomics.io.gff import read_gff
from genomics.io.reference import read_contigs

_FASTA_PART = re.compile(rb"^(?:##FASTA|>)", re.MULTILINE)


def read_annotated(
    data: str | Path | bytes, name: str = "", *, reference: str | Path | bytes | None = None, reference_name: str = ""
) -> Annotated:
    """Reads GenBank, EMBL, GFF3 with its sequences, or GFF3 or GTF and a reference; plain, gzip or zip.

    Args:
        data: a path, or the content itself.
        name: what to call it in messages.
        reference: the genome of a GFF or GTF file that has no sequences; see `read_contigs`.
        reference_name: what to call that.

    Raises:
        InputError: no annotated genome, damaged, sequences are missing, or given twice.
    """
    name, packed = source.fetch(data, name)
    content = source.plain_text(packed, name)
    if reference is None:
        return annotation.read(content, name)
    if annotation.flat_form(content) or _FASTA_PART.search(content):
        raise InputError(f"{name} holds its own sequences, but a reference is given too. Leave the reference out.")
    return read_gff(content, name, read_contigs(reference, reference_name))
