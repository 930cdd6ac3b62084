"""What an inspection found, worked out where nobody has yet."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from genomics import disk, requests, runs
from genomics.dataset import Dataset
from genomics.portrait import Portrait
from pages.ui import pictures, reading, show, state, waiting


def found(fingerprint: str, how: str = "auto", seed: int = 0, *, at_once: bool = True) -> dict[str, Any] | None:
    """What an inspection found. Where there is none yet it is begun, or shown as it goes, and the answer is None.

    Args:
        fingerprint: of the dataset in hand.
        how: the split that it is looked at with.
        seed: of the split.
        at_once: begin by itself, once a session; else not at all.
    """
    known = pictures.found(fingerprint, how, seed)
    if known is not None:
        return known
    asked = {"dataset": fingerprint, "split": how, "split_seed": seed}
    key, tried = (fingerprint, how, seed), st.session_state.setdefault("_inspections", set())
    folder = state.job() or _elsewhere(asked)
    if folder is not None and _concerns(folder, asked):
        state.choose(job=folder.name)
        now = requests.progress(folder)
        if now.state in runs.LIVE:
            waiting.watch(folder)
            return None
        tried.add(key)
        reason = (
            "The inspection was cancelled." if now.state == "stopped" else now.answer.get("message") or "The inspection was interrupted."
        )
        st.error(show.literal(reason), icon=":material/error:")
        st.caption("The sequences are kept; only what is known about them is missing.")
    if at_once and (key not in tried or st.button("Look again", icon=":material/refresh:")):
        tried.add(key)
        reading.begin(asked)
    return None


def pictured(draw: Callable[[Dataset, Portrait], None]) -> Callable[[Dataset], None]:
    """Draws what an inspection worked out, or shows the inspection as it goes."""

    def drawn(dataset: Dataset) -> None:
        if found(dataset.fingerprint) is None:
            return
        portrait = pictures.portrait(dataset.fingerprint)
        if portrait is not None:
            draw(dataset, portrait)
        elif st.button("Draw the pictures anew", icon=":material/refresh:"):
            reading.begin({"dataset": dataset.fingerprint})

    return drawn


def _concerns(folder: Path, asked: dict[str, Any]) -> bool:
    """Whether a job inspects this dataset with this split."""
    own = disk.read_json(folder / "request.json") or {}
    split = (own.get("split", "auto"), own.get("split_seed", 0))
    made = own["dataset"] if reading.only_looks(folder) else requests.progress(folder).dataset
    return (made, *split) == (asked["dataset"], asked["split"], asked["split_seed"])


def _elsewhere(asked: dict[str, Any]) -> Path | None:
    """A job that another tab began for the same."""
    for path in (state.root() / "intake").glob("*/request.json"):
        own = disk.read_json(path) or {}
        if all(own.get(key) == value for key, value in asked.items()) and not own.get("remedy") and runs.alive(path.parent):
            return path.parent
    return None
