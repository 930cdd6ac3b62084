"""The process kept warm: runs it begins are like any other, and whatever happens to it, to them or to us is told or made good."""

import os
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import tensorflow as tf
from toys import gc_classes, run_of, wait_for
from warmth import SECONDS, kept_warm, spare_of, there
from watching import events, finish, losses, processes, until

from genomics import detached, disk, jobs, locks, runs, spares
from genomics.errors import SettingError
from genomics.worker import spare as waiting

QUICK = {"layers": 1, "filters": 8, "dense": 8, "epochs": 2, "patience": 0}
LONG = {"layers": 2, "filters": 64, "dense": 32, "epochs": 2000, "patience": 0, "batch_size": 16}


def opened(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A workspace with a spare, so deep that no socket could be named by its path; nothing is left of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENOMICS_SPARE_MINUTES", "2")
        patch.setenv("GENOMICS_SLOTS", "2")
        root = tmp_path_factory.mktemp("spares") / ("deep" * 30) / "workspace"
        with kept_warm(root):
            yield root
            for folder in runs.everything(root):
                for process in processes(folder, "genomics.worker"):
                    os.kill(process, signal.SIGKILL)


@pytest.fixture
def make(root, monkeypatch):
    """Runs of a small network."""
    monkeypatch.setenv("GENOMICS_SPARE_MINUTES", "2")

    def make_run(records: int = 60, **settings: object) -> Path:
        return run_of(root, gc_classes(records, 40), settings=settings or QUICK)

    return make_run


def child_of(folder: Path, warm: bool = True) -> int:
    """The number of the training child, as soon as there is one."""
    made = until(folder, "process")
    assert made["warm"] == warm
    return made["pid"]


def test_a_run_begun_warm_is_equal_to_one_begun_cold_and_so_is_the_next(make, root, monkeypatch):
    first, second, cold = make(), make(), make()
    spare = spare_of(root)
    descriptors = opened(spare)
    for folder in (first, second):  # one after the other
        jobs.start(folder)
        assert finish(folder) == "finished"
    monkeypatch.setenv("GENOMICS_SPARE_MINUTES", "0")
    jobs.start(cold)
    assert finish(cold) == "finished"
    assert [events(folder, "process")[0]["warm"] for folder in (first, second, cold)] == [True, True, False]
    assert losses(first) == losses(second) == losses(cold)
    assert len(losses(cold)) == 2
    assert (first / "evaluation.json").read_text() == (second / "evaluation.json").read_text() == (cold / "evaluation.json").read_text()
    wait_for(lambda: opened(spare) == descriptors, SECONDS)


def test_two_may_ask_at_once_and_a_child_or_parent_that_is_killed_leaves_the_spare_as_it_was(make, root):
    spare = spare_of(root)
    one, other = make(400, **LONG), make(400, **LONG)
    jobs.start(one)
    jobs.start(other)
    for folder in (one, other):
        child_of(folder)
    os.kill(child_of(one), signal.SIGKILL)  # as the kernel does when memory runs out; nothing was gained yet
    assert finish(one) == "failed"
    said = runs.failure(runs.read_events(one).events)
    assert said.startswith("The training process was killed (SIGKILL), probably out of memory")
    assert "Lower the batch size" in said
    until(other, "step")

    (parent,) = processes(other, "genomics.worker")
    os.kill(parent, signal.SIGKILL)
    wait_for(lambda: runs.state(other) == "interrupted", SECONDS)
    wait_for(lambda: not there(child_of(other)), SECONDS)
    assert spare_of(root) == spare
    jobs.warm(root)
    assert spares.about(root)["pid"] == spare


def test_a_run_that_is_told_to_finish_ends_with_its_results_and_a_search_for_a_rate_is_no_run(make, root):
    folder = make(**{**QUICK, "epochs": 2000})
    jobs.start(folder)
    until(folder, "epoch", lambda event: event["epoch"] == 2)
    jobs.stop(folder, "finish")
    trial = jobs.find_rate(root, {name: value for name, value in runs.asked(folder).items() if name not in ("id", "created")})
    assert finish(folder) == "finished"
    assert 2 <= len(losses(folder)) < 2000
    assert (folder / "evaluation.json").exists()
    (best,) = events(folder, "best")
    assert best["epoch"] in losses(folder)

    assert finish(trial) == "finished"
    assert 1e-6 <= events(trial, "rates")[-1]["suggestion"] <= 1
    assert child_of(trial) != child_of(folder)
    assert trial.parent == root / "trials"
    assert trial not in runs.everything(root)


def test_a_spare_of_other_code_or_environment_is_passed_over_and_sent_away(make, root, monkeypatch):
    spare, folder = spare_of(root), make()
    with locks.try_lock(folder / "lock") as lock:
        monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
        assert spares.ask(folder, lock.fileno(), lambda: False) is None
        monkeypatch.undo()
        monkeypatch.setenv("GENOMICS_SPARE_MINUTES", "2")
        known = spares.about(root)
        disk.write_json(root / "queue" / "spare.json", {**known, "stamp": "of other code"})
        monkeypatch.setattr(spares, "stamp", lambda: "of other code")
        assert spares.ask(folder, lock.fileno(), lambda: False) is None  # the spare itself looks again
    assert not events(folder, "state")
    assert there(spare)
    monkeypatch.setattr(spares, "stamp", lambda: "of newer code")
    jobs.warm(root)
    wait_for(lambda: not there(spare), SECONDS)
    left = {path.name for path in (root / "queue").iterdir()}
    assert not left & {"spare.json", "spare.sock"}
    monkeypatch.undo()
    monkeypatch.setenv("GENOMICS_SPARE_MINUTES", "2")
    jobs.warm(root)
    jobs.start(folder)  # at once: it waits until the new spare has imported everything
    assert finish(folder) == "finished"
    assert child_of(folder)
    assert spare_of(root) != spare


def test_a_spare_that_does_not_answer_is_not_waited_for_and_does_nothing_later(make, root, monkeypatch):
    spare, folder = spare_of(root), make()
    monkeypatch.setattr(spares, "_ANSWER_SECONDS", 0.2)
    lock = locks.try_lock(folder / "lock")
    os.kill(spare, signal.SIGSTOP)
    try:
        assert spares.ask(folder, lock.fileno(), lambda: False) is None
        monkeypatch.setattr(spares, "_ANSWER_SECONDS", SECONDS)
        assert spares.ask(folder, lock.fileno(), lambda: True) is None  # nor is one that somebody has stopped waiting for
    finally:
        os.kill(spare, signal.SIGCONT)
        lock.close()
    with Path(os.devnull).open() as nothing:
        heard = spares.ask(folder, nothing.fileno(), lambda: False)  # it hears one after the other
    assert heard is not None
    heard._connection.close()  # before it was told to go
    wait_for(lambda: not there(heard.pid), SECONDS)
    wait_for(lambda: not runs.alive(folder), SECONDS)
    assert {path.name for path in folder.iterdir()} == {"run.json", "lock"}


def test_a_run_outlives_the_spare_and_the_next_begins_cold(make, root, monkeypatch):
    spare, folder, next_ = spare_of(root), make(400, **LONG), make()
    jobs.start(folder)
    until(folder, "epoch")
    os.kill(spare, signal.SIGKILL)
    wait_for(lambda: not there(spare), SECONDS)
    jobs.start(next_)
    assert child_of(next_, warm=False)

    started: list[str] = []
    monkeypatch.setattr(detached, "start", lambda module, *_, **__: started.append(module) or SimpleNamespace(pid=0))
    jobs.warm(root)  # the run that goes on does not hold what was the spare's
    assert started == [spares.MODULE]
    jobs.warm(root)  # it has ended before it could serve: not once more on every page that is drawn
    assert started == [spares.MODULE]
    monkeypatch.setattr(spares, "_RETRY_SECONDS", 0.0)
    jobs.warm(root)
    assert started == [spares.MODULE] * 2
    monkeypatch.undo()

    jobs.stop(folder)
    assert finish(folder) == finish(next_).replace("finished", "stopped")
    wait_for(lambda: not runs.alive(folder), SECONDS)
    assert (folder / "model.keras").exists()
    assert not processes(folder, "genomics.worker")


@pytest.mark.parametrize(("code", "minutes", "wanted"), [(0, 10, True), (700, 10, False), (700, 12, True)])
def test_a_spare_leaves_when_it_has_not_been_wanted_for_so_long(tmp_path, monkeypatch, code, minutes, wanted):
    about = tmp_path / "spare.json"
    monkeypatch.setenv("GENOMICS_SPARE_MINUTES", str(minutes))
    disk.write_json(about, {"pid": os.getpid()})
    os.utime(about, (time.time() - code, time.time() - code))
    assert waiting._wanted(about, 0.0) is wanted
    assert waiting._wanted(about, time.time())  # it has just served
    disk.write_json(about, {"pid": 1})
    assert not waiting._wanted(about, time.time())
    about.unlink()
    assert not waiting._wanted(about, time.time())


def test_where_tensorflow_computes_already_there_is_no_forking():
    tf.constant(1.0) + 1.0
    assert waiting._computes()


@pytest.mark.parametrize("text", ["-1", "nan", "soon", "", "10001"])
def test_a_number_of_minutes_that_is_none_is_refused(monkeypatch, tmp_path, text):
    monkeypatch.setenv("GENOMICS_SPARE_MINUTES", text)
    with pytest.raises(SettingError, match=f'GENOMICS_SPARE_MINUTES = "{text}" is not allowed: it is a number from 0 to 10,000'):
        jobs.warm(tmp_path)


def test_no_minutes_no_spare(tmp_path, monkeypatch):
    monkeypatch.setenv("GENOMICS_SPARE_MINUTES", "0")
    jobs.warm(tmp_path)
    assert not (tmp_path / "queue").exists()
