"""Warnings under a verdict: what the audit found about the dataset and the split that a run was tested with."""

from dataclasses import replace
from typing import Any

import streamlit as st

from genomics import cautions, planning, requests, split
from genomics.errors import GenomicsError
from genomics.recipe import Recipe
from pages.ui import shell, show, state, steering


def section(asked: Recipe, others: list[Recipe], tested: int) -> set[str]:
    """Shows them, with the button that splits by similarity where sequences leak into the test set; gives their codes.

    Args:
        asked: the run.
        others: all runs of the group where that is shown, this one among them.
        tested: test records.
    """
    flags, known = _known(asked, others or [asked])
    found = cautions.found(flags, known, tested, numbers=asked.task == "regression")
    if found:
        st.warning("  \n".join(map(show.literal, found.values())), icon=":material/warning:")
    leaks = set(found) & set(cautions.LEAKS)
    if (
        leaks
        and asked.split != "similarity"
        and st.button("Split by similarity and train again", icon=":material/call_split:", key="resplit")
    ):
        steering.fill_in(replace(asked, split="similarity"))
        st.session_state.pop(f"base_{asked.dataset}", None)
        state.choose(run="", data=asked.dataset)
        shell.go("train")
    return leaks


def _known(asked: Recipe, plans: list[Recipe]) -> tuple[list[dict[str, Any]], cautions.Shared | None]:
    """The findings, and what crosses the split: from the inspection of that very split, else from what holds for any."""
    try:
        dataset = state.load(str(state.root()), asked.dataset)
    except GenomicsError:  # deleted
        return [], None
    usual = split.by_itself(dataset)
    ways = [(asked.split, asked.split_seed), *([("auto", 0)] if (asked.split, asked.split_seed) in ((usual, 0), ("auto", 0)) else [])]
    audit = next((kept for way in ways if asked.fold == (0, 0) and (kept := requests.found(state.root(), asked.dataset, *way))), None)
    if audit:
        return audit["flags"], cautions.audited(audit)
    audit = requests.found(state.root(), asked.dataset) or {"flags": []}
    return audit["flags"], _shared(str(state.root()), asked.dataset, tuple(dict.fromkeys(map(planning.divided, plans))))


@st.cache_data(max_entries=16, show_spinner=False)
def _shared(workspace: str, fingerprint: str, divisions: tuple[tuple[Any, ...], ...]) -> cautions.Shared | None:
    dataset = state.load(workspace, fingerprint)
    if "families" not in vars(dataset):  # an inspection works them out, never the server
        return None
    return cautions.shared(dataset, [split.make(dataset, *division) for division in divisions])
