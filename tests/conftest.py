"""What all tests share: quiet TensorFlow, and a workspace of one's own."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["GENOMICS_SPARE_MINUTES"] = "0"  # no process outlives its test, unless the test is about that
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")  # of two files at a time each keeps to one core: toys gain nothing by a second
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

_LONGEST = ("test_predicting", "test_contract", "test_looking", "test_commands", "test_reading", "test_spares", "test_generating")


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch) -> Path:
    """No test touches the workspace of whoever runs it."""
    root = tmp_path / "workspace"
    monkeypatch.setenv("GENOMICS_WORKSPACE", str(root))
    return root


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take longest come first, so that no worker has one of them left at the end; browser stories alternate with others."""
    place = {name: number for number, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


def pytest_make_parametrize_id(val) -> str | None:
    """Bytes stay out of the names of tests: a packed file's hold the second it was packed in, and two workers must collect the same names."""
    return "bytes" if isinstance(val, bytes) else None
