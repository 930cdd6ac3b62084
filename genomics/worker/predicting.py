"""`python -m genomics.worker.predicting ROOT STAMP [LOCK]`: predicts for the jobs of a workspace, with networks that stay loaded.

One process serves a workspace, see `genomics.requests.warm`. A job that is cancelled, or that kills the process, ends it;
jobs that wait go to the next one.
"""

import contextlib
import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from genomics import applying, disk, intake, io, locks, prediction, recipe, requests, runs, spares
from genomics.applying import Profile
from genomics.dataset import Dataset
from genomics.errors import GenomicsError
from genomics.prediction import Predictor
from genomics.worker import intake as job

_KEPT = 3  # runs or groups in memory
_LOOK_SECONDS = 0.05
_ONE_BASE = Dataset(name="", ids=("",), codes=np.zeros(1, np.uint8), offsets=np.array([0, 1]), task="unlabelled")


Loaded = tuple[list[Predictor], list[Profile] | None]  # networks of a run or group, compiled, and what they were trained on
Memory = dict[tuple[tuple[str, int], ...], Loaded]  # by paths of networks and the times they were written; the last used is last


def main(root: Path, stamp: str, lock: int = -1) -> int:
    """Serves jobs until none has come for long, or the code has changed; 3 where another process serves the workspace."""
    held = os.fdopen(lock, "ab") if lock >= 0 else locks.try_lock(root / "queue" / "predict.lock")
    if held is None:
        return 3
    memory: Memory = {}
    used, tried = time.time(), 0.0
    while True:
        wanted = disk.read_json(root / "queue" / "predict.json") or {"stamp": stamp, "time": 0.0}  # see `requests.warm`
        if folder := _next(root):
            serve(folder, memory)
            used = time.time()
        elif wanted["stamp"] != stamp or time.time() - max(used, wanted["time"]) > 60 * spares.minutes(anywhere=True):
            break
        elif wanted["time"] > tried:
            tried = wanted["time"]
            with contextlib.suppress(GenomicsError, OSError, ValueError):  # whoever asks for a prediction will be told
                _networks(root, wanted["runs"], memory)
        time.sleep(_LOOK_SECONDS)
    held.close()
    return main(root, stamp) if _next(root) else 0  # for a job that came after the last look


def serve(folder: Path, memory: Memory) -> None:
    """Carries out one job; its last event says how it ended."""
    with (folder / "log.txt").open("a") as log, contextlib.redirect_stderr(log):
        job.main(folder, partial(_predict, memory=memory))


def _next(root: Path) -> Path | None:
    """The oldest job that nobody has begun."""
    new = (path for path in sorted((root / "intake").glob("*/request.json")) if not (path.parent / "events.jsonl").exists())
    return next((path.parent for path in new if (disk.read_json(path) or {}).get("kind") == requests.PREDICT), None)


def _networks(root: Path, names: list[str], memory: Memory) -> Loaded:
    folders = [runs.find(root, name) for name in names]
    saved = [folder / "model.keras" for folder in folders]
    key = tuple((str(path), path.stat().st_mtime_ns if path.exists() else 0) for path in saved)
    if key not in memory:
        members = [prediction.compiled(prediction.load(folder, recipe.from_json(runs.asked(folder)))) for folder in folders]
        prediction.predict_many(members, _ONE_BASE, np.arange(1))  # compiles now rather than for the first who asks
        memory[key] = members, applying.profiles(members, root)
    memory[key] = memory.pop(key)
    for old in list(memory)[:-_KEPT]:
        del memory[old]
    return memory[key]


def _predict(folder: Path, log: runs.Log, memory: Memory) -> dict[str, Any]:
    """Reads, predicts, writes `predictions.parquet`, and returns what is said about it."""
    asked, tick = disk.read_json(folder / "request.json"), job.ticker(log)
    if asked["genome"]:  # the last file is the one that the others hold places on
        asked |= {"files": asked["files"][:-1], "reference": asked["files"][-1]}
    request = intake.from_json(asked)
    records, report = intake.read(request, tick)
    if (left := io.untreated(report, request.policy)).stopping:
        return {"problems": left.stopping, "records": len(records), "first": str(left.problems[0])}
    dataset = intake.finish(request, records, report, tick)
    tick("Loading the network", 0.0)
    members, known = _networks(folder.parent.parent, asked["runs"], memory)
    tick("Predicting", 0.0)
    columns = applying.table(members, dataset, known or ())
    prediction.write_columns(folder / "predictions.parquet", columns)
    strands = sorted({2 if member.both_strands else 1 for member in members})
    compared = {"compared": known is not None, "strands": strands, "notes": list(dataset.notes)}
    return applying.about(members, columns["remarks"]) | compared


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:])))
