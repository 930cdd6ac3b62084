"""Whole files or none; how many train at a time; the queue."""

import json
import math
import os

import pytest

from genomics import disk, fit, hyper, jobs, locks, runs, turns
from genomics.errors import RunError, SettingError
from genomics.generators import GENERATORS


def test_json_is_replaced_whole(tmp_path):
    path = tmp_path / "a.json"
    disk.write_json(path, {"a": 1, 2: (math.nan, 0.5)})
    assert json.loads(path.read_text()) == {"a": 1, "2": [None, 0.5]}
    disk.write_json(path, [])
    assert json.loads(path.read_text()) == []
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.json"
    disk.write_json(path, "old")

    def fail() -> None:
        with disk.replacing(path) as file:
            file.write(b'"new, but only ha')
            file.flush()
            assert json.loads(path.read_text()) == "old"
            raise OSError("the disk is full")

    with pytest.raises(OSError, match=r"the disk is full"):
        fail()
    assert json.loads(path.read_text()) == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_what_is_no_json_leaves_the_old_file(tmp_path):
    disk.write_json(tmp_path / "a.json", "old")
    with pytest.raises(TypeError):
        disk.write_json(tmp_path / "a.json", {"a": object()})
    assert json.loads((tmp_path / "a.json").read_text()) == "old"


def test_two_may_write_the_same_file_at_once_and_the_last_to_end_wins(tmp_path):
    path = tmp_path / "a"
    with disk.replacing(path) as one:
        one.write(b"one ")
        with disk.replacing(path) as two:
            two.write(b"two")
        assert path.read_bytes() == b"two"
        one.write(b"one")
    assert path.read_bytes() == b"one one"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(("text", "slots"), [("1", 1), ("12", 12)])
def test_the_number_of_slots_can_be_set(monkeypatch, text, slots):
    monkeypatch.setenv("GENOMICS_SLOTS", text)
    assert turns.slots() == slots


