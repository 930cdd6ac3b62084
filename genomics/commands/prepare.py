"""`prepare`: reads, cuts, adds negatives, mends, and writes the result as a file."""

import argparse
from pathlib import Path
from typing import Any

from genomics import inspection, remedies, split, words, writing
from genomics.commands import data
from genomics.errors import SettingError
from genomics.split import HOW


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    data.arguments(parser)
    parser.add_argument(
        "-o", "--output", required=True, metavar="OUT", help=f"where to write; the ending chooses the form: {', '.join(writing.SUFFIXES)}"
    )
    parser.add_argument("--split", default="auto", metavar="HOW", help=f"for remedies that need one: {', '.join(HOW)} (default: auto)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of every draw (default: 0)")
    parser.add_argument("--mend", default="", metavar="CODE,CODE", help='carry out the remedies of these findings, see "audit"')


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Writes the file whole or not at all."""
    path = writing.check(options.output)
    if any(path.exists() and Path(file).exists() and path.samefile(file) for file in [*options.data, *filter(None, [options.reference])]):
        raise SettingError(f'"{path}" is one of the files that are read. Choose another output.')
    dataset = data.load(options)
    split.check(dataset, options.split)
    for code in filter(None, options.mend.split(",")):
        dataset = remedies.mend(dataset, code.strip(), options.split, options.seed)
    data.quiet()
    writing.write(dataset, path)
    answer = {"output": str(Path(options.output)), "dataset": dataset.fingerprint, **inspection.summary(dataset)}
    return answer, "\n".join([*dataset.notes, words.dataset(dataset), f"Written to {options.output}, in upper case, unknown bases as N"])
