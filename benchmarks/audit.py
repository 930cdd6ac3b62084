"""How long `audit` takes from a file to the last baseline, and how much memory: each size in a process of its own.

`python -m benchmarks.audit [RECORDS [LARGE_RECORDS [LONG_BASES]]]`: by default 100,000 and 1,000,000 records of 200 bp
and one sequence of 250 million bases.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import table
from benchmarks.read import LENGTH, fasta, rows

_CHILD = """
import resource, sys, time
from genomics.__main__ import main
began = time.perf_counter()
main(["audit", sys.argv[1], "--workspace", sys.argv[2]])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.perf_counter() - began, peak / (1e6 if sys.platform != "darwin" else 1e9))
"""


def main(records: int = 100_000, large: int = 1_000_000, long: int = 250_000_000) -> None:
    """Writes the files, audits each, and prints seconds and peak memory."""
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        for name, blocks in ((f"{records:,} x {LENGTH} bp", rows(records)), (f"{large:,} x {LENGTH} bp", rows(large))):
            path, first = Path(folder) / "many.fa", 0
            with path.open("wb") as file:
                for block in blocks:
                    file.write(fasta(block, first))
                    first += len(block)
            measured.append((name, *_audited(path, folder)))
        path = Path(folder) / "one.fa"
        with path.open("wb") as file:
            file.write(b">chr1\n")
            file.writelines(b"".join(b"%b\n" % text for text in block) for block in rows(long // LENGTH))
        measured.append((f"1 x {long:,} bp", *_audited(path, folder)))
    table.show(
        "From a FASTA file to findings and baselines (budgets: 10 s and 1 GB for the first, 2 GB for all)",
        ("file", "seconds", "peak GB"),
        measured,
    )


def _audited(path: Path, folder: str) -> tuple[float, float]:
    command = [sys.executable, "-c", _CHILD, str(path), str(Path(folder) / "workspace")]
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ).stdout.split()
    return float(told[-2]), float(told[-1])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
