"""New sequences through a trained network, or through all networks of a group: a form, the job as it goes, a table."""

import io
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import streamlit as st

from genomics import applying, disk, recipe, requests, runs, words
from genomics.errors import GenomicsError
from genomics.intake import Request, sequence_columns
from genomics.io.peek import look
from genomics.io.wording import shorten
from pages.ui import downloads, intake, show, state

OPEN = "predict_open"  # the panel's key: true in the session opens it
_ROWS = 200
_WAIT_SECONDS = 1.0
_GONE = "The process that predicts has ended, perhaps for lack of memory. Try again, with fewer sequences at a time."
_STRANDS = {(1,): "Each sequence is read as given, on one strand.", (2,): "Each prediction is the mean over both strands."}


def section(shown: Path, members: list[Path]) -> None:
    """The panel for a run and the group that it belongs to; nothing where no network was saved."""
    group = [folder for folder in members if (folder / "model.keras").exists()]
    if (shown / "model.keras").exists():
        with st.expander("**Predict new sequences**", key=OPEN, on_change="rerun") as panel:
            if panel.open:
                st.fragment(_panel)(shown, group)


def _panel(shown: Path, group: list[Path]) -> None:
    folders = [shown]
    if len(group) > 1:
        ways = {"mean": f"Mean of {len(group)} networks", "one": "This network only"}
        way = st.segmented_control("Predict with", ways, format_func=ways.__getitem__, default="mean", required=True, key="predict_with")
        folders = group if way == "mean" else folders
    names = [folder.name for folder in folders]
    requests.warm(state.root(), names)
    count = st.session_state.setdefault("_predict_files", 0)
    st.html("<style>.st-key-predict_form textarea { font-family: var(--st-code-font, monospace); }</style>")
    with st.container(key="predict_form"), st.form("predict", border=False):
        left, right = st.columns([3, 2])
        text = left.text_area("FASTA, a table, or one sequence a line", _example(shown), height=190, key=f"predict_text_{shown.name}")
        help = "Used instead of the text. With BED or GFF, choose the genome's file as well."
        files = right.file_uploader("Or files", accept_multiple_files=True, key=f"predict_files_{count}", help=help)
        pressed = st.form_submit_button("Predict", key="predict_button", type="primary", icon=":material/play_arrow:")
    if pressed:
        with show.problems():
            _begin(names, [(shorten(file.name), file) for file in files] or [("pasted text", io.BytesIO(text.encode()))])
        if files:
            st.session_state["_predict_files"] = count + 1  # a new key empties the widget
            intake.forget([file.file_id for file in files])
    job = requests.find(state.root(), st.session_state.get("_predict_job", ""))
    if job and _asked(job)["runs"] == names:
        _answer(job)


def _asked(job: Path) -> dict[str, Any]:
    return dict(disk.read_json(job / "request.json"))


def _begin(names: list[str], given: list[tuple[str, Any]]) -> None:
    """Makes a job of what was given; a genome that other files hold places on comes last."""
    ordered = sorted(((look(file, name), file) for name, file in given), key=lambda pair: not pair[0].needs_reference)
    peeks, files = zip(*ordered, strict=True)
    genome = peeks[0].needs_reference and len(peeks) > 1
    asked = Request(names=tuple(seen.name for seen in (peeks[:-1] if genome else peeks)), label="-").to_json()
    more = {"genome": genome, "columns": sequence_columns(peeks[0]), "taken": peeks[0].sequence}
    _start({**asked, **more, "kind": requests.PREDICT, "runs": names}, files)


def _start(asked: dict[str, Any], files: Any) -> None:
    folder = requests.create(state.root(), asked, map(requests.copy, files))
    requests.start(folder)
    if before := requests.find(state.root(), st.session_state.get("_predict_job", "")):
        requests.cancel(before)
        requests.discard(before)
    st.session_state["_predict_job"] = folder.name


def _again(job: Path, **changes: Any) -> None:
    """The same files once more, with something else asked."""
    asked = _asked(job)
    _start({**asked, **changes}, [io.BytesIO(Path(path).read_bytes()) for path in asked["files"]])
    st.rerun()


