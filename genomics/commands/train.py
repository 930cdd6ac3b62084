"""`train`: one run, or one for each fold or seed, in processes of their own."""

import argparse
import dataclasses
import sys
import time
from pathlib import Path
from typing import Any

from genomics import dataset as datasets
from genomics import groups, hyper, io, jobs, planning, recipe, results, runs, split, words
from genomics.commands import data, follow
from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.recipe import Recipe
from genomics.sequences import ANCHORS
from genomics.split import HOW

Answer = tuple[dict[str, Any], str]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    data.arguments(parser)
    parser.add_argument(
        "--architecture",
        required=True,
        metavar="NAME[,NAME]",
        help='see "python -m genomics architectures"; the mean of several is one answer',
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a hyperparameter, of each architecture that has it; may be repeated. cnn.filters=64 is for one of several alone",
    )
    parser.add_argument("--epochs", metavar="N", help="the same as --set epochs=N")
    parser.add_argument("--batch-size", metavar="N", help="the same as --set batch_size=N")
    for option, metavar, text in (
        ("--folds", "K", "train K times, each time testing another K-th of the records; leave-one-out; or a table of id and fold"),
        ("--seeds", "A,B", "train once for each of these seeds, each time watching another part of what is not tested: an ensemble"),
        ("--anchor", "SIDE", f"which part is kept of longer sequences: {', '.join(ANCHORS)} (default: left)"),
        ("--only", "CLASS", "for a generator: learn from this class alone"),
    ):
        parser.add_argument(option, default="", metavar=metavar, help=text)
    parser.add_argument("--split", default="auto", metavar="HOW", help=f"how to divide the records: {', '.join(HOW)} (default: auto)")
    parser.add_argument("--from", default="", dest="base", metavar="RUN", help="begin with the weights of this run (see --set freeze=...)")
    parser.add_argument(
        "--length", type=int, default=0, metavar="BP", help="bases each sequence is cropped or filled to (default: chosen by itself)"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of every draw (default: 0)")
    parser.add_argument(
        "--watch", type=int, default=0, metavar="N", help="another number watches another part of what is not tested (default: 0)"
    )
    parser.add_argument(
        "--validation-fraction",
        type=float,
        default=0.0,
        metavar="F",
        help=f"share of what is not tested that is watched, {split.LEAST_WATCHED:g} to {split.MOST_WATCHED:g} (default: 15 %% of all)",
    )
    parser.add_argument("--split-seed", type=int, metavar="N", help="of the division into parts alone (default: as --seed)")


def carry_out(options: argparse.Namespace) -> Answer:
    """Plans, starts, follows."""
    settings = hyper.parse(options.set)
    settings |= {name: value for name, value in (("epochs", options.epochs), ("batch_size", options.batch_size)) if value is not None}
    dataset = data.load(options)
    root = data.workspace(options)
    base = runs.find(root, options.base).name if options.base else ""
    seeds = _seeds(options)
    dataset, folds = _folds(options, dataset)
    architectures = [name.strip() for name in options.architecture.split(",")]
    plans = planning.plans(
        dataset,
        architectures,
        settings=settings,
        seeds=seeds,
        folds=folds,
        watch=options.watch,
        base=base,
        split=options.split,
        length=options.length,
        anchor=options.anchor,
        only=options.only,
        validation_fraction=options.validation_fraction,
        split_seed=options.seed if options.split_seed is None else options.split_seed,
    )
    _announce(plans, dataset, root)
    datasets.save(dataset, root)
    began = time.monotonic()
    folders = planning.create(plans, dataset, root)
    if len(plans) > 1:
        jobs.warm(root)  # further runs need not wait for the libraries
    jobs.start(*folders)
    states = follow.until_done(folders)
    answer = groups.together([folders[states.index("stopped")]] if "stopped" in states else folders)
    if "group" in answer:
        answer["seconds"] = round(time.monotonic() - began, 1)
    return answer, results.as_text(answer)


def _announce(plans: list[Recipe], dataset: Dataset, root: Path) -> None:
    """Says on standard error what was read, what is done to it, and how long it will take; refuses too few records and too little memory."""
    first = plans[0]
    parts = split.of_class(dataset, recipe.divide(dataset, first), first.only)
    planning.check(plans, dataset, len(parts.train), len(parts.validation))
    effort = planning.effort(plans, dataset, len(parts.train), root)
    known = planning.known(plans, dataset, root)
    lines = [*dataset.notes, words.dataset(dataset), *planning.costs(plans, dataset), known, f"{effort}."]
    print("\n".join(line for line in lines if line), file=sys.stderr, flush=True)


def _folds(options: argparse.Namespace, dataset: Dataset) -> tuple[Dataset, list[tuple[int, int]]]:
    """The dataset, with the folds of a file where one is given, and what to test in turn; [(0, 0)] without folds."""
    asked = options.folds
    if not asked:
        return dataset, [(0, 0)]
    if Path(asked).is_file():
        dataset, asked = dataclasses.replace(dataset, folds=io.read_folds(asked, list(dataset.ids))), "given"
    of = split.fold_count(dataset, options.split, asked)
    return dataset, [(fold, of) for fold in range(of)]


def _seeds(options: argparse.Namespace) -> list[int]:
    if not options.seeds:
        return [options.seed]
    words = options.seeds.split(",")
    if not all(word.strip().isdecimal() for word in words):
        raise SettingError(f'--seeds "{options.seeds}" is not allowed: give whole numbers with commas between them, for instance 1,2,3.')
    return list(dict.fromkeys(int(word) for word in words))
