"""Runs that belong together as one answer: an ensemble of seeds or of architectures, or folds that together test every record.

Members with the same fold have seen and tested the same records: their predictions are averaged, which is an ensemble.
Folds test different records: their predictions are laid side by side, so that the pooled value speaks of all records.
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from genomics import disk, evaluation, results, runs
from genomics.errors import RunError
from genomics.labelling import SEPARATOR
from genomics.recipe import from_json


def members(root: Path, group: str) -> list[Path]:
    """The run folders of a group, in the order they were made; none where there is no such group."""
    return [folder for folder in reversed(runs.everything(root)) if group and group_of(folder) == group]


def group_of(folder: Path) -> str:
    """The name of the group that a run belongs to; empty where it is alone, or damaged."""
    return str(disk.read_mapping(folder / "run.json").get("group", ""))


def named(root: Path, name: str) -> list[Path]:
    """The runs of a group, in the order they were made; or the one run of that name, see `runs.find`.

    Raises:
        RunError: there is neither.
    """
    return members(root, name) or [runs.find(root, name)]


def delete(folders: list[Path]) -> None:
    """Removes runs for good, all or none.

    Raises:
        RunError: one is still going.
    """
    going = [folder.name for folder in folders if runs.alive(folder)]
    if going:
        raise RunError(f'The run "{going[0]}" is still going. Stop it first; nothing was deleted.')
    for folder in folders:
        runs.delete(folder)


class Pooled(NamedTuple):
    """The test predictions of a group: averaged over the runs of a fold, joined over folds; as columns, and what they are worth."""

    columns: dict[str, list[Any]]
    test: evaluation.Evaluation


def pooled(folders: list[Path]) -> Pooled | None:
    """The members' predictions together; None where no member has any."""
    measured = [folder for folder in folders if (folder / "predictions.parquet").exists()]
    if not measured:
        return None
    columns, task = _test_columns(measured), from_json(runs.asked(measured[0])).task
    names, said = _stacked(columns, "prediction" if task == "regression" else "probability")
    if task == "regression":
        said = said if names else np.array(columns["prediction"])
        truth = _stacked(columns, "truth")[1] if names else np.array(columns["truth"])
        return Pooled(columns, evaluation.of_numbers(said, truth, truth, names=names, groups=_alike(columns)))
    # the prediction is what the mean says, which need not be what any member says
    if task == "multilabel":
        labels, each = np.array(names, object), [set(text.split(SEPARATOR)) for text in columns["truth"]]
        columns["prediction"] = [SEPARATOR.join(labels[row]) for row in said > 0.5]
        members = np.array([[name in has for name in names] for has in each], np.uint8)
        return Pooled(columns, evaluation.of_labels(said, members, names, members, groups=_alike(columns)))
    columns["prediction"] = [names[number] for number in said.argmax(1)]
    classes = np.array([names.index(name) for name in columns["truth"]])
    return Pooled(columns, evaluation.of_classes(said, classes, names, classes, groups=_alike(columns)))


