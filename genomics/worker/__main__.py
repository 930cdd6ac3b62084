"""`python -m genomics.worker RUN_FOLDER ...`: holds the locks of runs, sees to a training child for each in turn, watches how it ends.

The child is a copy of the workspace's spare process, or a fresh one where there is none. Standard library only: it must
survive what kills the child, and cost nothing.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from genomics import locks, machine, runs, spares, turns
from genomics.worker.line import Line, Run, Turn

if sys.platform != "win32":
    import resource

RESUMES = 3
LOCK_SECONDS = 5.0
TIDYING_SECONDS = 300.0  # a stopped run still writes the results of its best network; to resume it waits for that
STOP_GRACE_SECONDS = 30.0


def main(*folders: Path) -> int:
    """Runs a child to its end for each run, in turn or as many at a time as slots and memory allow, resuming it where it died after progress.

    Returns:
        0, or the status of a child that failed; 3 where somebody else works on these runs.
    """
    _allow_files(3 * len(folders))
    waiting = [Run(folder, lock) for folder in folders if (lock := _patient_lock(folder))]
    if not waiting:
        return 0 if all(runs.state(folder) == "finished" for folder in folders) else 3
    threads = min(turns.slots(), len(waiting), *filter(None, (runs.together(run.folder) for run in waiting)))
    line = Line(waiting, turns.share(threads))
    with ThreadPoolExecutor(threads) as pool:
        return max(pool.map(_work, [line] * threads))


def _work(line: Line) -> int:
    """Sees to one run after the other until none waits."""
    turn, status = line.next(), 0
    while turn is not None:
        try:
            code, following = _in_turn(*turn, line)
        finally:
            turn[0].close()
        turn, status = following, code or status
    return status


def _in_turn(run: Run, ticket: turns.Ticket, line: Line) -> tuple[int, Turn | None]:
    """Its status, and the run to see to next: that has its ticket before the slot is free for others."""

    def cancelled() -> bool:
        line.let_go()
        return bool(runs.stop_requested(run.folder))

    with ticket.slot(cancelled) as granted:
        if granted:
            return _train(run, line), line.next()
        run.never_begun()
    return 0, line.next()


def _allow_files(more: int) -> None:
    """Raises this process's own limit of open files, which is 256 on macOS, by what its runs need."""
    if sys.platform != "win32":
        allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = allowed + more
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


def _train(run: Run, line: Line) -> int:
    folder, log = run.folder, run.log
    begun = runs.cores(folder)  # sums come out a little different with another number, and so would the rest of the run
    cores = line.cores if begun is None else begun
    for attempt in range(RESUMES + 1):
        reached = _progress(folder)
        log.write("state", state="starting", attempt=attempt, cores=cores)
        code, held = _run_child(folder, log, run.lock.fileno(), line.let_go)
        if code == 0:
            return 0  # the child wrote its own last state
        if runs.state(folder) in runs.ENDED:
            return code
        reason = _reason(code, held)
        if runs.stop_requested(folder):
            log.write("state", state="stopped", message=f"Stopped; the training process {reason}.")
            return 0
        if _progress(folder) <= reached or attempt == RESUMES:
            kept = " What it had learned up to its last checkpoint is kept: resume it." if _progress(folder) >= 0 else ""
            log.write("state", state="failed", message=f"The training process {reason}.{_remedy(code)}{kept}")
            return 1
        log.write("log", message=f"The training process {reason}; it goes on from its last checkpoint.")
    return 1


def _run_child(folder: Path, log: runs.Log, lock: int, meanwhile: Callable[[], None]) -> tuple[int, int]:
    """Has a child carry the run out, and waits. It holds the lock too, and learns by a broken line that this parent died.

    Returns:
        Its exit status, or minus the signal it died of; and the bytes it held when it was last looked at, 0 where unknown.
    """
    warm = spares.ask(folder, lock, cancelled=lambda: bool(runs.stop_requested(folder)))
    child = warm or _fresh(folder, lock)
    log.write("process", pid=child.pid, warm=warm is not None)
    if warm is not None:
        warm.go()
    asked_at, asked_from, held = None, 0, 0
    while True:
        try:
            return child.wait(timeout=0.2), held
        except subprocess.TimeoutExpired:
            held = machine.held(child.pid) or held
        meanwhile()
        if not runs.stop_requested(folder):
            asked_at = None
        elif asked_at is None:
            asked_at, asked_from = time.monotonic(), runs.read_events(folder).offset
        elif time.monotonic() - asked_at > STOP_GRACE_SECONDS and not _heeded(folder, asked_from):  # stuck inside one operation
            child.kill()


def _fresh(folder: Path, lock: int) -> subprocess.Popen[bytes]:
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


def _patient_lock(folder: Path) -> BinaryIO | None:
    """The lock of a run; None where somebody else keeps it, or whoever had it before has finished the run."""
    deadline = time.monotonic() + (TIDYING_SECONDS if runs.state(folder) in runs.ENDED else LOCK_SECONDS)
    while (lock := locks.try_lock(folder / "lock")) is None and time.monotonic() < deadline:
        time.sleep(0.05)
    if lock and runs.state(folder) == "finished":
        lock.close()
        return None
    return lock


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
