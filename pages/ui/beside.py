"""Other runs to hold one against: those of its group and those of the same dataset, with their curves."""

import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genomics import history, listing, runs
from genomics.architectures import ARCHITECTURES
from pages.ui import state

_MOST = 30  # runs whose curves are read at a tick
Line = tuple[NDArray[np.float32], NDArray[np.float32]]


def when(folder: Path) -> str:
    """The day and the minute a run was made."""
    return time.strftime("%d %b %H:%M", time.localtime(asked(str(folder)).get("created", 0)))


def name(folder: Path) -> str:
    """The name that the user gave a run; else its architecture, fold or seed, and time."""
    given = runs.about(folder)["name"]
    if given:
        return given
    what = asked(str(folder))
    which, of = what.get("fold") or (0, 0)
    parts = [ARCHITECTURES[what["architecture"]].title if what["architecture"] in ARCHITECTURES else what["architecture"]]
    parts += [f"fold {which + 1} of {of}"] if of else []
    parts += [f"seed {what['seed']}"] if what.get("seed") or (what.get("group") and not of) else []
    return ", ".join([*parts, when(folder)])


def title(folder: Path) -> str:
    """A run by its architecture, its dataset and its time; the dataset's name is somebody else's text."""
    what = asked(str(folder))
    return f"{ARCHITECTURES[what['architecture']].title} on {what['dataset_name']}, {when(folder)}"


def labels(members: Sequence[Mapping[str, Any]]) -> list[str]:
    """Runs of one group by what tells them apart: architecture, fold, seed; `members` holds these of each."""

    def unlike(key: str) -> bool:
        return len({str(one[key]) for one in members}) > 1

    def label(one: Mapping[str, Any]) -> str:
        which, of = one.get("fold") or (0, 0)
        parts = [ARCHITECTURES[one["architecture"]].title] if unlike("architecture") else []
        parts += [f"fold {which + 1}"] if of else []
        parts += [f"seed {one['seed']}"] if unlike("seed") or not parts else []
        text = ", ".join(parts)
        return text[:1].upper() + text[1:]

    return [label(one) for one in members]


def members(folder: Path) -> list[Path]:
    """The runs of the same command, this one among them, in the order they were made; empty where it is alone."""
    group = asked(str(folder)).get("group", "")
    found = [other for other in reversed(_folders(str(folder.parent))) if group and asked(str(other)).get("group") == group]
    return found if len(found) > 1 else []


def now(folder: Path) -> str:
    """A run's state; that of one nobody works on is looked up once, since a group may have two hundred."""
    events = folder / "events.jsonl"
    return runs.state(folder) if runs.alive(folder) else _left_as(str(folder), events.stat().st_size if events.exists() else 0)


@lru_cache(maxsize=2000)
def _left_as(folder: str, size: int) -> str:
    return runs.state(Path(folder))


def alike(folder: Path) -> list[Path]:
    """Other predictors that learned from the same dataset, newest first."""
    mine = asked(str(folder))
    same = [other for other in _folders(str(folder.parent)) if asked(str(other)).get("dataset") == mine["dataset"]]
    return [other for other in same if other != folder and asked(str(other)).get("kind") == "predictor"][:_MOST]


def lines(folders: list[Path], measure: str) -> list[Line]:
    """Validation of each run by epoch, float32; empty arrays where it was not measured."""
    return [_line(folder, f"val_{measure}") for folder in folders[:_MOST]]


def _line(folder: Path, column: str) -> Line:
    events = folder / "events.jsonl"
    size = events.stat().st_size if events.exists() else 0
    if size and not runs.alive(folder):
        return _ended(str(folder), size, column)
    return _columns(state.told(folder), column)


@lru_cache(maxsize=400)
def _ended(folder: str, size: int, column: str) -> Line:
    return _columns(history.read(Path(folder)), column)


def _columns(told: history.History, column: str) -> Line:
    rows = [row for row in told.epochs if row.get(column) is not None]
    return np.array([row["epoch"] for row in rows], np.float32), np.array([row[column] for row in rows], np.float32)


def _folders(parent: str) -> list[Path]:
    """Run folders, newest first, without looking into them."""
    return sorted((path for path in Path(parent).iterdir() if not path.name.startswith(".")), key=lambda path: path.name, reverse=True)


@lru_cache(maxsize=2000)
def asked(folder: str) -> dict[str, Any]:
    """What a run was asked; kept, because it hardly changes while a page watches it. Empty where it cannot be read."""
    return dict(runs.asked(Path(folder))) if listing.readable(Path(folder)) else {}
