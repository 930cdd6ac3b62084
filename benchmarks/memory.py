"""Memory of training from the command line: on 20,000 bp with each architecture, and from a Parquet file of many bases.

`python -m benchmarks.memory [GIGABASES]`: by default 1, of which no process may hold more than a part. What a process
holds is its anonymous memory; pages of mapped files are the system's to take back. Linux only.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import table
from genomics import dataset as datasets
from genomics import estimate, recipe
from genomics.architectures import ARCHITECTURES
from genomics.sequences import letters

LONG, FEW = 20_000, 150
ROW = 10_000  # bp of a row of the large file
AT_ONCE = 1_000
SITE = "TGACGTCATGACGTCATGAC"
EVERY = 0.05  # seconds


def main(gigabases: float = 1.0) -> None:
    """Writes the files, trains, and prints what each kind of process held at most."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        few = _write(root / "long.parquet", FEW, LONG)
        rows = [_long(few, name, root / name) for name in ARCHITECTURES]
        title = f"Training on {LONG:,} bp at defaults, MB held by the training process"
        table.show(title, ("architecture", "measured", "expected at most", "seconds"), rows)
        many = _write(root / "many.parquet", round(gigabases * 1e9 / ROW), ROW)
        read, trained, took = _held(many, root / "many", "--architecture", "kmer_dense", "--length", str(ROW))
        table.show(
            f"From a Parquet file of {gigabases:g} gigabases to a result, one epoch of kmer_dense",
            ("reading, MB held", "training, MB held", "seconds"),
            [(f"{read:,.0f}", f"{trained:,.0f}", f"{took:.0f}")],
        )


def _long(path: Path, name: str, workspace: Path) -> tuple[str, str, str, str]:
    _, trained, took = _held(path, workspace, "--architecture", name, "--length", str(LONG))
    dataset = datasets.load(workspace, datasets.listing(workspace)[0]["fingerprint"])
    planned = recipe.plan(dataset, name, settings={}, length=LONG)
    expected = estimate.memory(planned, recipe.outputs(dataset), len(dataset))
    return name, f"{trained:,.0f}", f"{expected / 1e6:,.0f}", f"{took:.0f}"


def _write(path: Path, count: int, length: int) -> Path:
    """Random sequences; half of them have a site in a random place."""
    with pq.ParquetWriter(path, pa.schema([("sequence", pa.string()), ("label", pa.string())])) as writer:
        for block in _blocks(count, length):
            labels = ["site" if number % 2 else "none" for number in range(len(block))]
            writer.write_table(pa.table({"sequence": block, "label": labels}))
    return path


def _blocks(count: int, length: int) -> Iterator[list[str]]:
    rng = np.random.default_rng(0)
    for first in range(0, count, AT_ONCE):
        block = [letters(row).tobytes().decode() for row in rng.integers(0, 4, (min(AT_ONCE, count - first), length), np.uint8)]
        for number in range(1, len(block), 2):
            at = int(rng.integers(length - len(SITE)))
            block[number] = block[number][:at] + SITE + block[number][at + len(SITE) :]
        yield block


def _held(path: Path, workspace: Path, *words: str) -> tuple[float, float, float]:
    """Megabytes that reading and training held at most, each a process of its own, and seconds of the whole command."""
    command = [sys.executable, "-m", "genomics", "train", str(path), *words, "--epochs", "1", "--workspace", str(workspace)]
    began = time.perf_counter()
    environment = {**os.environ, "GENOMICS_WORKSPACE": str(workspace)}  # by which its processes are known
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    held: dict[int, float] = {}
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(str(workspace), held, done))
    watcher.start()
    status = process.wait()
    done.set()
    watcher.join()
    if status:
        raise subprocess.CalledProcessError(status, command)
    read = held.pop(process.pid)
    return read, max(held.values()), time.perf_counter() - began


def _watch(workspace: str, held: dict[int, float], done: threading.Event) -> None:
    mark = f"GENOMICS_WORKSPACE={workspace}\0".encode()
    while not done.wait(EVERY):
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes():
                    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
                    number = int(process.name)
                    held[number] = max(held.get(number, 0.0), int(status.get("RssAnon", "0").split()[0]) / 1000)
            except (OSError, ValueError):  # it has ended meanwhile
                continue


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
