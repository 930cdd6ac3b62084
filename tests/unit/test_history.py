"""What events amount to, read at once or piece by piece, with and without a rewind."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import gc_classes, run_of

from genomics import history, runs
from genomics.commands import follow
from genomics.history import History

STORY = [
    {"type": "state", "state": "running"},
    {"type": "log", "message": "Drawn at random."},
    {"type": "setup", "parameters": 10, "epochs": 4},
    {"type": "rewind", "at": 0},
    {"type": "step", "at": 0.5, "loss": 1.0},
    {"type": "step", "at": 1.0, "loss": 0.9},
    {"type": "epoch", "epoch": 1, "loss": 0.95, "val_loss": 0.9, "seconds": 2.0},
    {"type": "checkpoint", "at": 1.0},
    {"type": "step", "at": 1.5, "loss": 0.8},
    {"type": "step", "at": 2.0, "loss": 0.7},
    {"type": "epoch", "epoch": 2, "loss": 0.75, "val_loss": 0.8, "seconds": 4.0},
    {"type": "step", "at": 2.5, "loss": 0.6},
]
AGAIN = [
    {"type": "log", "message": "Drawn at random."},
    {"type": "setup", "parameters": 10, "epochs": 4},
    {"type": "rewind", "at": 1.0},
    {"type": "step", "at": 1.5, "loss": 0.8},
]


def told(*events) -> History:
    found = History()
    found.add(list(events))
    return found


def test_events_are_sorted_by_what_they_tell():
    found = told(*STORY)
    assert [row["epoch"] for row in found.epochs] == [1, 2]
    assert [row["at"] for row in found.steps] == [0.5, 1.0, 1.5, 2.0, 2.5]
    assert (found.state, found.setup["parameters"], found.log) == ("running", 10, ["Drawn at random."])


def test_what_came_after_the_checkpoint_is_dropped_and_comes_again():
    found = told(*STORY, *AGAIN)
    assert [row["epoch"] for row in found.epochs] == [1]
    assert [row["at"] for row in found.steps] == [0.5, 1.0, 1.5]
    assert found.log == ["Drawn at random."]


def test_a_generator_is_rewound_in_the_same_way():
    rows = [{"type": kind, "at": at} for at in (25, 50, 75) for kind in ("step", "samples", "score")]
    found = told(*rows, {"type": "rewind", "at": 50}, {"type": "samples", "at": 75})
    assert [row["at"] for row in found.steps] == [25, 50]
    assert [row["at"] for row in found.scores] == [25, 50]
    assert [row["at"] for row in found.samples] == [25, 50, 75]


def test_progress_and_time_left_of_a_predictor():
    assert History().progress() == (0, 0)
    assert History().seconds_left() is None
    assert told(*STORY[:5]).seconds_left() is None  # one step: no pace yet
    found = told(*STORY)
    assert found.progress() == (2.5, 4)
    assert found.seconds_left() == 3.0  # 2 s an epoch, 1.5 to go


def test_time_left_is_known_within_the_first_epoch():
    """From the second step on: the first has the compilation before it."""
    steps = [{"type": "step", "at": at, "time": 100 + time} for at, time in ((0.125, 9.0), (0.25, 10.0), (0.5, 12.0))]
    assert told(STORY[2], *steps).seconds_left() == 28.0  # 8 s an epoch, 3.5 to go
    assert told(STORY[2], steps[0], steps[0]).seconds_left() is None
    paused = [{**steps[2], "at": 0.625, "time": 4000.0}, {**steps[2], "at": 0.75, "time": 4001.0}]
    assert told(STORY[2], *steps, *paused).seconds_left() == 26.0  # an hour's pause is no pace


def test_what_is_compiled_in_the_first_epoch_is_not_waited_for_again():
    """Six seconds of a recurrent network's first epoch are compilation; it told of four minutes left where there were twenty seconds."""
    steps = [{"type": "step", "at": at, "time": 100 + time} for at, time in ((0.25, 6.0), (0.5, 6.1), (0.75, 6.2), (1.0, 6.3))]
    first = {"type": "epoch", "epoch": 1, "seconds": 6.5}
    assert told(STORY[2], *steps, first).seconds_left() == pytest.approx(3 * 0.4)
    assert told(STORY[2], {"type": "step", "at": 1.0}, first).seconds_left() == 3 * 6.5  # no pieces to tell
    later = [{"type": "epoch", "epoch": 2, "seconds": 7.0}, {"type": "step", "at": 2.0, "time": 107.1}]
    assert told(STORY[2], *steps, first, *later).seconds_left() == 2 * 0.5


