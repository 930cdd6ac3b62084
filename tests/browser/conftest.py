"""The app as a visitor has it: a server of its own, Chromium, and no error in the browser's console."""

import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright
from toys import wait_for

from genomics import jobs, runs, spares

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")
_QUIET = ("background-networking", "component-update", "sync", "gpu", "quic")
_FLAGS = ["--no-sandbox", "--no-first-run", *(f"--disable-{what}" for what in _QUIET)]
_PROBE = re.compile(r"/\w+/_stcore/(health|host-config)$")  # Streamlit looks for its server below a deep link first
_FAILED = pytest.StashKey[bool]()
_PATIENCE = 20_000  # milliseconds; training may share the processor


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Server:
    """`streamlit run app.py` with a workspace of its own, on a port of its own."""

    workspace: Path
    port: int = field(default_factory=lambda: _free_port())
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={self.port}"]
        self.workspace.mkdir(parents=True, exist_ok=True)
        with (self.workspace.parent / "server.log").open("ab") as log:
            environment = {**os.environ, "GENOMICS_WORKSPACE": str(self.workspace), "GENOMICS_SLOTS": "1", "GENOMICS_SPARE_MINUTES": "10"}
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=environment)
        wait_for(self._healthy, 60)

    def _healthy(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.workspace.parent / "server.log").read_text()[-2000:]
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5) as answer:
                return bool(answer.read() == b"ok")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def kill(self) -> None:
        """Ends this process alone; what trains goes on."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)

    def latest(self) -> Path:
        """The newest run's folder."""
        return runs.everything(self.workspace)[0]

    def rest(self) -> None:
        """Ends all training that was started through it."""
        for folder in filter(runs.alive, runs.everything(self.workspace)):
            jobs.stop(folder)
            jobs.wait(folder, 60)

    def end(self) -> None:
        """Ends the server, all training, and the process kept warm."""
        self.kill()
        self.rest()
        spares.dismiss(self.workspace)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def one_server(tmp_path_factory) -> Iterator[Server]:
    """One for all stories."""
    made = Server(tmp_path_factory.mktemp("served") / "workspace")
    try:
        made.start()
        yield made
    finally:
        made.end()


@pytest.fixture
def server(one_server) -> Iterator[Server]:
    """The one server; what a story leaves training, or fails to stop, does not slow the next."""
    yield one_server
    one_server.rest()


@pytest.fixture
def fresh_server(tmp_path) -> Iterator[Server]:
    """One that nobody has visited; not started yet."""
    made = Server(tmp_path / "served" / "workspace")
    try:
        yield made
    finally:
        made.end()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or none."""
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is not installed (apt install chromium)"
        pytest.fail(reason) if os.environ.get("GENOMICS_REQUIRE_BROWSER") == "1" else pytest.skip(reason)
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        yield chromium
        chromium.close()


class Watch:
    """What went wrong in the browser, as it happens."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.tolerated: list[str] = []  # parts of messages that a story brings about itself

    def over(self, page: Page) -> Page:
        """Listens to a page from its first request on."""
        page.set_default_timeout(_PATIENCE)
        expect.set_options(timeout=_PATIENCE)  # what is looked for has the same patience as what is clicked
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._add(f"page error: {error}"))
        page.on("requestfailed", self._failed)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _PROBE.search(message.location["url"]):
            self._add(f"console: {message.text} ({message.location['url']})")

    def _failed(self, request: Request) -> None:
        if not _PROBE.search(request.url) and request.failure != "net::ERR_ABORTED":  # the visitor left before it had come
            self._add(f"request: {request.url} {request.failure}")

    def _add(self, message: str) -> None:
        self.wrong.append(message)

    def verdict(self) -> list[str]:
        return [message for message in self.wrong if not any(part in message for part in self.tolerated)]


@pytest.fixture
def watch() -> Watch:
    """The complaints of this story."""
    return Watch()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Lets a fixture know that its story failed."""
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture
def tab(browser, watch, request):
    """Opens tabs that share one visitor: `tab(url)`; at the end nothing may have gone wrong in any of them.

    Where the story failed, what each tab shows is printed.
    """
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)

    def go(url: str) -> Page:
        page = watch.over(context.new_page())
        page.goto(url)
        return page

    yield go
    for page in context.pages if request.node.stash[_FAILED] else ():
        print(page.url, page.locator("body").inner_text()[:2000], *watch.wrong, sep="\n")
    for page in context.pages:
        assert page.locator(".stException").count() == 0, page.locator(".stException").first.inner_text()
    context.close()
    assert not watch.verdict()
