"""Adding data: files with questions that fit them, pasted text, or a sample."""

import io
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from genomics import dataset as datasets
from genomics import labelling, requests, samples
from genomics.errors import GenomicsError
from genomics.intake import Request
from genomics.io.peek import Peek, look
from genomics.io.wording import shorten
from genomics.plots import logo
from pages.ui import asking, pictures, reading, shell, show, state

_PEEKS = 40
_TYPES = "FASTA, FASTQ, GenBank, EMBL, 2bit, BED, GFF, CSV, TSV, Parquet or Excel; plain, gz or zip."


class Given(NamedTuple):
    """A file that was chosen: its name fit to be shown, what tells it from others, and its content or where that is."""

    name: str
    key: str
    content: BinaryIO | Path


def column() -> None:
    """The narrow column in which data are added."""
    st.header("Add data", anchor=False)
    count = st.session_state.setdefault("_uploads", 0)  # a new key empties the widget and frees its memory
    uploaded = st.file_uploader(
        "Sequence files",
        accept_multiple_files=True,
        key=f"files_{count}",
        help=f"{_TYPES} One FASTA file for each class, or one table with a sequence and a label column. Several files at once are one dataset.",
    )
    job = state.job()
    if uploaded:
        _ask([Given(shorten(file.name), file.file_id, file) for file in uploaded], f"ask{count}", None)
    elif kept := reading.kept_files(job):
        st.caption("Still here from the last reading:")
        _ask([Given(name, str(path), path) for name, path in kept], f"ask{count - 1}", job)
    else:
        st.caption(_TYPES)
    _paste()
    st.caption("or a sample")
    for sample in samples.SAMPLES.values():
        if st.button(f"Use {sample.title}", key=f"sample_{sample.name}", width="stretch", help=sample.learns):
            keep(samples.load(sample.name))


def nothing_yet() -> None:
    """What will be here, and one way to see it at once."""
    st.write(
        "Drop files on the left, paste sequences, or choose a sample. This page then shows how many there are, their classes, lengths and "
        "composition, and any problems to fix before training."
    )
    sample = samples.SAMPLES["promoters"]
    with st.container(border=True):
        figure = logo.figure(pictures.sample_heights(sample.name), bare=True, top=2.0)
        caption = "Which bases are frequent at each position of promoters: one of the charts you will see of your sequences."
        show.chart(figure, key="empty_logo", height=120, alt=f"Logo of {sample.title}", caption=caption)
        if st.button(f"Use {sample.title}", key="empty_sample", icon=":material/arrow_forward:"):
            keep(samples.load(sample.name))


def keep(made: datasets.Dataset) -> None:
    """Takes a dataset in hand that needs no reading."""
    datasets.save(made, state.root())
    state.choose(data=made.fingerprint, run="", job="")
    shell.go("data")


def _ask(given: list[Given], prefix: str, job: Path | None) -> None:
    """Questions about the files that were chosen, and the button that reads them."""
    peeks = [_peek(file) for file in given]
    for seen in peeks:
        st.caption(f":material/description: {show.literal(seen.name)}: {seen.title or 'cannot be read'}")
    trouble = next((seen.trouble for seen in peeks if seen.trouble), "")
    if trouble:
        st.error(show.literal(trouble), icon=":material/error:")
        return
    chosen, reference = asking.fields(peeks, prefix)
    kept = reference is not None or (job and (job / "files" / "reference").exists())
    lacks_genome = any(seen.needs_reference for seen in peeks) and not kept
    if st.button("Read", key="read_files", type=_kind(), width="stretch", icon=":material/check:", disabled=lacks_genome):
        with show.problems():
            _read(Request(names=tuple(file.name for file in given), **chosen), given, reference, job)


def _read(request: Request, given: list[Given], reference: BinaryIO | None, job: Path | None) -> None:
    """Puts the files where the job finds them, and starts it."""
    asked = {field: value for field, value in request.to_json().items() if field not in ("files", "reference")}
    folder = job or requests.create(state.root(), asked, [partial(_copy, file) for file in given])
    if reference is not None:
        path = folder / "files" / "reference"
        with path.open("wb") as file:
            requests.copy(reference)(file)
        asked["reference"] = str(path)
    if job is None:
        st.session_state["_uploads"] += 1
        forget([file.key for file in given])
    reading.carry_on(folder, asked)


def _paste() -> None:
    count = st.session_state.setdefault("_pasted", 0)
    with st.expander("Paste sequences"), st.form("add", border=False):  # what was pasted a moment ago goes along with the click
        pasted = st.text_area(
            "FASTA, a table, or one sequence a line",
            key=f"pasted_{count}",
            height=160,
            placeholder=">one label=promoter\nTATAAT...\n>two label=other\nGCGC...",
        )
        label = st.text_input(
            "Label column or header rule",
            key="label_column",
            help="Empty: detected automatically. A column's name for tables; for FASTA a regular expression with the label in parentheses; - for no labels.",
        )
        sequence = st.text_input("Sequence column", key="sequence_column", help="Empty: detected automatically.")
        task = st.selectbox(
            "What the labels are", ["", *labelling.TASKS], format_func=lambda name: name.capitalize() or "Detect automatically", key="task"
        )
        if not st.form_submit_button("Read", key="read_pasted", type=_kind(), width="stretch", icon=":material/check:"):
            return
    if not pasted.strip():
        st.error("There is nothing to read yet: choose a file, or paste sequences.", icon=":material/error:")
        return
    request = Request(names=("pasted text",), label=label, sequence=sequence, task=task)
    reading.begin(request.to_json(), [requests.copy(io.BytesIO(pasted.encode()))])


def _kind() -> Literal["primary", "secondary"]:
    return "secondary" if st.session_state.get("_data") else "primary"


def _peek(file: Given) -> Peek:
    """What a file seems to be; looked at once."""
    known: dict[str, Peek] = st.session_state.setdefault("_peeks", {})
    if file.key not in known:
        if len(known) >= _PEEKS:
            known.clear()
        try:
            with st.spinner("Looking at it"), _opened(file) as stream:
                known[file.key] = look(stream, file.name)
        except GenomicsError as error:
            known[file.key] = Peek(file.name, trouble=str(error))
    return known[file.key]


def forget(uploads: list[str]) -> None:
    """Frees uploads that were copied: Streamlit keeps them until the tab is closed, whatever becomes of their widget."""
    context = get_script_run_ctx()
    remove = getattr(context.uploaded_file_mgr, "remove_file", None) if context else None  # not every manager of files has it
    if context and remove:
        for upload in uploads:
            remove(session_id=context.session_id, file_id=upload)


def _copy(file: Given, target: BinaryIO) -> Any:
    with _opened(file) as source:
        return requests.copy(source)(target)


def _opened(file: Given) -> AbstractContextManager[BinaryIO]:
    return file.content.open("rb") if isinstance(file.content, Path) else nullcontext(file.content)
