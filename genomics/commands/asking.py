"""RUN on the command line: a trained predictor, or a group of runs that answer together."""

from pathlib import Path

from genomics import groups, prediction, runs
from genomics.errors import RunError
from genomics.prediction import Predictor
from genomics.recipe import from_json

RUN_HELP = "a run's name, or a part of it that no other run has; or a group's name, for the mean of its runs"


def predictors(root: Path, name: str) -> tuple[str, list[Path]]:
    """The full name of a run and its folder, or a group's name and the folders of its runs.

    Raises:
        RunError: there is neither, or it makes sequences and predicts nothing.
    """
    folders = groups.named(root, name)
    for folder in folders:
        if from_json(runs.asked(folder)).kind == "generator":
            raise RunError(f'"{folder.name}" is a generator: it makes sequences and predicts nothing. Use "generate {folder.name}".')
    return name if len(folders) > 1 else folders[0].name, folders


def loaded(folders: list[Path]) -> list[Predictor]:
    """The networks of these runs.

    Raises:
        RunError: one has none yet.
    """
    return [prediction.load(folder, from_json(runs.asked(folder))) for folder in folders]
