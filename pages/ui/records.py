"""The records of a dataset, searched by id, class or part."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from genomics.dataset import Dataset, Names
from genomics.split import PARTS
from pages.ui import pictures, show, state

_ROWS = 500
_LETTERS = 300
_COLOURED = 8
_NAME = 60


def tab(dataset: Dataset) -> None:
    """The first of those that were asked for."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part_of_id = st.text_input("Name contains", key="records_id", width=260)
        name = ""
        if dataset.classes:
            name = st.selectbox("Class", ["", *dataset.classes], format_func=lambda value: value or "All", key="records_class", width=220)
        part = st.selectbox("Part", ["", *PARTS], format_func=lambda value: value.capitalize() or "All", key="records_part", width=160)
    found = matching(dataset, part_of_id, name or "", part or "")
    shown = found[:_ROWS].tolist()
    show.table(
        [
            {
                "Name": dataset.ids[i],
                "Label": label(dataset, i),
                "Length (bp)": int(dataset.offsets[i + 1] - dataset.offsets[i]),
                "Sequence": pictures.beginning(dataset, i, _LETTERS),
            }
            for i in shown
        ],
        height=420,
        column_config={"Length (bp)": st.column_config.NumberColumn(format="localized")},
    )
    listed = f"The first {len(shown):,} of {len(found):,}." if len(shown) < len(found) else "All of them are listed."
    st.caption(listed if len(found) else "No record is like that.")
    show.bases([pictures.beginning(dataset, i, _LETTERS) for i in shown[:_COLOURED]], [dataset.ids[i][:_NAME] for i in shown[:_COLOURED]])


def matching(dataset: Dataset, part_of_id: str = "", name: str = "", part: str = "") -> NDArray[np.intp]:
    """Places of the records whose id holds a text, of one class, in one part of the split; empty stands for any."""
    keep = np.ones(len(dataset), bool)
    if part_of_id:
        ids = dataset.ids if isinstance(dataset.ids, Names) else Names(dataset.ids)
        keep = np.zeros(len(dataset), bool)
        keep[ids.containing(part_of_id)] = True
    if name in dataset.classes:
        number = dataset.classes.index(name)
        if dataset.members is not None:
            keep &= dataset.members[:, number] == 1
        elif dataset.labels is not None:
            keep &= dataset.labels == number
    if part in PARTS:
        keep &= pictures.parts(str(state.root()), dataset.fingerprint) == PARTS.index(part)
    return np.flatnonzero(keep)


def label(dataset: Dataset, index: int) -> str:
    """What a record is labelled with, as text."""
    if dataset.members is not None:
        return "; ".join(name for name, held in zip(dataset.classes, dataset.members[index], strict=True) if held)
    if dataset.labels is not None:
        return dataset.classes[int(dataset.labels[index])]
    return "; ".join(f"{value:g}" for value in np.atleast_1d(dataset.targets[index])) if dataset.targets is not None else ""
