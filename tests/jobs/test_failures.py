"""A run that fails says why, in words, as its last event."""

import os
import re
import sys

import numpy as np
import pytest
from toys import gc_classes, run_of

from genomics import dataset as datasets
from genomics import jobs, machine, prediction, recipe, runs
from genomics.errors import RunError, SettingError
from genomics.training import supervised, train
from genomics.worker import __main__ as watching_worker
from genomics.worker import child

QUICK = {"layers": 1, "filters": 8, "epochs": 1}


class ResourceExhaustedError(Exception):
    """What TensorFlow raises where memory runs out, by name."""


@pytest.fixture
def folder(own_workspace, monkeypatch):
    monkeypatch.setattr(child, "_end_with_parent", lambda line: None)  # there is no parent, and no pipe from one
    return run_of(own_workspace, gc_classes(40), settings=QUICK)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            FloatingPointError("in epoch 3"),
            "Training fell apart in epoch 3: the loss is no number any more. Lower the learning rate to a third (0.0003) and set gradient_clip to 1",
        ),
        (MemoryError(), "There is not enough memory. It takes about "),
        (ResourceExhaustedError(), "There is not enough memory. It takes about "),
        (SettingError("It does not fit. Mend it."), "It does not fit. Mend it."),
        (ZeroDivisionError("oh"), "This is a bug in the program (ZeroDivisionError); log.txt in the run's folder has the details."),
    ],
)
def test_the_child_puts_it_in_words(folder, monkeypatch, capsys, error, message):
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(supervised, "prepare", fail)
    assert child.main(folder) == 1
    last = runs.read_events(folder).events[-1]
    assert (last["type"], last["state"]) == ("state", "failed")
    assert last["message"].startswith(message)
    assert runs.state(folder) == "failed"
    if "memory" in message:
        assert re.search(r"about \d+ MB\. It was at [\d.]+ [GM]B\. Lower the batch size, the length or the size", last["message"])
    assert ("Traceback" in capsys.readouterr().err) == isinstance(error, ZeroDivisionError | ResourceExhaustedError)


def test_garbage_is_looked_for_again_once_the_libraries_are_there_and_not_in_them():
    assert child.gc.isenabled()
    assert child.gc.get_freeze_count() > 100_000


def test_a_network_that_has_grown_beyond_numbers_is_refused_in_words(folder):
    asked = recipe.from_json(runs.asked(folder))
    dataset = gc_classes(40)
    burst = prediction.Predictor(lambda x, training: np.full((len(x), 1), np.inf), asked, dataset.classes, (0.0, 1.0))
    with pytest.raises(RunError, match=r"training fell apart\. Lower the learning rate"):
        prediction.predict(burst, dataset, np.arange(40))


def test_a_failed_run_may_be_started_again(folder):
    saved = folder.parent.parent / "datasets"
    hidden = saved.rename(saved.with_name("hidden"))
    assert child.main(folder) == 1
    assert "There is no dataset" in runs.read_events(folder).events[-1]["message"]
    hidden.rename(saved)
    assert train(folder) == "finished"
    assert datasets.load(folder.parent.parent, runs.asked(folder)["dataset"]).name == "toy"


def test_a_generator_that_falls_apart_is_told_its_own_learning_rate(own_workspace):
    folder = run_of(own_workspace, gc_classes(40), "wgan_gp")
    assert child._calmer(folder) == "Lower the learning rate to a third (7e-05), then start again."


@pytest.mark.parametrize(
    ("code", "held", "reason"),
    [
        (-9, 0, "was killed (SIGKILL), probably out of memory"),
        (-9, 3_240_000_000, "was killed (SIGKILL), probably out of memory when it held 3.2 GB"),
        (-11, 3_240_000_000, "was ended by SIGSEGV"),
        (1, 0, "ended with status 1; log.txt in the run's folder has the details"),
    ],
)
def test_how_a_process_ended_is_put_in_words(code, held, reason):
    assert watching_worker._reason(code, held) == reason
    assert bool(watching_worker._remedy(code)) == (code == -9)


def test_what_a_process_holds_is_read_from_the_system():
    assert 50e6 < machine.held(os.getpid()) < 50e9
    assert machine.held(2**30) == 0


def test_a_worker_that_cannot_start_is_told_of(folder, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RunError, match=r"could not be started; log\.txt in its folder has the details"):
        jobs.start(folder)
    assert runs.state(folder) == "new"
