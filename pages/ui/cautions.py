"""Warnings under a verdict: what the audit found about the dataset and the split that a run was tested with."""

from dataclasses import replace
from typing import Any

import streamlit as st

from genomics import cautions, planning, requests, split
from genomics.recipe import Recipe
from pages.ui import shell, show, state, steering


def section(plans: list[Recipe], tested: int) -> bool:
    """The warnings, with a button that splits by similarity where the test set leaks; whether it does. `plans` are of the runs shown."""
    found = cautions.sentences(*_known(plans), tested)
    if found:
        lines = [show.literal(said) for said in found.values()]
        st.warning("\n".join(f"- {line}" for line in lines) if len(lines) > 1 else lines[0], icon=":material/warning:")
    leaks = not found.keys().isdisjoint(cautions.LEAKS)
    better = leaks and plans[0].split != "similarity"
    if better and st.button("Split by similarity and train again", icon=":material/call_split:", key="resplit"):
        state.start_fresh()
        steering.fill_in(replace(plans[0], split="similarity"))
        state.choose(run="", data=plans[0].dataset)
        shell.go("train")
    return leaks


def _known(plans: list[Recipe]) -> tuple[list[dict[str, Any]], cautions.Counts]:
    """The findings, and what crosses the split: from an inspection of that very split, else from the families that any left."""
    asked, root = plans[0], state.root()
    dataset = state.find(asked.dataset)
    if dataset is None:
        return [], {}
    usual = split.by_itself(dataset)
    way = (usual if asked.split == "auto" else asked.split, asked.split_seed)
    audits = [requests.found(root, asked.dataset, *way), requests.found(root, asked.dataset) if way == (usual, 0) else None]
    audit = next(filter(None, audits), None) if asked.fold == (0, 0) else None
    if audit:
        return audit["flags"], cautions.audited(audit)
    compared = "families" in vars(dataset)  # by an inspection, never by the server
    across = _crossing(str(root), asked.dataset, tuple(dict.fromkeys(map(planning.divided, plans)))) if compared else {}
    return (requests.found(root, asked.dataset) or {"flags": []})["flags"], across


@st.cache_data(max_entries=16, show_spinner=False)
def _crossing(workspace: str, fingerprint: str, divisions: tuple[tuple[Any, ...], ...]) -> cautions.Counts:
    dataset = state.load(workspace, fingerprint)
    return cautions.crossing(dataset, [split.make(dataset, *division) for division in divisions])
