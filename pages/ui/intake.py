"""Adding data: upload, paste or sample; problems shown with their remedies before anything is kept."""

from typing import NamedTuple

import streamlit as st

from genomics import dataset as datasets
from genomics import io, labelling, samples
from genomics.errors import GenomicsError
from genomics.io import Records, Report
from pages.ui import shell, show, state

_KEPT_BYTES = 1_000_000  # what was given stays in its box, to be mended there, unless it is large


class Pending(NamedTuple):
    """What was read but cannot be used as it is."""

    records: Records
    report: Report
    task: str


def column() -> None:
    """The narrow column in which data are added."""
    st.subheader("Add data", anchor=False)
    count = st.session_state.setdefault("_uploads", 0)  # a new key empties the widget and frees its memory
    with st.form("add", border=False):  # what was pasted a moment ago goes along with the click
        files = st.file_uploader(
            "FASTA, CSV or TSV files, plain or gzip",
            accept_multiple_files=True,
            key=f"files_{count}",
            help="One FASTA file for each class, or one table with a sequence and a label column. Several files at once are one dataset.",
        )
        with st.expander("Paste sequences"):
            pasted = st.text_area(
                "FASTA, a table, or one sequence a line",
                key=f"pasted_{count}",
                height=160,
                placeholder=">one label=promoter\nTATAAT...\n>two label=other\nGCGC...",
            )
        with st.expander("How to read them"):
            label = st.text_input(
                "Label column or header rule",
                key="label_column",
                help="Empty: found by itself. A column's name for tables; for FASTA a regular expression with the label in parentheses; - for no labels.",
            )
            sequence = st.text_input("Sequence column", key="sequence_column", help="Empty: found by itself.")
            task = st.selectbox(
                "What the labels are", ["", *labelling.TASKS], format_func=lambda name: name.capitalize() or "Found by itself", key="task"
            )
        read = st.form_submit_button(
            "Read", type="secondary" if st.session_state.get("_data") else "primary", width="stretch", icon=":material/check:"
        )
    if read:
        texts = [(file.getvalue(), file.name) for file in files or []]
        if pasted.strip():
            texts.append((pasted.encode(), "pasted text"))
        _read(texts, label=label, sequence=sequence, task=task)
    st.caption("or a sample")
    for sample in samples.SAMPLES.values():
        if st.button(sample.title, key=f"sample_{sample.name}", width="stretch", help=sample.learns):
            _keep(samples.load(sample.name))


def problems() -> bool:
    """Shows what stands in the way, with remedies; returns whether anything does."""
    failure = st.session_state.get("_failure")
    if failure:
        st.error(show.literal(failure), icon=":material/error:")
        st.caption("Nothing was kept. Mend it and read it again.")
    pending: Pending | None = st.session_state.get("_pending")
    if pending is None:
        return bool(failure)

    records, report, _ = pending
    st.error(f"{report.stopping:,} of {len(records):,} records cannot be used as they are.", icon=":material/error:")
    st.dataframe(
        [
            {"File": p.file, "Record": p.record, "Name": p.id, "Line": p.line or None, "What": p.reason, "Remedy": p.remedy}
            for p in sorted(report.problems, key=lambda problem: (problem.file, problem.record))
        ],
        hide_index=True,
        height=min(420, 38 + 35 * len(report.problems)),
    )
    if report.stopping > len(report.problems):
        st.caption(f"The first {len(report.problems):,} are listed.")
    with st.container(horizontal=True):
        if st.button(
            "Treat as unknown bases",
            icon=":material/question_mark:",
            help="Letters that are no base count as N. Records without a sequence or a label are left out.",
        ):
            _build(pending, "n")
        if st.button("Leave these records out", icon=":material/filter_alt_off:"):
            _build(pending, "drop")
        if st.button("Cancel", type="tertiary"):
            st.session_state.pop("_pending")
            st.rerun()
    return True


def _read(texts: list[tuple[bytes, str]], *, label: str, sequence: str, task: str) -> None:
    _forget()
    if not texts:
        st.session_state["_failure"] = "There is nothing to read yet: choose a file, or paste sequences."
        st.rerun()
    try:
        with st.spinner("Reading"):
            parts = [io.read(data, name, label=label, sequence=sequence) for data, name in texts]
            records, report = io.join(parts)
    except GenomicsError as error:
        st.session_state["_failure"] = str(error)
        state.choose(data="")
        st.rerun()
    pending = Pending(records, report, task)
    if report.stopping:
        st.session_state["_pending"] = pending
        if sum(len(data) for data, _ in texts) > _KEPT_BYTES:
            st.session_state["_uploads"] += 1
        state.choose(data="")
        st.rerun()
    _build(pending, "refuse")


def _build(pending: Pending, policy: str) -> None:
    try:
        made = datasets.build(pending.records, pending.report, task=pending.task, policy=policy)
    except GenomicsError as error:
        _forget()
        st.session_state["_failure"] = str(error)
        state.choose(data="")
        st.rerun()
    _keep(made)


def _keep(made: datasets.Dataset) -> None:
    datasets.save(made, state.root())
    _forget()
    st.session_state["_uploads"] += 1
    state.choose(data=made.fingerprint, run="")
    shell.go("data")


def _forget() -> None:
    st.session_state.pop("_pending", None)
    st.session_state.pop("_failure", None)
