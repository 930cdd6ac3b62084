"""Whole files or none; how many train at a time; the queue."""

import json
import math
import os

import pytest

from genomics import jobs, locks, runs
from genomics.errors import SettingError


def test_json_is_replaced_whole(tmp_path):
    path = tmp_path / "a.json"
    runs.write_json(path, {"a": 1, 2: (math.nan, 0.5)})
    assert json.loads(path.read_text()) == {"a": 1, "2": [None, 0.5]}
    runs.write_json(path, [])
    assert json.loads(path.read_text()) == []
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.json"
    runs.write_json(path, "old")

    def fail() -> None:
        with runs.replacing(path) as file:
            file.write(b'"new, but only ha')
            file.flush()
            assert json.loads(path.read_text()) == "old"
            raise OSError("the disk is full")

    with pytest.raises(OSError, match=r"the disk is full"):
        fail()
    assert json.loads(path.read_text()) == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_what_is_no_json_leaves_the_old_file(tmp_path):
    runs.write_json(tmp_path / "a.json", "old")
    with pytest.raises(TypeError):
        runs.write_json(tmp_path / "a.json", {"a": object()})
    assert json.loads((tmp_path / "a.json").read_text()) == "old"


def test_two_may_write_the_same_file_at_once_and_the_last_to_end_wins(tmp_path):
    path = tmp_path / "a"
    with runs.replacing(path) as one:
        one.write(b"one ")
        with runs.replacing(path) as two:
            two.write(b"two")
        assert path.read_bytes() == b"two"
        one.write(b"one")
    assert path.read_bytes() == b"one one"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(("text", "slots"), [("1", 1), ("12", 12)])
def test_the_number_of_slots_can_be_set(monkeypatch, text, slots):
    monkeypatch.setenv("GENOMICS_SLOTS", text)
    assert jobs.slots() == slots


@pytest.mark.parametrize(("processors", "slots"), [(1, 1), (2, 1), (3, 1), (8, 4), (None, 1)])
def test_without_a_setting_half_the_processors_are_used(monkeypatch, processors, slots):
    monkeypatch.delenv("GENOMICS_SLOTS", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert jobs.slots() == slots


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", " 1", "²"])
def test_a_number_of_slots_that_is_none_is_refused(monkeypatch, text):
    monkeypatch.setenv("GENOMICS_SLOTS", text)
    with pytest.raises(SettingError, match=f'GENOMICS_SLOTS = "{text}" is not allowed: it is a whole number, at least 1'):
        jobs.slots()


def test_a_slot_is_held_by_one_run_and_the_next_in_line_gets_it(tmp_path, monkeypatch):
    monkeypatch.setenv("GENOMICS_SLOTS", "1")
    monkeypatch.setattr(jobs, "POLL_SECONDS", 0.001)
    first, second, third = (tmp_path / "runs" / name for name in "abc")
    asked: list[int] = []

    def after(times: int):
        return lambda: asked.append(1) or len(asked) > times

    with jobs.slot(first, cancelled=lambda: False) as granted:
        assert granted
        with jobs.slot(second, cancelled=after(3)) as other:
            assert not other
    with jobs.slot(second, cancelled=lambda: False) as granted:
        assert granted

    waiting = locks.try_lock(tmp_path / "queue" / "b.ticket")  # an older run still waits
    asked.clear()
    with jobs.slot(third, cancelled=after(3)) as granted:
        assert not granted
    waiting.close()  # its worker has died; its ticket is cleared away
    with jobs.slot(third, cancelled=lambda: False) as granted:
        assert granted
    assert list((tmp_path / "queue").glob("*.ticket")) == []


def test_two_slots_are_held_by_two_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("GENOMICS_SLOTS", "2")
    with (
        jobs.slot(tmp_path / "runs" / "a", cancelled=lambda: False) as a,
        jobs.slot(tmp_path / "runs" / "b", cancelled=lambda: False) as b,
        jobs.slot(tmp_path / "runs" / "c", cancelled=iter([False, True]).__next__) as c,
    ):
        assert (a, b, c) == (True, True, False)
