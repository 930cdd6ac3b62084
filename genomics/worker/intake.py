"""`python -m genomics.worker.intake FOLDER`: reads files into a dataset and inspects it, in a process of its own.

The folder holds `request.json` and `files/`; `events.jsonl` tells how far it is. A `stop` file ends it at once: what
is written is written whole or not at all, so that nothing is left half done.
"""

import os
import shutil
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from genomics import dataset as datasets
from genomics import disk, inspection, intake, io, locks, remedies, runs
from genomics.errors import GenomicsError

_TOLD_EVERY_SECONDS = 0.2
_PROBLEMS_SHOWN = 200


def main(folder: Path, carry_out: Callable[[Path, runs.Log], dict[str, Any]] | None = None) -> int:
    """Carries one request out, by reading and inspecting or by another `carry_out`; the last event says how it ended."""
    lock = locks.try_lock(folder / "lock")
    if lock is None:
        return 3
    log = runs.Log(folder)
    log.write("state", state="running")
    done = threading.Event()
    watcher = threading.Thread(target=_end_when_asked, args=(folder, log, done), daemon=True)
    watcher.start()
    try:
        ending = {"state": "finished", **(carry_out or _carry_out)(folder, log)}
    except GenomicsError as error:
        ending = {"state": "failed", "message": str(error)}
    except MemoryError:
        ending = {"state": "failed", "message": "There is not enough memory for this file. Give a part of it."}
    except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, the page must be told how it ended
        traceback.print_exc()
        ending = {"state": "failed", "message": f"This is a bug in the program ({type(error).__name__}); log.txt has the details."}
    log.write("state", **ending)
    done.set()
    watcher.join()
    log.close()
    lock.close()
    return 0


def _carry_out(folder: Path, log: runs.Log) -> dict[str, Any]:
    asked = disk.read_json(folder / "request.json") or {}
    root = folder.parent.parent
    tick = ticker(log)
    how, seed = asked.get("split", "auto"), asked.get("split_seed", 0)
    problems: dict[str, int] = {}
    if asked.get("dataset"):
        made = datasets.load(root, asked["dataset"])
        if asked.get("remedy"):
            tick("Making the new dataset", 0.0)
            made = remedies.mend(made, asked["remedy"], how, seed)
            how, seed = ("auto", 0) if made.splits is not None else (how, seed)
    else:
        request = intake.from_json(asked)
        records, report = intake.read(request, tick)
        problems = dict(report.counts)
        left = io.untreated(report, request.policy)
        if left.stopping:
            listed = [problem._asdict() for problem in left.problems[:_PROBLEMS_SHOWN]]
            disk.write_json(folder / "problems.json", {"stopping": left.stopping, "records": len(records), "problems": listed})
            return {"problems": left.stopping}
        made = intake.finish(request, records, report, tick)
        del records
    datasets.save(made, root)
    log.write("dataset", dataset=made.fingerprint)  # it can be looked at already
    inspection.inspect(made, root, how, seed, problems=problems, tick=tick)
    shutil.rmtree(folder / "files", ignore_errors=True)
    return {"dataset": made.fingerprint, "split": how, "split_seed": seed}


def ticker(log: runs.Log) -> intake.Tick:
    """Writes progress down, of each step a few times a second at most."""
    told: dict[str, float] = {}

    def tick(what: str, share: float) -> None:
        now = time.monotonic()
        if now - told.get(what, -_TOLD_EVERY_SECONDS) >= _TOLD_EVERY_SECONDS:
            told[what] = now
            log.write("progress", what=what, share=round(share, 3))

    return tick


def _end_when_asked(folder: Path, log: runs.Log, done: threading.Event) -> None:
    while not done.wait(0.1):
        if runs.stop_requested(folder):
            log.write("state", state="stopped", message="Cancelled. Nothing was kept.")
            os._exit(0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
