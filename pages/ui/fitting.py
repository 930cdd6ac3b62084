"""How it is trained: the settings that fit the task and what the network reads; and from which weights it starts."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from genomics import hyper
from genomics.architectures import Architecture
from genomics.dataset import Dataset
from genomics.encoding import ENCODINGS
from genomics.errors import GenomicsError
from genomics.fit import LOSSES, METRICS, Fit
from pages.ui import beside, controls, prefilled, state
from pages.ui.text import literal

_NUMBERS_HAVE_NONE = ("label_smoothing", "class_weights")
_ON_BASES = ("shift", "mutation", "evoaug")  # changes of single bases: counts of k-mers have none
_RANDOM = ""


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
    without = {"freeze"}  # is shown where the earlier run is chosen
    without |= set(_NUMBERS_HAVE_NONE) if dataset.task == "regression" else set()
    without |= set() if _reads_bases(family, config) else set(_ON_BASES)
    key = f"fit_{dataset.fingerprint}"
    return controls.hyperparameters(Fit, key=key, more="More about training", usual=usual, without=without, choices=fitting)


def _reads_bases(family: Architecture, config: Mapping[str, Any]) -> bool:
    try:
        name, _ = family.encoding(hyper.make(family.Config, config))
    except GenomicsError:  # said when the whole is planned
        return True
    return ENCODINGS[name].codes


def base(dataset: Dataset) -> tuple[str, dict[str, Any]]:
    """The run whose weights training starts from, chosen among those of this workspace, and what of it stays as it is.

    Returns:
        Its id, empty for random weights; and settings of `Fit`.
    """
    chosen = _chosen_base(dataset)
    trained = [folder for folder in state.recent(50, "predictor") if (folder / "model.keras").exists()]
    trained += [state.root() / "runs" / chosen] if chosen else []
    words = {_RANDOM: "Random weights", **{folder.name: f"The weights of {beside.title(folder)}" for folder in trained}}
    help = (
        "A run of the same architecture hands over all layers of equal shape; another one the filters of its first layer. "
        "Useful where there are few sequences here and many of a related kind elsewhere."
    )
    picked = prefilled.choose("base", dataset.fingerprint, "Start from", words, chosen, help=help)
    if not picked:
        return _RANDOM, {}
    frozen = next(spec for spec in hyper.specs(Fit) if spec.name == "freeze")
    return picked, {"freeze": controls.control(frozen, key=f"fit_{dataset.fingerprint}_freeze")}


def banner(dataset: Dataset) -> None:
    """Says that training will not start from random weights, with a way to change that; nothing where it will."""
    if chosen := _chosen_base(dataset):
        with st.container(key="base_banner", border=True, horizontal=True, vertical_alignment="center"):
            name = literal(beside.title(state.root() / "runs" / chosen))
            st.markdown(f":material/alt_route: Starts from the weights of **{name}**.", width="stretch")
            st.button("Start fresh", icon=":material/restart_alt:", key="start_fresh", on_click=state.start_fresh)


def _chosen_base(dataset: Dataset) -> str:
    """The run that was chosen to start from; one that is not here any more, or has no weights, is put down."""
    key = f"base_{dataset.fingerprint}"
    chosen = str(st.session_state.get(key) or "")
    here = chosen and (state.root() / "runs" / chosen / "model.keras").exists()
    st.session_state[key] = chosen if here else _RANDOM
    return chosen if here else _RANDOM


def reset(dataset: Dataset, name: str) -> None:
    """A button that gives up the hyperparameters of an architecture and of training that were chosen by hand."""
    keys = [key for key in st.session_state if str(key).startswith(tuple(f"{part}_{dataset.fingerprint}_" for part in (name, "fit")))]
    if st.button("Reset to suggested settings", icon=":material/restart_alt:", key="reset", type="tertiary"):
        for key in keys:
            st.session_state.pop(key)
        st.rerun()


def note(config: type, usual: Mapping[str, Any], said: str) -> None:
    """Says which settings were set for this dataset rather than left at what is usual."""
    changed = [spec.label() for spec in hyper.specs(config) if usual.get(spec.name, spec.default) != spec.default]
    if changed:
        st.caption(f":material/tune: {', '.join([changed[0], *(name.lower() for name in changed[1:])])} set for {said}.")
