"""Parts of a page that redraw themselves: how often, what they wait for, and when the whole page is drawn anew."""

import contextlib
from types import SimpleNamespace

import pytest
import streamlit as st
from stories import going, predictor, zoo
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from toys import run_of

from genomics import history, runs
from genomics.history import History
from pages.ui import follow, learning, ticks

CLICK = WidgetStates(widgets=[WidgetState(id="stop", trigger_value=True)])


@pytest.fixture
def clocks(monkeypatch):
    """Each part that was to redraw itself, and after how many seconds; None for never."""
    found: list = []
    monkeypatch.setattr(st, "fragment", lambda draw, run_every: found.append((draw, run_every)) or draw)
    return found


def test_ticks_of_a_run_that_gets_ready_come_soon_and_wait_for_its_first_numbers(own_workspace, monkeypatch, clocks):
    folder = run_of(own_workspace, zoo()["two classes"])
    did: list = []
    monkeypatch.setattr(st, "rerun", lambda scope="app": did.append(scope))
    with going(folder), contextlib.closing(runs.Log(folder)) as log:
        log.write("state", state="running")

        def sleep(seconds: float) -> None:
            did.append(seconds)
            if did.count(seconds) == 3:
                log.write("step", at=0.1, loss=0.7)

        def draw(_: object, told: History, now: str) -> None:
            did.append((len(told.steps), now))

        monkeypatch.setattr(follow.time, "sleep", sleep)
        follow.follow(folder, draw)
        assert did == [(0, "running")]  # the page is there at once
        (tick, soon), did[:] = clocks[0], []
        tick()
        assert did[0] == (0, "running")  # nothing is faded while it waits
        look = did[1]
        assert did[1:] == [look] * 3 + ["fragment"]  # the next tick, at once
        did.clear()
        tick()
        settle = did[1]
        assert did == [(1, "running"), settle, "app"]  # drawn, and sent, before the page is drawn anew
        follow.follow(folder, draw)
        (tick, usual), did[:] = clocks[1], []
        tick()
        assert did == [(1, "running")]
        assert look < soon < settle < usual == 1


@pytest.mark.parametrize(("state", "seconds"), [("queued", 0), ("starting", 5), ("running", 5)])
def test_a_tick_does_not_wait_for_ever_and_not_at_all_in_the_queue(own_workspace, monkeypatch, clocks, state, seconds):
    folder = run_of(own_workspace, zoo()["two classes"])
    clock = [0.0]
    monkeypatch.setattr(follow.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(follow.time, "sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    with going(folder), contextlib.closing(runs.Log(folder)) as log:
        log.write("state", state=state)
        follow.follow(folder, lambda *_: None)
        clocks[0][0]()
    assert seconds * 0.7 <= clock[0] <= seconds


def test_the_page_of_a_run_that_ends_is_drawn_anew_once_when_its_worker_is_gone(own_workspace, monkeypatch, clocks):
    folder = run_of(own_workspace, zoo()["two classes"])
    did: list = []
    monkeypatch.setattr(st, "rerun", lambda: did.append("anew"))
    with contextlib.ExitStack() as held, contextlib.closing(runs.Log(folder)) as log:
        held.enter_context(going(folder))
        log.write("state", state="running")
        log.write("step", at=0.1, loss=0.7)
        follow.follow(folder, lambda *_: None)
        monkeypatch.setattr(follow.time, "sleep", lambda _: did.append("waits") or (len(did) == 3 and held.close()))
        log.write("state", state="finished")
        clocks[0][0]()
        assert did == ["waits"] * 3 + ["anew"]
        follow.follow(folder, lambda *_: None)
        assert clocks[-1][1] is None  # nothing ticks any more


@pytest.mark.parametrize(
    ("asked", "ends"),
    [
        ([], False),
        ([RerunData(fragment_id="tick", is_auto_rerun=True)], False),
        ([RerunData(fragment_id="panel")], True),
        ([RerunData()], True),
        ([RerunData(fragment_id="panel", widget_states=CLICK), RerunData(fragment_id="tick", is_auto_rerun=True)], True),
    ],
    ids=["nothing", "a tick", "a click", "another page", "a click and a tick after it"],
)
def test_what_is_clicked_ends_the_waiting(own_workspace, monkeypatch, clocks, asked, ends):
    folder = run_of(own_workspace, zoo()["two classes"])
    waited: list = []
    anew: list = []
    requests = ScriptRequests()
    monkeypatch.setattr(ticks, "get_script_run_ctx", lambda **_: SimpleNamespace(script_requests=requests))

    def sleep(_: float) -> None:
        waited.append(1)
        if len(waited) == 1:
            assert all(map(requests.request_rerun, asked))
        if len(waited) == 9:
            log.write("step", at=0.1, loss=0.7)

    monkeypatch.setattr(follow.time, "sleep", sleep)
    monkeypatch.setattr(st, "rerun", lambda scope="app": anew.append(scope))
    with going(folder), contextlib.closing(runs.Log(folder)) as log:
        log.write("state", state="running")
        follow.follow(folder, lambda *_: None)
        clocks[0][0]()
    assert (len(waited), anew) == ((1, []) if ends else (9, ["fragment"]))  # a click goes first


@pytest.mark.parametrize("clicked", [False, True])
def test_what_is_clicked_as_the_first_numbers_come_goes_before_they_are_drawn(own_workspace, monkeypatch, clocks, clicked):
    folder = run_of(own_workspace, zoo()["two classes"])
    anew: list = []
    monkeypatch.setattr(st, "rerun", lambda scope="app": anew.append(scope))
    with going(folder), contextlib.closing(runs.Log(folder)) as log:
        log.write("state", state="running")
        follow.follow(folder, lambda *_: None)
        monkeypatch.setattr(follow.time, "sleep", lambda _: log.write("step", at=0.1, loss=0.7))
        monkeypatch.setattr(ticks, "clicked", lambda: clicked and bool(history.read(folder).steps))
        clocks[0][0]()
    assert anew == ([] if clicked else ["fragment"])


@pytest.mark.parametrize(("shown", "drawn"), [("finished", 1), ("running", 0)])
def test_the_page_of_a_run_that_has_ended_is_drawn_anew_when_another_of_its_group_ends(own_workspace, monkeypatch, clocks, shown, drawn):
    made = zoo()["two classes"]
    states = (shown, "running", "queued")
    folders = [predictor(own_workspace, made, state=state, group="g", seed=seed) for seed, state in enumerate(states)]
    anew: list = []
    monkeypatch.setattr(st, "rerun", lambda: anew.append(1))
    with contextlib.ExitStack() as held:
        for folder, state in zip(folders, states, strict=True):
            if state != "finished":
                held.enter_context(going(folder))
        learning.group(folders[0])
        ((tick, every),) = clocks
        tick()
        assert (every, anew) == (1, [])  # nothing has changed
        log = runs.Log(folders[1])
        log.write("state", state="finished")
        log.close()
        tick()
        assert len(anew) == drawn
