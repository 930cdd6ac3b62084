"""GenBank and EMBL, every record of a file, read by Biopython."""

import io
import warnings
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
from Bio import BiopythonWarning, SeqIO
from Bio.Seq import UndefinedSequenceError
from Bio.SeqFeature import AfterPosition, BeforePosition

from genomics.errors import InputError
from genomics.io.contigs import Contig
from genomics.io.features import Annotated, Feature
from genomics.io.report import shorten
from genomics.sequences import READING

_FORMATS = {"genbank": "GenBank", "embl": "EMBL"}
_NAMED_BY = ("gene", "locus_tag", "standard_name", "protein_id", "label")


def read_flat(content: bytes, name: str, form: str) -> Annotated:
    """Reads GenBank or EMBL.

    Args:
        content: the file.
        name: what to call it in messages.
        form: "genbank" or "embl".

    Raises:
        InputError: not readable, truncated, protein, or without any sequence.
    """
    title = _FORMATS[form]
    contigs: list[Contig] = []
    features: list[Feature] = []
    skipped: Counter[str] = Counter()
    notes: list[str] = []
    without = 0
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", BiopythonWarning)
            for record in SeqIO.parse(io.TextIOWrapper(io.BytesIO(content), "latin-1"), form):
                letters = _letters(record)
                if not letters:
                    without += 1
                    continue
                _refuse_protein(record, name)
                features += _features(record, len(contigs), len(letters), skipped)
                circular = record.annotations.get("topology") == "circular"
                contigs.append(Contig(record.id, READING[np.frombuffer(letters, np.uint8)], circular))
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001 - Biopython raises many kinds for text that is no GenBank
        if str(error).startswith(("Premature end of file", "Premature end of line", "Unexpected end of")):
            raise InputError(f"{name} is truncated: it ends within a record. Fetch it again.") from None
        raise InputError(f"{name} is not readable {title} ({shorten(str(error))}). Fetch it again, as {title} (full).") from None

    complaints = [" ".join(str(warning.message).split()) for warning in said]
    short = next((text for text in complaints if "Expected sequence length" in text), "")
    if short or (contigs and content.rstrip()[-2:] != b"//"):
        raise InputError(
            f"{name} is truncated: {'a sequence is shorter than announced' if short else 'its last line is not //'}. Fetch it again."
        )
    if not contigs:
        raise InputError(f"{name} holds no {title} record with a sequence. Fetch it as {title} (full).")
    notes += [f"{name}: {without:,} records without a sequence are left out."] if without else []
    if complaints:
        notes.append(f"{name}: {len(complaints):,} places are not written as {title} asks. The first: {shorten(complaints[0], 120)}")
    return Annotated(contigs, features, notes + of_skipped(skipped, name), name)


def of_skipped(skipped: Counter[str], name: str) -> list[str]:
    """One sentence for each reason why features were left out or taken otherwise."""
    return [f"{name}: {count:,} feature{'s' if count > 1 else ''} {reason}" for reason, count in skipped.most_common()]


def _letters(record: Any) -> bytes:
    try:
        return bytes(record.seq)
    except UndefinedSequenceError:  # a length without letters, as in records that only refer to others
        return b""


def _refuse_protein(record: Any, name: str) -> None:
    if "protein" in str(record.annotations.get("molecule_type", "")).lower():
        raise InputError(f'{name}, record "{shorten(record.id)}" is a protein. Give DNA, for instance its coding sequence.')


def _features(record: Any, contig: int, length: int, skipped: Counter[str]) -> Iterable[Feature]:
    for feature in record.features:
        reason = _reason(feature.location, length)
        if reason:
            skipped[f"left out: {reason}"] += 1
            continue
        location = feature.location
        if getattr(location, "operator", "") == "order":
            skipped["given with order(): the parts are taken as joined."] += 1
        if not location.strand:
            skipped["without a strand: taken as +."] += 1
        yield Feature(
            contig=contig,
            kind=feature.type,
            name=next((feature.qualifiers[key][0] for key in _NAMED_BY if feature.qualifiers.get(key)), ""),
            parts=tuple((int(part.start), int(part.end)) for part in location.parts),  # Biopython's order is the feature's own
            strand=location.strand or 1,
            partial=any(isinstance(end, BeforePosition | AfterPosition) for part in location.parts for end in (part.start, part.end)),
        )


def _reason(location: Any, length: int) -> str:
    """Why a place cannot be used; empty where it can."""
    if location is None:
        return "the place cannot be read."
    if any(part.ref for part in location.parts):
        return "a part lies on another record."
    if len({part.strand or 1 for part in location.parts}) > 1:
        return "the parts lie on both strands."
    try:
        places = [(int(part.start), int(part.end)) for part in location.parts]
    except (TypeError, ValueError):
        return "the place is unknown."
    if any(start >= end for start, end in places):
        return "the place is between two bases."
    if any(start < 0 or end > length for start, end in places):
        return "beyond the end of the sequence."
    return ""
