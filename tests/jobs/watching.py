"""What can be seen of a run from outside: its events and its processes."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from toys import wait_for
from warmth import SECONDS

from genomics import jobs, runs
from genomics.runs import Event


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
    """Process numbers of this run's worker ("genomics.worker"), which may have others in hand as well, or of its training child ("genomics.worker.child")."""
    listed = subprocess.run(["ps", "-eww", "-o", "pid=,args="], capture_output=True, text=True, check=True).stdout
    lines = [line.split() for line in listed.splitlines()]
    return [int(words[0]) for words in lines if module in words and str(folder.resolve()) in words]


def kill(folder: Path, module: str) -> None:
    (process,) = processes(folder, module)
    os.kill(process, signal.SIGKILL)
