"""`predict`: a trained predictor's answer for each sequence, as a table; of a group of runs, their mean."""

import argparse
import csv
import io
from pathlib import Path
from typing import Any

from genomics import applying, disk
from genomics.commands import asking, data
from genomics.quiet import quiet


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    parser.add_argument("run", metavar="RUN", help=asking.RUN_HELP)
    data.arguments(parser)
    parser.add_argument("-o", "--output", metavar="OUT", help="a TSV file (default: standard output)")


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Writes id, prediction, probabilities and remarks; labels in the data, if any, are not looked at."""
    root = data.workspace(options)
    name, folders = asking.predictors(root, options.run)
    dataset = data.load(options, task="unlabelled")
    with quiet():
        members = asking.loaded(folders)
        columns = applying.table(members, dataset, applying.profiles(members, root) or ())
    told = asking.tell(options, dataset, applying.about(members, columns["remarks"]))
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    answer: dict[str, Any] = {"run": name, "output": options.output, **told}
    together = ""
    if len(members) > 1:
        answer["members"] = [folder.name for folder in folders]
        together = f", each the mean of {len(members)} runs"
    if options.output:
        disk.write_bytes(Path(options.output), text.getvalue().encode())
        return answer, f"{len(dataset):,} predictions in {options.output}{together}"
    return answer | {"predictions": columns}, text.getvalue().rstrip("\n")
