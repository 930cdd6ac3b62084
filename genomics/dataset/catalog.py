"""The datasets of a workspace as a list; only small JSON files are read.

`datasets/<fingerprint>/name.json` holds a name given after the dataset was first saved, and whether a user chose it.
"""

import shutil
from pathlib import Path
from typing import Any

from genomics import disk, requests, runs
from genomics.errors import RunError, SettingError

LONGEST_NAME = 200


def about(folder: Path) -> dict[str, Any]:
    """What `dataset.json` says, under the name given last, with its "fingerprint"; "records" is None where it cannot be read."""
    known, given = disk.read_mapping(folder / "dataset.json"), disk.read_mapping(folder / "name.json")
    if not isinstance(known.get("name"), str) or not isinstance(known.get("records"), int):
        known = {"name": f"{folder.name} (cannot be read)", "records": None}
    return known | {"name": str(given.get("name", known["name"])), "fingerprint": folder.name}


def listing(root: Path) -> list[dict[str, Any]]:
    """`about` of each dataset in a workspace with the time it was "added" (seconds since 1970), newest first."""
    rows = [about(file.parent) | {"added": file.stat().st_mtime} for file in (root / "datasets").glob("*/dataset.json")]
    return sorted(rows, key=lambda row: -row["added"])


def rename(folder: Path, name: str, *, chosen: bool = True) -> None:
    """Gives a dataset a name. One that a user has chosen is not replaced by one that came with a file (`chosen` is false)."""
    name = " ".join(name.split())
    if chosen and not 1 <= len(name) <= LONGEST_NAME:
        raise SettingError(f"The name has {len(name)} characters. Give it 1 to {LONGEST_NAME}.")
    if chosen or not disk.read_mapping(folder / "name.json").get("chosen"):
        disk.write_json(folder / "name.json", {"name": name, "chosen": chosen})


def used_by(root: Path) -> dict[str, list[str]]:
    """Names of the runs that use each dataset, by fingerprint, newest first."""
    found: dict[str, list[str]] = {}
    for folder in runs.everything(root):
        found.setdefault(str(disk.read_mapping(folder / "run.json").get("dataset")), []).append(folder.name)
    return found


def needed(folder: Path) -> str:
    """Why a dataset cannot be deleted now, in a sentence; empty if it can."""
    root = folder.parent.parent
    if using := used_by(root).get(folder.name):
        return f"Used by {', '.join(using[:3])}{f' and {len(using) - 3:,} more runs' if len(using) > 3 else ''}. Delete these on the Runs page first."
    for path in [*root.glob("intake/*/request.json"), *root.glob("trials/*/run.json")]:
        if runs.alive(path.parent) and folder.name in (disk.read_mapping(path).get("dataset"), requests.progress(path.parent).dataset):
            return "This dataset is being checked, or a learning rate is searched on it. Wait until that has ended, or cancel it."
    return ""


def delete(folder: Path) -> None:
    """Removes a dataset for good; those made from it stay. Refused with a RunError while a run or a job needs it."""
    if reason := needed(folder):
        raise RunError(reason)
    (folder / "dataset.json").unlink()  # first: without it nothing takes the rest for a dataset
    shutil.rmtree(folder)
