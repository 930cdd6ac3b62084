"""`evaluate`: a run's metrics on its own parts, or on other labelled data; of a group of runs, those of their mean."""

import argparse
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genomics import applying, evaluation, groups, prediction, results, runs
from genomics.commands import asking, data
from genomics.dataset import Dataset
from genomics.errors import InputError, RunError
from genomics.evaluation import Evaluation
from genomics.evaluation.value import Cell
from genomics.prediction import Predictor
from genomics.quiet import quiet

_TOLD = ("multilabel", "regression")  # tasks that labels alone may not give away
_OF_ONE_CLASS = ("accuracy", "brier", "ece", "log_loss")  # metrics that exist where all records are of one class
_NO_VALUE: Cell = {"value": None, "low": None, "high": None}
_EXCHANGED = -0.3  # an MCC below it is no chance
_AS_NUMBERS = {**dict.fromkeys(("no", "false", "negative"), "0"), **dict.fromkeys(("yes", "true", "positive"), "1")}


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

    task = runs.asked(folders[0])["task"]
    dataset = data.load(options, task=task if task in _TOLD else "")
    with quiet():
        members = asking.loaded(folders)
        found = prediction.predict_many(members, dataset, np.arange(len(dataset)))
        known = applying.profiles(members, data.workspace(options)) or ()
    told = asking.tell(options, dataset, applying.about(members, applying.remarks(members, dataset, known)))
    measured = _measured(members[0], dataset, found)
    answer = {"run": name, "data": dataset.name, "metrics": {"data": measured.metrics}, **told, **_labels(members[0], dataset, measured)}
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
    measured = evaluation.of_classes(found, truth, predictor.classes, truth, groups=dataset.groups)
    if len(present := np.unique(truth)) == 1:  # what compares classes does not exist
        exists = {*_OF_ONE_CLASS, *([("specificity", "sensitivity")[present[0]]] if len(predictor.classes) == 2 else ())}
        measured.metrics.update({name: _NO_VALUE for name in measured.metrics if name not in exists})
    return measured


def _labels(predictor: Predictor, dataset: Dataset, measured: Evaluation) -> dict[str, Any]:
    """Says what is odd about the labels, on standard error, and returns it for JSON."""
    spelt = zip(dataset.classes, [predictor.classes[place] for place in _places(predictor, dataset)], strict=True)
    matched = {name: meant for name, meant in spelt if name != meant}
    mcc = measured.metrics.get("mcc", _NO_VALUE)["value"]
    exchanged = predictor.recipe.task == "binary" and mcc is not None and mcc < _EXCHANGED
    only = [name for name, row in zip(predictor.classes, measured.confusion, strict=False) if sum(row) == len(dataset)]
    said = [f'The label "{name}" is taken for the network\'s class "{meant}".' for name, meant in matched.items()]
    if only:
        said.append(f'Every record has the class "{only[0]}": AUROC, MCC and all else that compares classes are undefined (-).')
    if exchanged:
        said.append(
            f"MCC is {mcc:.2f}: the labels look exchanged. Check that {' and '.join(predictor.classes)} mean the same as in training."
        )
    for line in said:
        print(line, file=sys.stderr)
    return {"labels": {"matched": matched, "only": only[0] if only else None, "exchanged": exchanged}}


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
    for column, place in enumerate(_places(predictor, dataset)):
        members[:, place] |= dataset.members[:, column]
    return members


def _places(predictor: Predictor, dataset: Dataset) -> list[int]:
    """The network's number of each class of the data: of equal names, or of the one name that is the same in another spelling."""
    places, ours = [], predictor.classes
    for name in dataset.classes:
        same = [own for own in ours if own == name] or [own for own in ours if _plain(own) == _plain(name)]
        if len(same) != 1:
            raise InputError(
                f'{dataset.name} has the class "{name}", which {predictor.recipe.architecture} was not trained on. '
                f"Its classes: {', '.join(ours)}."
            )
        places.append(ours.index(same[0]))
    return places


def _plain(name: str) -> str:
    """A label without its spelling: case, blanks, 0.0 for 0, yes for 1."""
    text = " ".join(name.casefold().split())
    text = _AS_NUMBERS.get(text, text)
    try:
        return f"{float(text):g}"
    except ValueError:
        return text
