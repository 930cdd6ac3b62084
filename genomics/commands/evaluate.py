"""`evaluate`: a run's metrics on its own parts, or on other labelled data; of a group of runs, those of their mean."""

import argparse
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genomics import evaluation, groups, prediction, results
from genomics.commands import asking, data
from genomics.dataset import Dataset
from genomics.errors import InputError, RunError
from genomics.evaluation import Evaluation
from genomics.prediction import Predictor

_TOLD = ("multilabel", "regression")  # tasks that labels alone may not give away


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    parser.add_argument("run", metavar="RUN", help=asking.RUN_HELP)
    data.arguments(parser, optional=True)


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Without DATA, what was measured at the end; with DATA, the network on all of these records."""
    name, folders = asking.predictors(data.workspace(options), options.run)
    if not options.data:
        answer = groups.together(folders)
        if not answer["metrics"]:
            raise RunError(f'The run "{name}" has no results yet. Let it finish, or resume it.')
        return answer, results.as_text(answer)

    members = asking.loaded(folders)
    first = members[0]
    dataset = data.load(options, task=first.recipe.task if first.recipe.task in _TOLD else "")
    found = prediction.predict_many(members, dataset, np.arange(len(dataset)))
    measured = _measured(first, dataset, found)
    answer = {"run": name, "data": dataset.name, "records": len(dataset), "metrics": {"data": measured.metrics}}
    answer |= {"parts": dict(measured.parts)} if measured.parts else {}
    answer |= {"members": [folder.name for folder in folders]} if len(folders) > 1 else {}
    return answer, results.as_text(answer)


def _measured(predictor: Predictor, dataset: Dataset, found: NDArray[np.float64]) -> Evaluation:
    if predictor.recipe.task == "regression":
        targets = _targets(predictor, dataset)
        return evaluation.of_numbers(found, targets, targets, names=predictor.outputs, groups=dataset.groups)
    if predictor.recipe.task == "multilabel":
        members = _members(predictor, dataset)
        return evaluation.of_labels(found, members, predictor.classes, members, groups=dataset.groups)
    if dataset.labels is None:
        raise InputError(f"{dataset.name} has no labels to compare with. Use predict, or give a label column.")
    truth = np.array(_places(predictor, dataset))[dataset.labels]
    return evaluation.of_classes(found, truth, predictor.classes, truth, groups=dataset.groups)


def _targets(predictor: Predictor, dataset: Dataset) -> NDArray[np.float32]:
    """The numbers in the order of the network's: by name where names are known, else as they stand."""
    targets = dataset.measured()
    asked, given = len(predictor.outputs) or 1, targets.shape[1] if targets.ndim == 2 else 1
    if given != asked:
        named = f" ({', '.join(predictor.outputs)})" if predictor.outputs else ""
        raise InputError(
            f"{dataset.name} has {given} {'number' if given == 1 else 'numbers'} a record, but the network says {asked}{named}. "
            "Name as many columns with --label."
        )
    if predictor.outputs and set(dataset.target_names) == set(predictor.outputs):
        return targets[:, [dataset.target_names.index(name) for name in predictor.outputs]]
    return targets


def _members(predictor: Predictor, dataset: Dataset) -> NDArray[np.uint8]:
    """Which labels each record has, in the order of the network's; a label that the data never name is had by none."""
    if dataset.members is None:
        raise InputError(f"{dataset.name} has no labels to compare with. Use predict, or give a label column.")
    members = np.zeros((len(dataset), len(predictor.classes)), np.uint8)
    members[:, _places(predictor, dataset)] = dataset.members
    return members


def _places(predictor: Predictor, dataset: Dataset) -> list[int]:
    """The network's number of each class of the data."""
    strange = [name for name in dataset.classes if name not in predictor.classes]
    if strange:
        raise InputError(
            f'{dataset.name} has the class "{strange[0]}", which {predictor.recipe.architecture} was not trained on. '
            f"Its classes: {', '.join(predictor.classes)}."
        )
    return [predictor.classes.index(name) for name in dataset.classes]
