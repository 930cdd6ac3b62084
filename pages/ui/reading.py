"""A job of reading or mending: what stands in its way, and what became of it."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO

import streamlit as st

from genomics import disk, requests, runs
from genomics.errors import GenomicsError
from genomics.requests import Progress
from pages.ui import show, state, waiting

_LETTERS = ("gap", "stop", "not_a_base")


def begin(asked: dict[str, Any], files: Iterable[Callable[[BinaryIO], Any]] = ()) -> None:
    """Makes a job, starts it and takes it in hand; the page then runs anew."""
    carry_on(requests.create(state.root(), asked, files), {})


def carry_on(folder: Path, changes: dict[str, Any]) -> None:
    """Starts a job that was made before, once more where it ended, with some of what was asked changed."""
    before = state.job()
    if before is not None and before != folder and not requests.progress(before).dataset:
        requests.cancel(before)
    try:
        requests.again(folder, **changes)
    except GenomicsError as error:
        st.session_state["_failure"] = str(error)
    state.choose(job=folder.name)
    st.rerun()


def occupies(folder: Path) -> bool:
    """Whether a job is all that there is to see; if so, shows how far it is, or what stands in its way.

    What it made is taken in hand as soon as it is kept. A job that only looks at a dataset is shown where its findings will be.
    """
    now = requests.progress(folder)
    if now.dataset:
        _arrived(folder, now)
    if now.dataset or only_looks(folder):
        return False
    if now.state in runs.LIVE:
        st.title(show.literal(_what(folder)), anchor=False)
        waiting.watch(folder)
    elif "problems" in now.answer:
        _problems(folder)
    elif now.state == "stopped":
        _put_down(folder)
        return False
    else:
        _failed(folder, now)
    return True


def kept_files(folder: Path | None) -> list[tuple[str, Path]]:
    """The uploads that a job still has because it did not come to an end: names and paths."""
    if folder is None or not (folder / "files").exists():
        return []
    now = requests.progress(folder)
    if now.state in runs.LIVE or now.dataset:
        return []
    asked = disk.read_json(folder / "request.json") or {}
    pairs = zip(asked.get("names", ()), map(Path, asked.get("files", ())), strict=False)
    return [(name, path) for name, path in pairs if name != "pasted text" and path.exists()]


def only_looks(folder: Path) -> bool:
    """Whether a job inspects a dataset that is there already."""
    asked = disk.read_json(folder / "request.json") or {}
    return bool(asked.get("dataset")) and not asked.get("remedy")


def _arrived(folder: Path, now: Progress) -> None:
    """Takes what a job made in hand, once; puts the job down when all is done."""
    asked = disk.read_json(folder / "request.json") or {}
    if not only_looks(folder) and st.session_state.get("_taken") != folder.name:
        st.session_state["_taken"] = folder.name
        if not asked.get("dataset"):
            st.session_state["_pasted"] = st.session_state.get("_pasted", 0) + 1
        st.query_params.pop("list", None)
        state.choose(data=now.dataset, run="")
    if now.state == "finished":
        _put_down(folder)


def _put_down(folder: Path) -> None:
    requests.discard(folder)
    state.choose(job="")  # without running the page anew, which would lose a click that came at this very moment


def _what(folder: Path) -> str:
    """What a job is about: the files' names, or what it does."""
    asked = disk.read_json(folder / "request.json") or {}
    return ", ".join(asked.get("names", ())[:3]) or "The new dataset"


def _problems(folder: Path) -> None:
    """What stands in the way, with what can be done about it."""
    met = requests.problems(folder)
    st.title(show.literal(_what(folder)), anchor=False)
    listed = sorted(met["problems"], key=lambda problem: (problem["file"], problem["record"]))
    st.error(f"{met['stopping']:,} of {met['records']:,} records cannot be used as they are.", icon=":material/error:")
    names = {"File": "file", "Record": "record", "Name": "id", "Line": "line", "What": "reason", "Remedy": "remedy"}
    show.table(
        [{title: problem[field] or None for title, field in names.items()} for problem in listed],
        height=min(420, 38 + 35 * len(listed)),
    )
    if met["stopping"] > len(listed):
        st.caption(f"The first {len(listed):,} are listed.")
    codes = {problem["code"] for problem in listed}
    with st.container(horizontal=True):
        if "gap" in codes and st.button(
            "Remove the gaps",
            icon=":material/content_cut:",
            help="The rest of each record is joined. Other problems are shown next.",
        ):
            carry_on(folder, {"policy": "gap=remove"})
        if codes & set(_LETTERS) and st.button(
            "Treat as unknown bases",
            icon=":material/question_mark:",
            help="Letters that are not bases count as N. Records without a sequence or a label are excluded.",
        ):
            carry_on(folder, {"policy": "n"})
        if st.button("Exclude these records", icon=":material/filter_alt_off:"):
            carry_on(folder, {"policy": "drop"})
        if st.button("Cancel", type="tertiary"):
            _put_down(folder)
            st.rerun()


def _failed(folder: Path, now: Progress) -> None:
    """Why there is nothing, what is safe, and one way forward."""
    st.title(show.literal(_what(folder)), anchor=False)
    reason = now.answer.get("message") or st.session_state.pop("_failure", "") or "The import was interrupted: its process has ended."
    st.error(show.literal(str(reason)), icon=":material/error:")
    if (disk.read_json(folder / "request.json") or {}).get("dataset"):
        st.caption("The dataset is unchanged.")
    else:
        st.caption("Nothing was imported. Change the import options on the left or fix the file, then try again.")
    if now.state in ("new", "interrupted"):
        if st.button("Try again", icon=":material/refresh:"):
            carry_on(folder, {})
    elif st.button("Discard", icon=":material/close:"):
        _put_down(folder)
        st.rerun()
