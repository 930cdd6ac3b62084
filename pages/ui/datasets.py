"""The datasets of the workspace as a list: open, rename, delete."""

import time
from pathlib import Path
from typing import Any

import streamlit as st

from genomics.dataset import Dataset, catalog
from pages.ui import intake, show, state


def all_datasets(in_hand: Dataset | None) -> None:
    """All datasets and what can be done with one; an invitation where there are none."""
    rows, uses = catalog.listing(state.root()), catalog.used_by(state.root())
    st.title("Your sequences", anchor=False)
    if not rows:
        intake.nothing_yet()
        return
    names = {row["fingerprint"]: row["name"] for row in rows}
    st.write(f"Datasets in this workspace: {len(rows):,}. Select one to open, rename or delete it; add more on the left.")
    if in_hand is not None and st.button("Back to the open dataset", icon=":material/arrow_back:", key="back", type="tertiary"):
        st.query_params.pop("list")
        st.rerun()
    picked = show.table(
        [
            {
                "Name": row["name"],
                "Sequences": row["records"],
                "Runs": len(uses.get(row["fingerprint"], ())),
                "Added": time.strftime("%Y-%m-%d %H:%M", time.localtime(row["added"])),
                "Made from": names.get(row.get("parent", ""), ""),
            }
            for row in rows
        ],
        select="single-row",
        key=f"datasets_{len(rows)}",  # a new table after a deletion, with nothing selected
        column_config={"Sequences": st.column_config.NumberColumn(format="localized")},
    )
    for row in [rows[at] for at in picked[:1] if at < len(rows)]:
        with show.problems():
            _actions(row, state.root() / "datasets" / row["fingerprint"])


def _actions(row: dict[str, Any], folder: Path) -> None:
    """What can be done with the selected dataset. Keys hold its fingerprint: where the list has changed meanwhile, a click does nothing."""
    with st.container(horizontal=True):
        if row["records"] is not None:
            if st.button("Open", type="primary", icon=":material/open_in_new:", key=f"open_{folder.name}"):
                st.query_params.pop("list", None)
                state.choose(data=folder.name, run="", job="")
                st.rerun()
            with st.popover("Rename", icon=":material/edit:", key=f"new_{row['name']}"), st.form(f"form_{folder.name}", border=False):
                name = st.text_input("Name", row["name"], max_chars=catalog.LONGEST_NAME, key=f"name_{folder.name}")
                if st.form_submit_button("Save name", key=f"save_name_{folder.name}"):
                    catalog.rename(folder, name)
                    st.rerun()
        with st.popover("Delete", icon=":material/delete:"):
            needed = catalog.needed(folder)
            st.write(show.literal(needed or f'"{row["name"]}" is deleted for good. Datasets made from it stay.'))
            if not needed and st.button("Delete for good", key=f"delete_{folder.name}"):
                catalog.delete(folder)
                if st.session_state.get("_data") == folder.name:
                    state.choose(data="")
                st.rerun()
