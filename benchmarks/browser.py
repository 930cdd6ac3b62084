"""What a visitor waits for with his own eyes, in Chromium: the first page, the first loss in the chart, each further one."""

import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import table
from benchmarks.dashboard import served, until
from genomics import dataset as datasets
from genomics import jobs, runs, samples, spares

CHROMIUM = Path("/usr/bin/chromium")
_TIMES = 5
_WATCHED_SECONDS = 15
_LAST_X = """() => Math.max(...[...document.querySelectorAll('.st-key-learning .js-plotly-plot')].slice(0, 1)
    .flatMap(chart => chart._fullData ?? []).flatMap(trace => [...(trace.x ?? [])]).filter(Number.isFinite), -1)"""


class _Seen(NamedTuple):
    """Seconds from the click to the first point in the chart, and from each further loss being written to its being drawn."""

    first: float
    lags: list[float]


def main() -> None:
    """Prints each waiting time beside its budget; nothing where there is no Chromium."""
    if not CHROMIUM.exists():
        print(f"Waiting, in a browser: not measured, {CHROMIUM} is not installed.")
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        root = Path(folder)
        fingerprint = samples.load("planted").fingerprint
        datasets.save(samples.load("planted"), root)
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        paces = [table.pace()]
        drawn, cold = _visits(browser, root, fingerprint, "0")
        paces.append(table.pace())
        _, warm = _visits(browser, root, fingerprint, "10")
        paces.append(table.pace())
        browser.close()
    firsts = [[seen.first for seen in all_] for all_ in (cold, warm)]
    cold_said, warm_said = (f"{statistics.median(some):.2f} s / {min(some):.2f} s" for some in firsts)
    lags = [lag for seen in (*cold, *warm) for lag in seen.lags]
    rows = [
        ("first page of a server, drawn", f"{drawn:.2f} s", "3 s"),
        (f"click on Train to the first loss in the chart, cold: median of {_TIMES}, least", cold_said, "5 s"),
        ("the same with a process kept warm", warm_said, "2 s"),
        ("a loss written to its point in the chart, median / slowest of ten", _ranks(lags), "1 s"),
        table.paced(*paces),
    ]
    table.show("Waiting, in a browser", ("what", "measured", "budget"), rows)


def _ranks(lags: list[float]) -> str:
    return f"{statistics.median(lags):.2f} s / {statistics.quantiles(lags, n=10)[-1]:.2f} s"


def _visits(browser: Browser, root: Path, fingerprint: str, minutes: str) -> tuple[float, list[_Seen]]:
    """Seconds until the first page of a new server is drawn, and what is seen of runs that are started in it."""
    with served(GENOMICS_WORKSPACE=str(root), GENOMICS_SPARE_MINUTES=minutes) as (_, port):
        page = browser.new_page(viewport={"width": 1366, "height": 900})
        began = time.perf_counter()
        page.goto(f"http://127.0.0.1:{port}")
        page.get_by_role("heading", level=1).wait_for()
        drawn = time.perf_counter() - began
        seen = [_train(page, port, root, fingerprint, minutes) for _ in range(_TIMES)]
        page.close()
    spares.dismiss(root)
    return drawn, seen


def _train(page: Page, port: int, root: Path, fingerprint: str, minutes: str) -> _Seen:
    page.goto(f"http://127.0.0.1:{port}/train?data={fingerprint}")
    button = page.get_by_role("button", name="Train", exact=True)
    button.wait_for()
    page.wait_for_function("() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'")
    if minutes != "0":
        until(lambda: bool(spares.about(root).get("ready")))
    before = len(runs.everything(root))
    began = time.perf_counter()
    button.click()
    until(lambda: len(runs.everything(root)) > before)
    page.wait_for_function(f"() => ({_LAST_X})() >= 0", polling=20)
    first = time.perf_counter() - began

    folder = runs.everything(root)[0]
    shown: dict[float, float] = {}  # the last point of the chart, and when it was first seen
    while time.perf_counter() - began < _WATCHED_SECONDS:
        shown.setdefault(float(page.evaluate(_LAST_X)), time.time())
        time.sleep(0.02)
    jobs.stop(folder)
    jobs.wait(folder)
    until(lambda: not runs.alive(folder))
    written = {float(event["at"]): float(event["time"]) for event in runs.read_events(folder).events if event["type"] == "step"}
    return _Seen(first, [when - written[at] for at, when in list(shown.items())[1:] if at in written])


if __name__ == "__main__":
    main()
