"""What forms inside a network as it trains: the filters of its first layer, and its predictions for a few fixed sequences."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from genomics import motifs, runs, samples
from genomics.history import History
from genomics.plots import filters
from pages.ui import answers, state
from pages.ui.live_html import live_html


class _Kept(NamedTuple):
    epoch: int
    found: filters.Filters
    drawn: str
    matches: list[tuple[str, str, motifs.Match]]  # name and consensus of each known site, with the filter that is most like it


def logos(folder: Path) -> None:
    """The strongest filters of the first layer as logos; nothing where the network has none on bases."""
    kept = _filters(folder)
    if kept is None:
        return
    found = kept.found
    st.header(f"First-layer filters{f', epoch {kept.epoch:,}' if kept.epoch else ''}", anchor=False)
    live_html(kept.drawn, key="live_filters")
    some = f"The {len(found.numbers)} strongest of {found.of}" if found.of > len(found.numbers) else f"All {found.of}"
    st.caption(
        f"{some}. Letters above the line raise a filter's output, letters below lower it. Filters begin as noise; motifs form during training."
    )
    sites(folder)


def sites(folder: Path) -> None:
    """Whether filters match the sites that are known to decide; nothing for other data, or where no filter can hold a site."""
    kept = _filters(folder)
    if kept is None or not kept.matches:
        return
    lines = []
    for name, site, match in kept.matches:
        number, near = kept.found.numbers[match.filter], f"correlation {match.correlation:.2f}"
        found = f":material/check_circle: Filter {number} matches the {name} {site} ({near})."
        missed = f":material/cancel: None of the strongest filters matches the {name} {site} (closest: filter {number}, {near})."
        lines.append(found if match.found else missed)
    st.markdown(
        "  \n".join(lines),
        help="Filters are compared with the site on both strands and at every offset. It counts as a match where at "
        f"most {motifs.RARE:.0%} of all sequences of its length do as well.",
    )


def _filters(folder: Path) -> _Kept | None:
    """The file's content; read again only when it was written anew."""
    path = folder / "filters.npz"
    return _read(path, path.stat().st_mtime_ns) if path.exists() else None


@st.cache_resource(max_entries=20, show_spinner=False)
def _read(path: Path, written: int) -> _Kept:
    with np.load(path) as file:
        found = filters.strongest(file["kernels"])
        known = samples.known_sites(runs.asked(path.parent)["dataset"])
        matches = [(name, site, match) for name, site in known if (match := motifs.match(found.heights, site))]
        return _Kept(int(file["epoch"]), found, filters.svg(found), matches)


def examples(folder: Path, told: History) -> None:
    """A few fixed validation sequences with the newest predictions, or, once training has ended, those of the network that is kept."""
    if not told.watching or not told.watched:
        return
    asked = runs.asked(folder)
    shown = next((row for row in told.watched if row["at"] == told.best.get("epoch")), told.watched[-1])
    st.header(f"Predictions for {len(told.watching)} validation sequences, epoch {shown['at']:,.4g}", anchor=False)
    live_html(answers.table(told.watching, shown["said"], asked["task"], _names(asked)), key="live_answers")
    st.caption("Always the same sequences, not used for training; scroll sideways in long ones. The mark shows the true value.")


def _names(asked: dict[str, Any]) -> tuple[str, ...]:
    """Of the classes, labels or targets; empty where the dataset is not here any more."""
    dataset = state.find(asked["dataset"])
    return (dataset.classes or dataset.target_names) if dataset is not None else ()
