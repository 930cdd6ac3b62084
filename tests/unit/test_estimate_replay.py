"""Estimates against a recorded table of runs, each from what a workspace had seen before.

`recorded_runs.tsv`: 45 runs on two cores; of up to four repeats the least of each phase, because others used the machine as well.
Runs are left out where those took more than 1.1 cores in every repeat. "later" is the part after the first epoch. The first guesses
in `genomics.estimate` were fitted to every other one of the distinct architectures, lengths and numbers of records; the rest is
held out.
"""

import csv
import dataclasses
import json
from collections.abc import Callable
from functools import cache
from itertools import permutations, product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from toys import dataset_of, random_rows

from genomics import estimate, hyper, recipe
from genomics.architectures import ARCHITECTURES
from genomics.fit import Fit
from genomics.generators import GENERATORS
from genomics.recipe import Recipe


class Recorded(NamedTuple):
    """A run of the table."""

    plan: Recipe
    amounts: np.ndarray
    seconds: float
    rows: list[estimate.Row]
    held_out: bool


@cache
def shaped(records: int, length: int, outputs: int):
    """A dataset of that size: what its sequences are does not matter here."""
    classes = max(2, outputs)
    return dataset_of(random_rows(records, length), np.arange(records) % classes)


@cache
def table() -> tuple[Recorded, ...]:
    with Path(__file__).with_name("recorded_runs.tsv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    shapes = list(dict.fromkeys((line["architecture"], line["length"], line["records"]) for line in lines))
    return tuple(recorded(line, shapes.index((line["architecture"], line["length"], line["records"])) % 2 == 1) for line in lines)


def recorded(line: dict[str, str], held_out: bool) -> Recorded:
    length, records, training, outputs, done = (int(line[column]) for column in ("length", "records", "training", "outputs", "done"))
    dataset, name = shaped(records, length, outputs), line["architecture"]
    config = hyper.make(recipe.find(name).Config, json.loads(line["config"]))
    fit = hyper.make(Fit, json.loads(line["fit"]) | ({} if name in GENERATORS else {"epochs": done}))
    plan = dataclasses.replace(recipe.plan(dataset, name), config=config, fit=fit)
    amounts = estimate._amounts(plan, dataset, training)
    amounts[estimate._LIBRARIES] = float(line["cold"])
    amounts[-1] *= int(line["baselines"])
    rows = [(name, amounts.tolist(), float(line["seconds"]), 0.0)]
    if float(line["later"]) > 0.05:
        rows.append((name, (amounts * estimate._TRAINING * float(line["later_share"])).tolist(), float(line["later"]), 0.0))
    return Recorded(plan, amounts, float(line["seconds"]), rows, held_out)


Case = tuple[list[Recorded], Recorded]  # what a workspace remembers, and what is asked


def nothing_known(runs: list[Recorded]) -> list[Case]:
    return [([], run) for run in runs]


def a_few_known(runs: list[Recorded]) -> list[Case]:
    rng = np.random.default_rng(0)
    others = [[other for other in runs if other is not run] for run in runs for _ in range(6)]
    chosen = [[known[index] for index in rng.choice(len(known), rng.integers(1, 13), replace=False)] for known in others]
    return list(zip(chosen, [run for run in runs for _ in range(6)], strict=True))


def one_known(runs: list[Recorded], fits: Callable[[Recorded, Recorded], bool]) -> list[Case]:
    """Each that follows another run of its architecture."""
    pairs = permutations(runs, 2)
    return [([known], run) for known, run in pairs if known.plan.architecture == run.plan.architecture and fits(known, run)]


STORIES: dict[str, Callable[[list[Recorded]], list[Case]]] = {
    "nothing known": nothing_known,
    "a few known": a_few_known,
    "large after small": lambda runs: one_known(runs, lambda known, run: run.seconds > 1.5 * known.seconds),
    "small after large": lambda runs: one_known(runs, lambda known, run: known.seconds > 1.5 * run.seconds),
    "another length": lambda runs: one_known(runs, lambda known, run: known.plan.layout.length != run.plan.layout.length),
    "another batch size": lambda runs: one_known(runs, lambda known, run: batch(known) != batch(run)),
    "a generator": lambda runs: one_known(runs, lambda known, run: run.plan.kind == "generator"),
}


def batch(run: Recorded) -> int:
    return run.plan.config.batch_size if run.plan.kind == "generator" else run.plan.fit.batch_size


def ranges(cases: list[Case]) -> np.ndarray:
    """For each case the lower and upper end, and the truth."""
    found = []
    for known, run in cases:
        low, high = estimate._ranges([row for each in known for row in each.rows], run.plan.architecture, [run.amounts])
        found.append((low[0], high[0], run.seconds))
    return np.array(found)


@pytest.mark.parametrize(("story", "half"), [*product(STORIES, ["held out", "tuned on", "all"])])
def test_nine_of_ten_runs_take_half_to_twice_the_middle_of_the_range(story, half):
    low, high, truth = ranges(STORIES[story]([run for run in table() if half == "all" or run.held_out == (half == "held out")])).T
    middle = np.sqrt(low * high)
    assert np.mean(np.abs(np.log2(middle / truth)) <= 1) >= 0.9


def test_the_range_holds_most_runs_and_says_something():
    low, high, truth = ranges(a_few_known([run for run in table() if run.held_out])).T
    assert np.mean((low <= truth) & (truth <= high)) >= 0.75
    assert np.median(high / low) < 3


def test_both_halves_hold_each_architecture_and_nothing_but_numbers_is_kept():
    for half in (True, False):
        assert {run.plan.architecture for run in table() if run.held_out is half} == {*ARCHITECTURES, *GENERATORS}
    assert "/" not in Path(__file__).with_name("recorded_runs.tsv").read_text("utf-8")