def test_the_terminal_tells_the_same_time_left(tmp_path, capsys):
    folder = run_of(tmp_path, gc_classes(40))
    log = runs.Log(folder)
    log.write("setup", parameters=10, epochs=4)
    for epoch, seconds in ((1, 6.5), (2, 7.0), (3, 7.5)):
        log.write("step", at=float(epoch), loss=0.5)
        log.write("epoch", epoch=epoch, loss=0.5, seconds=seconds)
    log.write("state", state="finished")
    log.close()
    assert follow.until_done([folder]) == ["finished"]
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition("  ")[0] for line in lines] == ["epoch 1/4", "epoch 2/4", "epoch 3/4"]
    assert [line.rpartition("  ")[2] for line in lines[1:]] == ["1 s left at most", "0 s left at most"]


LONGER = {"type": "state", "state": "stopped", "message": "It goes on to 9 epochs.", "epochs": 9}


@pytest.mark.parametrize("again", ["queued", "starting", "running"])
def test_a_run_that_goes_on_after_its_end_has_not_ended(again):
    ended = [*STORY, {"type": "best", "epoch": 2}, {"type": "state", "state": "finished"}]
    found = told(*ended)
    assert (found.best["epoch"], found.seconds_left()) == (2, 0.0)
    found = told(*ended, LONGER, {"type": "state", "state": again})
    assert (found.best, found.progress(), found.seconds_left()) == ({}, (2.5, 9), 13.0)
    found.add([{"type": "best", "epoch": 7}])
    assert (found.best["epoch"], found.seconds_left()) == (7, 0.0)


def test_a_run_that_is_refused_to_go_on_keeps_its_end():
    found = told(*STORY, {"type": "best", "epoch": 2}, {"type": "state", "state": "finished"}, LONGER)
    assert (found.state, found.best["epoch"]) == ("stopped", 2)


def test_an_end_that_was_not_measured_is_reached_again_after_a_kill():
    again = [{"type": "state", "state": "starting"}, STORY[0], *AGAIN[:2], {"type": "rewind", "at": 2.5}]
    found = told(*STORY, {"type": "best", "epoch": 2}, *again)
    assert (found.best, len(found.epochs)) == ({}, 2)
    found.add([{"type": "best", "epoch": 2}])
    assert found.seconds_left() == 0.0


def test_progress_and_time_left_of_a_generator():
    found = told({"type": "setup", "iterations": 200}, {"type": "step", "at": 50, "seconds": 10.0})
    assert found.progress() == (50, 200)
    assert found.seconds_left() == 30.0


def test_the_last_state_counts_with_its_message_and_what_was_kept():
    found = told(
        {"type": "yardsticks", "rows": {"real": {}}},
        {"type": "state", "state": "running"},
        {"type": "best", "epoch": 2, "val_loss": 0.8},
        {"type": "state", "state": "failed", "message": "Too hot."},
        {"type": "of a later version", "at": 1},
    )
    assert (found.state, found.message) == ("failed", "Too hot.")
    assert (found.best["epoch"], found.yardsticks) == (2, {"real": {}})


@given(cuts=st.lists(st.integers(0, len(STORY) + len(AGAIN)), max_size=5), torn=st.integers(0, 30))
def test_reading_piece_by_piece_gives_what_reading_at_once_gives(tmp_path_factory, cuts, torn):
    folder = Path(tmp_path_factory.mktemp("run"))
    log = runs.Log(folder)
    bit_by_bit = history.read(folder)
    for number, event in enumerate([*STORY, *AGAIN]):
        if number in cuts:
            history.read(folder, bit_by_bit)
        values = {key: value for key, value in event.items() if key != "type"}
        log.write(event["type"], **values)
    log.close()
    whole = (folder / "events.jsonl").read_bytes()
    (folder / "events.jsonl").write_bytes(whole + b'{"type":"step","at":3,"loss":0.123}'[:torn])  # a line that is being written
    assert history.read(folder, bit_by_bit) == history.read(folder)
    assert bit_by_bit.offset == len(whole)


def test_a_run_without_events_is_new(tmp_path):
    found = history.read(tmp_path)
    assert (found.state, found.epochs, found.offset) == ("new", [], 0)


def test_what_was_watched_is_rewound_and_a_search_for_a_rate_is_told():
    rows = [{"type": "watched", "at": at, "said": [[0.1, 0.9]]} for at in (1, 2, 3)]
    found = told({"type": "watching", "records": [{"id": "a"}]}, *rows, {"type": "rewind", "at": 2.5}, rows[2])
    assert (found.watching, [row["at"] for row in found.watched]) == ([{"id": "a"}], [1, 2, 3])
    found = told({"type": "rate", "learning_rate": 1e-3, "loss": 0.7}, {"type": "rates", "suggestion": 5e-4})
    assert ([row["loss"] for row in found.rates], found.suggestion) == ([0.7], 5e-4)
