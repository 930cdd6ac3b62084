"""What can be done with a run: pause it, end it, go on, train for longer, begin another from it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from genomics import hyper, jobs, recipe, runs
from genomics.errors import GenomicsError
from genomics.history import History
from pages.ui import show, state

_MORE_EPOCHS = 20


def generator(folder: Path, told: History, now: str) -> None:
    """Pause, finish, resume, or another generator, whichever fits."""
    with st.container(horizontal=True, vertical_alignment="center"):
        show.badge(now)
        if now in runs.LIVE:
            _end(folder, told, now)
        _go_on(folder, now)
        if now not in runs.LIVE:
            _another()


def predictor(folder: Path, told: History, now: str) -> None:
    """Pause, finish, resume, train for longer, branch, or a new network, whichever fits."""
    with st.container(horizontal=True, vertical_alignment="center"):
        show.badge(now)
        if now in runs.LIVE:
            _end(folder, told, now)
        _go_on(folder, now)
        if now in ("finished", "stopped") and told.epochs:
            _longer(folder, told)
        if (
            now not in runs.LIVE
            and (folder / "model.keras").exists()
            and st.button(
                "Branch",
                icon=":material/alt_route:",
                key="branch",
                help="Another network that begins with the weights of this one, with other settings.",
            )
        ):
            branch(folder)
        if now not in runs.LIVE:
            _another()


def group(states: Mapping[Path, str]) -> None:
    """Pause or go on with all runs of a group, whichever fits; `states` of each."""
    live = [folder for folder, now in states.items() if now in ("queued", "starting", "running")]
    left = [folder for folder, now in states.items() if now in ("new", "stopped", "interrupted")]
    if len(live) > 1:
        st.button(
            "Pause all",
            icon=":material/pause:",
            key="stop_group",
            on_click=_stop_all,
            args=(live,),
            help="The run in hand stops after its batch, the others before they begin. All can go on later.",
        )
    elif left and not live and "stopping" not in states.values():
        some = f"the other {len(left):,}" if len(left) > 1 else "the other"
        if st.button(f"Go on with {some}", icon=":material/play_arrow:", key="resume_group"):
            _try(jobs.start, *left)


def _stop_all(folders: list[Path]) -> None:
    for folder in folders:
        jobs.stop(folder)


def branch(folder: Path) -> None:
    """Leads to the choices, filled in with those of a run, to begin another from its weights."""
    asked = recipe.from_json(runs.asked(folder))
    fill_in(asked)
    st.session_state[f"base_{asked.dataset}"] = folder.name
    state.choose(run="", data=asked.dataset)
    st.rerun()


def fill_in(asked: recipe.Recipe) -> None:
    """Puts a run's settings into the controls of the Train page."""
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
        st.session_state.pop(way, None)  # what is chosen by itself is the first choice
    else:
        from_run[way] = asked.split
    for prefix, config in ((asked.architecture, asked.config), ("fit", asked.fit)):
        from_run |= {f"{prefix}_{asked.dataset}_{name}": value for name, value in hyper.to_json(config).items()}
    st.session_state.update(from_run)


def _end(folder: Path, told: History, now: str) -> None:
    over = now == "stopping" or bool(told.best)  # what is left is the measuring
    st.button(
        "Pause",
        icon=":material/pause:",
        disabled=over,
        key="stop",
        on_click=jobs.stop,
        args=(folder,),
        help="It stops after the batch in hand and can go on later, to the same result.",
    )
    if told.epochs or told.scores:
        st.button(
            "Finish now",
            icon=":material/flag:",
            disabled=over,
            key="finish",
            on_click=jobs.stop,
            args=(folder, "finish"),
            help="Takes the best weights so far, and measures how good they are.",
        )


def _go_on(folder: Path, now: str) -> None:
    if now in ("stopped", "interrupted", "failed") and st.button(
        "Go on from here", icon=":material/play_arrow:", key="resume", type="primary" if now != "stopped" else "secondary"
    ):
        _try(jobs.start, folder)


def _longer(folder: Path, told: History) -> None:
    done = int(told.epochs[-1]["epoch"])
    with st.popover("Train for longer", icon=":material/more_time:"):
        st.write(f"It has gone through all sequences {done:,} {'time' if done == 1 else 'times'}. It goes on where it ended.")
        more = st.number_input("Further epochs", 1, 10_000, _MORE_EPOCHS, key=f"more_{folder.name}")
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


def _another() -> None:
    if st.button("Train another", icon=":material/add:", key="another"):
        state.choose(run="")
        st.rerun()
