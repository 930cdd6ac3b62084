"""What can be taken away: a dataset and what was found about it; runs with all that came of them."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas
import streamlit as st

from genomics import export, writing
from genomics.dataset import Dataset
from pages.ui import show, state

_MOST_BYTES = 200_000_000
_OF_A_RECORD = 40  # bytes of id, label and separators, about


def button(label: str, data: Callable[[], str | bytes], file_name: str, *, icon: str = ":material/download:", **look: Any) -> None:
    """A file that is made when it is asked for.

    The page is not run anew by the click: Streamlit drops what is not sent yet where a run begins, and with it the address
    of the file, so that on a busy machine nothing came down.

    Args:
        label: on the button.
        data: makes the file's content, and may only read.
        file_name: what it is called when it arrives.
        icon: beside the label.
        look: more for `st.download_button`.
    """
    st.download_button(label, data=data, file_name=file_name, icon=icon, on_click="ignore", **look)


def delimited(columns: Any, mark: str = "\t") -> str:
    """A table as text: rows, columns by name or a data frame; as TSV, or with another mark between the cells."""
    return str(pandas.DataFrame(columns).to_csv(sep=mark, index=False))


def everything(name: str, *folders: Path) -> None:
    """Runs and their datasets as one zip, which is made when it is asked for; where that is too large for a browser, the command."""
    size = export.size(*folders)
    if size > _MOST_BYTES:
        _too_large("It", size, f"runs export {name} {name}.zip")
        return
    button("Everything (zip)", lambda: export.bundle(*folders), f"{name}.zip", icon=":material/folder_zip:", key="everything")


def row(dataset: Dataset, found: dict[str, Any] | None) -> None:
    """The dataset as a table, and what was found as JSON."""
    size = int(dataset.offsets[-1]) + _OF_A_RECORD * len(dataset)
    with st.container(horizontal=True):
        if size <= _MOST_BYTES:
            button("Dataset (TSV)", lambda: writing.table(dataset), f"{dataset.fingerprint}.tsv")
        if found is not None:
            button("Findings (JSON)", lambda: json.dumps({**found, "name": dataset.name}, indent=1), f"{dataset.fingerprint}-audit.json")
    if size > _MOST_BYTES:
        folder = shlex.quote(str(state.root() / "datasets" / dataset.fingerprint))
        _too_large("The dataset", size, f"prepare {folder} -o dataset.tsv.gz")


def _too_large(what: str, size: int, command: str) -> None:
    said = f"{what} has about {size / 1e6:,.0f} MB, too much to download here. From a terminal: "
    st.caption(said + show.literal(f"python -m genomics {command}"))
