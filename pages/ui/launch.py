"""Starting runs: the plan with its estimate, and the button's work. For predictors and generators alike."""

from pathlib import Path
from typing import Any

import streamlit as st

from genomics import estimate, inputs, jobs, layouts, recipe, runs, split
from genomics.dataset import Dataset
from genomics.errors import GenomicsError
from genomics.generators import check_enough
from genomics.recipe import Recipe
from genomics.sequences import ANCHORS
from genomics.terminal import command_line
from pages.ui import controls, shell, show, state

SPLIT_WORDS = {"random": "At random", "similarity": "By similarity", "group": "By group", "file": "The file's own"}
SPLIT_HELP = (
    "At random: 70 % to learn from, 15 % to watch, 15 % to test, class by class; equal sequences stay together. By similarity: sequences "
    "that share a 20-base word stay together. By group: whole groups (chromosomes, families) stay together. The file's own: its split column."
)


def splits(dataset: Dataset) -> list[str]:
    """How this dataset can be divided; the first is the one that is taken by itself."""
    known = "families" in vars(dataset)  # worked out when it was inspected; the server does not compare all sequences itself
    return [
        *(["file"] if split.by_itself(dataset) == "file" else []),
        "random",
        *(["similarity"] if known else []),
        *(["group"] if dataset.groups is not None else []),
    ]


def use_split(dataset: Dataset, how: str, seed: int) -> None:
    """Makes a split that was looked at the one that the next predictor is trained with."""
    st.session_state[f"predictor_split_{dataset.fingerprint}"] = how
    st.session_state["predictor_seed"] = seed


def plan(dataset: Dataset, architecture: str, settings: dict[str, Any], **more: Any) -> Recipe | None:
    """A checked recipe, or None after having said what is wrong with it."""
    try:
        return recipe.plan(dataset, architecture, settings=settings, **more)
    except GenomicsError as error:
        show.problem(error)
        return None


def reading(dataset: Dataset, kind: str) -> dict[str, Any]:
    """Controls for how sequences become equally long, the split and the seed; the values for `plan`."""
    default = layouts.default_layout(dataset, kind)
    equal = dataset.lengths.min() == dataset.lengths.max()
    longest = int(dataset.lengths.max())
    chosen: dict[str, Any] = {}
    controls.keep(f"{kind}_length_{dataset.fingerprint}", default.length)
    chosen["length"] = st.number_input(
        "Length read (bp)",
        1,
        max(longest, 1),
        key=f"{kind}_length_{dataset.fingerprint}",
        persist_state="session",
        help="Longer sequences are cropped to this, shorter ones filled with unknown bases.",
    )
    if kind == "predictor":
        if not equal:
            controls.keep(f"{kind}_anchor", "left")
            chosen["anchor"] = st.segmented_control(
                "Part kept of longer ones",
                ANCHORS,
                key=f"{kind}_anchor",
                required=True,
                persist_state="session",
                help="left keeps the start, right keeps the end, centre the middle.",
            )
        ways = splits(dataset)
        controls.keep(f"{kind}_split_{dataset.fingerprint}", ways[0])
        chosen["split"] = st.segmented_control(
            "Split",
            ways,
            key=f"{kind}_split_{dataset.fingerprint}",
            required=True,
            persist_state="session",
            format_func=SPLIT_WORDS.__getitem__,
            help=SPLIT_HELP,
        )
    controls.keep(f"{kind}_seed", 0)
    chosen["seed"] = st.number_input(
        "Seed",
        0,
        2**31 - 1,
        key=f"{kind}_seed",
        persist_state="session",
        help="Every draw follows from it: the same seed gives the same network.",
    )
    return chosen


@st.cache_data(max_entries=64, show_spinner=False)
def sizes(workspace: str, fingerprint: str, how: str, seed: int, only: str) -> tuple[int, int]:
    """Records in the training and in the validation part, of one class or (empty) of all."""
    dataset = state.load(workspace, fingerprint)
    made = split.make(dataset, how, seed)
    if not only or dataset.labels is None:
        return len(made.train), len(made.validation)
    wanted = dataset.labels == dataset.classes.index(only)
    return int(wanted[made.train].sum()), int(wanted[made.validation].sum())


def promise(dataset: Dataset, planned: Recipe) -> bool:
    """What the run will do to the sequences and how long it will take at most; or what forbids it, and False."""
    cost = inputs.cost(planned, dataset)
    if cost:
        st.caption(f":material/crop: {show.literal(cost)}")
    try:
        records, watched = sizes(str(state.root()), dataset.fingerprint, planned.split, planned.seed, planned.only)
        if planned.kind == "generator":
            check_enough(records, watched)
    except GenomicsError as error:
        show.problem(error)
        return False
    takes = estimate.seconds(planned, recipe.outputs(dataset), records, state.root())
    early = ", less if it stops early" if planned.kind == "predictor" and planned.fit.patience else ""
    st.caption(f":material/timer: Learns from {records:,} sequences; takes {estimate.in_words(takes)} here at most{early}.")
    return True


def begin(dataset: Dataset, planned: Recipe) -> None:
    """Makes the run, starts its worker, and takes it in hand."""
    folder = runs.create(state.root(), planned.to_json())
    jobs.start(folder)
    state.choose(run=folder.name, data=dataset.fingerprint)
    st.rerun()


def reopen(folder: Path, row: dict[str, Any]) -> None:
    """Takes a run in hand, with its dataset, and shows it where it stands; `row` is what `results.brief` says of it."""
    state.choose(run=folder.name, data=row["fingerprint"])
    measured = (folder / "evaluation.json").exists() and row["state"] not in runs.LIVE
    shell.go("generate" if row["kind"] == "generator" else "results" if measured else "train")


def buttons(folder: Path, now: str, *, new: str) -> None:
    """Stop, resume, or a new run, whichever fits."""
    with st.container(horizontal=True, vertical_alignment="center"):
        show.badge(now)
        if now in runs.LIVE:
            st.button("Stop", icon=":material/stop:", disabled=now == "stopping", key="stop", on_click=jobs.stop, args=(folder,))
        if now in ("stopped", "interrupted", "failed") and st.button(
            "Go on from here", icon=":material/play_arrow:", key="resume", type="primary" if now != "stopped" else "secondary"
        ):
            try:
                jobs.start(folder)
            except GenomicsError as error:
                show.problem(error)
            st.rerun()
        if now not in runs.LIVE and st.button(new, icon=":material/add:", key="another"):
            state.choose(run="")
            st.rerun()


def command(planned: Recipe) -> None:
    """The same from a terminal."""
    show.terminal(command_line(planned, str(state.root() / "datasets" / planned.dataset)))
