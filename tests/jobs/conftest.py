"""Runs in processes of their own, and what can be seen of them from outside."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from toys import gc_classes, run_of, wait_for

from genomics import jobs, runs
from genomics.runs import Event

SECONDS = 120  # for anything that is waited for; a quiet machine needs a tenth


def events(folder: Path, kind: str) -> list[Event]:
    return [event for event in runs.read_events(folder).events if event["type"] == kind]


def until(folder: Path, kind: str, accept: Callable[[Event], bool] = lambda event: True) -> Event:
    """The first event of a kind that is accepted, as soon as it is written."""

    def look() -> Event | None:
        found = next((event for event in events(folder, kind) if accept(event)), None)
        assert found or runs.state(folder) in runs.LIVE, f"{runs.state(folder)}: {runs.failure(runs.read_events(folder).events)}"
        return found

    return wait_for(look, SECONDS)


def finish(folder: Path) -> str:
    return jobs.wait(folder, SECONDS)


def losses(folder: Path) -> dict[int, tuple[float, float]]:
    """Loss and validation loss of each epoch; an epoch that was gone through twice must have had the same."""
    found: dict[int, tuple[float, float]] = {}
    for event in events(folder, "epoch"):
        numbers = (event["loss"], event["val_loss"])
        assert found.setdefault(event["epoch"], numbers) == numbers
    return found


def processes(folder: Path, module: str) -> list[int]:
    """Process numbers of this run's worker ("genomics.worker") or of its training child ("genomics.worker.child")."""
    listed = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    lines = [line.split() for line in listed.splitlines()]
    return [int(words[0]) for words in lines if module in words and words[-1] == str(folder.resolve())]


def kill(folder: Path, module: str) -> None:
    (process,) = processes(folder, module)
    os.kill(process, signal.SIGKILL)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Iterator[Path]:
    """One workspace for the runs of a file; whatever is still going at the end is ended."""
    root = tmp_path_factory.mktemp("jobs") / "workspace"
    yield root
    for folder in runs.everything(root):
        for process in processes(folder, "genomics.worker") + processes(folder, "genomics.worker.child"):
            os.kill(process, signal.SIGKILL)


@pytest.fixture(scope="module")
def make(workspace) -> Callable[..., Path]:
    """Makes a run of a small network on a small dataset, named so that runs are in the order they were made in."""
    number = iter(range(100))

    def make_run(architecture: str = "cnn", records: int = 400, only: str = "", **settings: object) -> Path:
        folder = run_of(workspace, gc_classes(records, 40), architecture, settings=settings, only=only)
        return folder.rename(folder.with_name(f"2026-{next(number):02d}-{architecture}"))

    return make_run
