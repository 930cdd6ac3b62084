"""What a visitor has in hand: a dataset, a run and a job of reading. Kept in the session, mirrored in the URL, read back from either."""

import re
from pathlib import Path
from typing import Any

import streamlit as st

from genomics import dataset as datasets
from genomics import history, listing, recipe, requests, runs
from genomics.dataset import Dataset
from genomics.errors import GenomicsError
from genomics.history import History
from pages.ui.text import literal

_KEYS = ("data", "run", "job")
_ID = re.compile(r"[\w-]{1,100}", re.ASCII)  # as we make them; what else an address holds is not looked for on disk


def sync() -> None:
    """Takes ids from the URL into the session, or puts them back into a URL that lost them."""
    for key in _KEYS:
        if key in st.query_params:
            choose(**{key: st.query_params[key] if _ID.fullmatch(st.query_params[key]) else ""})
        elif st.session_state.get(f"_{key}"):
            st.query_params[key] = st.session_state[f"_{key}"]


def query() -> dict[str, str]:
    """The ids in hand, for a link."""
    return {key: st.session_state[f"_{key}"] for key in _KEYS if st.session_state.get(f"_{key}")}


def choose(**ids: str) -> None:
    """Takes a dataset (data=...), a run (run=...) or a job (job=...) in hand; an empty id puts it down."""
    for key, value in ids.items():
        st.session_state[f"_{key}"] = value
        if value:
            st.query_params[key] = value
        else:
            st.query_params.pop(key, None)


def root() -> Path:
    """The workspace."""
    return runs.workspace()


def dataset() -> Dataset | None:
    """The dataset in hand, or None; an id that leads nowhere is put down with a message."""
    fingerprint = st.session_state.get("_data", "")
    if not fingerprint:
        return None
    try:
        return load(str(root()), fingerprint)
    except GenomicsError as error:
        st.warning(literal(str(error)), icon=":material/warning:")
        choose(data="")
        return None


def load(workspace: str, fingerprint: str) -> Dataset:
    """A dataset by its fingerprint; frozen, so that sessions may share it. It is read anew once its repeats are known."""
    return _loaded(workspace, fingerprint, (Path(workspace) / "datasets" / fingerprint / "families.npy").exists())


@st.cache_resource(max_entries=3, show_spinner=False)
def _loaded(workspace: str, fingerprint: str, inspected: bool) -> Dataset:
    return datasets.load(Path(workspace), fingerprint)


def job() -> Path | None:
    """The folder of the reading or inspection in hand, or None; one that is not there any more is put down."""
    name = st.session_state.get("_job", "")
    folder = requests.find(root(), name) if name else None
    if name and folder is None:
        choose(job="")
    return folder


def run() -> Path | None:
    """The folder of the run in hand, or None; one that cannot be read (by this version) is put down with a message."""
    name = st.session_state.get("_run", "")
    folder = root() / "runs" / name
    if not name:
        return None
    if not (folder / "run.json").exists():
        st.warning("The run in this link is not here: it was deleted, or belongs to another workspace.", icon=":material/warning:")
        choose(run="")
        return None
    reason = unusable(folder)
    if reason:
        st.warning(f"This run cannot be opened. {literal(reason)}", icon=":material/warning:")
        choose(run="")
        return None
    return folder


def told(folder: Path) -> History:
    """What a run's events say by now; only what is new is read."""
    kept: dict[str, Any] = st.session_state.setdefault("_histories", {})
    if len(kept) > 20:
        kept.clear()
    kept[folder.name] = history.read(folder, kept.get(folder.name))
    return kept[folder.name]


def recent(count: int = 5, kind: str = "", *, once: bool = False) -> list[Path]:
    """The newest runs, of one kind where given; `once`: the newest of each group alone."""
    found: list[Path] = []
    groups: set[str] = set()
    for folder in runs.everything(root()):
        if unusable(folder):
            continue
        asked = runs.asked(folder)
        group = asked.get("group", "") if once else ""
        if (not kind or asked["kind"] == kind) and group not in groups:
            found.append(folder)
            groups |= {group} - {""}
        if len(found) == count:
            break
    return found


def unusable(folder: Path) -> str:
    """Why a run cannot be opened (torn, or made by another version); empty where it can."""
    try:
        recipe.from_json(runs.asked(folder))
    except GenomicsError as error:
        return str(error)
    return ""


def readable(folder: Path) -> bool:
    """Whether a run can be listed, see `genomics.listing.readable`."""
    return listing.readable(folder)


def seen(folder: Path) -> str:
    """A run's state now."""
    return runs.state(folder)
