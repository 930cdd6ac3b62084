"""How it is trained: the settings that fit the task and what the network reads; and where it begins."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from genomics import hyper, runs
from genomics.architectures import ARCHITECTURES, Architecture
from genomics.dataset import Dataset
from genomics.encoding import ENCODINGS
from genomics.errors import GenomicsError
from genomics.fit import LOSSES, METRICS, Fit
from pages.ui import beside, controls, state

_NUMBERS_HAVE_NONE = ("label_smoothing", "class_weights")
_ON_BASES = ("shift", "mutation", "evoaug")  # changes of single bases: counts of words have none
_FRESH = ""


def settings(dataset: Dataset, family: Architecture, config: Mapping[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    """The controls of `Fit`, plain ones first.

    Args:
        dataset: its task decides which metrics and losses there are.
        family: the architecture.
        config: its settings so far, which decide what it reads.
        usual: what is suggested.
    """
    fitting = {
        name: tuple(choice for choice, tasks in known.items() if dataset.task in tasks)
        for name, known in (("monitor", METRICS), ("loss", LOSSES))
    }
    without = {"freeze"}  # stands where the earlier run is chosen
    without |= set(_NUMBERS_HAVE_NONE) if dataset.task == "regression" else set()
    without |= set() if _reads_bases(family, config) else set(_ON_BASES)
    key = f"fit_{dataset.fingerprint}"
    chosen = controls.hyperparameters(Fit, key=key, advanced=False, usual=usual, without=without, choices=fitting)
    with st.expander("More about training"):
        chosen |= controls.hyperparameters(Fit, key=key, advanced=True, usual=usual, without=without, choices=fitting)
    return chosen


def _reads_bases(family: Architecture, config: Mapping[str, Any]) -> bool:
    try:
        name, _ = family.encoding(hyper.make(family.Config, config))
    except GenomicsError:  # said when the whole is planned
        return True
    return ENCODINGS[name].codes


def base(dataset: Dataset) -> tuple[str, dict[str, Any]]:
    """The run whose weights it begins with, chosen among those of this workspace, and what of it stays as it is.

    Returns:
        Its id, empty for a fresh start; and settings of `Fit`.
    """
    key = f"base_{dataset.fingerprint}"
    trained = [folder for folder in state.recent(50, "predictor") if (folder / "model.keras").exists()]
    names = [_FRESH, *(folder.name for folder in trained)]
    controls.keep(key, _FRESH)
    if st.session_state[key] not in names:
        gone = state.root() / "runs" / str(st.session_state[key])
        names = [*names, gone.name] if (gone / "model.keras").exists() else names
        st.session_state[key] = gone.name if gone.name in names else _FRESH
    picked = st.selectbox(
        "Begin with the weights of",
        names,
        key=key,
        persist_state="session",
        format_func=lambda name: _title(state.root() / "runs" / name) if name else "nothing: a fresh start",
        help="A run of the same architecture hands over all layers of equal shape; another one the filters of its first layer. "
        "Useful where there are few sequences here and many of a related kind elsewhere.",
    )
    if not picked:
        return _FRESH, {}
    frozen = next(spec for spec in hyper.specs(Fit) if spec.name == "freeze")
    return str(picked), {"freeze": controls.control(frozen, key=f"fit_{dataset.fingerprint}_freeze")}


def _title(folder: Path) -> str:
    asked = runs.asked(folder)
    return f"{ARCHITECTURES[asked['architecture']].title} on {asked['dataset_name']}, {beside.when(folder)}"


def note(config: type, usual: Mapping[str, Any], said: str) -> None:
    """Says which settings were set for this dataset rather than left at what is usual."""
    changed = [spec.label() for spec in hyper.specs(config) if usual.get(spec.name, spec.default) != spec.default]
    if changed:
        st.caption(f":material/tune: {', '.join([changed[0], *(name.lower() for name in changed[1:])])} set for {said}.")
