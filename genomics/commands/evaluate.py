"""`evaluate`: a run's metrics on its own parts, or on other labelled data."""

import argparse
from typing import Any

import numpy as np

from genomics import evaluation, prediction, results, runs
from genomics.commands import data
from genomics.dataset import Dataset
from genomics.errors import InputError, RunError
from genomics.recipe import Recipe, from_json


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    parser.add_argument("run", metavar="RUN", help="a run's name, or a part of it that no other run has")
    data.arguments(parser, optional=True)


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Without DATA, what the run measured at its end; with DATA, its network on all of these records."""
    folder = runs.find(data.workspace(options), options.run)
    recipe = from_json(runs.asked(folder))
    if recipe.kind == "generator":
        raise RunError(f'"{folder.name}" is a generator: it has a scorecard, not an accuracy. Use "runs show {folder.name}".')
    if not options.data:
        answer = results.summary(folder)
        if not answer["metrics"]:
            raise RunError(f'The run "{folder.name}" has no results yet. Let it finish, or resume it.')
        return answer, results.as_text(answer)

    predictor = prediction.load(folder, recipe)
    dataset = data.load(options, task=recipe.task if recipe.task == "regression" else "")
    found = prediction.predict(predictor, dataset, np.arange(len(dataset)))
    if recipe.task == "regression":
        measured = evaluation.of_numbers(found, dataset.measured(), dataset.measured())
    else:
        truth = _labels(dataset, predictor.classes, recipe)
        measured = evaluation.of_classes(found, truth, predictor.classes, truth)
    answer = {"run": folder.name, "data": dataset.name, "records": len(dataset), "metrics": {"data": measured.metrics}}
    return answer, results.as_text(answer)


def _labels(dataset: Dataset, classes: tuple[str, ...], recipe: Recipe) -> "np.ndarray[Any, Any]":
    if dataset.labels is None:
        raise InputError(f"{dataset.name} has no labels to compare with. Use predict, or give a label column.")
    strange = [name for name in dataset.classes if name not in classes]
    if strange:
        raise InputError(
            f'{dataset.name} has the class "{strange[0]}", which {recipe.architecture} was not trained on. Its classes: {", ".join(classes)}.'
        )
    return np.array([classes.index(name) for name in dataset.classes])[dataset.labels]
