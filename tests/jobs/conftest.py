"""Runs in processes of their own."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from toys import gc_classes, run_of
from watching import processes

from genomics import runs


@pytest.fixture(scope="module", autouse=True)
def all_cores() -> Iterator[None]:
    """Processes compute on all cores that they are given, as a person's do."""
    with pytest.MonkeyPatch.context() as patch:
        for threads in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
            patch.delenv(threads, raising=False)
        yield


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Iterator[Path]:
    """One workspace for the runs of a file; whatever is still going at the end is ended."""
    root = tmp_path_factory.mktemp("jobs") / "workspace"
    yield root
    for folder in runs.everything(root):
        for process in processes(folder, "genomics.worker") + processes(folder, "genomics.worker.child"):
            os.kill(process, signal.SIGKILL)


@pytest.fixture(scope="module")
def make(workspace) -> Callable[..., Path]:
    """Makes a run of a small network on a small dataset, named so that runs are in the order they were made in."""
    number = iter(range(100))

    def make_run(architecture: str = "cnn", records: int = 400, only: str = "", **settings: object) -> Path:
        folder = run_of(workspace, gc_classes(records, 40), architecture, settings=settings, only=only)
        return folder.rename(folder.with_name(f"2026-{next(number):02d}-{architecture}"))

    return make_run
