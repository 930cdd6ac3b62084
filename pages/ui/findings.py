"""What is wrong with a dataset, as cards with their remedies; and what is reached without a network."""

from typing import Any

import streamlit as st

from genomics import words
from genomics.dataset import Dataset, catalog
from genomics.plots import style
from genomics.remedies import REMEDIES
from pages.ui import inspecting, measures, reading, show, state

_SEVERITIES = {
    "stop": ("Stop", "dangerous", "red", "#D64545"),
    "warn": ("Warning", "warning", "orange", "#E0A11B"),
    "note": ("Note", "info", "blue", style.UNKNOWN),
}
_EDGES = "".join(
    f'[class*="st-key-finding_{severity}_"] {{ border-left: 4px solid {colour} !important; }}'
    for severity, (_, _, _, colour) in _SEVERITIES.items()
)
_EXAMPLES = 6


def tab(dataset: Dataset) -> None:
    """All findings, worst first, the shortcut baselines, and how the sequences were read; where nobody has looked yet, how far that is."""
    found = inspecting.found(dataset.fingerprint)
    if found is not None:
        _cards(dataset, found)
        baselines(found)
    if dataset.notes:
        st.header("How they were read", anchor=False)
    for note in dataset.notes:
        st.caption(f":material/info: {show.literal(note)}")


def _cards(dataset: Dataset, found: dict[str, Any]) -> None:
    st.html(f"<style>{_EDGES}</style>")
    for flag in found["flags"]:
        _card(dataset, flag)
    if not found["flags"]:
        st.success("Nothing was found that would make results wrong or misleading.", icon=":material/check_circle:")


def origin(dataset: Dataset) -> None:
    """Where a fixed dataset comes from, and the way back."""
    before = catalog.about(state.root() / "datasets" / dataset.parent)
    if not dataset.parent or before["records"] is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        said = dataset.notes[-1] if dataset.notes else "Fixed."
        st.markdown(
            f":material/healing: Made from {show.literal(before['name'])}, {before['records']:,} sequences: {show.literal(said)}",
            width="stretch",
        )
        if st.button("Undo", icon=":material/undo:", key="undo"):
            state.choose(data=dataset.parent, run="", job="")
            st.rerun()


def baselines(found: dict[str, Any]) -> None:
    """What simple ways reach on the same split, best first."""
    rows = [row for row in found["baselines"].values() if row["metrics"].get(row["metric"])]
    if not rows:
        return
    rows.sort(key=lambda row: -(row["metrics"][row["metric"]]["value"] or 0.0))
    metric = rows[0]["metric"]
    st.header("Simple baselines", anchor=False)
    show.table(
        [
            {
                "Method": row["title"],
                measures.title(metric): measures.number(row["metrics"][metric]["value"], metric),
                "95 % interval": words.interval(row["metrics"][metric], percent=metric in measures.PERCENT),
                "": max(row["metrics"][metric]["value"] or 0.0, 0.0),
                "What it looks at": row["sentence"],
            }
            for row in rows
        ],
        column_config={"": st.column_config.ProgressColumn(min_value=0.0, max_value=1.0, format=" ", width="small")},
    )
    st.caption("Measured on the test set, as a network will be. A network is worth it only if it beats these.")


def _card(dataset: Dataset, flag: dict[str, Any]) -> None:
    word, icon, colour, _ = _SEVERITIES[flag["severity"]]
    with st.container(border=True, key=f"finding_{flag['severity']}_{flag['code']}"):
        st.markdown(f":{colour}[:material/{icon}: **{word}**]  **{show.literal(flag['message'])}**")
        st.markdown(f"{show.literal(flag['meaning'])}  \n**What to do.** {show.literal(flag['remedy'])}")
        shown = flag["examples"][:_EXAMPLES]
        if shown:
            st.caption(f"{len(shown)} of {flag['records']:,} records:" if flag["records"] > len(shown) else "The records:")
            st.code("   ".join(shown), language=None, wrap_lines=True)
        remedy = REMEDIES.get(flag["action"])
        if remedy and st.button(remedy.title, key=f"mend_{flag['code']}", icon=":material/healing:"):
            reading.begin({"dataset": dataset.fingerprint, "remedy": flag["action"]})
