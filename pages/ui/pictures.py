"""Small numbers behind small pictures, kept so that they are made once."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from genomics import samples, sequences
from genomics.dataset import Dataset
from genomics.layouts import default_layout
from genomics.plots import logo
from genomics.samples.planted import MOTIFS
from genomics.sequences import Layout
from pages.ui import state

_SHOWN = 26
_AT_MOST = 20_000


@st.cache_data(max_entries=8, show_spinner=False)
def sample_heights(name: str) -> NDArray[np.float64]:
    """The most telling stretch of a sample's positive class as a logo, (26, 4) in bits."""
    if name == "planted":
        gap = np.full((3, 4), 0.25)
        return logo.information(np.concatenate([MOTIFS["AP-1"].matrix, gap, MOTIFS["GATA"].matrix]))
    dataset = samples.load(name)
    heights = logo.information(frequencies(dataset, len(dataset.classes) - 1))
    at = int(np.convolve(heights.sum(1), np.ones(min(_SHOWN, len(heights))), "valid").argmax())
    return heights[at : at + _SHOWN]


@st.cache_data(max_entries=32, show_spinner=False)
def position_frequencies(workspace: str, fingerprint: str, label: int) -> NDArray[np.float64]:
    """Base frequencies by position of one class (-1: all) of a dataset, (length, 4)."""
    return frequencies(state.load(workspace, fingerprint), label)


@st.cache_data(max_entries=32, show_spinner=False)
def gc(workspace: str, fingerprint: str, label: int) -> NDArray[np.float64]:
    """GC content of each sequence of one class (-1: all)."""
    dataset = state.load(workspace, fingerprint)
    return sequences.gc_content(*dataset.flat(members(dataset, label)))


def frequencies(dataset: Dataset, label: int) -> NDArray[np.float64]:
    """Base frequencies by position, from at most 20,000 sequences."""
    length = default_layout(dataset, "predictor").length
    return sequences.position_frequencies(dataset.rows(members(dataset, label)[:_AT_MOST], Layout(length, "left")))


def members(dataset: Dataset, label: int) -> NDArray[np.intp]:
    """Records of one class, or all."""
    if label < 0 or dataset.labels is None:
        return np.arange(len(dataset))
    return np.flatnonzero(dataset.labels == label)
