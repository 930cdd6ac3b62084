"""Reading, inspecting and predicting as jobs: what is asked lies in `workspace/intake/<id>/`, a process of its own carries it out.

```
workspace/intake/<id>/  request.json  files/0 1 2 ...  events.jsonl  lock  stop  problems.json  log.txt
```

Files are called by number, never by the name that somebody gave them. Standard library only, like `jobs`.
"""

import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from genomics import detached, disk, jobs, locks, runs, spares
from genomics.errors import RunError

MODULE = "genomics.worker.intake"
PREDICT = "predict"  # the "kind" of a request to predict with the networks of its "runs"
_OLD_SECONDS = 24 * 3600
_PIECE = 1 << 20
VERSION = 2  # of what an inspection keeps
_PLAIN = re.compile(r"[a-z]{1,20}", re.ASCII)
_ID = re.compile(r"\d{8}-\d{9}-[0-9a-f]{4}", re.ASCII)


class Progress(NamedTuple):
    """How far a job is.

    Attributes:
        state: running, finished, failed, stopped or interrupted.
        what: what it is doing.
        share: of that, 0 to 1.
        dataset: the fingerprint of what it made, as soon as that is kept; the inspection goes on.
        answer: of its last event: the dataset and split, the number of problems, or why it failed ("message").
        seconds: since it began.
    """

    state: str
    what: str
    share: float
    dataset: str
    answer: dict[str, Any]
    seconds: float


def names(how: str = "auto", seed: int = 0) -> tuple[str, str]:
    """The names of the two files, beside a dataset, that hold what is known of it under a split: JSON and arrays."""
    key = "" if (how, seed) == ("auto", 0) or not _PLAIN.fullmatch(how) else f"-{how}-{int(seed)}"
    return f"audit{key}.json", f"portrait{key}.npz"


def found(root: Path, fingerprint: str, how: str = "auto", seed: int = 0) -> dict[str, Any] | None:
    """What an inspection found; None where nobody has looked, or an older version did."""
    kept = disk.read_json(root / "datasets" / fingerprint / names(how, seed)[0])
    return dict(kept) if kept and kept.get("version") == VERSION else None


def create(root: Path, asked: Mapping[str, Any], files: Iterable[Callable[[BinaryIO], Any]] = ()) -> Path:
    """Makes the folder of a job; nothing runs yet. Folders of yesterday are removed.

    Args:
        root: the workspace.
        asked: what is to be done; "files" and the like are filled in.
        files: each writes one file's content into what it is given.
    """
    now = time.time()
    for old in (root / "intake").glob("*"):
        if now - old.stat().st_mtime > _OLD_SECONDS:
            discard(old)
    name = f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}{int(now % 1 * 1000):03d}-{secrets.token_hex(2)}"
    folder = root / "intake" / name
    (folder / "files").mkdir(parents=True)
    paths = []
    for number, write in enumerate(files):
        path = folder / "files" / str(number)
        with path.open("wb") as file:
            write(file)
        paths.append(str(path))
    disk.write_json(folder / "request.json", {**asked, **({"files": paths} if paths else {})})
    return folder


def copy(source: BinaryIO) -> Callable[[BinaryIO], Any]:
    """Writes what a file holds, piece by piece, so that it never lies in memory twice."""

    def write(target: BinaryIO) -> None:
        source.seek(0)
        shutil.copyfileobj(source, target, _PIECE)

    return write


def start(folder: Path) -> None:
    """Starts the process; it outlives this one. Where one predicts for the workspace already, that one takes the job."""
    if (disk.read_json(folder / "request.json") or {}).get("kind") == PREDICT:
        _serve(folder.parent.parent)
    else:
        jobs.launch(MODULE, folder)


def warm(root: Path, names: Sequence[str]) -> None:
    """Has the networks of these runs loaded before long, by a process that stays for some minutes (`genomics.worker.predicting`)."""
    if spares.minutes(anywhere=True):
        (root / "queue").mkdir(exist_ok=True)
        disk.write_json(root / "queue" / "predict.json", {"stamp": spares.stamp(), "runs": list(names), "time": time.time()})
        _serve(root)


def _serve(root: Path) -> None:
    """Starts the process that predicts where there is none. It inherits the lock, so that no second one is started meanwhile."""
    queue = root / "queue"
    queue.mkdir(exist_ok=True)
    if lock := locks.try_lock(queue / "predict.lock"):
        with lock:
            keep = [lock.fileno()] if os.name == "posix" else []
            words = (str(root.resolve()), spares.stamp(), *map(str, keep))
            detached.start("genomics.worker.predicting", *words, log=queue / "predict.log", more=spares.ENVIRONMENT, keep=keep)


def again(folder: Path, **changes: Any) -> None:
    """Carries a job out once more, with some of what was asked changed; its files are still there."""
    asked = disk.read_json(folder / "request.json") or {}
    disk.write_json(folder / "request.json", {**asked, **changes})
    (folder / "problems.json").unlink(missing_ok=True)
    runs.withdraw_stop(folder)
    start(folder)


def find(root: Path, name: str) -> Path | None:
    """The folder of a job by its id; None where there is none."""
    folder = root / "intake" / name
    return folder if _ID.fullmatch(name) and (folder / "request.json").exists() else None


def progress(folder: Path) -> Progress:
    """How far a job is, from its events and its lock."""
    events, end = runs.read_events(folder)
    begun = max((number for number, event in enumerate(events) if event["type"] == "state" and event["state"] == "running"), default=0)
    events = events[begun:]
    state = runs.state(folder, events)
    if state == "interrupted" and runs.read_events(folder, end).events:  # it ended after its events were read
        return progress(folder)
    last = next((event for event in reversed(events) if event["type"] == "progress"), {})
    answer = {key: value for key, value in (events[-1] if events else {}).items() if key not in ("type", "time", "state")}
    seconds = (events[-1]["time"] if state in runs.ENDED else time.time()) - events[0]["time"] if events else 0.0
    made = next((str(event["dataset"]) for event in events if event["type"] == "dataset"), "")
    return Progress(state, str(last.get("what", "Starting")), float(last.get("share", 0.0)), made, answer, seconds)


def problems(folder: Path) -> dict[str, Any]:
    """What stood in the way: "stopping", "records" and the first "problems".

    Raises:
        RunError: nothing did.
    """
    found = disk.read_json(folder / "problems.json")
    if not found:
        raise RunError("This reading met no problems.")
    return dict(found)


def cancel(folder: Path) -> None:
    """Ends a job at once; nothing of it is kept."""
    jobs.stop(folder)


def discard(folder: Path) -> None:
    """Removes a job's folder, unless it is going."""
    if not runs.alive(folder):
        shutil.rmtree(folder, ignore_errors=True)
