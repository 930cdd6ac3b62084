"""Watching runs from a terminal: one line an epoch on standard error, Ctrl-C stops the runs and keeps them."""

import os
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from genomics import jobs, runs, words
from genomics.errors import RunError
from genomics.history import History
from genomics.runs import Event

_POLL_SECONDS = 0.1
_PATIENCE_SECONDS = 1.0


def _news(folder: Path, label: str) -> Iterator[bool]:
    """At each step prints what is new of a run, in lines that begin with `label`, and says whether the run is still going."""
    history, seen = History(), set[str]()
    while True:
        going = runs.state(folder) in runs.LIVE
        events, history.offset = runs.read_events(folder, history.offset)
        for event in events:
            history.add([event])
            line = _line(event, history)
            if line and line not in seen:
                seen.add(line)
                print(f"{label}{line}", file=sys.stderr, flush=True)
        yield going


def until_done(folders: Sequence[Path]) -> list[str]:
    """Prints progress until none of the runs is going, and returns their states; Ctrl-C stops them and is raised again.

    Raises:
        RunError: a run failed or was interrupted; the others have ended, too.
    """
    going = [_news(folder, f"run {number}/{len(folders)}  " if len(folders) > 1 else "") for number, folder in enumerate(folders, 1)]
    began, waited = time.monotonic(), False
    try:
        while going := [news for news in going if next(news)]:
            queued = not waited and len(going) == len(folders) and {runs.state(folder) for folder in folders} == {"queued"}
            if queued and time.monotonic() - began > _PATIENCE_SECONDS:
                waited = True
                begins = "these begin when it is" if len(folders) > 1 else "this one begins when it is"
                print(f"Another run is training; {begins} done.", file=sys.stderr, flush=True)
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        name = runs.asked(folders[0])["group"] if len(folders) > 1 else folders[0].name
        print(f"Stopping; go on later with: python -m genomics resume {name}{_elsewhere(folders[0])}", file=sys.stderr, flush=True)
        for folder in folders:
            jobs.stop(folder)
        for folder in folders:
            jobs.wait(folder)
        raise
    states = [runs.state(folder) for folder in folders]
    for folder, state in zip(folders, states, strict=True):
        if state in ("failed", "interrupted"):
            raise RunError(f"The run {folder.name} {state}. {runs.failure(runs.read_events(folder).events)}")
    return states


def _elsewhere(folder: Path) -> str:
    """The option that names the run's workspace, where it is not the usual one."""
    root = folder.parent.parent.resolve()
    usual = Path(os.environ.get("GENOMICS_WORKSPACE") or "workspace").resolve()
    return "" if usual == root else f" --workspace {shlex.quote(str(root))}"


def _line(event: Event, told: History) -> str:
    total = int(told.progress()[1])
    if event["type"] == "epoch":
        numbers = "  ".join(
            f"{name} {value:.4f}" for name, value in event.items() if isinstance(value, float) and name not in ("time", "seconds")
        )
        return f"epoch {event['epoch']}/{total}  {numbers}  {told.seconds_left() or 0:.0f} s left at most"
    if event["type"] == "score":
        closed = words.number(event["gap_closed"], percent=True)
        return f"iteration {event['at']}/{total}  4-mer divergence {event['score']['jsd']['4']:.4f}  gap closed {closed}"
    if event["type"] == "log":
        return str(event["message"])
    return ""
