"""How fast files are read, beside Biopython and a plain loop on the same file, in the same run."""

import io as text_io
import resource
import sys
import time
from collections.abc import Callable

import numpy as np
from Bio import SeqIO

from benchmarks import table
from genomics import dataset as datasets
from genomics import io, split
from genomics.sequences import decode

RECORDS, LENGTH = 100_000, 200
REPEATS = 3


def main() -> None:
    """Reads 100,000 sequences of 200 bp as FASTA and as TSV; then all that the Data page needs of them."""
    rng = np.random.default_rng(0)
    texts = [decode(row) for row in rng.integers(0, 4, (RECORDS, LENGTH)).astype(np.uint8)]
    fasta = "".join(f">r{n} label={n % 2}\n{text}\n" for n, text in enumerate(texts)).encode()
    tsv = ("id\tsequence\tlabel\n" + "".join(f"r{n}\t{text}\t{n % 2}\n" for n, text in enumerate(texts))).encode()
    megabytes = len(fasta) / 1e6

    ours = _best(lambda: io.read(fasta, "all.fa"))
    biopython = _best(lambda: [(r.id, str(r.seq)) for r in SeqIO.parse(text_io.StringIO(fasta.decode()), "fasta")])
    plain = _best(lambda: _plain(fasta.decode()))
    table.show(
        f"Reading FASTA, {RECORDS:,} x {LENGTH} bp ({megabytes:.0f} MB)",
        ("reader", "MB/s", "times ours"),
        [
            ("genomics.io.read", megabytes / ours, 1.0),
            ("Bio.SeqIO.parse", megabytes / biopython, biopython / ours),
            ("plain loop", megabytes / plain, plain / ours),
        ],
    )
    table.show("Reading TSV", ("reader", "MB/s"), [("genomics.io.read", len(tsv) / 1e6 / _best(lambda: io.read(tsv, "all.tsv")))])

    began = time.perf_counter()
    made = datasets.build(*io.read(fasta, "all.fa"))
    built = time.perf_counter()
    split.make(made)
    table.show(
        "Read, build, split (budget 10 s, 1 GB)",
        ("step", "seconds"),
        [("read and build", built - began), ("split without torn repeats", time.perf_counter() - built), ("peak memory, GB", _peak())],
    )


def _plain(text: str) -> list[tuple[str, str]]:
    records, name, parts = [], "", []
    for line in text.splitlines():
        if line.startswith(">"):
            if name:
                records.append((name, "".join(parts)))
            name, parts = line[1:].split()[0], []
        else:
            parts.append(line.strip())
    return [*records, (name, "".join(parts))]


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform != "darwin" else 1e9)


if __name__ == "__main__":
    main()
