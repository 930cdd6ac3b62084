"""Lists of runs in which a group is one row, filtered, and the records that each row was tested on."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from genomics import disk, runs, settings
from genomics.groups import group_of

_NEEDED = {"kind", "architecture", "dataset", "dataset_name", "task", "created"}


def readable(folder: Path) -> bool:
    """Whether a run can be listed: its `run.json` is whole and holds what every version writes."""
    return disk.read_mapping(folder / "run.json").keys() >= _NEEDED


def newest(folders: list[Path], most: int) -> list[Path]:
    """The newest runs, and the others of their groups, so that no group is cut; `folders` newest first."""
    begun = {group for folder in folders[:most] if (group := group_of(folder))}
    return folders[:most] + [folder for folder in folders[most:] if group_of(folder) in begun]


def gathered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A list of runs with those of a group as one row.

    Args:
        rows: of `results.brief`, newest first.

    Returns:
        Likewise, with "runs": the names that a row stands for, newest first. A group stands where its newest run stood: its
        value is the mean of the runs "measured" so far and has no interval, its curve their mean as far as all have one, its seconds
        their sum; its name, note and settings are those that all its runs share.
    """
    together: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        together.setdefault(row["group"] or row["run"], []).append(row)
    return [_gather(name, some) if len(some) > 1 else {**some[0], "runs": [some[0]["run"]]} for name, some in together.items()]


def _gather(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    states = [row["state"] for row in rows]
    folds = len({tuple(row["fold"]) for row in rows})
    networks = len({(row["architecture"], row["seed"]) for row in rows})
    parts = ([f"{folds} folds"] if folds > 1 else []) + ([f"{networks} networks"] if networks > 1 else [])
    values = [row["value"] for row in rows if row["value"] is not None]
    curves = [row["curve"] for row in rows if row["curve"]]
    finished = f"{states.count('finished')} of {len(rows)} finished"
    live = next((state for state in states if state in runs.LIVE), None)
    return {
        **rows[0],
        "run": name,
        "runs": [row["run"] for row in rows],
        **{key: rows[0][key] if len({row[key] for row in rows}) == 1 else "" for key in ("name", "note")},
        "state": states[0] if len(set(states)) == 1 else f"{live}, {finished}" if live else finished,
        "architecture": ", ".join(dict.fromkeys(row["architecture"] for row in reversed(rows))),
        "detail": " of ".join(parts),
        "metric": next((row["metric"] for row in rows if row["metric"]), ""),
        "value": float(np.mean(values)) if values else None,
        "measured": len(values),
        "low": None,
        "high": None,
        "created": min(row["created"] for row in rows),
        "seconds": sum(row["seconds"] or 0 for row in rows),
        "curve": np.mean([curve[: min(map(len, curves))] for curve in curves], axis=0).tolist() if curves else [],
        "settings": settings.common([row["settings"] for row in rows]),
    }


def matching(
    rows: Sequence[dict[str, Any]], each: Sequence[Mapping[str, Any]], text: str = "", **wanted: Collection[str]
) -> list[dict[str, Any]]:
    """The rows that a search and filters leave.

    Args:
        rows: of `gathered`.
        each: the runs that they stand for, of `results.brief`; a row stays where one of its runs has what is wanted.
        text: every word of it must occur in the name, note, id, dataset or architecture; small and capital letters are alike.
        wanted: allowed values by key, for instance state=["finished"]; nothing allowed means that all are.
    """
    members: dict[str, list[Mapping[str, Any]]] = {name: [] for row in rows for name in row["runs"]}
    for run in each:
        members.get(run["run"], []).append(run)

    def fits(run: Mapping[str, Any]) -> bool:
        said = " ".join(
            [*(run[key] for key in ("name", "note", "run", "group", "dataset", "architecture")), settings.titles(run["architecture"])]
        )
        return all(word in said.casefold() for word in text.casefold().split()) and all(
            run[key] in values for key, values in wanted.items() if values
        )

    return [row for row in rows if any(fits(run) for name in row["runs"] for run in members[name])]


def tested(folders: Sequence[Path]) -> frozenset[tuple[str, str]]:
    """The records that runs were tested on, each as dataset and id; empty where nothing was measured yet."""
    found: set[tuple[str, str]] = set()
    for folder in folders:
        path = folder / "predictions.parquet"
        if path.exists():
            ids = pq.read_table(path, columns=["id"], filters=[("part", "==", "test")])["id"].to_pylist()
            found.update((str(runs.asked(folder)["dataset"]), str(one)) for one in ids)
    return frozenset(found)
