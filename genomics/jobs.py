"""Starting, stopping and resuming runs, each in processes of its own, and the queue that keeps them in order.

Standard library only, like `runs`.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from genomics import detached, disk, locks, runs, spares
from genomics.errors import RunError, SettingError

POLL_SECONDS = 0.05
TRIALS_KEPT = 20
LONGEST = {"epochs": 2000, "iterations": 200_000}  # as `Fit` and the generators declare them


def slots() -> int:
    """How many runs may train at the same time: `GENOMICS_SLOTS`, else half the processors, at least one."""
    text = os.environ.get("GENOMICS_SLOTS", "")
    if not text:
        return max(1, (os.cpu_count() or 2) // 2)
    if not text.isdecimal() or int(text) < 1:
        raise SettingError(f'GENOMICS_SLOTS = "{text}" is not allowed: it is a whole number, at least 1.')
    return int(text)


def start(folder: Path) -> None:
    """Starts a worker for a run and returns at once; the worker outlives this process.

    Raises:
        RunError: the run has finished, is already going, or its worker ended at once.
    """
    state = runs.state(folder)
    if state in runs.LIVE:
        raise RunError(f'The run "{folder.name}" is already {state}.')
    if state == "finished":
        raise RunError(
            f'The run "{folder.name}" has finished. Start a new run, or let it go on for longer: python -m genomics resume {folder.name} --epochs N'
        )

    runs.withdraw_stop(folder)
    launch(folder, "genomics.worker")


def launch(folder: Path, module: str) -> None:
    """Starts `python -m MODULE FOLDER` as a process that outlives this one, and waits for its first event.

    Raises:
        RunError: it ended at once without a word.
    """
    before = runs.read_events(folder).offset
    worker = detached.start(module, str(folder.resolve()), log=folder / "log.txt")
    _wait(lambda: runs.read_events(folder, before).offset > before or worker.poll() is not None, seconds=10)
    if worker.poll() and runs.read_events(folder, before).offset == before:
        raise RunError(f'The run "{folder.name}" could not be started; log.txt in its folder has the details.')


def warm(root: Path) -> None:
    """Sees to it that the next run of a workspace begins at once, see `genomics.spares`. Returns at once, costs a millisecond.

    Called where somebody may soon train: when the Train page is drawn, and before each of several runs.

    Raises:
        SettingError: `GENOMICS_SPARE_MINUTES` is no number of minutes.
    """
    spares.warm(root)


def extend(folder: Path, longest: int) -> None:
    """Lets a run that has ended go on from its last checkpoint for longer than it was asked to, and starts it.

    Args:
        folder: the run's.
        longest: epochs it may have in all; for a generator, iterations.

    Raises:
        SettingError: it has had as many already, or there cannot be so many.
        RunError: it is going, or kept no checkpoint.
    """
    asked = runs.asked(folder)
    unit, part = ("iterations", "config") if asked["kind"] == "generator" else ("epochs", "fit")
    if runs.state(folder) in runs.LIVE:
        raise RunError(f'The run "{folder.name}" is still going. Stop it first.')
    kind, point = ("step", "at") if unit == "iterations" else ("epoch", "epoch")
    done = max((int(event[point]) for event in runs.read_events(folder).events if event["type"] == kind), default=0)
    if longest == asked[part][unit] and runs.state(folder) == "finished" and done < longest:
        raise SettingError(
            f"{unit} = {longest:,} is what the run {folder.name} was asked for when it ended early: give another number above {done:,}."
        )
    if not done < longest <= LONGEST[unit]:
        allowed = f"it has had {done:,}, so give {done + 1:,} to {LONGEST[unit]:,}"
        raise SettingError(f"{unit} = {longest:,} is not allowed for the run {folder.name}: {allowed}.")
    if done and not (folder / "checkpoint" / "state.npz").exists():
        raise RunError(f'The run "{folder.name}" kept no checkpoint to go on from. Train a new one that begins with its weights.')

    disk.write_json(folder / "run.json", {**asked, part: {**asked[part], unit: longest}})
    log = runs.Log(folder)  # the worker of before may not have gone yet, but has said its last word
    log.write("state", state="stopped", message=f"It goes on to {longest:,} {unit}.")
    log.close()
    start(folder)


def find_rate(root: Path, asked: Mapping[str, Any]) -> Path:
    """Starts a trial that looks for a learning rate. It is no run: it is not listed, and only the newest trials are kept.

    Args:
        root: the workspace.
        asked: a recipe as JSON, as for a run.

    Returns:
        The folder `trials/<time>-<architecture>-<short hash>`; see `genomics.training.find_rate` for its events.
    """
    for old in sorted((root / "trials").glob("*"), reverse=True)[TRIALS_KEPT - 1 :]:
        if not runs.alive(old):
            shutil.rmtree(old, ignore_errors=True)
    folder = runs.create(root, {**asked, "purpose": "rates"}, "trials")
    start(folder)
    return folder


def stop(folder: Path, how: str = "pause") -> None:
    """Asks a run to stop after the batch in hand, see `runs.request_stop`. Nothing happens where none is going."""
    if runs.alive(folder):
        runs.request_stop(folder, how)


def wait(folder: Path, seconds: float = 1e9) -> str:
    """Waits until a run is no longer going and returns its state."""
    _wait(lambda: runs.state(folder) not in runs.LIVE, seconds)
    return runs.state(folder)


@contextmanager
def slot(folder: Path, cancelled: Callable[[], bool]) -> Iterator[bool]:
    """Waits for one of the workspace's training slots, oldest run first.

    Args:
        folder: the run that wants to train.
        cancelled: asked now and then; true gives the waiting up.

    Yields:
        Whether the slot was obtained.
    """
    queue = folder.parent.parent / "queue"
    queue.mkdir(exist_ok=True)
    ticket_path = queue / f"{folder.name}.ticket"
    ticket = locks.try_lock(ticket_path)
    held = None
    try:
        while held is None and not cancelled():
            if _first_in_line(queue, ticket_path):
                candidates = (locks.try_lock(queue / f"slot-{number}") for number in range(slots()))
                held = next((lock for lock in candidates if lock is not None), None)
            if held is None:
                time.sleep(POLL_SECONDS * 2)
        _discard(ticket, ticket_path)
        yield held is not None
    finally:
        _discard(ticket, ticket_path)
        if held is not None:
            held.close()


def _first_in_line(queue: Path, mine: Path) -> bool:
    for path in sorted(queue.glob("*.ticket")):
        if path.name >= mine.name:
            return True
        lock = locks.try_lock(path, create=False)
        if lock is None and path.exists():
            return False
        if lock is not None:  # its worker is dead
            _discard(lock, path)
    return True


def _discard(lock: object, path: Path) -> None:
    close = getattr(lock, "close", None)
    if close is not None:
        path.unlink(missing_ok=True)
        close()


def _wait(done: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
