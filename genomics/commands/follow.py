"""Watching runs from a terminal: one line an epoch on standard error, Ctrl-C stops the run and keeps it."""

import os
import shlex
import sys
import time
from pathlib import Path

from genomics import jobs, runs, words
from genomics.runs import Event

_POLL_SECONDS = 0.1
_PATIENCE_SECONDS = 1.0


def until_done(folder: Path) -> str:
    """Prints progress until the run is no longer going, and returns its state; Ctrl-C stops the run and is raised again."""
    offset, seen = 0, set[str]()
    total, began, waited = 0, time.monotonic(), False
    try:
        while True:
            going = runs.state(folder) in runs.LIVE
            events, offset = runs.read_events(folder, offset)
            for event in events:
                total = event.get("epochs") or event.get("iterations") or total if event["type"] == "setup" else total
                line = _line(event, total)
                if line and line not in seen:
                    seen.add(line)
                    print(line, file=sys.stderr, flush=True)
            if not going:
                return runs.state(folder)
            if not waited and runs.state(folder) == "queued" and time.monotonic() - began > _PATIENCE_SECONDS:
                waited = True
                print("Another run is training; this one begins when it is done.", file=sys.stderr, flush=True)
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        print(f"Stopping; go on later with: python -m genomics resume {folder.name}{_elsewhere(folder)}", file=sys.stderr, flush=True)
        jobs.stop(folder)
        jobs.wait(folder)
        raise


def _elsewhere(folder: Path) -> str:
    """The option that names the run's workspace, where it is not the usual one."""
    root = folder.parent.parent.resolve()
    usual = Path(os.environ.get("GENOMICS_WORKSPACE") or "workspace").resolve()
    return "" if usual == root else f" --workspace {shlex.quote(str(root))}"


def _line(event: Event, total: int) -> str:
    if event["type"] == "epoch":
        left = event["seconds"] / event["epoch"] * (total - event["epoch"])
        numbers = "  ".join(
            f"{name} {value:.4f}" for name, value in event.items() if isinstance(value, float) and name not in ("time", "seconds")
        )
        return f"epoch {event['epoch']}/{total}  {numbers}  {left:.0f} s left at most"
    if event["type"] == "score":
        closed = words.number(event["gap_closed"], percent=True)
        return f"iteration {event['at']}/{total}  4-mer divergence {event['score']['jsd']['4']:.4f}  gap closed {closed}"
    if event["type"] == "log":
        return str(event["message"])
    return ""
