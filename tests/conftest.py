"""What all tests share: quiet TensorFlow, and a workspace of one's own."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["GENOMICS_SPARE_MINUTES"] = "0"  # no process outlives its test, unless the test is about that


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch) -> Path:
    """No test touches the workspace of whoever runs it."""
    root = tmp_path / "workspace"
    monkeypatch.setenv("GENOMICS_WORKSPACE", str(root))
    return root


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker has all browser stories, which come first: they are the longest, and two at a time would slow each other. Else files stay whole."""
    browser = Path(__file__).parent / "browser"
    items.sort(key=lambda item: browser not in item.path.parents)
    for item in items:
        item.add_marker(pytest.mark.xdist_group("browser" if browser in item.path.parents else item.path.stem))


def pytest_make_parametrize_id(val) -> str | None:
    """Bytes stay out of the names of tests: a packed file's hold the second it was packed in, and two workers must collect the same names."""
    return "bytes" if isinstance(val, bytes) else None
