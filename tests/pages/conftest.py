"""A visitor without a browser: pages run in this process, one script run at a time."""

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from stories import ROOT, turn
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from genomics.worker import intake


@pytest.fixture
def visit(tmp_path):
    """Opens a page as a link does: `visit("data", data=fingerprint)`; fails where the page does."""
    # AppTest forgets after each run that `pages/` beside app.py is no list of pages, and would start twice and lose the click. A real
    # server does not; a copy of app.py without that folder beside it behaves alike.
    router = tmp_path / "router" / "app.py"
    router.parent.mkdir()
    shutil.copy(ROOT / "app.py", router)

    def go(page: str = "start", **ids: str) -> AppTest:
        app = AppTest.from_file(router, default_timeout=30)
        app.query_params.update(ids)
        turn(app, page)
        return app

    return go


@pytest.fixture(autouse=True, scope="session")
def packages_looked_through_once() -> Iterator[None]:
    """A server looks once through all installed packages for components, AppTest at each start, which takes as long as a page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True, scope="session")
def networks_of_other_tests_stay() -> Iterator[None]:
    """Streamlit clears Keras after each script run where it was imported. No page imports it, but other tests in this process have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script_runner, "_clean_problem_modules", lambda: None)
        yield


@pytest.fixture(autouse=True)
def jobs_at_once(monkeypatch) -> None:
    """Reading and inspecting happen in this process before the page goes on: AppTest has no timers that could wait for another one."""
    monkeypatch.setattr("genomics.requests.start", intake.main)


@pytest.fixture
def no_worker(monkeypatch) -> list[Path]:
    """Runs are made, but nothing trains; the folders that would have been started."""
    started: list[Path] = []
    monkeypatch.setattr("genomics.jobs.start", lambda *folders: started.extend(folders))
    return started


@pytest.fixture
def select(monkeypatch):
    """Selects rows of the table of runs, which AppTest cannot."""

    def rows(*numbers: int) -> None:
        draw = st.dataframe
        picked = SimpleNamespace(selection=SimpleNamespace(rows=list(numbers)))
        monkeypatch.setattr(st, "dataframe", lambda *a, on_select="ignore", **k: draw(*a, **k) if on_select == "ignore" else picked)

    return rows
