"""Training more than once: several seeds or architectures as an ensemble, or folds that together test every record."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import streamlit as st

from genomics import planning, split
from genomics.architectures import ARCHITECTURES
from genomics.dataset import Dataset
from genomics.recipe import Recipe
from pages.ui import controls, prefilled, show

_WAYS = {"once": "Once", "seeds": "Several seeds", "folds": "Folds"}
_KINDS = {"given": "From the file", "number": "Choose a number", "leave-one-out": "Leave one out"}
AT_ONCE = 200  # runs that may wait at the same time; one process has them all in hand
_MOST = 20
_LONE = 200  # records up to which each may be a fold of its own


class Repeat(NamedTuple):
    """How often, and with what.

    Attributes:
        seeds: how many; 1 for a single run.
        folds: "" for none; a number, "leave-one-out" or "given".
        others: architectures that answer together with the one that is set up.
    """

    seeds: int = 1
    folds: str = ""
    others: tuple[str, ...] = ()


def choose(dataset: Dataset, architecture: str) -> Repeat:
    """The controls; `architecture` is the one that is set up."""
    key = f"repeat_{dataset.fingerprint}"
    help = (
        "Several seeds: the same test set, different initial weights and validation sets; the mean of their predictions is usually slightly "
        "better, and their spread shows how much is chance. Folds: cross-validation, in which every record is tested once."
    )
    way = prefilled.segments("repeat", dataset.fingerprint, "Train", _WAYS, "once", help=help)
    seeds, folds = 1, ""
    if way == "seeds":
        controls.keep(f"{key}_seeds", 3)
        seeds = int(st.slider("Networks", 2, _MOST, key=f"{key}_seeds", persist_state="session"))
    elif way == "folds":
        folds = _folds(dataset, key)
    return Repeat(seeds, folds, _others(architecture))


def _folds(dataset: Dataset, key: str) -> str:
    possible = {"given": dataset.folds is not None, "number": True, "leave-one-out": len(dataset) <= _LONE}
    kinds = [kind for kind, fits in possible.items() if fits]
    kind = str(prefilled.segments(key, "kind", "Folds", kinds, kinds[0], words=_KINDS)) if len(kinds) > 1 else kinds[0]
    if kind != "number":
        return kind
    controls.keep(f"{key}_folds", 5)
    return str(st.slider("Number of folds", 2, _MOST, key=f"{key}_folds", persist_state="session"))


def _others(architecture: str) -> tuple[str, ...]:
    names = [name for name in ARCHITECTURES if name != architecture]
    st.session_state["together_with"] = [name for name in st.session_state.get("together_with", []) if name in names]
    picked = st.multiselect(
        "Also train",
        names,
        key="together_with",
        persist_state="session",
        format_func=lambda name: ARCHITECTURES[name].title,
        placeholder="Other architectures",
        help="Trains these as well, each with its suggested settings and the options chosen under Training. Different networks make different "
        "errors: the mean of their predictions is often slightly better than the best of them.",
    )
    return tuple(name for name in names if name in picked)


def plans(dataset: Dataset, planned: Recipe, repeat: Repeat, usual: Mapping[str, Any]) -> list[Recipe]:
    """One recipe for each run; empty after having said why it cannot be repeated so. `usual` is what is suggested for `planned`."""
    ours, training = planning.chosen(planned, usual)
    made: list[Recipe] = []
    with show.problems():
        count = split.fold_count(dataset, planned.split, repeat.folds) if repeat.folds else 0
        made = planning.plans(
            dataset,
            [planned.architecture, *repeat.others],
            settings={**{f"{planned.architecture}.{name}": value for name, value in ours.items()}, **training},
            seeds=seeds(planned, repeat),
            folds=[(fold, count) for fold in range(count)] or planning.ONCE,
            watch=planned.watch,
            validation_fraction=planned.validation_fraction,
            base=planned.base,
            split=planned.split,
            length=planned.layout.length,
            anchor=planned.layout.anchor,
            split_seed=planned.split_seed,
        )
    return made


def seeds(planned: Recipe, repeat: Repeat) -> list[int]:
    """The seeds, from the one that was chosen on."""
    return [(planned.seed + more) % (2**31) for more in range(repeat.seeds)]
