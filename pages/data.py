"""Data: can I trust these sequences?"""

import shlex

import numpy as np
import streamlit as st

from genomics import words
from pages.ui import dividing, downloads, findings, inspecting, intake, landscape, makeup, pictures, reading, records, shell, show, state
from pages.ui.datasets import all_datasets

shell.guard("data")

_VIEWS = {
    "Findings": findings.tab,
    "Overview": inspecting.pictured(makeup.overview),
    "Composition": inspecting.pictured(makeup.composed),
    "Map": inspecting.pictured(landscape.scattered),
    "Repeats": inspecting.pictured(landscape.repeats),
    "Split": dividing.tab,
    "Records": records.tab,
}

left, right = st.columns([1, 3], gap="large")
with right:
    job = state.job()
    occupied = job is not None and reading.occupies(job)
with left:  # after what became of the job is known: its files may be offered again
    intake.column()
if occupied:
    st.stop()
with right:
    dataset = state.dataset()
    if dataset is None or "list" in st.query_params:
        all_datasets(dataset)
        st.stop()

    fingerprint = dataset.fingerprint
    found = pictures.found(fingerprint)
    st.title(show.literal(dataset.name), anchor=False)
    findings.origin(dataset)
    verdict = words.flags(found["flags"]) if found else "Checking for problems."
    st.markdown(f"**{words.dataset(dataset)} {verdict}**")
    gc = "..." if not found else f"{found['gc']:.1%}" if found["gc"] is not None else "-"
    with st.container(horizontal=True):  # wraps on a narrow screen
        st.metric("Sequences", f"{len(dataset):,}", border=True)
        targets = 0 if dataset.targets is None else dataset.targets.size // len(dataset)
        name, count = ("Numbers", targets) if targets else ("Classes", len(dataset.classes))
        st.metric(name, f"{count}", help="What the sequences are labelled with.", border=True)
        st.metric("Length", f"{int(np.median(dataset.lengths)):,} bp", help="The median: half of the sequences are shorter.", border=True)
        st.metric("GC content", gc, help="Share of G and C among all known bases, the mean over sequences.", border=True)
    with st.container(horizontal=True):
        if dataset.task != "unlabelled" and st.button("Train a network", type="primary", icon=":material/model_training:"):
            shell.go("train")
        if st.button(
            "Generate more like these", type="primary" if dataset.task == "unlabelled" else "secondary", icon=":material/auto_awesome:"
        ):
            shell.go("generate")
        if st.button("All datasets", type="tertiary", icon=":material/list:", key="all_datasets"):
            st.query_params["list"] = "1"
            st.rerun()

    view, tab = show.tabs(_VIEWS, key="data_tabs")
    with tab:
        _VIEWS[view](dataset)

    downloads.row(dataset, found)
    show.terminal(f"python -m genomics audit {shlex.quote(str(state.root() / 'datasets' / fingerprint))}")
