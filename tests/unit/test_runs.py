"""The run folder: events that survive a torn line, states that follow from what is there, writes that are whole."""

import math
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genomics import disk, jobs, locks, runs
from genomics.errors import RunError

HOLDER = """
import sys
from pathlib import Path
from genomics import locks
for line in sys.stdin:
    held = None
    held = locks.try_lock(Path(line.strip())) if line.strip() else None
    print("held" if held else "free", flush=True)
"""


@pytest.fixture(scope="module")
def holder() -> Iterator[Callable[[Path | None], str]]:
    """Another process, which holds the lock that it was told last."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def hold(path: Path | None) -> str:
        process.stdin.write(f"{path or ''}\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    yield hold
    process.stdin.close()
    process.stdout.close()
    process.wait(10)


@pytest.fixture
def run(tmp_path) -> Path:
    return runs.create(tmp_path, {"architecture": "cnn"})


def write(folder: Path, *states: str) -> None:
    log = runs.Log(folder)
    for state in states:
        log.write("state", state=state, message=f"now {state}")
    log.close()


def test_a_run_folder_says_what_was_asked(tmp_path):
    folder = runs.create(tmp_path, {"architecture": "cnn", "epochs": 3, "rate": math.inf})
    assert re.fullmatch(r"\d{8}-\d{9}-cnn-[0-9a-f]{4}", folder.name)
    assert folder.parent == tmp_path / "runs"
    asked = runs.asked(folder)
    assert {key: asked[key] for key in ("id", "architecture", "epochs", "rate")} == {
        "id": folder.name,
        "architecture": "cnn",
        "epochs": 3,
        "rate": None,
    }
    assert runs.create(tmp_path, {"architecture": "cnn"}) != folder  # in the same second


@pytest.mark.parametrize("content", [None, "", "{", "\xff"])
def test_an_unreadable_run_is_named(run, content):
    (run / "run.json").unlink()
    if content is not None:
        (run / "run.json").write_bytes(content.encode("latin-1"))
    with pytest.raises(RunError, match=f'The run "{run.name}" has no readable run.json. Delete it or restore'):
        runs.asked(run)


def test_the_workspace_is_the_argument_or_the_variable_and_private(tmp_path, monkeypatch):
    monkeypatch.setenv("GENOMICS_WORKSPACE", str(tmp_path / "from" / "variable"))
    assert runs.workspace() == tmp_path / "from" / "variable"
    assert runs.workspace(tmp_path / "given") == tmp_path / "given"
    assert (tmp_path / "given").stat().st_mode & 0o777 == 0o700
    monkeypatch.delenv("GENOMICS_WORKSPACE")
    monkeypatch.chdir(tmp_path)
    assert runs.workspace() == Path("workspace")


def test_runs_are_found_by_a_unique_part(tmp_path):
    for name in ("20250101-cnn-aaa", "20250102-cnn-bbb", "20250103-rnn-aab", "20250103-rnn-aab-2"):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        disk.write_json(folder / "run.json", {})
    (tmp_path / "runs" / "no run").mkdir()
    assert [p.name[:8] for p in runs.everything(tmp_path)] == ["20250103", "20250103", "20250102", "20250101"]
    assert runs.find(tmp_path, "bbb").name == "20250102-cnn-bbb"
    assert runs.find(tmp_path, "20250103-rnn-aab").name == "20250103-rnn-aab"  # the whole name wins over a part
    for part, found in (("cnn", "2 runs"), ("zzz", "no run"), ("", "no run"), ("../runs", "no run")):
        with pytest.raises(RunError, match=f'There is {found} named "{part}" in'):
            runs.find(tmp_path, part)


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(plain, max_size=4))
def test_events_come_back_as_they_were_written(tmp_path_factory, values):
    folder = tmp_path_factory.mktemp("run")
    log = runs.Log(folder)
    for value in values:
        log.write("epoch", value=value)
    log.close()
    events = runs.read_events(folder).events
    assert [(event["type"], event["value"]) for event in events] == [("epoch", value) for value in values]
    assert (folder / "events.jsonl").read_bytes().count(b"\n") == len(values)


def test_numbers_that_are_not_finite_become_null(run):
    log = runs.Log(run)
    log.write("epoch", loss=math.nan, more={"a": [math.inf, 1.5, (-math.inf,)]}, eight=np.float64("nan"))
    log.close()
    line = (run / "events.jsonl").read_text()
    assert not re.search("NaN|Infinity", line)
    (event,) = runs.read_events(run).events
    assert (event["loss"], event["more"], event["eight"]) == (None, {"a": [None, 1.5, [None]]}, None)


def test_a_torn_line_costs_itself_only(run):
    write(run, "queued", "running")
    with (run / "events.jsonl").open("ab") as file:
        file.write(b'{"type":"state","state":"fini')  # its writer was killed
    torn = runs.read_events(run)
    assert [e["state"] for e in torn.events] == ["queued", "running"]
    write(run, "interrupted and resumed")
    assert [e["state"] for e in runs.read_events(run).events] == ["queued", "running", "interrupted and resumed"]
    assert [e["state"] for e in runs.read_events(run, torn.offset).events] == ["interrupted and resumed"]


def test_reading_on_gives_each_whole_line_once_wherever_the_writer_is(run):
    write(run, "queued", "starting", "running")
    content = (run / "events.jsonl").read_bytes()
    seen, offset = [], 0
    for end in range(len(content) + 1):
        (run / "events.jsonl").write_bytes(content[:end])
        events, offset = runs.read_events(run, offset)
        seen += events
        assert content[:offset].endswith(b"\n") or offset == 0
        assert len(seen) == content[:end].count(b"\n")
    assert [e["state"] for e in seen] == ["queued", "starting", "running"]
    assert runs.read_events(run, offset) == ([], offset)


def test_no_events_yet_is_no_error(run):
    assert runs.read_events(run) == ([], 0)
    assert runs.failure([]) == ""


def test_the_message_is_that_of_the_last_state(run):
    write(run, "running", "failed")
    log = runs.Log(run)
    log.write("log", message="something else")
    log.close()
    assert runs.failure(runs.read_events(run).events) == "now failed"


@pytest.mark.parametrize("stop", [False, True])
@pytest.mark.parametrize(
    ("last", "without_lock", "with_lock"),
    [
        (None, "new", "starting"),
        ("queued", "interrupted", "queued"),
        ("starting", "interrupted", "starting"),
        ("running", "interrupted", "running"),
        ("finished", "finished", "finished"),
        ("stopped", "stopped", "stopped"),
        ("failed", "failed", "failed"),
    ],
)
def test_the_state_follows_from_the_last_event_the_lock_and_the_stop_file(run, holder, last, without_lock, with_lock, stop):
    if last:
        write(run, "queued", last)
    if stop:
        runs.request_stop(run)
    assert (runs.state(run), runs.alive(run)) == (without_lock, False)

    assert holder(run / "lock") == "held"
    assert runs.alive(run)
    assert runs.state(run) == ("stopping" if stop and with_lock in runs.LIVE else with_lock)
    assert runs.state(run, runs.read_events(run).events) == runs.state(run)

    holder(None)
    assert (runs.state(run), runs.alive(run)) == (without_lock, False)


def test_a_lock_is_for_one_process_and_asking_does_not_take_it(run, holder):
    lock = locks.try_lock(run / "lock")
    assert holder(run / "lock") == "free"
    assert runs.alive(run)
    lock.close()
    assert not runs.alive(run)
    assert holder(run / "lock") == "held"
    assert locks.try_lock(run / "lock") is None
    holder(None)
    assert locks.try_lock(run / "missing", create=False) is None


def test_a_run_that_is_going_is_not_deleted(run, holder):
    holder(run / "lock")
    with pytest.raises(RunError, match=f'The run "{run.name}" is still going. Stop it first.'):
        runs.delete(run)
    assert (run / "run.json").exists()
    holder(None)
    runs.delete(run)
    assert not run.exists()


def test_a_stop_can_be_withdrawn_and_is_asked_of_the_living_only(run, holder):
    jobs.stop(run)
    assert not runs.stop_requested(run)
    holder(run / "lock")
    jobs.stop(run)
    assert runs.stop_requested(run)
    runs.withdraw_stop(run)
    runs.withdraw_stop(run)
    assert not runs.stop_requested(run)
    holder(None)


@pytest.mark.parametrize(("content", "how"), [(None, ""), ("", "pause"), ("pause", "pause"), ("finish", "finish")])
def test_how_to_stop_is_said_in_a_word_and_an_empty_file_means_pause(run, content, how):
    if content is not None:
        (run / "stop").write_text(content)
    assert runs.stop_requested(run) == how
    for asked in ("pause", "finish"):
        runs.request_stop(run, asked)
        assert runs.stop_requested(run) == asked
    assert {path.name for path in run.iterdir()} == {"run.json", "stop"}


def test_what_is_going_or_finished_is_not_started_again(run, holder):
    write(run, "running")
    holder(run / "lock")
    with pytest.raises(RunError, match=r"is already running"):
        jobs.start(run)
    holder(None)
    write(run, "finished")
    with pytest.raises(RunError, match=r"has finished. Start a new run"):
        jobs.start(run)
    assert jobs.wait(run) == "finished"


def test_runs_of_the_same_moment_are_listed_in_the_order_they_were_made(tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "_last", [0])
    monkeypatch.setattr(runs.time, "time_ns", lambda: 1_800_000_000_000_000_000)
    made = [runs.create(tmp_path, {"architecture": "cnn"}) for _ in range(20)]
    assert sorted(made) == made
    assert runs.everything(tmp_path) == made[::-1]


def test_a_run_keeps_to_the_cores_that_it_first_began_with(run):
    assert runs.cores(run) is None
    log = runs.Log(run)
    for cores in (1, 0):
        log.write("state", state="starting", cores=cores)
    log.close()
    assert runs.cores(run) == 1


def test_a_name_and_a_note_lie_beside_run_json(tmp_path):
    folder = runs.create(tmp_path, {"architecture": "cnn"})
    before = (folder / "run.json").read_bytes()
    assert runs.about(folder) == {"name": "", "note": ""}
    runs.describe(folder, name=" wide \n filters ", note="x" * runs.LONGEST["note"])
    assert runs.about(folder) == {"name": "wide filters", "note": "x" * runs.LONGEST["note"]}
    runs.describe(folder, note="")
    assert runs.about(folder) == {"name": "wide filters", "note": ""}
    assert (folder / "run.json").read_bytes() == before
    with pytest.raises(RunError, match=f"name has {runs.LONGEST['name'] + 1} characters; at most {runs.LONGEST['name']}"):
        runs.describe(folder, name="x" * (runs.LONGEST["name"] + 1))
    assert runs.about(folder)["name"] == "wide filters"


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b'{"name": null}', b"3"])
def test_a_damaged_name_is_no_name(tmp_path, content):
    folder = runs.create(tmp_path, {"architecture": "cnn"})
    (folder / "about.json").write_bytes(content)
    assert runs.about(folder) == {"name": "", "note": ""}
    runs.describe(folder, name="again")
    assert runs.about(folder)["name"] == "again"
