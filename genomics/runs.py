"""The run folder: what was asked, what happened, and what state that amounts to.

A page and a worker share nothing but this folder. State is never stored: it follows from the last state event,
from whether a worker holds the lock, and from the stop file. Standard library only, because the worker's parent
process lives on this module.
"""

import json
import os
import secrets
import shutil
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from genomics import disk
from genomics.errors import RunError
from genomics.locks import try_lock

Event = dict[str, Any]

_last, _one_at_a_time = [0], threading.Lock()

LIVE = frozenset({"queued", "starting", "running", "stopping"})
ENDED = frozenset({"finished", "stopped", "failed"})
LONGEST = {"name": 60, "note": 500}  # characters


def workspace(path: str | Path | None = None) -> Path:
    """The folder that holds datasets and runs: the argument, else `GENOMICS_WORKSPACE`, else ./workspace.

    It is made, readable by its owner only, where it does not exist.

    Raises:
        RunError: it cannot be made, or is no folder.
    """
    root = Path(path or os.environ.get("GENOMICS_WORKSPACE") or "workspace")
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f'The workspace "{root}" cannot be made: {error.strerror}. Choose another folder.') from None
    return root


def create(root: Path, asked: Mapping[str, Any], place: str = "runs") -> Path:
    """Makes a run folder holding `run.json`; nothing runs yet.

    Args:
        root: the workspace.
        asked: what is to be done, plain JSON, with at least an "architecture".
        place: the folder of the workspace that it lies in; only those in "runs" are listed.

    Returns:
        The folder `runs/<time>-<architecture>-<short hash>`.
    """
    now = _moment()
    stamp = f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(now / 1000))}{now % 1000:03d}"
    name = f"{stamp}-{asked['architecture']}-{secrets.token_hex(2)}"
    folder = root / place / name
    folder.mkdir(parents=True)
    disk.write_json(folder / "run.json", {"id": name, "created": now / 1000, **asked})
    return folder


def _moment() -> int:
    """Milliseconds since 1970, later than ever before in this process: names sort in the order they were given."""
    with _one_at_a_time:
        _last[0] = max(_last[0] + 1, time.time_ns() // 1_000_000)
        return _last[0]


def find(root: Path, run: str) -> Path:
    """The folder of a run, by its id or a unique part of it.

    Raises:
        RunError: no such run, or several.
    """
    matches = [folder for folder in everything(root) if run and run in folder.name]
    exact = [folder for folder in matches if folder.name == run]
    if len(exact or matches) != 1:
        found = "no run" if not matches else f"{len(matches)} runs"
        raise RunError(f'There is {found} named "{run}" in {root}. "python -m genomics runs list" shows all of them.')
    return (exact or matches)[0]


def everything(root: Path) -> list[Path]:
    """Every run folder, newest first."""
    return sorted((p.parent for p in (root / "runs").glob("*/run.json")), key=lambda p: p.name, reverse=True)


def asked(folder: Path) -> dict[str, Any]:
    """What `run.json` says."""
    try:
        return dict(json.loads((folder / "run.json").read_text("utf-8")))
    except (OSError, ValueError):
        raise RunError(f'The run "{folder.name}" has no readable run.json. Delete it or restore the file.') from None


def about(folder: Path) -> dict[str, str]:
    """The "name" and the "note" that the user gave a run; empty where there are none."""
    kept = disk.read_mapping(folder / "about.json")
    return {key: str(kept.get(key) or "") for key in ("name", "note")}


def describe(folder: Path, **given: str) -> None:
    """Sets a run's name or note, each a single line; they are kept in a file of their own, `about.json`.

    Args:
        folder: of the run.
        given: name=..., note=..., or both; an empty text removes it.

    Raises:
        RunError: the name or the note is too long.
    """
    texts = {key: " ".join(text.split()) for key, text in given.items()}
    for key, text in texts.items():
        if len(text) > LONGEST[key]:
            raise RunError(f"The {key} has {len(text):,} characters; at most {LONGEST[key]} are allowed. Shorten it.")
    disk.write_json(folder / "about.json", about(folder) | texts)


def delete(folder: Path) -> None:
    """Removes a run for good.

    Raises:
        RunError: it is still going.
    """
    if alive(folder):
        raise RunError(f'The run "{folder.name}" is still going. Stop it first.')
    shutil.rmtree(folder)


class Log:
    """Appends events to `events.jsonl`, one whole line each.

    One process writes at a time: the worker's parent before and after the training child lives, the child between.
    """

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "events.jsonl").open("a+b", buffering=0)
        if self._file.tell():
            self._file.seek(-1, os.SEEK_END)
            if self._file.read(1) != b"\n":  # a writer was killed in the middle of a line
                self._file.write(b"\n")

    def write(self, kind: str, **values: Any) -> None:
        """Adds one event with its time; numbers that are not finite become null."""
        event = disk.finite({"type": kind, "time": round(time.time(), 3), **values})
        self._file.write((json.dumps(event, separators=(",", ":")) + "\n").encode())

    def close(self) -> None:
        """Ends the writing."""
        self._file.close()


