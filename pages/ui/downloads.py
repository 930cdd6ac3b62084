"""What can be taken away: a dataset and what was found about it; runs with all that came of them."""

import json
import shlex
from pathlib import Path
from typing import Any

import streamlit as st

from genomics import export, writing
from genomics.dataset import Dataset
from pages.ui import show, state

_MOST_BYTES = 200_000_000
_OF_A_RECORD = 40  # bytes of id, label and separators, about


def everything(name: str, *folders: Path) -> None:
    """Runs and their datasets as one zip, which is made when it is asked for; where that is too large for a browser, the command."""
    size = export.size(*folders)
    if size > _MOST_BYTES:
        command = f"python -m genomics runs export {name} {name}.zip"
        st.caption(f"It has about {size / 1e6:,.0f} MB, too much to download here. From a terminal: {show.literal(command)}")
        return
    st.download_button(
        "Everything (zip)", data=lambda: export.bundle(*folders), file_name=f"{name}.zip", icon=":material/folder_zip:", key="everything"
    )


def row(dataset: Dataset, found: dict[str, Any] | None) -> None:
    """The dataset as a table, and what was found as JSON."""
    size = int(dataset.offsets[-1]) + _OF_A_RECORD * len(dataset)
    with st.container(horizontal=True):
        if size <= _MOST_BYTES:
            st.download_button(
                "Dataset (TSV)",
                data=lambda: writing.table(dataset),
                file_name=f"{dataset.fingerprint}.tsv",
                icon=":material/download:",
            )
        if found is not None:
            st.download_button(
                "Findings (JSON)",
                data=lambda: json.dumps(found, indent=1),
                file_name=f"{dataset.fingerprint}-audit.json",
                icon=":material/download:",
            )
    if size > _MOST_BYTES:
        folder = shlex.quote(str(state.root() / "datasets" / dataset.fingerprint))
        st.caption(
            f"The dataset has about {size / 1e6:,.0f} MB, too much to download here. From a terminal: "
            f"{show.literal(f'python -m genomics prepare {folder} -o dataset.tsv.gz')}"
        )
