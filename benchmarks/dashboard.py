"""What a visitor waits for: the server, a page, the first loss, the stop."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from benchmarks import table
from genomics import dataset as datasets
from genomics import jobs, recipe, runs, samples

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("start", "data", "train", "results", "generate", "runs")


def main() -> None:
    """Prints each waiting time beside its budget."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GENOMICS_WORKSPACE"] = folder
        rows = [_server(), *_run(Path(folder)), _switch()]
    table.show("Waiting", ("what", "measured", "budget"), rows)


def _server() -> tuple[str, str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.headless", "true"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until(lambda: _healthy(port))
        took = time.perf_counter() - began
        status = Path(f"/proc/{server.pid}/status")
        memory = (
            next((line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmRSS")), "0") if status.exists() else "0"
        )
    finally:
        server.terminate()
        server.wait()
    return "streamlit run to a healthy server", f"{took:.2f} s ({int(memory) / 1000:.0f} MB)", "1 s"


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _run(root: Path) -> list[tuple[str, str, str]]:
    made = samples.load("planted")
    datasets.save(made, root)
    firsts = []
    for _ in range(3):
        folder = runs.create(root, recipe.plan(made, "cnn", settings={"epochs": 2000, "patience": 0}).to_json())
        began = time.perf_counter()
        jobs.start(folder)
        _until(lambda folder=folder: any(e["type"] == "step" for e in runs.read_events(folder).events))  # type: ignore[misc]
        firsts.append(time.perf_counter() - began)
        began = time.perf_counter()
        jobs.stop(folder)
        _until(lambda folder=folder: runs.state(folder) == "stopped")  # type: ignore[misc]
        stopped = time.perf_counter() - began
        _until(lambda folder=folder: not runs.alive(folder))  # type: ignore[misc]
    return [
        ("click on Train to the first loss written (cold, median of 3)", f"{statistics.median(firsts):.2f} s", "5 s"),
        ("Stop to stopped", f"{stopped:.2f} s", "one batch + 1 s"),
    ]


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


def _until(done: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.perf_counter() + seconds
    while not done():
        if time.perf_counter() > deadline:
            raise TimeoutError("waited too long")
        time.sleep(0.02)


if __name__ == "__main__":
    main()
