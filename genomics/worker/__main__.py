"""`python -m genomics.worker RUN_FOLDER`: holds the run's lock, sees to a training child, watches how it ends.

The child is a copy of the workspace's spare process, or a fresh one where there is none. Standard library only: it must
survive what kills the child, and cost nothing.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from genomics import jobs, locks, runs, spares

RESUMES = 3
LOCK_SECONDS = 5.0
TIDYING_SECONDS = 300.0  # a stopped run still writes the results of its best network; to resume it waits for that
STOP_GRACE_SECONDS = 30.0


class Child(Protocol):
    """A `subprocess.Popen`, or a `spares.Warm`."""

    pid: int

    def wait(self, timeout: float) -> int:
        """Its exit status, or minus the signal it died of."""

    def kill(self) -> None:
        """Ends it at once."""


class Ending(NamedTuple):
    """How a child ended: its status, and the bytes of memory it held when it was last looked at (0 where unknown)."""

    code: int
    held: int


def main(folder: Path) -> int:
    """Runs the child to its end, resuming it where it died after having made progress."""
    lock = _patient_lock(folder)
    if lock is None:
        return 3  # somebody else works on this run
    if runs.state(folder) == "finished":  # by whoever had the lock before
        lock.close()
        return 0
    log = runs.Log(folder)
    try:
        log.write("state", state="queued")
        with jobs.slot(folder, cancelled=lambda: bool(runs.stop_requested(folder))) as granted:
            if not granted:
                log.write("state", state="stopped", message="Stopped while it waited in the queue.")
                return 0
            return _train(folder, log, lock.fileno())
    finally:
        log.close()
        lock.close()


def _train(folder: Path, log: runs.Log, lock: int) -> int:
    for attempt in range(RESUMES + 1):
        reached = _progress(folder)
        log.write("state", state="starting", attempt=attempt)
        code, held = _run_child(folder, log, lock)
        if code == 0:
            return 0  # the child wrote its own last state
        if _ended(folder):
            return code
        reason = _reason(code, held)
        if runs.stop_requested(folder):
            log.write("state", state="stopped", message=f"Stopped; the training process {reason}.")
            return 0
        if _progress(folder) <= reached or attempt == RESUMES:
            log.write("state", state="failed", message=f"The training process {reason}.{_remedy(code)}{_kept(folder)}")
            return 1
        log.write("log", message=f"The training process {reason}; it goes on from its last checkpoint.")
    return 1


def _run_child(folder: Path, log: runs.Log, lock: int) -> Ending:
    """Has a child carry the run out, and waits. It holds the lock too, and learns by a broken line that this parent died."""
    warm = spares.ask(folder, lock, cancelled=lambda: bool(runs.stop_requested(folder)))
    child: Child = warm or _fresh(folder, lock)
    log.write("process", pid=child.pid, warm=warm is not None)
    if warm is not None:
        warm.go()
    asked_at, asked_from, held = None, 0, 0
    while True:
        try:
            return Ending(child.wait(timeout=0.2), held)
        except subprocess.TimeoutExpired:
            held = _memory(child.pid) or held
        if not runs.stop_requested(folder):
            asked_at = None
        elif asked_at is None:
            asked_at, asked_from = time.monotonic(), runs.read_events(folder).offset
        elif time.monotonic() - asked_at > STOP_GRACE_SECONDS and not _heeded(folder, asked_from):  # stuck inside one operation
            child.kill()


def _fresh(folder: Path, lock: int) -> Child:
    with (folder / "log.txt").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "genomics.worker.child", str(folder)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env={**os.environ, **spares.ENVIRONMENT},
            pass_fds=(lock,) if os.name == "posix" else (),
        )


def _heeded(folder: Path, offset: int) -> bool:
    """Whether, since then, a checkpoint was kept or an end was told: what follows is the writing of results, which takes its time."""
    return any(event["type"] == "checkpoint" or event.get("state") in runs.ENDED for event in runs.read_events(folder, offset).events)


def _progress(folder: Path) -> float:
    """The newest point a checkpoint was written at; -1 where there is none."""
    events = runs.read_events(folder).events
    return max((e["at"] for e in events if e["type"] == "checkpoint"), default=-1)


def _ended(folder: Path) -> bool:
    events = [e for e in runs.read_events(folder).events if e["type"] == "state"]
    return bool(events) and events[-1]["state"] in runs.ENDED


def _kept(folder: Path) -> str:
    return " What it had learned up to its last checkpoint is kept: resume it." if _progress(folder) >= 0 else ""


def _reason(code: int, held: int) -> str:
    if code == -getattr(signal, "SIGKILL", 9):
        holding = f" when it held {held / 1e9:.1f} GB" if held else ""
        return f"was killed (SIGKILL), probably out of memory{holding}"
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with status {code}; log.txt in the run's folder has the details"


def _remedy(code: int) -> str:
    killed = code == -getattr(signal, "SIGKILL", 9)
    return " Lower the batch size, the length or the size of the network, or close what else takes memory." if killed else ""


def _memory(pid: int) -> int:
    """Bytes of memory that a process holds, as far as Linux tells; 0 elsewhere."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8", "replace").splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def _patient_lock(folder: Path) -> BinaryIO | None:
    deadline = time.monotonic() + (TIDYING_SECONDS if _ended(folder) else LOCK_SECONDS)
    while (lock := locks.try_lock(folder / "lock")) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    return lock


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
