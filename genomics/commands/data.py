"""DATA on the command line: files, the folder of a dataset in a workspace, or `sample:NAME`."""

import argparse
from pathlib import Path

from genomics import dataset as datasets
from genomics import io, runs, samples
from genomics.dataset import Dataset
from genomics.io.report import POLICIES


def arguments(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """Adds DATA and how to read it."""
    parser.add_argument(
        "data",
        nargs="*" if optional else "+",
        metavar="DATA",
        help="FASTA, CSV or TSV files, plain or gzip; a dataset's folder; or sample:NAME",
    )
    parser.add_argument("--label", default="", metavar="COLUMN", help="label column of a table, or the rule for FASTA headers; - for none")
    parser.add_argument("--sequence", default="", metavar="COLUMN", help="sequence column of a table")
    parser.add_argument(
        "--problems", default="refuse", choices=POLICIES, help="what to do with letters that are no base: refuse, n (treat as N), drop"
    )


def load(options: argparse.Namespace, *, task: str = "") -> Dataset:
    """Reads DATA as one dataset.

    Raises:
        GenomicsError: it cannot be used; the message says why.
    """
    first = options.data[0]
    if len(options.data) == 1 and first.startswith("sample:"):
        return samples.load(first.removeprefix("sample:"))
    if len(options.data) == 1 and (Path(first) / "dataset.json").is_file():
        folder = Path(first).resolve()
        return datasets.load(folder.parent.parent, folder.name)
    parts = [io.read(path, label=options.label, sequence=options.sequence) for path in options.data]
    return datasets.build(*io.join(parts), task=task, policy=options.problems)


def workspace(options: argparse.Namespace) -> Path:
    """The workspace asked for."""
    return runs.workspace(options.workspace)
