"""Everything needed to go on exactly where training was: written whole or not at all."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genomics import disk

Arrays = list[NDArray[Any]]


def write(folder: Path, groups: dict[str, Arrays], state: dict[str, Any]) -> None:
    """Keeps arrays by group, and a JSON state, as `checkpoint/state.npz`."""
    (folder / "checkpoint").mkdir(exist_ok=True)
    arrays: dict[str, Any] = {f"{group}-{number:05d}": array for group, members in groups.items() for number, array in enumerate(members)}
    with disk.replacing(folder / "checkpoint" / "state.npz") as file:
        np.savez(file, state=np.array(json.dumps(state)), **arrays)


def read(folder: Path) -> tuple[dict[str, Arrays], dict[str, Any]] | None:
    """The last checkpoint, or None where there is none."""
    path = folder / "checkpoint" / "state.npz"
    if not path.exists():
        return None
    groups: dict[str, Arrays] = {}
    with np.load(path) as stored:
        for name in sorted(stored.files):
            if name != "state":
                groups.setdefault(name.rpartition("-")[0], []).append(stored[name])
        return groups, json.loads(str(stored["state"]))


def discard(folder: Path) -> None:
    """Removes the checkpoint of a run that needs it no more."""
    shutil.rmtree(folder / "checkpoint", ignore_errors=True)


def values(variables: list[Any]) -> Arrays:
    """The present values of Keras variables, copied: "best weights" must not be a live reference."""
    return [variable.numpy() for variable in variables]


def assign(variables: list[Any], arrays: Arrays) -> None:
    """Puts values back."""
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