class Tail(NamedTuple):
    """Events, and the byte offset after them."""

    events: list[Event]
    offset: int


def read_events(folder: Path, offset: int = 0) -> Tail:
    """New whole events since a byte offset.

    Returns:
        The events, and the offset to go on from. A line that is not JSON (its writer was killed) is passed over.
    """
    try:
        with (folder / "events.jsonl").open("rb") as file:
            file.seek(offset)
            data = file.read()
    except FileNotFoundError:
        return Tail([], 0)
    whole = data.rfind(b"\n") + 1
    events = []
    for line in data[:whole].splitlines():
        try:
            events.append(json.loads(line))
        except ValueError:
            continue
    return Tail(events, offset + whole)


def state(folder: Path, events: list[Event] | None = None) -> str:
    """queued, starting, running, stopping, stopped, finished, failed, interrupted, or new.

    Args:
        folder: the run.
        events: its events, where the caller has them already.
    """
    events = read_events(folder).events if events is None else events
    last = next((e["state"] for e in reversed(events) if e["type"] == "state"), "new")
    if last in ENDED:
        return str(last)
    if not alive(folder):
        return "new" if last == "new" else "interrupted"
    return "stopping" if stop_requested(folder) else ("starting" if last == "new" else str(last))


def failure(events: list[Event]) -> str:
    """The message of the last state event; empty where it has none."""
    return next((str(e.get("message", "")) for e in reversed(events) if e["type"] == "state"), "")


def cores(folder: Path) -> int | None:
    """Cores that a run keeps to since it first began, 0 for all there are; None where it has not begun."""
    begun = (event for event in read_events(folder).events if event.get("state") == "starting")
    return next((int(event.get("cores", 0)) for event in begun), None)


def together(folder: Path) -> int:
    """How many runs of its group may train at a time, as memory was when they were planned; 0 where nothing is said."""
    try:
        return int(asked(folder).get("together", 0))
    except (RunError, TypeError, ValueError):
        return 0  # the run's own child says what is wrong with it


def stop_requested(folder: Path) -> str:
    """How somebody asked the run to stop: "pause" or "finish"; empty where nobody did."""
    try:
        return (folder / "stop").read_text("utf-8").strip() or "pause"
    except FileNotFoundError:
        return ""


def request_stop(folder: Path, how: str = "pause") -> None:
    """Asks whoever trains to stop after the batch in hand.

    Args:
        folder: the run's.
        how: "pause": it keeps a checkpoint and can go on; "finish": it takes its best weights so far and ends with its results,
            as if it had stopped early.
    """
    disk.write_bytes(folder / "stop", how.encode())  # whole: a reader must not take half a word for another


def withdraw_stop(folder: Path) -> None:
    """Takes back what `request_stop` asked."""
    (folder / "stop").unlink(missing_ok=True)


def alive(folder: Path) -> bool:
    """Whether a worker (or the training child that outlived it for a moment) holds the lock."""
    lock = try_lock(folder / "lock", create=False, shared=True)
    if lock is None:
        return (folder / "lock").exists()
    lock.close()
    return False