def _answer(job: Path) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS  # with the network in memory the answer is there before the page is drawn
    while (now := requests.progress(job)).state in (*runs.LIVE, "new") and time.monotonic() < deadline:
        time.sleep(0.02)
    if now.state in (*runs.LIVE, "new"):
        st.fragment(_watch, run_every=0.5)(job)
    elif "problems" in now.answer:
        st.error(f"{now.answer['problems']:,} of {now.answer['records']:,} sequences cannot be read as they are.", icon=":material/error:")
        st.text(now.answer["first"])
        with st.container(horizontal=True):
            for policy, label in (("n", "Treat other letters as unknown (N)"), ("drop", "Leave these sequences out")):
                if st.button(label, key=f"predict_{policy}"):
                    _again(job, policy=policy)
    elif now.state == "finished":
        _table(job, now.answer)
    else:
        st.error(show.literal(now.answer.get("message", _GONE)), icon=":material/error:")
        if st.button("Try again", key="predict_again", icon=":material/refresh:"):
            _again(job)


def _watch(job: Path) -> None:
    now = requests.progress(job)
    if now.state == "new":  # it waits for another job, or for a process that has just left
        requests.start(job)
    elif now.state not in runs.LIVE:
        st.rerun()
    st.progress(now.share, text=f"{show.literal(now.what)}; {words.duration(now.seconds)} so far")
    if st.button("Cancel", key="predict_cancel", icon=":material/close:"):
        requests.cancel(job)
        requests.discard(job)
        st.rerun()


def _table(job: Path, told: dict[str, Any]) -> None:
    asked = _asked(job)
    if len(asked["columns"]) > 1:
        taken = asked["sequence"] or asked["taken"]
        label = "Several columns hold DNA; sequences are read from"
        picked = st.selectbox(label, asked["columns"], asked["columns"].index(taken), key=f"column_{job.name}")
        if picked != taken:
            _again(job, sequence=picked)
    path = job / "predictions.parquet"
    found = pq.read_table(path)
    shown = found.slice(0, _ROWS).to_pandas()
    shown["remarks"] = shown["remarks"].str.replace(";", ", ")
    bars = [name for name in found.column_names if name.startswith("probability ")]
    if runs.asked(state.root() / "runs" / asked["runs"][0])["task"] == "binary":
        shown = shown.drop(columns=bars[0])  # of two classes the second says both
    config: dict[str, Any] = {name: st.column_config.ProgressColumn(min_value=0, max_value=1, format="%.3f") for name in bars}
    st.dataframe(shown, hide_index=True, key="predictions", column_config=config | {"length": st.column_config.NumberColumn("length (bp)")})
    first = [f"The first {_ROWS} of {len(found):,} sequences; the files hold all."] if len(found) > _ROWS else []
    gone = [] if told["compared"] else ["The training set is not in this workspace any more: nothing is compared with it."]
    st.caption("  \n".join(map(show.literal, [*first, _how(asked["runs"], told), *applying.sentences(told), *gone, *told["notes"]])))
    with st.container(horizontal=True):
        downloads.button("TSV", lambda: downloads.delimited(pq.read_table(path).to_pandas()), "predictions.tsv")
        downloads.button("CSV", lambda: downloads.delimited(pq.read_table(path).to_pandas(), ","), "predictions.csv")
        downloads.button("Parquet", path.read_bytes, "predictions.parquet")


def _how(names: list[str], told: dict[str, Any]) -> str:
    """Which strand is read, and how far probabilities can be trusted."""
    said = _STRANDS.get(tuple(told["strands"]), "Some of the networks read one strand, others both.")
    measured = [disk.read_json(state.root() / "runs" / name / "evaluation.json") or {"test": {"metrics": {}}} for name in names]
    errors = [value for row in measured if (value := row["test"]["metrics"].get("ece", {}).get("value")) is not None]
    if errors:
        of = "on the test set" if len(names) == 1 else "on the test set, mean over the single networks"
        said += f" Probabilities are not calibrated (expected calibration error {of}: {100 * np.mean(errors):.1f} %)."
    return said


@st.cache_data(max_entries=20, show_spinner=False)
def _example(folder: Path) -> str:
    """Up to three test sequences as FASTA, of different classes where there are; empty where the dataset is gone."""
    asked = recipe.from_json(runs.asked(folder))
    try:
        dataset = state.load(str(state.root()), asked.dataset)
        test = recipe.divide(dataset, asked).test
    except GenomicsError:
        return ""
    first: Any = [] if dataset.labels is None else np.unique(dataset.labels[test], return_index=True)[1][::-1]
    some = list(dict.fromkeys([*test[first].tolist(), *test.tolist()]))[:3]
    return "".join(f">{dataset.ids[i]}\n{dataset.sequence(i)}\n" for i in some)
