"""`predict`: a trained predictor's answer for each sequence, as a table; of a group of runs, their mean."""

import argparse
import csv
import io
from pathlib import Path
from typing import Any

import numpy as np

from genomics import disk, prediction
from genomics.commands import asking, data


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    parser.add_argument("run", metavar="RUN", help=asking.RUN_HELP)
    data.arguments(parser)
    parser.add_argument("-o", "--output", metavar="OUT", help="a TSV file (default: standard output)")


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Writes id, prediction and probabilities; labels in the data, if any, are not looked at."""
    name, folders = asking.predictors(data.workspace(options), options.run)
    dataset = data.load(options, task="unlabelled")
    members = asking.loaded(folders)
    index = np.arange(len(dataset))
    columns = prediction.table(members[0], dataset, index, "", prediction.predict_many(members, dataset, index))
    columns = {title: values for title, values in columns.items() if title != "part" and title.split(" ")[0] != "truth"}
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    answer: dict[str, Any] = {"run": name, "records": len(dataset), "output": options.output}
    together = ""
    if len(members) > 1:
        answer["members"] = [folder.name for folder in folders]
        together = f", each the mean of {len(members)} runs"
    if options.output:
        disk.write_bytes(Path(options.output), text.getvalue().encode())
        return answer, f"{len(dataset):,} predictions in {options.output}{together}"
    return answer | {"predictions": columns}, text.getvalue().rstrip("\n")
