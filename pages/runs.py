"""Runs: what did I do?"""

import time

import streamlit as st

from genomics import export, results, runs, words
from genomics.errors import GenomicsError
from pages.ui import launch, shell, show, state

shell.guard("runs")

st.title("Runs", anchor=False)
everything = runs.everything(state.root())
folders = [folder for folder in everything if state.readable(folder)]
damaged = [folder.name for folder in everything if folder not in folders]
if damaged:
    st.warning(show.literal(f"Not listed, because run.json cannot be read: {', '.join(damaged)}."), icon=":material/warning:")
if not folders:
    show.empty("Every training is kept here, with what was asked and what came of it.", "Choose sequences", "data")
    st.stop()

rows = [results.brief(folder) for folder in folders[:200]]
going = sum(row["state"] in runs.LIVE for row in rows)
st.markdown(f"##### {len(folders):,} {'run' if len(folders) == 1 else 'runs'}{f', {going} going' if going else ''}.")
picked = st.dataframe(
    [
        {
            "State": row["state"],
            "Architecture": row["architecture"],
            "Data": row["dataset"],
            "Detail": row["detail"],
            "Metric": row["metric"],
            "Value": words.number(row["value"], percent=row["metric"] == "gap closed") if row["value"] is not None else "",
            "95 % interval": words.interval(row),
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
    key=f"runs_table_{st.session_state.get('_deletions', 0)}",  # a new table after each deletion, with nothing selected
    column_config={
        "Curve": st.column_config.LineChartColumn(help="Validation loss by epoch, or 4-letter word divergence of a generator."),
        "Seconds": st.column_config.NumberColumn(format="%.0f"),
    },
)
chosen = [folders[index] for index in picked.selection.rows if index < len(rows)]
if not chosen:
    st.caption("Select one run to open, export or delete it; select several to compare them.")
    st.stop()

if len(chosen) > 1:
    answers = [results.summary(folder) for folder in chosen]
    names = list(dict.fromkeys(name for answer in answers for name in answer["metrics"].get("test", {})))
    st.markdown("##### Test metrics side by side")
    st.dataframe(
        [
            {"Metric": name.replace("_", " ")}
            | {
                f"{answer['architecture']} ({answer['run'][-4:]})": f"{words.number(cell['value'])}  ({words.interval(cell)})"
                for answer in answers
                if (cell := answer["metrics"].get("test", {}).get(name))
            }
            for name in names
        ],
        hide_index=True,
    )
with st.container(horizontal=True):
    if len(chosen) == 1:
        folder, row = chosen[0], results.brief(chosen[0])
        if st.button("Open", type="primary", icon=":material/open_in_new:"):
            launch.reopen(folder, row)
        st.download_button(
            "Everything (zip)", data=lambda: export.bundle(folder), file_name=f"{folder.name}.zip", icon=":material/folder_zip:"
        )
    with st.popover(f"Delete {len(chosen)}" if len(chosen) > 1 else "Delete", icon=":material/delete:"):
        st.write(
            "Their networks, results and samples are removed for good."
            if len(chosen) > 1
            else "Its network, results and samples are removed for good."
        )
        if st.button("Delete for good", key="really_delete"):
            try:
                for folder in chosen:
                    runs.delete(folder)
                    if folder.name == st.session_state.get("_run"):
                        state.choose(run="")
            except GenomicsError as error:
                show.problem(error)
            else:
                st.session_state["_deletions"] = st.session_state.get("_deletions", 0) + 1
                st.rerun()
show.terminal(
    "python -m genomics runs " + (f"show {chosen[0].name}" if len(chosen) == 1 else "compare " + " ".join(f.name for f in chosen))
)
