"""A predictor as it trains: what its curves say, metrics, curves, filters and predictions; once finished, those of the network that is kept."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import streamlit as st

from genomics import disk, lessons, runs, verdict, words
from genomics.history import History
from genomics.plots import filters
from pages.ui import answers, beside, curving, follow, forming, measures, show, state, steering
from pages.ui.text import literal

METRIC_HEIGHT = 122  # with and without its small curve, so that nothing jumps
_SPARK = 60  # epochs in a small curve
_AROUND = 12  # of a group, those beside the one that is shown
_WATCHED = "_watched"  # of the session: a run that was shown while it went
_LATELY = 5  # pieces of training whose pace is shown
_MAIN = ("accuracy", "auroc", "pearson", "r2", "mse")  # what stands beside the loss unless something else is watched
_TABS = ("Curves", "Learning rate and gradient", "Notes")
_STRANDS = {"off": "one strand", "augment": "trains on both strands", "average": "averages both strands"}
_STRANDS["both"] = "trains on and averages both strands"
_SETUP = {"parameters": "{:,} parameters", "precision": "computes in {}", "strands": "{}", "steps": "{:,} steps an epoch"}
_SETUP["micro_batch"] = "in parts of {:,}"
_STYLE = """
<style>
h2 { font-size: 1.125rem !important; }
.st-key-learning [data-testid="stMetric"] > div:first-child { padding: 0.5rem 0.9rem 0; }
.st-key-learning [data-testid="stMetricValue"] { font-size: 1.4rem; line-height: 1.3; }
@media (max-width: 999px) {
  .st-key-learning [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"]) { flex-wrap: wrap; }
  .st-key-learning > div > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"], .st-key-learning > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"] { min-width: 100%; }
}
</style>
"""
_EPOCH = "One epoch: every training sequence has been seen once."
_HELP = measures.HELP | {"mse": "Mean squared error, in units of the targets' variance."}


def section(folder: Path) -> None:
    """A run on its page, with the others of its group."""
    group(folder)
    follow.follow(folder, panel)


def panel(folder: Path, told: History, now: str) -> None:
    """Everything that moves while a predictor trains."""
    st.html(answers.STYLE + filters.STYLE + _STYLE)
    steering.run(folder, told, now)
    follow.waiting(now, told)
    _banner(folder, told, now)
    with st.container(key="learning"):
        left, right = st.columns([1, 4], gap="medium")
    with left.grid("auto", min_column_width=150, gap="xsmall"):
        _numbers(told, now)
    with right:
        _tabs(folder, told)
    forming.logos(folder)
    forming.examples(folder, told)


def _banner(folder: Path, told: History, now: str) -> None:
    """What the curves say; of a finished run the test result, in the tone of its verdict on Results."""
    if not told.steps or now in ("queued", "starting", "failed") or (now == "running" and told.best):
        return
    said, measured = lessons.lesson(told), disk.read_json(folder / "evaluation.json")
    if now != "finished" or not measured:
        show.verdict(said.tone, said.sentence)
        return
    task = runs.asked(folder)["task"]
    name = measures.FIRST[task][0]
    classes, known = (disk.read_json(folder / f"{file}.json") or {} for file in ("model", "shortcuts"))
    tone, _ = verdict.result(measured, tuple(classes.get("classes", ())), task, known)
    value = measures.cell(measured["test"]["metrics"][name], name)
    epochs = f"Epoch {lessons.kept(told):,} of {told.epochs[-1]['epoch']:,} was kept."
    show.verdict(tone, f"Finished. Test {words.within(measures.title(name))} {value}. {epochs}")
    if said.name not in ("flat", "learning"):
        st.caption(f"{show.TONES[said.tone][0]} {literal(said.sentence)}")


def group(folder: Path) -> None:
    """The runs of the same command: where each is, a way to it, and what can be done with all; every second while one of them is going.

    Where the run that is shown has ended, the page is drawn anew with each other that ends: their curves are in its picture.
    Whoever has watched it to its end is led on to one that trains, once that has numbers to show.
    """
    members = beside.members(folder)
    if not members:
        return
    going, before = any(map(runs.alive, members)), _finished(members)
    if runs.state(folder) in runs.LIVE:
        st.session_state[_WATCHED] = folder.name
    watched = st.session_state.get(_WATCHED) == folder.name

    def row() -> None:
        _members(folder, members)
        for other in members if watched and beside.now(folder) == "finished" else ():
            if beside.now(other) == "running" and state.told(other).steps:
                state.choose(run=other.name)
                st.rerun()
        ended = going and not any(map(runs.alive, members))
        if ended or (not runs.alive(folder) and _finished(members) > before):
            st.rerun()

    st.fragment(row, run_every=follow.TICK_SECONDS if going else None)()


def _finished(members: Sequence[Path]) -> int:
    return sum(beside.now(member) == "finished" for member in members)


def _members(folder: Path, members: list[Path]) -> None:
    states = {member: beside.now(member) for member in members}
    done = sum(now == "finished" for now in states.values())
    labels = dict(zip(members, beside.labels([beside.asked(str(member)) for member in members]), strict=True))
    first = max(0, members.index(folder) - _AROUND // 2)
    shown = members[first:][:_AROUND] if len(members) > _AROUND else members
    shown += [member for member in members if states[member] in ("starting", "running") and member not in shown]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write(f"**{done} of {len(members)} runs finished**")
        for member in shown:
            icon, help = show.STATES.get(states[member], ("help", ""))[0], f"{beside.name(member)}: {states[member]}"
            look: Any = {"icon": f":material/{icon}:", "help": help, "disabled": member == folder, "type": "tertiary"}
            if st.button(labels[member], key=f"member_{member.name}", **look):
                state.choose(run=member.name)
                st.rerun()
        steering.group(states)


def _tabs(folder: Path, told: History) -> None:
    name, tab = show.tabs(_TABS, key="live_tabs")
    with tab:
        if name == _TABS[0]:
            curving.curve(folder, told)
        elif name == _TABS[1]:
            curving.pace(told)
        else:
            for note in told.log or ["Nothing was noted."]:
                st.write(f":material/info: {literal(note)}")
            st.caption(_setup(told))


def _numbers(told: History, now: str) -> None:
    at, end = told.progress()
    last, lately = told.epochs[-1] if told.epochs else {}, told.epochs[-_SPARK:]
    known, best = curving.known(told), lessons.kept(told)
    shown = next((row for row in told.epochs if told.best and row["epoch"] == best), last)  # of the kept network, once training has ended
    watched = told.best.get("monitor", "")
    coming = [*told.setup.get("metrics", []), "mse" if told.setup.get("task") == "regression" else "accuracy"]
    name = watched if watched in known[1:] else next((name for name in _MAIN if name in (known if told.epochs else coming)), coming[-1])
    speeds = [row["throughput"] for row in told.steps[-_SPARK:] if row.get("throughput")]
    if told.best:
        _metric("Epoch kept", f"{best:,} of {last.get('epoch', best):,}", f"{_EPOCH} The validation numbers here are those of this epoch.")
    else:
        value = f"{int(at):,} of {int(end):,}" if end else "-"
        _metric("Epoch", value, f"{_EPOCH} Best: the epoch whose weights are kept.", note=f"best: {best:,}" if best else "")
    _metric(
        "Validation loss",
        words.number(shown.get("val_loss")),
        "The loss on sequences that it is not trained on. Lower is better.",
        line=_column(lately, "val_loss"),
    )
    _metric(
        "Validation error" if name == "mse" else f"Validation {words.within(curving.title(name))}",
        measures.number(shown.get(f"val_{name}"), name),
        _HELP.get(name, ""),
        line=_column(lately, f"val_{name}"),
    )
    going = now in runs.LIVE
    _metric(
        "Time left" if going else "Time taken",
        words.duration(told.seconds_left() if going else last.get("seconds")),
        "At most: it stops early when it no longer improves." if going else "Of training alone.",
    )
    pace = median(speeds[-_LATELY:]) if speeds else None  # not of one piece alone, which may hold a single short batch
    _metric("Sequences a second", words.number(pace), "Training sequences it looks at each second.", line=speeds)


def _metric(label: str, value: str, help: str, *, note: str = "", line: Sequence[float] = ()) -> None:
    more: dict[str, Any] = {"delta": note, "delta_color": "off", "delta_arrow": "off"} if note else {}
    drawn = list(line) if len(line) > 1 else None  # a small curve needs two points
    st.metric(label, value, border=True, height=METRIC_HEIGHT, chart_data=drawn, help=help or None, **more)


def _column(rows: list[dict[str, Any]], name: str) -> list[float]:
    return [row[name] for row in rows if row.get(name) is not None]


def _setup(told: History) -> str:
    setup = told.setup | {"strands": _STRANDS.get(told.setup.get("strands", ""))}
    parts = [said.format(setup[name]) for name, said in _SETUP.items() if setup.get(name)]
    return ", ".join(parts).capitalize() + "." if parts else ""
