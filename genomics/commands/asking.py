"""RUN on the command line: a trained predictor, or a group of runs that answer together; and what is said of DATA for it."""

import argparse
import sys
from pathlib import Path
from typing import Any

from genomics import applying, groups, intake, prediction, runs
from genomics.dataset import Dataset
from genomics.errors import RunError
from genomics.io.peek import look
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


def tell(options: argparse.Namespace, dataset: Dataset, told: dict[str, Any]) -> dict[str, Any]:
    """Says on standard error how DATA was read and what `applying.about` found; returns both for JSON."""
    several, choices = {}, []
    for file in filter(Path.is_file, map(Path, options.data)):
        with file.open("rb") as stream:
            seen = look(stream, file.name)
        if len(columns := intake.sequence_columns(seen)) > 1:
            read = options.sequence or seen.sequence
            several[seen.name] = {"read": read, "columns": columns}
            choices.append(f'{seen.name}: the columns {", ".join(columns)} hold DNA; "{read}" is read. Choose another with --sequence.')
    for line in (*dataset.notes, *choices, *applying.sentences(told)):
        print(line, file=sys.stderr)
    return {**told, "notes": list(dataset.notes), "sequence_columns": several}
