"""2bit: written by hand from the format's description, read back, and Biopython's reader as the oracle."""

import itertools
import struct
import tempfile
from pathlib import Path

import numpy as np
import pytest
from Bio import SeqIO
from hypothesis import given
from hypothesis import strategies as st

from genomics import io, sequences
from genomics.errors import TooLargeError
from genomics.io import twobit

FORMATS = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "formats"
names = st.text("abcXYZ_0123.", min_size=1, max_size=12)
texts = st.dictionaries(names, st.text("ACGTNacgtn", min_size=1, max_size=60), min_size=1, max_size=5)


def runs(marks: list[bool]) -> list[tuple[int, int]]:
    """Where marks are set: start and length of each run."""
    found, at = [], 0
    for mark, group in itertools.groupby(marks):
        size = len(list(group))
        if mark:
            found.append((at, size))
        at += size
    return found


def write(named: dict[str, str], order: str = "<", version: int = 0) -> bytes:
    """A 2bit file as the format's page describes it, one number at a time."""
    wide = "Q" if version else "I"
    at = 16 + sum(1 + len(name) + struct.calcsize(wide) for name in named)
    index, body = b"", b""
    for name, text in named.items():
        index += struct.pack("B", len(name)) + name.encode() + struct.pack(order + wide, at + len(body))
        blocks = [runs([c in "Nn" for c in text]), runs([c.islower() for c in text])]
        record = struct.pack(order + "I", len(text))
        for block in blocks:
            record += struct.pack(order + f"{1 + 2 * len(block)}I", len(block), *(a for a, _ in block), *(n for _, n in block))
        digits = ["TCAG".find(c) if c in "TCAG" else 0 for c in text.upper()] + [0] * (-len(text) % 4)
        packed = bytes(64 * a + 16 * b + 4 * c + d for a, b, c, d in zip(*[iter(digits)] * 4, strict=True))
        body += record + struct.pack(order + "I", 0) + packed
    return struct.pack(order + "4I", 0x1A412743, version, len(named), 0) + index + body


@given(texts, st.sampled_from("<>"), st.integers(0, 1))
def test_what_was_written_is_read(named, order, version):
    contigs = twobit.read(write(named, order, version), "x.2bit")
    assert [contig.name for contig in contigs] == list(named)
    for contig, text in zip(contigs, named.values(), strict=True):
        assert sequences.decode(contig.codes) == text.upper()
        assert contig.lower is not None
        assert contig.lower.tolist() == [c.islower() for c in text]


@given(texts)
def test_records_are_those_of_the_same_fasta(named):
    ours, _ = io.read(write(named), "x.2bit")
    same, _ = io.read("".join(f">{name}\n{text}\n" for name, text in named.items()).encode(), "x.fa", label="-", group="-")
    assert ours.ids == same.ids
    assert np.array_equal(ours.codes, same.codes)
    assert np.array_equal(ours.offsets, same.offsets)
    assert np.array_equal(ours.lower, same.lower)


@given(texts)
def test_biopython_reads_the_same(named):
    data = write(named)
    with tempfile.TemporaryFile() as stream:  # it wants a file that the system knows
        stream.write(data)
        stream.seek(0)
        expected = [(record.id, bytes(record.seq).decode()) for record in SeqIO.parse(stream, "twobit")]
    for contig, (name, text) in zip(twobit.read(data, "x"), expected, strict=True):
        assert contig.name == name
        assert sequences.decode(contig.codes) == text.upper()
        assert contig.lower.tolist() == [c.islower() for c in text]


def test_many_entries_of_one_huge_sequence_are_refused_before_they_are_unpacked(monkeypatch):
    one = write({"a": "ACGT" * 1000})
    entry, body = one[16:22], one[22:]
    count = 1000
    index = b"".join(entry[:2] + struct.pack("<I", 16 + 6 * count) for _ in range(count))
    data = struct.pack("<4I", 0x1A412743, 0, count, 0) + index + body
    assert len(twobit.read(data, "x")) == count
    monkeypatch.setenv("GENOMICS_MAX_BYTES", "1000000")
    with pytest.raises(TooLargeError, match=r"x.2bit holds 4,000,000 bases; the most that is read is 1,000,000"):
        twobit.read(data, "x.2bit")


@pytest.mark.skipif(not FORMATS.is_dir(), reason="the real files are not beside the repository")
def test_a_real_file_agrees_with_biopython():
    path = FORMATS / "shorties.2bit"
    contigs = io.read_contigs(path)
    with path.open("rb") as stream:
        expected = [(record.id, bytes(record.seq).decode()) for record in SeqIO.parse(stream, "twobit")]
    assert [(c.name, sequences.decode(c.codes)) for c in contigs] == [(name, text.upper()) for name, text in expected]
    assert [c.lower.tolist() for c in contigs] == [[letter.islower() for letter in text] for _, text in expected]
