"""Training more than once: several seeds as an ensemble, or folds that together test every record."""

from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from genomics import split
from genomics.dataset import Dataset
from genomics.errors import GenomicsError
from genomics.recipe import Recipe
from pages.ui import controls, show

_WAYS = {"once": "Once", "seeds": "Several seeds", "folds": "Folds"}
AT_ONCE = 50  # runs that may wait at the same time, each with a process of 15 MB
_MOST = 20
_LONE = 200  # records up to which each may be a fold of its own


class Repeat(NamedTuple):
    """How often, and with what.

    Attributes:
        seeds: how many; 1 for a single run.
        folds: "" for none; a number, "leave-one-out" or "given".
    """

    seeds: int = 1
    folds: str = ""


def choose(dataset: Dataset) -> Repeat:
    """The controls."""
    key = f"repeat_{dataset.fingerprint}"
    controls.keep(key, "once")
    way = st.segmented_control(
        "Train",
        list(_WAYS),
        key=key,
        required=True,
        persist_state="session",
        format_func=_WAYS.__getitem__,
        help="Several seeds: the same test part, other first weights, and each watches another part; their mean answer is usually a little "
        "better, and their spread says how much is luck. Folds: each time another share is the test part, so that in the end every record was tested once.",
    )
    if way == "seeds":
        controls.keep(f"{key}_seeds", 3)
        return Repeat(seeds=int(st.slider("Networks", 2, _MOST, key=f"{key}_seeds", persist_state="session")))
    if way != "folds":
        return Repeat()
    kinds = [
        *(["given"] if dataset.folds is not None else []),
        "number",
        *(["leave-one-out"] if len(dataset) <= _LONE else []),
    ]
    controls.keep(f"{key}_kind", kinds[0])
    kind = kinds[0]
    if len(kinds) > 1:
        names = {"given": "Those of the file", "number": "A number", "leave-one-out": "One for each record"}
        picked = st.segmented_control(
            "Folds", kinds, key=f"{key}_kind", required=True, persist_state="session", format_func=names.__getitem__
        )
        kind = str(picked or kinds[0])
    if kind != "number":
        return Repeat(folds=kind)
    controls.keep(f"{key}_folds", 5)
    return Repeat(folds=str(st.slider("Number of folds", 2, _MOST, key=f"{key}_folds", persist_state="session")))


def plans(dataset: Dataset, planned: Recipe, repeat: Repeat) -> list[Recipe]:
    """One recipe for each run; empty after having said why it cannot be repeated so."""
    try:
        count = split.fold_count(dataset, planned.split, repeat.folds) if repeat.folds else 0
    except GenomicsError as error:
        show.problem(error)
        return []
    folds = [(fold, count) for fold in range(count)] or [(0, 0)]
    chosen = list(enumerate(seeds(planned, repeat)))
    return [replace(planned, fold=fold, seed=seed, watch=planned.watch + number) for fold in folds for number, seed in chosen]


def seeds(planned: Recipe, repeat: Repeat) -> list[int]:
    """The seeds, from the one that was chosen on."""
    return [(planned.seed + more) % (2**31) for more in range(repeat.seeds)]
