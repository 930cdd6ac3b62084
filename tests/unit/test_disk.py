"""Files are whole or not there, whatever happens while they are written."""

import json
import threading

import pytest

from genomics import disk


def test_what_is_written_is_read_back_and_what_json_lacks_becomes_null(tmp_path):
    path = tmp_path / "a.json"
    disk.write_json(path, {"a": [1, (2.5, float("nan"))], 3: float("inf"), "b": {"c": "ü"}})
    assert disk.read_json(path) == {"a": [1, [2.5, None]], "3": None, "b": {"c": "ü"}}
    json.loads(path.read_text("utf-8"), parse_constant=pytest.fail)


def test_a_file_that_is_not_there_is_none(tmp_path):
    assert disk.read_json(tmp_path / "nothing.json") is None


def _half_written(path):
    with disk.replacing(path) as file:
        file.write(b"half of the ne")
        file.flush()
        raise OSError("the disk is full")


def test_a_failure_while_writing_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.bin"
    disk.write_bytes(path, b"old")
    with pytest.raises(OSError, match="full"):
        _half_written(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_who_reads_meanwhile_sees_the_old_file(tmp_path):
    path = tmp_path / "a.bin"
    disk.write_bytes(path, b"old")
    with disk.replacing(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


def test_two_who_write_at_the_same_time_do_not_mix(tmp_path):
    path = tmp_path / "a.bin"
    contents = [bytes([letter]) * 100_000 for letter in b"abcd"]
    writers = [threading.Thread(target=disk.write_bytes, args=(path, content)) for content in contents]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert path.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [path]
