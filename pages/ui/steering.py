"""What can be done with a run: pause, finish, resume it, train it for longer, look at its results, start another from its weights."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from genomics import hyper, jobs, recipe, runs
from genomics.errors import GenomicsError
from genomics.history import History
from pages.ui import beside, predicting, shell, show, state

_MORE = {"epochs": 20, "iterations": 1000}


def run(folder: Path, told: History, now: str) -> None:
    """The state of a run, and the buttons that fit it; `_end` has those of one that is going."""
    with st.container(horizontal=True, vertical_alignment="center"):
        show.badge(now)
        if now in runs.LIVE:
            _end(folder, told, now)
            return
        measured = (folder / "evaluation.json").exists()  # a predictor's
        look: Any = "primary" if now != "stopped" or not measured else "secondary"
        resumes = now in ("stopped", "interrupted", "failed")
        if resumes and st.button("Resume", icon=":material/play_arrow:", key="resume", type=look):
            _try(jobs.start, folder)
        ended = now in ("finished", "stopped")
        if measured and st.button("See results", type="primary" if ended else "secondary", icon=":material/monitoring:", key="results"):
            shell.go("results")
        if measured and st.button("Predict new sequences", icon=":material/online_prediction:", key="predict"):
            st.session_state[predicting.OPEN] = True
            shell.go("results")
        if ended and told.steps:
            _longer(folder, told)
        help = "Fine-tuning: another network starts from the weights of this one, with settings that you choose."
        trained = measured and (folder / "model.keras").exists()
        if trained and st.button("New run from these weights", icon=":material/alt_route:", key="branch", help=help):
            branch(folder)
        if st.button("Train another", icon=":material/add:", key="another"):
            state.start_fresh()
            state.choose(run="")
            st.rerun()


def group(states: Mapping[Path, str]) -> None:
    """Pauses or resumes all runs of a group, whichever fits; `states` of each."""

    def stop() -> None:
        for folder in live:
            jobs.stop(folder)

    live = [folder for folder, now in states.items() if now in ("queued", "starting", "running")]
    left = [folder for folder, now in states.items() if now in ("new", "stopped", "interrupted")]
    if len(live) > 1:
        help = "The current run stops after its batch, the others before they start. All can be resumed."
        st.button("Pause all", icon=":material/pause:", key="stop_group", on_click=stop, help=help)
    elif left and not live and "stopping" not in states.values():
        some = f"the other {len(left):,}" if len(left) > 1 else "the other"
        if st.button(f"Resume {some}", icon=":material/play_arrow:", key="resume_group"):
            _try(jobs.start, *left)


def branch(folder: Path) -> None:
    """Leads to the choices, filled in with those of a run, to start another from its weights."""
    asked = recipe.from_json(runs.asked(folder))
    state.start_fresh()
    fill_in(asked)
    st.session_state[f"base_{asked.dataset}"] = folder.name
    state.choose(run="", data=asked.dataset)
    st.rerun()


def fill_in(asked: recipe.Recipe) -> None:
    """Puts a run's settings into the controls of the Train page, until `state.start_fresh`."""
    from_run: dict[str, Any] = {
        "architecture": asked.architecture,
        f"predictor_length_{asked.dataset}": asked.layout.length,
        "predictor_anchor": asked.layout.anchor,
        "predictor_seed": asked.seed,
        "predictor_split_seed": asked.split_seed,
        "predictor_validation_fraction": asked.validation_fraction,
    }
    way = f"predictor_split_{asked.dataset}"
    if asked.split == "auto":
        st.session_state.pop(way, None)  # the default is the first choice
    else:
        from_run[way] = asked.split
    for prefix, config in ((asked.architecture, asked.config), ("fit", asked.fit)):
        from_run |= {f"{prefix}_{asked.dataset}_{name}": value for name, value in hyper.to_json(config).items()}
    st.session_state.update(from_run)
    st.session_state["_filled_in"] = tuple(from_run)


def origin(base: str) -> None:
    """From the weights of which run this one was started, with a way to it; nothing where it started from random weights."""
    if not base:
        return
    folder = state.root() / "runs" / base
    here = bool(beside.asked(str(folder)))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(f"Started from the weights of {show.literal(beside.title(folder) if here else base)}", icon=":material/alt_route:")
        if not here:
            st.caption("That run is not here any more.")
        elif st.button("Open that run", key="open_base", type="tertiary"):
            state.choose(run=base, data=beside.asked(str(folder))["dataset"])
            st.rerun()


def _end(folder: Path, told: History, now: str) -> None:
    over = now == "stopping" or bool(told.best)  # only the evaluation is left
    buttons = [("Pause", "pause", "stop", "It stops after the current batch. Resumed later, it gives the same result.")]
    if told.epochs or told.scores:
        buttons.append(("Finish now", "flag", "finish", "Ends training, keeps the best weights so far and evaluates them."))
    for label, icon, key, help in buttons:
        how = "pause" if key == "stop" else key
        st.button(label, icon=f":material/{icon}:", disabled=over, key=key, on_click=jobs.stop, args=(folder, how), help=help)


def _longer(folder: Path, told: History) -> None:
    unit = "epochs" if told.epochs else "iterations"
    done = int(told.epochs[-1]["epoch"] if told.epochs else told.steps[-1]["at"])
    if done >= jobs.LONGEST[unit]:
        return
    with st.popover("Train for longer", icon=":material/more_time:"):
        st.write(f"Trained for {done:,} {unit} so far. Training goes on from there; the best weights of all {unit} are kept.")
        most = jobs.LONGEST[unit] - done
        more = st.number_input(f"Further {unit}", 1, most, min(_MORE[unit], most), key=f"more_{folder.name}")
        if st.button("Go on", icon=":material/play_arrow:", key="extend"):
            _try(jobs.extend, folder, done + int(more))


def _try(act: Callable[..., None], folder: Path, *values: Any) -> None:
    try:
        act(folder, *values)
    except GenomicsError as error:
        st.session_state["_refused"] = str(error)  # said after the page is drawn anew
    st.rerun()


def refused() -> None:
    """Says why what was asked of a run was not done, once."""
    reason = st.session_state.pop("_refused", "")
    if reason:
        st.error(show.literal(reason), icon=":material/error:")