def answer(folders: list[Path], found: Pooled | None = None) -> dict[str, Any]:
    """Runs of one group as one answer.

    Args:
        folders: the members.
        found: what `pooled` gives, where it is known.

    Returns:
        "group", "kind" ("ensemble", "folds" or "folds of ensembles"), "runs", "state", "architecture", "dataset",
        "metrics": {"test": of the pooled predictions}, "parts": the same by label or target where there are several, "drawn":
        how many groups of records the intervals were drawn over (0 for records), "shortcuts": the baselines on an ensemble's
        test set, or the mean of theirs over folds, "spread": mean, sd and values of each test metric over members, "members": one row each with
        its "run", "state", "architecture", "seed", "fold" and test "metrics". Generators have a spread only.
    """
    recipes = [from_json(runs.asked(folder)) for folder in folders]
    rows = [results.summary(folder) for folder in folders]
    one = recipes[0]
    several = len({recipe.fold for recipe in recipes}) > 1
    ensembles = len({(recipe.architecture, recipe.seed) for recipe in recipes}) > 1
    together = {
        "group": one.group,
        "kind": ("folds of ensembles" if ensembles else "folds") if several else "ensemble",
        "runs": [folder.name for folder in folders],
        "state": "finished" if all(row["state"] == "finished" for row in rows) else "incomplete",
        "architecture": ", ".join(dict.fromkeys(recipe.architecture for recipe in recipes)),
        "dataset": one.dataset_name,
        "members": [
            {key: row[key] for key in ("run", "state", "architecture")}
            | {"seed": recipe.seed, "fold": recipe.fold, "records": row["tested"], "metrics": row["metrics"].get("test", {})}
            for recipe, row in zip(recipes, rows, strict=True)
        ],
    }
    if one.kind == "generator":
        cards = [row["scorecard"] for row in rows if "scorecard" in row]
        numbers = [{"gap_closed": card["gap_closed"], "jsd_4": card["generated"]["jsd"]["4"]} for card in cards]
        return {**together, "metrics": {}, "spread": _spread(numbers)}
    found = found or pooled(folders)
    if found is None:
        return {**together, "metrics": {}, "spread": {}}
    test = found.test
    numbers = [{name: cell["value"] for name, cell in row["metrics"]["test"].items()} for row in rows if row["metrics"]]
    known = [row["shortcuts"] for row in rows if row.get("shortcuts")]
    floors = (_mean_baselines(known) if len(known) == len(rows) else {}) if several else next(iter(known), {})
    floors = {name: {key: value for key, value in row.items() if key != "difference"} for name, row in floors.items()}  # to one member
    reached = {"metrics": {"test": test.metrics}, "parts": dict(test.parts), "drawn": test.drawn}
    return {**together, **reached, "shortcuts": floors, "spread": _spread(numbers)}


def _mean_baselines(known: list[dict[str, Any]]) -> dict[str, Any]:
    """The mean of each metric over folds, without an interval; metrics that a fold lacks are left out."""
    found = {}
    for name, row in known[0].items():
        each = [{metric: cell["value"] for metric, cell in other[name]["metrics"].items()} for other in known if name in other]
        means = _spread(each) if len(each) == len(known) else {}
        cells = {metric: {"value": spread["mean"], "low": None, "high": None} for metric, spread in means.items()}
        found[name] = {**row, "metrics": cells, "sentence": f"Mean over {len(known)} folds. {row['sentence']}"}
    return found


def together(folders: list[Path]) -> dict[str, Any]:
    """What `named` found as one answer: that of the group, or of its one run, see `results.summary`."""
    return answer(folders) if len(folders) > 1 else results.summary(folders[0])


def _test_columns(folders: list[Path]) -> dict[str, list[Any]]:
    """The test predictions of all members as columns: averaged over those of one fold, then joined over folds."""
    by_fold: dict[tuple[int, ...], list[dict[str, list[Any]]]] = {}
    for folder in folders:
        table = pq.read_table(folder / "predictions.parquet")
        test = table.filter(np.array(table["part"].to_pylist()) == "test").to_pydict()
        by_fold.setdefault(tuple(runs.asked(folder)["fold"]), []).append(test)
    joined: dict[str, list[Any]] = {}
    for tables in by_fold.values():
        for name, values in tables[0].items():
            numeric = name.startswith(("probability ", "prediction")) and isinstance(values[0], float)
            mean = np.mean([table[name] for table in tables], axis=0).tolist() if numeric else values
            joined.setdefault(name, []).extend(mean)
    return joined


def _stacked(columns: dict[str, list[Any]], kind: str) -> tuple[tuple[str, ...], NDArray[Any]]:
    """The names of the columns called "KIND NAME", and what they hold: (n, names)."""
    names = tuple(name.removeprefix(f"{kind} ") for name in columns if name.startswith(f"{kind} "))
    return names, np.array([columns[f"{kind} {name}"] for name in names]).T


def _alike(columns: dict[str, list[Any]]) -> NDArray[np.intp] | None:
    """The number of each record's group, where records have groups and every member wrote them down."""
    names = columns.get("group", [])
    return np.unique(names, return_inverse=True)[1] if len(names) == len(columns["id"]) else None


def _spread(rows: list[dict[str, float | None]]) -> dict[str, dict[str, Any]]:
    """Mean and standard deviation of each number over runs; numbers that a run lacks are left out."""
    spread = {}
    for name in rows[0] if len(rows) > 1 else ():
        values = [value for value in (row.get(name) for row in rows) if value is not None]
        if len(values) == len(rows):
            spread[name] = {"mean": float(np.mean(values)), "sd": float(np.std(values, ddof=1)), "values": values}
    return spread
