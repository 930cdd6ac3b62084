"""`python -m genomics.worker RUN_FOLDER`: holds the run's lock, starts the training child, watches how it ends.

Standard library only: it must survive what kills the child, and cost nothing.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

from genomics import jobs, locks, runs

RESUMES = 3
LOCK_SECONDS = 5.0
TIDYING_SECONDS = 300.0  # a stopped run still writes the results of its best network; to resume it waits for that
STOP_GRACE_SECONDS = 30.0


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
        with jobs.slot(folder, cancelled=lambda: runs.stop_requested(folder)) as granted:
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
        code = _run_child(folder, lock)
        if code == 0:
            return 0  # the child wrote its own last state
        if _ended(folder):
            return code
        reason = _reason(code)
        if runs.stop_requested(folder):
            log.write("state", state="stopped", message=f"Stopped; {reason}.")
            return 0
        if _progress(folder) <= reached or attempt == RESUMES:
            log.write("state", state="failed", message=f"The training process {reason}.{_kept(folder)}")
            return 1
        log.write("log", message=f"The training process {reason}; it goes on from its last checkpoint.")
    return 1


def _run_child(folder: Path, lock: int) -> int:
    """Starts the child and waits. It inherits the lock, and a pipe whose end tells it that this parent died."""
    with (folder / "log.txt").open("ab") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "genomics.worker.child", str(folder)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env={**os.environ, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"},
            pass_fds=(lock,) if os.name == "posix" else (),
        )
    asked_at: float | None = None
    while True:
        try:
            return child.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            pass
        if runs.stop_requested(folder):
            asked_at = asked_at or time.monotonic()
            if time.monotonic() - asked_at > STOP_GRACE_SECONDS:  # stuck inside one operation
                child.kill()


def _progress(folder: Path) -> float:
    """The newest point a checkpoint was written at; -1 where there is none."""
    events = runs.read_events(folder).events
    return max((e["at"] for e in events if e["type"] == "checkpoint"), default=-1)


def _ended(folder: Path) -> bool:
    events = [e for e in runs.read_events(folder).events if e["type"] == "state"]
    return bool(events) and events[-1]["state"] in runs.ENDED


def _kept(folder: Path) -> str:
    return " What it had learned up to its last checkpoint is kept: resume it." if _progress(folder) >= 0 else ""


def _reason(code: int) -> str:
    if code < 0:
        name = signal.Signals(-code).name
        return "was killed (SIGKILL), probably out of memory" if name == "SIGKILL" else f"was ended by {name}"
    return f"ended with status {code}; log.txt in the run's folder has the details"


def _patient_lock(folder: Path) -> BinaryIO | None:
    deadline = time.monotonic() + (TIDYING_SECONDS if _ended(folder) else LOCK_SECONDS)
    while (lock := locks.try_lock(folder / "lock")) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    return lock


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
