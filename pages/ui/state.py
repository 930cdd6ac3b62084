"""What a visitor has in hand: a dataset, a run and a job of reading. Kept in the session, mirrored in the URL, read back from either."""

import re
from pathlib import Path
from typing import Any

import streamlit as st

from genomics import dataset as datasets
from genomics import history, recipe, requests, runs
from genomics.dataset import Dataset, catalog
from genomics.errors import GenomicsError
from genomics.history import History
from pages.ui.text import literal

_KEYS = ("data", "run", "job")
_ID = re.compile(r"[\w-]{1,100}", re.ASCII)  # as we make them; what else an address holds is not looked for on disk


def sync() -> None:
    """Takes the ids in the address; where it has none (a click on the navigation drops them) or others were chosen since, the session's stay."""
    given = _in_address()
    if st.session_state.get("_chosen"):
        return
    if given.get("data") != st.session_state.get("_data"):
        start_fresh()
    for key in _KEYS if given else ():
        value = given.get(key, st.session_state.get("_job", "") if key == "job" else "")  # only `publish` knows when a job is over
        st.session_state[f"_{key}"] = value if not value or _ID.fullmatch(value) else "-"


def publish() -> None:
    """Writes the ids in hand into the address, at once, since each change may add a step that Back has to undo.

    Called where a page begins and where it has ended, not where ids are chosen: what leads to another page takes them along.
    """
    chosen = st.session_state.pop("_chosen", False)
    if query() != _in_address() and (chosen or not _in_address()):
        st.query_params.from_dict(query())


def _in_address() -> dict[str, str]:
    return {key: st.query_params[key] for key in _KEYS if key in st.query_params}


def query() -> dict[str, str]:
    """The ids in hand, for a link."""
    return {key: st.session_state[f"_{key}"] for key in _KEYS if st.session_state.get(f"_{key}")}


def choose(**ids: str) -> None:
    """Takes a dataset (data=...), a run (run=...) or a job (job=...) in hand; an empty id puts it down. The address follows, see `publish`."""
    st.session_state.update({f"_{key}": value for key, value in ids.items()} | {"_chosen": True})
    if ids.keys() == {"job"}:  # adds no step, see `shell`, and a page may stop before its end
        publish()


def start_fresh() -> None:
    """Forgets from which run's weights the next run was to start, and the settings that were filled in from that run."""
    bases = [key for key in st.session_state if str(key).startswith("base_")]
    for key in (*bases, *st.session_state.pop("_filled_in", ())):
        st.session_state.pop(key, None)


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
        st.session_state["_data"] = ""
        return None


def load(workspace: str, fingerprint: str) -> Dataset:
    """A dataset by its fingerprint; frozen, so that sessions may share it. It is read again once its repeats are known, or under another name."""
    folder = Path(workspace) / "datasets" / fingerprint
    return _loaded(workspace, fingerprint, (folder / "families.npy").exists(), catalog.about(folder)["name"])


def find(fingerprint: str) -> Dataset | None:
    """A dataset of the workspace, or None where it was deleted."""
    try:
        return load(str(root()), fingerprint)
    except GenomicsError:
        return None


@st.cache_resource(max_entries=3, show_spinner=False)
def _loaded(workspace: str, fingerprint: str, inspected: bool, name: str) -> Dataset:
    return datasets.load(Path(workspace), fingerprint)


def job() -> Path | None:
    """The folder of the reading or inspection in hand, or None; one that is not there any more is put down."""
    name = st.session_state.get("_job", "")
    folder = requests.find(root(), name) if name else None
    if name and folder is None:
        st.session_state["_job"] = ""
    return folder


def run() -> Path | None:
    """The folder of the run in hand, or None. One that cannot be opened is put down, and the page says so and nothing else."""
    name = st.session_state.get("_run", "")
    folder = root() / "runs" / name
    if not name:
        return None
    away = "It was deleted, or belongs to another workspace. The page Runs lists those that are here."
    reason = unusable(folder) if (folder / "run.json").exists() else away
    if reason:
        st.session_state["_run"] = ""
        st.title("This run cannot be opened", anchor=False)
        st.warning(literal(reason), icon=":material/warning:")
        st.stop()
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