@pytest.mark.parametrize(("processors", "slots"), [(1, 1), (2, 1), (3, 1), (8, 4), (None, 1)])
def test_without_a_setting_half_the_processors_are_used(monkeypatch, processors, slots):
    monkeypatch.delenv("GENOMICS_SLOTS", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert turns.slots() == slots


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", " 1", "²"])
def test_a_number_of_slots_that_is_none_is_refused(monkeypatch, text):
    monkeypatch.setenv("GENOMICS_SLOTS", text)
    with pytest.raises(SettingError, match=f'GENOMICS_SLOTS = "{text}" is not allowed: it is a whole number, at least 1'):
        turns.slots()


@pytest.mark.parametrize(("together", "cores", "share"), [(1, 8, 0), (2, 2, 1), (2, 8, 4), (3, 8, 2), (4, 2, 1)])
def test_runs_that_train_together_share_the_cores_and_one_alone_has_all(monkeypatch, together, cores, share):
    monkeypatch.setattr(turns, "cores", lambda: cores)
    assert turns.share(together) == share


def test_a_slot_is_held_by_one_run_and_the_next_in_line_gets_it(tmp_path, monkeypatch):
    monkeypatch.setenv("GENOMICS_SLOTS", "1")
    monkeypatch.setattr(turns, "POLL_SECONDS", 0.001)
    first, second, third = (tmp_path / "runs" / name for name in "abc")
    asked: list[int] = []

    def after(times: int):
        return lambda: asked.append(1) or len(asked) > times

    with turns.Ticket(first).slot(lambda: False) as granted:
        assert granted
        with turns.Ticket(second).slot(after(3)) as other:
            assert not other
    with turns.Ticket(second).slot(lambda: False) as granted:
        assert granted

    waiting = locks.try_lock(tmp_path / "queue" / "b.ticket")  # an older run still waits
    asked.clear()
    with turns.Ticket(third).slot(after(3)) as granted:
        assert not granted
    waiting.close()  # its worker has died; its ticket is cleared away
    with turns.Ticket(third).slot(lambda: False) as granted:
        assert granted
    assert list((tmp_path / "queue").glob("*.ticket")) == []


def test_two_slots_are_held_by_two_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("GENOMICS_SLOTS", "2")
    with (
        turns.Ticket(tmp_path / "runs" / "a").slot(lambda: False) as a,
        turns.Ticket(tmp_path / "runs" / "b").slot(lambda: False) as b,
        turns.Ticket(tmp_path / "runs" / "c").slot(iter([False, True]).__next__) as c,
    ):
        assert (a, b, c) == (True, True, False)


def ended(root, state: str = "finished", epochs: int = 3, **asked):
    """A run that has been, as far as its files tell."""
    folder = runs.create(root, {"architecture": "cnn", "kind": "predictor", "fit": {"epochs": 5, "patience": 2}, **asked})
    log = runs.Log(folder)
    for epoch in range(1, epochs + 1):
        log.write("step", at=100 * epoch)
        log.write("epoch", epoch=epoch)
    log.write("state", state=state)
    log.close()
    (folder / "checkpoint").mkdir()
    (folder / "checkpoint" / "state.npz").touch()
    return folder


@pytest.mark.parametrize("state", ["finished", "stopped", "failed", "running"])
def test_a_run_that_has_ended_is_asked_for_more_and_started(tmp_path, monkeypatch, state):
    started = []
    monkeypatch.setattr(jobs, "start", started.append)
    folder = ended(tmp_path, state)
    before = runs.asked(folder)
    jobs.extend(folder, 9)
    assert runs.asked(folder) == {**before, "fit": {"epochs": 9, "patience": 2}}
    assert (runs.state(folder), runs.failure(runs.read_events(folder).events)) == ("stopped", "It goes on to 9 epochs.")
    assert started == [folder]


def test_a_generator_is_asked_for_more_iterations(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "start", lambda folder: None)
    folder = ended(tmp_path, kind="generator", config={"iterations": 300}, fit={"epochs": 5})
    with pytest.raises(SettingError, match=r"iterations = 300 is not allowed for the run .*: it has had 300, so give 301 to 200,000\."):
        jobs.extend(folder, 300)
    jobs.extend(folder, 400)
    assert runs.read_events(folder).events[-1]["iterations"] == 400
    assert (runs.asked(folder)["config"], runs.asked(folder)["fit"]) == ({"iterations": 400}, {"epochs": 5})


def test_a_generator_that_was_finished_early_may_have_all_its_iterations(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "start", lambda folder: None)
    folder = ended(tmp_path, kind="generator", config={"iterations": 500})
    jobs.extend(folder, 500)
    assert runs.state(folder) == "stopped"


@pytest.mark.parametrize(
    ("longest", "message"),
    [
        (3, r"epochs = 3 is not allowed for the run .*: it has had 3, so give 4 to 2,000\."),
        (2001, r"epochs = 2,001 is not allowed for the run .*: it has had 3, so give 4 to 2,000\."),
        (5, r"epochs = 5 is what the run .* was asked for when it ended early: give another number above 3\."),
    ],
)
def test_more_is_more_than_there_was(tmp_path, longest, message):
    folder = ended(tmp_path)
    before = {path.name: path.read_bytes() for path in folder.glob("*.json*")}
    with pytest.raises(SettingError, match=message):
        jobs.extend(folder, longest)
    assert {path.name: path.read_bytes() for path in folder.glob("*.json*")} == before


def test_a_run_without_a_checkpoint_or_still_going_cannot_go_on(tmp_path):
    folder = ended(tmp_path, "running")
    with locks.try_lock(folder / "lock"), pytest.raises(RunError, match=r"is still going\. Stop it first"):
        jobs.extend(folder, 9)
    (folder / "checkpoint" / "state.npz").unlink()
    with pytest.raises(RunError, match=r"kept no checkpoint to go on from\. Train a new one that begins with its weights"):
        jobs.extend(folder, 9)


def test_the_most_is_what_is_declared():
    assert {spec.name: spec.high for spec in hyper.specs(fit.Fit)}["epochs"] == jobs.LONGEST["epochs"]
    for family in GENERATORS.values():
        assert {spec.name: spec.high for spec in hyper.specs(family.Config)}["iterations"] == jobs.LONGEST["iterations"]


def test_the_newest_trials_are_kept_and_none_that_is_going(tmp_path, monkeypatch):
    monkeypatch.setattr(jobs, "start", lambda folder: None)
    monkeypatch.setattr(jobs, "TRIALS_KEPT", 3)
    first = jobs.find_rate(tmp_path, {"architecture": "cnn"})
    with locks.try_lock(first / "lock"):
        made = [jobs.find_rate(tmp_path, {"architecture": "cnn"}) for _ in range(5)]
    assert sorted((tmp_path / "trials").iterdir()) == [first, *made[-3:]]
    assert runs.asked(made[-1])["purpose"] == "rates"
    assert runs.everything(tmp_path) == []
