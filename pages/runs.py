"""Runs: what did I do?"""

import time
from typing import Any

import streamlit as st

from genomics import groups, listing, results, runs, settings, words
from pages.ui import comparing, downloads, launch, measures, run_settings, shell, show, state

shell.guard("runs")
_MOST = 200
_FILTERS = {"state": "State", "dataset": "Dataset", "architecture": "Architecture", "kind": "Kind"}
_ALWAYS = ("split",)  # settings that have a column even where they are the same


def _result(row: dict[str, Any]) -> str:
    """The main metric in one cell: "Test MCC 0.775 (0.6 to 0.9)"."""
    if row["value"] is None or row["kind"] == "generator":
        return words.headline(row["metric"], row["value"]).capitalize()
    name = row["metric"].removeprefix("test ")
    percent = name in measures.PERCENT
    between = words.interval(row, percent=percent) or (f"mean of {row['measured']}" if len(row["runs"]) > 1 else "")
    number = words.number(row["value"], percent=percent)
    return f"Test {words.within(measures.title(name))} {number}{f' ({between})' if between else ''}"


def _cells(row: dict[str, Any], shown: list[str]) -> dict[str, Any]:
    return {
        "Name": row["name"],
        "Architecture": settings.titles(row["architecture"]) + (f", {row['detail']}" if len(row["runs"]) > 1 else ""),
        "Dataset": row["dataset"],
        "Result": _result(row),
        "State": row["state"].capitalize(),
        **{settings.title(name): _setting(row, name) for name in shown},
        "Curve": row["curve"],
        "Duration": words.duration(row["seconds"]),
        "Started": time.strftime("%d %b %H:%M", time.localtime(row["created"])),
        "Note": row["note"],
        "Run": row["run"],
    }


def _setting(row: dict[str, Any], name: str) -> Any:
    """A number, which sorts as one, or a text; None where the run has no such setting, or has several."""
    found = row["settings"].get(name)
    return found if type(found) in (int, float, type(None)) else run_settings.value(row["architecture"], name, found)


def _column(title: str, cells: list[dict[str, Any]]) -> Any:
    """How a setting's column is headed and written; its unit is in its help."""
    short = title.partition(" (")[0]
    if any(type(row.get(title)) in (int, float) for row in cells):
        return st.column_config.NumberColumn(short, help=title, format="%.6g")
    return st.column_config.Column(short, help=title)


def _filtered(rows: list[dict[str, Any]], each: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that the search and the filters leave."""
    wanted = {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("Search", key="runs_search", icon=":material/search:", placeholder="Name, note, dataset or architecture")
        for key, title in _FILTERS.items():
            options = sorted({str(row[key]) for row in each})
            names = settings.titles if key == "architecture" else str.capitalize if key in ("state", "kind") else str
            if len(options) > 1:
                wanted[key] = st.multiselect(title, options, format_func=names, key=f"runs_{key}", placeholder="All")
    return listing.matching(rows, each, text, **wanted)


def _described(row: dict[str, Any]) -> None:
    """A name and a note for the run that is selected, or for all runs of its group."""
    with st.form(f"describe_{row['run']}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        given = {
            key: st.text_input(key.capitalize(), row[key], max_chars=runs.LONGEST[key], key=f"{key}_{row['run']}") for key in runs.LONGEST
        }
        if st.form_submit_button("Save", icon=":material/save:", key="describe"):
            with show.problems():
                for folder in comparing.folders(row):
                    runs.describe(folder, **given)
                st.rerun()


st.title("Runs", anchor=False)
everything = runs.everything(state.root())
folders = [folder for folder in everything if listing.readable(folder)]
damaged = [folder.name for folder in everything if folder not in folders]
if damaged:
    st.warning(show.literal(f"Not listed, because run.json cannot be read: {', '.join(damaged)}."), icon=":material/warning:")
if not folders:
    show.empty("All runs are listed here, with their settings and results.", "Choose sequences", "data")
    st.stop()

each = [results.brief(folder) for folder in listing.newest(folders, _MOST)]
together = listing.gathered(each)
going = sum(row["state"] in runs.LIVE for row in each)
st.markdown(f"**{len(folders):,} {'run' if len(folders) == 1 else 'runs'}{f', {going} going' if going else ''}.**")
rows = _filtered(together, each)
with st.container(horizontal=True):
    apart = len(together) < len(each) and st.toggle(
        "Single runs", key="runs_apart", help="Folds and ensembles are one row, with the mean of their results, until this is on."
    )
    every = st.toggle("All settings", key="runs_every", help="Also the settings that are the same in all rows.")
if apart:
    left = {name for row in rows for name in row["runs"]}
    rows = [{**row, "runs": [row["run"]]} for row in each if row["run"] in left]
if not rows:
    st.info("No run fits the search and the filters.", icon=":material/filter_alt:")
    st.stop()
unlike = settings.differing([row["settings"] for row in rows])
known = list(dict.fromkeys(name for row in rows for name in row["settings"]))
cells = [_cells(row, [name for name in known if every or name in unlike or name in _ALWAYS]) for row in rows]
picked = show.table(
    cells,
    select="multi-row",
    column_order=[title for title in cells[0] if any(row[title] not in ("", [], None) for row in cells)],
    placeholder="",
    key=f"runs_table_{hash(tuple(row['run'] for row in rows))}",  # another table wherever a selection would mean other runs
    column_config={
        "Name": st.column_config.Column(width=150),
        "Curve": st.column_config.LineChartColumn(help="Validation loss by epoch, or 4-mer divergence of a generator."),
        **{title: _column(title, cells) for title in map(settings.title, known)},
    },
)
chosen = [rows[index] for index in picked if index < len(rows)]
if not chosen:
    st.caption("Select one run to open, name, export or delete it; select several to compare them.")
    st.stop()

picked_folders = [folder for row in chosen for folder in comparing.folders(row)]
if len(chosen) == 1:
    _described(chosen[0])
else:
    comparing.section(chosen, every)
with st.container(horizontal=True):
    if len(chosen) == 1:
        if st.button("Open", type="primary", icon=":material/open_in_new:"):
            launch.reopen(picked_folders[-1], results.brief(picked_folders[-1]))
        downloads.everything(chosen[0]["run"], *picked_folders)
    several = len(picked_folders) > 1
    with st.popover(f"Delete {len(picked_folders)} runs" if several else "Delete", icon=":material/delete:"):
        st.write(f"{'Their networks' if several else 'Its network'}, results and samples are removed for good.")
        if st.button("Delete for good", key="really_delete"):
            with show.problems():
                groups.delete(picked_folders)
                if st.session_state.get("_run") in [folder.name for folder in picked_folders]:
                    state.choose(run="")
                st.rerun()
show.terminal(
    "python -m genomics runs " + (f"show {chosen[0]['run']}" if len(chosen) == 1 else "compare " + " ".join(row["run"] for row in chosen))
)
