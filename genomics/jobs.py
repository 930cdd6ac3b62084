"""Starting, stopping and resuming runs, in processes of their own; `turns` keeps them in order.

Standard library only, like `runs`.
"""

import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from genomics import detached, disk, runs, spares
from genomics.errors import RunError, SettingError

POLL_SECONDS = 0.05
TRIALS_KEPT = 20
LONGEST = {"epochs": 2000, "iterations": 200_000}  # as `Fit` and the generators declare them


def start(*folders: Path) -> None:
    """Starts runs and returns at once. Those of one call are seen to by one worker, which outlives this process.

    Raises:
        RunError: a run has finished, is already going, or its worker ended at once.
    """
    for folder in folders:
        state = runs.state(folder)
        if state in runs.LIVE:
            raise RunError(f'The run "{folder.name}" is already {state}.')
        if state == "finished":
            raise RunError(
                f'The run "{folder.name}" has finished. Start a new run, or let it go on for longer: python -m genomics resume {folder.name} --epochs N'
            )

    for folder in folders:
        runs.withdraw_stop(folder)
    launch("genomics.worker", *folders)


def launch(module: str, *folders: Path) -> None:
    """Starts `python -m MODULE FOLDER ...` as a process that outlives this one, and waits for its first event in each folder.

    Raises:
        RunError: it ended at once without a word.
    """
    before = [runs.read_events(folder).offset for folder in folders]
    worker = detached.start(module, *(str(folder.resolve()) for folder in folders), log=folders[0] / "log.txt")

    def silent() -> bool:
        return any(runs.read_events(folder, offset).offset == offset for folder, offset in zip(folders, before, strict=True))

    _wait(lambda: not silent() or worker.poll() is not None, seconds=10)
    if worker.poll() and silent():
        raise RunError(f'The run "{folders[0].name}" could not be started; log.txt in its folder has the details.')


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
    if longest == asked[part][unit] and unit == "epochs" and runs.state(folder) == "finished" and done < longest:  # no patience is left
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
    log.write("state", state="stopped", message=f"It goes on to {longest:,} {unit}.", **{unit: longest})
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


def _wait(done: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
