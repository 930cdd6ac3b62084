"""How fast each format is read, beside Biopython and a plain loop in the same run, and how much memory large files take.

`python -m benchmarks.read [RECORDS [LARGE_RECORDS [LONG_BASES]]]`: by default 100,000 records of 200 bp for speed,
1,000,000 of them and one sequence of 250 million bases for memory.
"""

import gzip
import io as streams
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from Bio import SeqIO

from benchmarks import table
from genomics import dataset as datasets
from genomics import io, split

LENGTH = 200
REPEATS = 3
_LETTERS = np.frombuffer(b"ACGT", np.uint8)
_CHILD = """
import resource, sys, time
from genomics import io
began = time.perf_counter()
records, _ = io.read(sys.argv[1])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(len(records), len(records.codes), time.perf_counter() - began, peak / (1e6 if sys.platform != "darwin" else 1e9))
"""


class Sample(NamedTuple):
    """The same sequences in one format, and how Biopython reads it, if it does."""

    name: str
    data: bytes
    biopython: str = ""
    plain: Callable[[str], object] | None = None


def main(records: int = 100_000, large: int = 1_000_000, long: int = 250_000_000) -> None:
    """Peak memory of two large files, speed of each format, and the steps up to a split."""
    # First, because a child's peak begins at what its parent takes.
    with tempfile.TemporaryDirectory() as folder:
        many, one = Path(folder) / "many.fa", Path(folder) / "one.fa"
        with many.open("wb") as file:
            file.writelines(fasta(block) for block in rows(large))
        with one.open("wb") as file:
            file.write(b">chr1\n")
            file.writelines(b"".join(b"%b\n" % text for text in block) for block in rows(long // LENGTH))
        measured = [(path.name, path.stat().st_size / 1e6, *_in_a_child(path)) for path in (many, one)]
    table.show("Large FASTA files, each in a process of its own (budget 1.2 GB)", ("file", "MB", "records", "seconds", "peak GB"), measured)

    texts = [text for block in rows(records) for text in block]
    speeds: list[tuple[object, ...]] = []
    for sample in _samples(texts):
        size, ours = len(sample.data) / 1e6, _best(lambda data=sample.data: io.read(data, "all"))
        biopython = _best(lambda s=sample: _biopython(s), 1) if sample.biopython else None
        plain = _best(lambda s=sample: s.plain(s.data.decode())) if sample.plain else None
        speeds.append((sample.name, size, size / ours, *(size / other if other else "" for other in (biopython, plain))))
        if biopython:
            speeds[-1] += (f"{biopython / ours:.1f}",)
    table.show(
        f"Reading {records:,} x {LENGTH} bp, MB/s",
        ("format", "MB", "genomics.io.read", "Bio.SeqIO.parse", "plain loop", "times Biopython"),
        [(*row, "")[:6] for row in speeds],
    )

    began = time.perf_counter()
    made = datasets.build(*io.read(fasta(texts), "all.fa"))
    built = time.perf_counter()
    split.make(made)
    steps = [("read and build", built - began), ("split without torn repeats", time.perf_counter() - built)]
    table.show("Read, build, split (budget 10 s)", ("step", "seconds"), steps)


def rows(count: int) -> Iterator[list[bytes]]:
    """Random sequences, in blocks that take little memory."""
    rng = np.random.default_rng(0)
    for start in range(0, count, 20_000):
        yield [row.tobytes() for row in _LETTERS[rng.integers(0, 4, (min(20_000, count - start), LENGTH))]]


def _samples(texts: list[bytes]) -> Iterator[Sample]:
    plain = fasta(texts)
    yield Sample("FASTA", plain, "fasta", _plain_fasta)
    yield Sample("FASTA, gzip", gzip.compress(plain, 6))
    fastq = b"".join(b"@r%d label=%d\n%b\n+\n%b\n" % (n, n % 2, text, b"I" * LENGTH) for n, text in enumerate(texts))
    yield Sample("FASTQ", fastq, "fastq", _plain_fastq)
    csv = b"id,sequence,label\n" + b"".join(b"r%d,%b,%d\n" % (n, text, n % 2) for n, text in enumerate(texts))
    yield Sample("CSV", csv, "", lambda text: [line.split(",") for line in text.splitlines()])
    columns = {
        "id": [f"r{n}" for n in range(len(texts))],
        "sequence": [text.decode() for text in texts],
        "label": [n % 2 for n in range(len(texts))],
    }
    out = streams.BytesIO()
    pq.write_table(pa.table(columns), out)
    yield Sample("Parquet", out.getvalue())
    yield Sample("GenBank", _genbank(b"".join(texts[: len(texts) // 4])), "genbank")
    yield Sample("2bit", _twobit(b"".join(texts)))


def fasta(texts: list[bytes], first: int = 0) -> bytes:
    """Records r0, r1 ... with a label in the header."""
    return b"".join(b">r%d label=%d\n%b\n" % (n, n % 2, text) for n, text in enumerate(texts, start=first))


def _genbank(text: bytes) -> bytes:
    """One genome with a gene each 1,000 bases."""
    head = b"LOCUS       G                %11d bp    DNA     circular BCT 01-JAN-2000\nFEATURES             Location/Qualifiers\n" % len(
        text
    )
    genes = (
        b'     CDS             %d..%d\n                     /gene="g%d"\n' % (at + 1, at + 900, at)
        for at in range(0, len(text) - 900, 1000)
    )
    lines = (
        b"%9d %b\n" % (at + 1, b" ".join(text[a : a + 10] for a in range(at, min(at + 60, len(text)), 10)).lower())
        for at in range(0, len(text), 60)
    )
    return head + b"".join(genes) + b"ORIGIN\n" + b"".join(lines) + b"//\n"


def _twobit(text: bytes) -> bytes:
    digits = np.zeros(256, np.uint8)
    digits[list(b"TCAG")] = range(4)
    fours = digits[np.frombuffer(text[: len(text) // 4 * 4], np.uint8)].reshape(-1, 4)
    packed = (fours[:, 0] << 6 | fours[:, 1] << 4 | fours[:, 2] << 2 | fours[:, 3]).tobytes()
    numbers = np.array([0x1A412743, 0, 1, 0], "<u4").tobytes() + b"\4chr1" + np.array([25, 4 * len(fours), 0, 0, 0], "<u4").tobytes()
    return numbers + packed


def _biopython(sample: Sample) -> list[tuple[str, str]]:
    return [(r.id, str(r.seq)) for r in SeqIO.parse(streams.StringIO(sample.data.decode()), sample.biopython)]


def _plain_fasta(text: str) -> list[tuple[str, str]]:
    records, name, parts = [], "", []
    for line in text.splitlines():
        if line.startswith(">"):
            if name:
                records.append((name, "".join(parts)))
            name, parts = line[1:].split()[0], []
        else:
            parts.append(line.strip())
    return [*records, (name, "".join(parts))]


def _plain_fastq(text: str) -> list[tuple[str, str, str]]:
    lines = text.splitlines()
    return [(lines[at][1:].split()[0], lines[at + 1], lines[at + 3]) for at in range(0, len(lines), 4)]


def _in_a_child(path: Path) -> tuple[str, float, float]:
    """Records, seconds and peak memory in GB of reading one file in a process of its own."""
    told = subprocess.run([sys.executable, "-c", _CHILD, str(path)], check=True, capture_output=True, text=True).stdout.split()
    return f"{int(told[0]):,}", float(told[2]), float(told[3])


def _best(work: Callable[[], object], repeats: int = REPEATS) -> float:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
