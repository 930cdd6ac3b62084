"""Starting, stopping and resuming runs, each in processes of its own, and the queue that keeps them in order.

Standard library only, like `runs`.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from genomics import locks, runs
from genomics.errors import RunError, SettingError

_ROOT = Path(__file__).resolve().parent.parent
POLL_SECONDS = 0.05


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
        raise RunError(f'The run "{folder.name}" has finished. Start a new run to train further.')

    runs.withdraw_stop(folder)
    launch(folder, "genomics.worker")


def launch(folder: Path, module: str) -> None:
    """Starts `python -m MODULE FOLDER` as a process that outlives this one, and waits for its first event.

    Raises:
        RunError: it ended at once without a word.
    """
    before = runs.read_events(folder).offset
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))}
    with (folder / "log.txt").open("ab") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", module, str(folder.resolve())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
    _reap(worker)
    _wait(lambda: runs.read_events(folder, before).offset > before or worker.poll() is not None, seconds=10)
    if worker.poll() and runs.read_events(folder, before).offset == before:
        raise RunError(f'The run "{folder.name}" could not be started; log.txt in its folder has the details.')


def stop(folder: Path) -> None:
    """Asks a run to stop after the batch in hand; it can be resumed. Nothing happens where none is going."""
    if runs.alive(folder):
        runs.request_stop(folder)


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


def _reap(worker: "subprocess.Popen[bytes]") -> None:
    """Waits for the worker in the background, so that no zombie is left while this process lives."""
    threading.Thread(target=worker.wait, daemon=True).start()
