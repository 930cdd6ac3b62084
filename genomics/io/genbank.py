"""GenBank: a genome with its annotated features."""

import io
import warnings
from pathlib import Path
from typing import NamedTuple

from Bio import BiopythonParserWarning, SeqIO
from Bio.SeqFeature import AfterPosition, BeforePosition

from genomics.errors import InputError
from genomics.io.source import load
from genomics.sequences import Codes, encode


class Feature(NamedTuple):
    """A stretch of a genome; `start` and `end` count from 0, the end is not part of it, on either strand."""

    kind: str
    name: str
    start: int
    end: int
    strand: int  # 1 or -1
    partial: bool  # an end lies outside what is known

    def position(self) -> int:
        """Where the feature begins in its own direction: its first base, counted from 0 on the forward strand."""
        return self.start if self.strand == 1 else self.end - 1


class Genome(NamedTuple):
    """A sequence with its annotation."""

    name: str
    codes: Codes  # uint8 (length,)
    features: list[Feature]


def read_genome(data: str | Path | bytes, name: str = "") -> Genome:
    """Reads the first record of a GenBank file, plain or gzip.

    Raises:
        InputError: not GenBank, or without a sequence.
    """
    name, content = load(data, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", BiopythonParserWarning)  # headers of 1998 are not aligned as today's
            record = next(SeqIO.parse(io.StringIO(content.decode("latin-1")), "genbank"), None)
        letters = bytes(record.seq) if record is not None else b""
    except Exception as error:  # noqa: BLE001 - Biopython raises many kinds for text that is no GenBank
        raise InputError(f"{name} is not readable GenBank ({error}). Fetch it again, as GenBank (full).") from None
    if record is None or not letters:
        raise InputError(f"{name} holds no GenBank record with a sequence. Fetch it as GenBank (full).")

    features = [
        Feature(
            kind=feature.type,
            name=feature.qualifiers.get("gene", feature.qualifiers.get("locus_tag", [""]))[0],
            start=int(feature.location.start),
            end=int(feature.location.end),
            strand=feature.location.strand or 1,
            partial=isinstance(feature.location.start, BeforePosition) or isinstance(feature.location.end, AfterPosition),
        )
        for feature in record.features
        if len(feature.location.parts) == 1
    ]
    return Genome(record.id, encode(letters), features)
