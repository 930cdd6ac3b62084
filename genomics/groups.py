"""Runs of one command, folds or seeds, as one answer: mean and spread over them, and the pooled value."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from genomics import evaluation, runs
from genomics.recipe import Recipe, from_json


def pooled(folders: list[Path], answers: list[dict[str, Any]]) -> dict[str, Any]:
    """Several runs of one command (folds or seeds) as one answer: mean and spread, and the pooled value.

    The pooled value is measured on the test predictions of all runs together. Generators have none.
    """
    recipe = from_json(runs.asked(folders[0]))
    together = {
        "group": recipe.group,
        "runs": [folder.name for folder in folders],
        "state": "finished" if all(answer["state"] == "finished" for answer in answers) else "incomplete",
        "architecture": recipe.architecture,
        "dataset": recipe.dataset_name,
    }
    if recipe.kind == "generator":
        cards = [answer["scorecard"] for answer in answers if "scorecard" in answer]
        rows = [{"gap_closed": card["gap_closed"], "jsd_4": card["generated"]["jsd"]["4"]} for card in cards]
        return {**together, "metrics": {}, "spread": _spread(rows)}
    measured = _measured_together(recipe, folders)
    rows = [{name: cell["value"] for name, cell in answer["metrics"]["test"].items()} for answer in answers]
    return {**together, "metrics": {"test": measured.metrics}, "spread": _spread(rows)}


def _measured_together(recipe: Recipe, folders: list[Path]) -> evaluation.Evaluation:
    tables = [pq.read_table(folder / "predictions.parquet") for folder in folders]
    tests = [table.filter(np.array(table["part"].to_pylist()) == "test").to_pydict() for table in tables]
    together = {name: [value for test in tests for value in test[name]] for name in tests[0]}
    if recipe.task == "regression":
        truth = np.array(together["truth"])
        return evaluation.of_numbers(np.array(together["prediction"]), truth, truth)
    classes = tuple(name.removeprefix("probability ") for name in together if name.startswith("probability "))
    labels = np.array([classes.index(name) for name in together["truth"]])
    return evaluation.of_classes(np.array([together[f"probability {name}"] for name in classes]).T, labels, classes, labels)


def _spread(rows: list[dict[str, float | None]]) -> dict[str, dict[str, Any]]:
    """Mean and standard deviation of each number over runs; numbers that a run lacks are left out."""
    spread = {}
    for name in rows[0] if len(rows) > 1 else ():
        values = [value for value in (row[name] for row in rows) if value is not None]
        if len(values) == len(rows):
            spread[name] = {"mean": float(np.mean(values)), "sd": float(np.std(values, ddof=1)), "values": values}
    return spread
