"""`predict`: a trained predictor's answer for each sequence, as a table."""

import argparse
import csv
import io
from pathlib import Path
from typing import Any

import numpy as np

from genomics import prediction, runs
from genomics.commands import data
from genomics.errors import RunError
from genomics.recipe import from_json


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    parser.add_argument("run", metavar="RUN", help="a run's name, or a part of it that no other run has")
    data.arguments(parser)
    parser.add_argument("-o", "--output", metavar="OUT", help="a TSV file (default: standard output)")


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Writes id, prediction and probabilities; labels in the data, if any, are not looked at."""
    folder = runs.find(data.workspace(options), options.run)
    recipe = from_json(runs.asked(folder))
    if recipe.kind == "generator":
        raise RunError(f'"{folder.name}" is a generator: it makes sequences and predicts nothing. Use "generate {folder.name}".')
    dataset = data.load(options, task="unlabelled")
    predictor = prediction.load(folder, recipe)
    index = np.arange(len(dataset))
    columns = prediction.table(dataset, index, "", prediction.predict(predictor, dataset, index), predictor.classes)
    columns = {name: values for name, values in columns.items() if name not in ("part", "truth")}
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    answer = {"run": folder.name, "records": len(dataset), "output": options.output}
    if options.output:
        runs.write_bytes(Path(options.output), text.getvalue().encode())
        return answer, f"{len(dataset):,} predictions in {options.output}"
    return answer | {"predictions": columns}, text.getvalue().rstrip("\n")
