"""Runs: what did I do?"""

import time
from pathlib import Path
from typing import Any

import streamlit as st

from genomics import groups, listing, recipe, results, runs, words
from genomics.errors import GenomicsError
from pages.ui import downloads, launch, measures, shell, show, state

shell.guard("runs")
_MOST = 200


def _titles(names: str) -> str:
    """Architectures as people call them; one that this version does not know by its name."""
    try:
        first, *more = [recipe.find(name).title for name in names.split(", ")]
    except GenomicsError:
        return names
    return ", ".join([first, *map(words.within, more)])


def _metric(said: str) -> str:
    """What `results.brief` calls a metric ("test mcc") as people write it ("Test MCC")."""
    part, _, name = said.rpartition(" ")
    return f"{part.capitalize()} {words.within(measures.title(name))}".strip()


def _percent(row: dict[str, Any]) -> bool:
    return row["metric"] == "gap closed" or row["metric"].removeprefix("test ") in measures.PERCENT


def _value(row: dict[str, Any]) -> str:
    if row["value"] is None:
        return ""
    number = words.number(row["value"], percent=_percent(row))
    return f"{number}, mean of {row['measured']}" if len(row["runs"]) > 1 else number


def _compared(chosen: list[dict[str, Any]]) -> None:
    """The test metrics of runs and groups side by side."""
    columns = {}
    for row in chosen:
        answer = groups.together(_folders(row))
        columns[f"{_titles(row['architecture'])} ({row['run'][-4:]})"] = answer["metrics"].get("test", {})
    names = list(dict.fromkeys(name for cells in columns.values() for name in cells))
    st.header("Test metrics side by side", anchor=False)
    st.dataframe(
        [
            {"Metric": measures.title(name)}
            | {column: measures.cell(cells[name], name) for column, cells in columns.items() if cells.get(name)}
            for name in names
        ],
        hide_index=True,
    )


def _folders(row: dict[str, Any]) -> list[Path]:
    return [state.root() / "runs" / name for name in reversed(row["runs"])]


st.title("Runs", anchor=False)
everything = runs.everything(state.root())
folders = [folder for folder in everything if state.readable(folder)]
damaged = [folder.name for folder in everything if folder not in folders]
if damaged:
    st.warning(show.literal(f"Not listed, because run.json cannot be read: {', '.join(damaged)}."), icon=":material/warning:")
if not folders:
    show.empty("Every training is kept here, with what was asked and what came of it.", "Choose sequences", "data")
    st.stop()

each = [results.brief(folder) for folder in listing.newest(folders, _MOST)]
together = listing.gathered(each)
going = sum(row["state"] in runs.LIVE for row in each)
st.markdown(f"**{len(folders):,} {'run' if len(folders) == 1 else 'runs'}{f', {going} going' if going else ''}.**")
apart = len(together) < len(each) and st.toggle(
    "Each run of a group", help="Seeds, folds and architectures that answer together are one row, with the mean of their values."
)
rows = [{**row, "runs": [row["run"]]} for row in each] if apart else together
picked = st.dataframe(
    [
        {
            "State": row["state"],
            "Architecture": _titles(row["architecture"]),
            "Data": row["dataset"],
            "Detail": row["detail"],
            "Metric": _metric(row["metric"]),
            "Value": _value(row),
            "95 % interval": words.interval(row, percent=_percent(row)),
            "Curve": row["curve"],
            "Seconds": row["seconds"],
            "Started": time.strftime("%Y-%m-%d %H:%M", time.localtime(row["created"])),
            "Name": row["run"],
        }
        for row in rows
    ],
    hide_index=True,
    on_select="rerun",
    selection_mode="multi-row",
    key=f"runs_table_{apart}_{st.session_state.get('_deletions', 0)}",  # a new table after each deletion, with nothing selected
    column_config={
        "Curve": st.column_config.LineChartColumn(help="Validation loss by epoch, or 4-letter word divergence of a generator."),
        "Seconds": st.column_config.NumberColumn(format="%.0f"),
    },
)
chosen = [rows[index] for index in picked.selection.rows if index < len(rows)]
if not chosen:
    st.caption("Select one to open, export or delete it; select several to compare them.")
    st.stop()

if len(chosen) > 1:
    _compared(chosen)
picked_folders = [folder for row in chosen for folder in _folders(row)]
with st.container(horizontal=True):
    if len(chosen) == 1:
        row = chosen[0]
        if st.button("Open", type="primary", icon=":material/open_in_new:"):
            newest = state.root() / "runs" / row["runs"][0]
            launch.reopen(newest, results.brief(newest))
        downloads.everything(row["run"], *picked_folders)
    several = len(picked_folders) > 1
    with st.popover(f"Delete {len(picked_folders)} runs" if several else "Delete", icon=":material/delete:"):
        st.write(f"{'Their networks' if several else 'Its network'}, results and samples are removed for good.")
        if st.button("Delete for good", key="really_delete"):
            try:
                groups.delete(picked_folders)
            except GenomicsError as error:
                show.problem(error)
            else:
                if st.session_state.get("_run") in [folder.name for folder in picked_folders]:
                    state.choose(run="")
                st.session_state["_deletions"] = st.session_state.get("_deletions", 0) + 1
                st.rerun()
show.terminal(
    "python -m genomics runs " + (f"show {chosen[0]['run']}" if len(chosen) == 1 else "compare " + " ".join(row["run"] for row in chosen))
)
