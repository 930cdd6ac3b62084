"""DATA on the command line: files, the folder of a dataset in a workspace, or `sample:NAME`; and how to read it."""

import argparse
import sys
from pathlib import Path

from genomics import dataset as datasets
from genomics import intake, io, labelling, runs, samples
from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.intake import AROUND, NEGATIVES

DATA_HELP = (
    "FASTA, FASTQ, 2bit, GenBank, EMBL, BED or GFF (with --reference), CSV, TSV, Parquet or Excel files, plain, gzip or zip; "
    "a dataset's folder; or sample:NAME"
)


def arguments(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """Adds DATA and how to read it."""
    parser.add_argument("data", nargs="*" if optional else "+", metavar="DATA", help=DATA_HELP)
    reading = parser.add_argument_group("how to read it")
    reading.add_argument(
        "--label", default="", metavar="COLUMN", help="label column (several with commas), or the rule for headers; - for none"
    )
    reading.add_argument("--sequence", default="", metavar="COLUMN", help="sequence column of a table")
    reading.add_argument(
        "--group", default="", metavar="COLUMN", help="column or header rule for what belongs together (chromosome, family)"
    )
    reading.add_argument("--id", default="", metavar="COLUMN", help="column of the sequences' names (default: found by name)")
    reading.add_argument("--task", default="", choices=("", *labelling.TASKS), help="what the labels are (default: found by itself)")
    reading.add_argument("--problems", default="refuse", metavar="POLICY", help=f"odd letters and broken records: {io.POLICY_HELP}")
    reading.add_argument("--min-quality", type=float, default=0.0, metavar="Q", help="FASTQ: leave out reads of a lower mean quality")
    cutting = parser.add_argument_group("cutting, and a second class")
    cutting.add_argument(
        "--reference", default="", metavar="FILE", help="genome (FASTA, 2bit, GenBank, EMBL) that BED or GFF intervals are cut from"
    )
    cutting.add_argument(
        "--feature", default="", metavar="KIND", help="annotated genome: cut windows round features of this kind, for instance CDS"
    )
    cutting.add_argument("--around", default="start", choices=AROUND, help="which part of the feature (default: start)")
    cutting.add_argument("--before", type=int, default=60, metavar="BP", help="bases ahead of it (default: 60)")
    cutting.add_argument("--after", type=int, default=40, metavar="BP", help="bases from there on (default: 40)")
    cutting.add_argument(
        "--rename", default="", choices=("", "strip chr", "add chr"), help="how to change contig names of BED and GFF files"
    )
    cutting.add_argument("--spliced", action="store_true", help="BED of 12 columns: join the blocks (exons) of each interval")
    cutting.add_argument("--window", type=int, default=0, metavar="BP", help="cut every sequence into windows of this length")
    cutting.add_argument("--step", type=int, default=0, metavar="BP", help="from one window to the next (default: the window's length)")
    cutting.add_argument(
        "--negatives",
        default="",
        choices=("", *NEGATIVES),
        help="make a second class: shuffled sequences, windows of the genome of equal length and GC content, or places inside the same features",
    )
    cutting.add_argument("--words", type=int, default=2, metavar="K", help="shuffled: keep the counts of words of this length (default: 2)")
    cutting.add_argument("--per-positive", type=int, default=1, metavar="N", help="negatives for each positive (default: 1)")


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
    if any(file.startswith("sample:") for file in options.data):
        raise SettingError("A sample is a dataset of its own. Give it alone.")
    asked = vars(options) | {"files": tuple(options.data), "policy": options.problems, "task": task or options.task}
    return intake.gather(intake.from_json(asked), said)


def said(what: str, share: float) -> None:
    """Progress on standard error, where somebody looks at it."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{what}{f' {share:.0%}' if share else ''}", end="", file=sys.stderr, flush=True)


def quiet() -> None:
    """Takes the progress line away."""
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def workspace(options: argparse.Namespace) -> Path:
    """The workspace asked for."""
    return runs.workspace(options.workspace)
