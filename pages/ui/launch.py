"""Starting runs: the plan with its estimate, and the button's work. For predictors and generators alike."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from genomics import estimate, jobs, layouts, planning, recipe, runs, split
from genomics.architectures import Architecture
from genomics.dataset import Dataset
from genomics.errors import GenomicsError
from genomics.recipe import Recipe
from genomics.sequences import ANCHORS, Layout
from genomics.terminal import command_line
from pages.ui import controls, prefilled, shell, show, state

SPLIT_WORDS = {"random": "At random", "similarity": "By similarity", "group": "By group", "file": "From the file"}
SPLIT_HELP = (
    "At random: 70 % training, 15 % validation, 15 % test, stratified by class; duplicates stay together. By similarity: sequences that share a "
    "20-base k-mer stay together. By group: whole groups (chromosomes, families) stay together. From the file: its split column."
)
WATCHED_HELP = (
    "The share of the non-test records used as the validation set, which decides when to stop and which epoch is kept. The default "
    "is 15 % of all records. With many thousands of sequences 5 % is enough and leaves more for training; with few, a small set is unreliable."
)
WATCHED = (0.0, 0.05, 0.1, 0.2, 0.3)
LARGEST_SEED = 2**31 - 1


def splits(dataset: Dataset) -> list[str]:
    """How this dataset can be divided; the first is the one that is taken by itself."""
    known = "families" in vars(dataset)  # worked out when it was inspected; the server does not compare all sequences itself
    possible = {"file": split.by_itself(dataset) == "file", "random": True, "similarity": known, "group": dataset.groups is not None}
    return [way for way, fits in possible.items() if fits]


def use_split(dataset: Dataset, how: str, seed: int) -> None:
    """Makes a split that was looked at the one that the next predictor is trained with."""
    st.session_state[f"predictor_split_{dataset.fingerprint}"] = how
    st.session_state["predictor_split_seed"] = seed


def plan(dataset: Dataset, architecture: str, settings: dict[str, Any], **more: Any) -> Recipe | None:
    """A checked recipe, or None after having said what is wrong with it."""
    planned = None
    with show.problems():
        planned = recipe.plan(dataset, architecture, settings=settings, **more)
    return planned


def layout(dataset: Dataset, kind: str, longest: int = 0) -> Layout:
    """How sequences are read as the controls of `reading` stand, which may be drawn later on the page.

    Args:
        dataset: what is read.
        kind: "predictor" or "generator".
        longest: the most bases that the architecture reads unless asked for more; 0 for what suits any.
    """
    usual = layouts.default_layout(dataset, kind, longest)
    key = f"{kind}_length_{dataset.fingerprint}"
    controls.propose(key, usual.length)
    chosen = st.session_state[key]
    return Layout(chosen if isinstance(chosen, int) and 0 < chosen <= 1_000_000 else usual.length, usual.anchor)


def reading(dataset: Dataset, kind: str, longest: int = 0) -> dict[str, Any]:
    """Controls for how sequences become equally long, the split and the seeds; the values for `plan`. Arguments as for `layout`."""
    chosen: dict[str, Any] = {}
    usual, most = layout(dataset, kind, longest).length, max(int(dataset.lengths.max()), 1)
    help = "Longer sequences are cropped to this length, shorter ones padded with unknown bases."
    chosen["length"] = prefilled.count(kind, f"length_{dataset.fingerprint}", "Length read (bp)", 1, most, usual, help=help)
    if kind == "predictor":
        if dataset.lengths.min() < dataset.lengths.max():
            help = "left keeps the start, right keeps the end, centre the middle."
            chosen["anchor"] = prefilled.segments(kind, "anchor", "Part kept of longer sequences", ANCHORS, "left", help=help)
        chosen["split"] = choose_split(dataset, kind)
        help = "Another seed gives another split."
        chosen["split_seed"] = prefilled.count(kind, "split_seed", "Seed of the split", 0, LARGEST_SEED, 0, help=help)
        if not split.watches_own(dataset, chosen["split"]):
            shares = sorted(
                {*WATCHED, st.session_state.get(f"{kind}_validation_fraction", 0.0)}
            )  # a run from a terminal may have had another
            words = {share: f"{100 * share:.3g} %" if share else "Default" for share in shares}
            chosen["validation_fraction"] = prefilled.segments(
                kind, "validation_fraction", "Validation share", shares, 0.0, words=words, help=WATCHED_HELP
            )
    help = "Controls all other random choices: the same seed gives the same network."
    chosen["seed"] = prefilled.count(kind, "seed", "Seed", 0, LARGEST_SEED, 0, help=help)
    return chosen


def choose_split(dataset: Dataset, own: str) -> str:
    """The control for how a dataset is divided; `own` is what its key begins with."""
    ways = splits(dataset)
    return str(prefilled.segments(own, f"split_{dataset.fingerprint}", "Split", ways, ways[0], words=SPLIT_WORDS, help=SPLIT_HELP))


@st.cache_data(max_entries=64, show_spinner=False)
def sizes(workspace: str, fingerprint: str, only: str, *division: Any) -> tuple[int, int]:
    """Records in the training and in the validation part, of one class or (empty) of all; `division` as for `split.make`."""
    dataset = state.load(workspace, fingerprint)
    made = split.make(dataset, *division)
    if not only or dataset.labels is None:
        return len(made.train), len(made.validation)
    wanted = dataset.labels == dataset.classes.index(only)
    return int(wanted[made.train].sum()), int(wanted[made.validation].sum())


@st.cache_data(max_entries=16, show_spinner=False)
def _known(workspace: str, fingerprint: str, base: str, divisions: Sequence[tuple[Any, ...]], _plans: Sequence[Recipe]) -> str:
    return planning.known(_plans, state.load(workspace, fingerprint), Path(workspace))


def promise(dataset: Dataset, plans: Sequence[Recipe]) -> bool:
    """What the runs will do to the sequences and how long they will take; or what forbids it, and False.

    Args:
        dataset: what they learn from.
        plans: one for each run.
    """
    first = plans[0]
    for cost in planning.costs(plans, dataset):
        st.caption(f":material/crop: {show.literal(cost)}")
    if first.base:
        divisions = [*dict.fromkeys(map(planning.divided, plans))]
        known = _known(str(state.root()), dataset.fingerprint, first.base, divisions, plans)
        if known:
            st.warning(show.literal(known), icon=":material/warning:")
    try:
        division = first.split, first.split_seed, first.fold, first.watch, first.validation_fraction
        records, watched = sizes(str(state.root()), dataset.fingerprint, first.only, *division)
        planning.check(plans, dataset, records, watched)
    except GenomicsError as error:
        show.problem(error)
        return False
    said = planning.effort(plans, dataset, records, state.root())
    if first.kind == "predictor":
        needed = estimate.size_in_words(planning.memory(plans, dataset))
        said += f". {'It needs' if len(plans) == 1 else 'They need'} about {needed} of memory"
    st.caption(f":material/timer: {said}.")
    return True


def warm() -> None:
    """Sees to it that a run that is started soon begins at once."""
    with show.problems():
        jobs.warm(state.root())


def begin(dataset: Dataset, plans: Sequence[Recipe]) -> None:
    """Makes the runs (several share a group), starts them, and takes the first in hand; they queue by themselves."""
    with st.spinner("Starting", show_time=False):
        folders = planning.create(plans, dataset, state.root())
        jobs.start(*folders)
    state.choose(run=folders[0].name, data=dataset.fingerprint)
    st.rerun()


def reopen(folder: Path, row: dict[str, Any]) -> None:
    """Takes a run in hand, with its dataset, and shows it where it stands; `row` is what `results.brief` says of it."""
    state.choose(run=folder.name, data=row["fingerprint"])
    measured = (folder / "evaluation.json").exists() and row["state"] not in runs.LIVE
    shell.go("generate" if row["kind"] == "generator" else "results" if measured else "train")


def command(planned: Recipe, *, seeds: Sequence[int] = (), folds: str = "", others: Sequence[str] = ()) -> None:
    """The same from a terminal, on one line that can be copied."""
    data = str(state.root() / "datasets" / planned.dataset)
    show.terminal(command_line(planned, data, usual=usual(planned), seeds=seeds, folds=folds, others=others))


def usual(planned: Recipe) -> Mapping[str, Any] | None:
    """What is suggested for the dataset and the architecture of a recipe; None where the dataset is not here any more."""
    family = recipe.find(planned.architecture)
    if not isinstance(family, Architecture):
        return {}
    dataset = state.find(planned.dataset)
    return recipe.suggested(dataset, family, planned.layout) if dataset is not None else None
