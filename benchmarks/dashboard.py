"""What a visitor waits for: the server, a page, the first loss, the stop."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from streamlit.testing.v1 import AppTest

from benchmarks import table
from genomics import dataset as datasets
from genomics import history, jobs, recipe, runs, samples, spares

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("start", "data", "train", "results", "generate", "runs")


def main() -> None:
    """Prints each waiting time beside its budget."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GENOMICS_WORKSPACE"] = folder
        paces = [table.pace()]
        rows = [_server(), *_run(Path(folder)), _switch()]
        paces.append(table.pace())
    table.show("Waiting", ("what", "measured", "budget"), [*rows, table.paced(*paces)])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(**environment: str) -> "Iterator[tuple[subprocess.Popen[bytes], int]]":
    """The app's server and its port, from the moment it says that it is well."""
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.headless", "true"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    try:
        until(lambda: _healthy(port))
        yield server, port
    finally:
        server.terminate()
        server.wait()


def _server() -> tuple[str, str, str]:
    began = time.perf_counter()
    with served() as (server, _):
        took = time.perf_counter() - began
        memory = sum(_memory(server.pid))
    return "streamlit run to a healthy server", f"{took:.2f} s ({memory:.0f} MB)", "1 s"


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _run(root: Path) -> list[tuple[str, str, str]]:
    datasets.save(samples.load("planted"), root)
    os.environ["GENOMICS_SPARE_MINUTES"] = "0"
    cold = [_first_loss(root) for _ in range(3)]
    os.environ["GENOMICS_SPARE_MINUTES"] = "10"
    began = time.perf_counter()
    jobs.warm(root)
    asked = time.perf_counter() - began
    until(lambda: bool(spares.about(root).get("ready")))
    there = time.perf_counter() - began
    spare = int(spares.about(root)["pid"])
    idle, shared = _memory(spare)
    warm = [_first_loss(root) for _ in range(3)]
    row = _in_a_row(root)
    spares.dismiss(root)
    return [
        ("click on Train to the first loss written (cold, median of 3)", f"{statistics.median(run.first for run in cold):.2f} s", "5 s"),
        ("the same with a process kept warm", f"{statistics.median(run.first for run in warm):.2f} s", "2 s"),
        ("seeing to a process kept warm / until it is ready", f"{1000 * asked:.0f} ms / {there:.1f} s", ""),
        ("memory of the process kept warm (and library files)", f"{idle:.0f} MB ({shared:.0f} MB)", ""),
        ("memory of a training process, begun cold / warm", f"{cold[-1].memory:.0f} MB / {warm[-1].memory:.0f} MB", ""),
        ("one of ten short runs in a row: beside its work / beside its epochs (warm)", f"{row[0]:.2f} s / {row[1]:.2f} s", "1 s / -"),
        ("Stop to stopped", f"{statistics.median(run.stopped for run in cold + warm):.2f} s", "one batch + 1 s"),
    ]


class _Run(NamedTuple):
    """Seconds to the first loss and from asking it to stop until it had, and megabytes of its own meanwhile."""

    first: float
    stopped: float
    memory: float


def _first_loss(root: Path) -> _Run:
    folder = _create(root, epochs=2000)
    began = time.perf_counter()
    jobs.start(folder)
    until(lambda: any(e["type"] == "step" for e in runs.read_events(folder).events))
    first = time.perf_counter() - began
    until(lambda: any(e["type"] == "epoch" for e in runs.read_events(folder).events))
    memory, _ = _memory(next(e["pid"] for e in runs.read_events(folder).events if e["type"] == "process"))
    began = time.perf_counter()
    jobs.stop(folder)
    until(lambda: runs.state(folder) == "stopped")
    stopped = time.perf_counter() - began
    until(lambda: not runs.alive(folder))
    return _Run(first, stopped, memory)


def _in_a_row(root: Path, count: int = 10) -> tuple[float, float]:
    """Seconds a run costs where several follow each other: beside all that it does, and beside its epochs."""
    began, work, epochs = time.perf_counter(), 0.0, 0.0
    for _ in range(count):
        jobs.warm(root)
        folder = _create(root, epochs=2)
        jobs.start(folder)
        jobs.wait(folder)
        at = {event["state"]: event["time"] for event in runs.read_events(folder).events if event["type"] == "state"}
        work += at["finished"] - at["running"]
        epochs += history.read(folder).epochs[-1]["seconds"]
    took = time.perf_counter() - began
    return (took - work) / count, (took - epochs) / count


def _create(root: Path, epochs: int) -> Path:
    return runs.create(root, recipe.plan(samples.load("planted"), "cnn", settings={"epochs": epochs, "patience": 0}).to_json())


def _memory(process: int) -> tuple[float, float]:
    """Megabytes of a process's own, and of files that it shares with others, as far as Linux tells."""
    status = Path(f"/proc/{process}/status")
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines()) if status.exists() else {}
    return int(lines.get("RssAnon", "0").split()[0]) / 1000, int(lines.get("RssFile", "0").split()[0]) / 1000


def _switch() -> tuple[str, str, str]:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    times = []
    for _ in range(3):
        for page in PAGES:
            app.switch_page(f"pages/{page}.py")
            began = time.perf_counter()
            app.run()
            times.append(1000 * (time.perf_counter() - began))
    return "page switch, server side (median over pages)", f"{statistics.median(times):.0f} ms", "150 ms"


def until(done: Callable[[], bool], seconds: float = 120) -> None:
    """Waits for something; raises TimeoutError where it does not come."""
    deadline = time.perf_counter() + seconds
    while not done():
        if time.perf_counter() > deadline:
            raise TimeoutError("waited too long")
        time.sleep(0.02)


if __name__ == "__main__":
    main()
