"""Starting runs: the plan with its estimate, and the button's work. For predictors and generators alike."""

from pathlib import Path
from typing import Any

import streamlit as st

from genomics import estimate, jobs, recipe, runs, split
from genomics.dataset import Dataset
from genomics.errors import GenomicsError
from genomics.recipe import Recipe
from genomics.sequences import ANCHORS
from pages.ui import controls, show, state


def plan(dataset: Dataset, architecture: str, settings: dict[str, Any], **more: Any) -> Recipe | None:
    """A checked recipe, or None after having said what is wrong with it."""
    try:
        return recipe.plan(dataset, architecture, settings=settings, **more)
    except GenomicsError as error:
        show.problem(error)
        return None


def reading(dataset: Dataset, kind: str) -> dict[str, Any]:
    """Controls for how sequences become equally long, the split and the seed; the values for `plan`."""
    default = recipe.default_layout(dataset, kind)
    equal = dataset.lengths.min() == dataset.lengths.max()
    longest = int(dataset.lengths.max())
    chosen: dict[str, Any] = {}
    controls.keep(f"{kind}_length_{dataset.fingerprint}", default.length)
    chosen["length"] = st.number_input(
        "Length read (bp)",
        1,
        max(longest, 1),
        key=f"{kind}_length_{dataset.fingerprint}",
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
                help="left keeps the start, right keeps the end, centre the middle.",
            )
        ways = ["random", "file"] if dataset.splits is not None else ["random"]
        controls.keep(f"{kind}_split_{dataset.fingerprint}", ways[-1])
        chosen["split"] = st.segmented_control(
            "Split",
            ways,
            key=f"{kind}_split_{dataset.fingerprint}",
            required=True,
            help="random: 70 % to learn from, 15 % to watch, 15 % to test, class by class; file: the file's own split column.",
        )
    controls.keep(f"{kind}_seed", 0)
    chosen["seed"] = st.number_input(
        "Seed", 0, 2**31 - 1, key=f"{kind}_seed", help="Every draw follows from it: the same seed gives the same network."
    )
    return chosen


@st.cache_data(max_entries=64, show_spinner=False)
def training_records(workspace: str, fingerprint: str, how: str, seed: int) -> int:
    """Records in the training part."""
    return len(split.make(state.load(workspace, fingerprint), how, seed).train)


def promise(dataset: Dataset, planned: Recipe) -> None:
    """What the run will do to the sequences and how long it will take at most."""
    cost = recipe.cost_of_layout(dataset, planned.layout)
    if cost:
        st.caption(f":material/crop: {show.literal(cost)}")
    try:
        records = training_records(str(state.root()), dataset.fingerprint, planned.split, planned.seed)
    except GenomicsError as error:
        show.problem(error)
        return
    takes = estimate.seconds(planned, recipe.outputs(dataset), records, state.root())
    early = ", less if it stops early" if planned.kind == "predictor" and planned.fit.patience else ""
    st.caption(f":material/timer: Learns from {records:,} sequences; takes {estimate.in_words(takes)} here at most{early}.")


def begin(dataset: Dataset, planned: Recipe) -> None:
    """Makes the run, starts its worker, and takes it in hand."""
    try:
        split.make(dataset, planned.split, planned.seed)
    except GenomicsError as error:
        show.problem(error)
        return
    folder = runs.create(state.root(), planned.to_json())
    jobs.start(folder)
    state.choose(run=folder.name, data=dataset.fingerprint)
    st.rerun()


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
    show.terminal(recipe.command_line(planned, f"workspace/datasets/{planned.dataset}"))
