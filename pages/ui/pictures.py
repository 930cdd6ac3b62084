"""Numbers behind pictures, read or made once."""

from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from genomics import portrait as portraits
from genomics import requests, samples, sequences, split
from genomics.dataset import Dataset
from genomics.errors import GenomicsError
from genomics.layouts import default_layout
from genomics.plots import logo
from genomics.portrait import Portrait
from genomics.samples.planted import position_weight_matrix
from genomics.sequences import Layout
from pages.ui import state

_SHOWN = 26


@st.cache_data(max_entries=8, show_spinner=False)
def sample_heights(name: str, *, consensus: bool = False) -> NDArray[np.float64]:
    """The most telling stretch of a sample's positive class as a logo, (26, 4) in bits, or the consensus of its known sites side by side."""
    if consensus and samples.SAMPLES[name].known:
        gap = np.full((3, 4), 0.25)
        sites = [part for _, site in samples.SAMPLES[name].known for part in (gap, position_weight_matrix(site))]
        return logo.information(np.concatenate([*sites, gap]))
    dataset = samples.load(name)
    last = np.arange(len(dataset)) if dataset.labels is None else np.flatnonzero(dataset.labels == len(dataset.classes) - 1)
    layout = Layout(default_layout(dataset, "predictor").length, "left")
    heights = logo.information(sequences.position_frequencies(dataset.rows(last, layout)))
    at = int(np.convolve(heights.sum(1), np.ones(min(_SHOWN, len(heights))), "valid").argmax())
    return heights[at : at + _SHOWN]


def found(fingerprint: str, how: str = "auto", seed: int = 0) -> dict[str, Any] | None:
    """What an inspection found, or None."""
    return requests.found(state.root(), fingerprint, how, seed)


def portrait(fingerprint: str, how: str = "auto", seed: int = 0) -> Portrait | None:
    """What a dataset looks like under a split; None where that was not worked out, or by another version."""
    path = state.root() / "datasets" / fingerprint / requests.names(how, seed)[1]
    try:
        return _portrait(str(path), path.stat().st_mtime_ns)
    except (OSError, GenomicsError):
        return None


@st.cache_resource(max_entries=6, show_spinner=False)
def _portrait(path: str, written: int) -> Portrait:
    return portraits.load(Path(path))


@st.cache_resource(max_entries=2, show_spinner=False)
def parts(workspace: str, fingerprint: str) -> NDArray[np.int8]:
    """The part of each record in the split that is taken by itself: 0 train, 1 validation, 2 test, -1 none."""
    dataset = state.load(workspace, fingerprint)
    part = np.full(len(dataset), -1, np.int8)
    try:
        made = split.make(dataset)
    except GenomicsError:
        return part
    for number, name in enumerate(split.PARTS):
        part[made.part(name)] = number
    return part


def beginning(dataset: Dataset, index: int, letters: int) -> str:
    """The first letters of a sequence; a long one is not read whole."""
    start, end = int(dataset.offsets[index]), int(dataset.offsets[index + 1])
    return sequences.decode(dataset.codes[start : min(end, start + letters)])
