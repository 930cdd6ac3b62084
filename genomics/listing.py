"""Lists of runs in which a group is one row."""

from pathlib import Path
from typing import Any

import numpy as np

from genomics import runs
from genomics.groups import group_of


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
        value is the mean of the runs "measured" so far and has no interval, its curve their mean as far as all have one, its seconds their sum.
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
    }
