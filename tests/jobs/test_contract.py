"""The run folder between a page and a worker, with real processes: start, stop, queue, kill, resume."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from toys import run_of, wait_for
from warmth import SECONDS, kept_warm
from watching import events, finish, kill, losses, processes, until

from genomics import dataset as datasets
from genomics import disk, history, jobs, results, runs, turns
from genomics.errors import RunError, SettingError
from genomics.training import checkpoint

EPOCHS = 3
QUICK = {"layers": 1, "filters": 8, "dense": 8, "epochs": EPOCHS, "patience": 0, "batch_size": 2}  # 700 steps an epoch
LONG = {"layers": 2, "filters": 32, "dense": 32, "epochs": 2000, "patience": 0, "batch_size": 16, "reverse_complement": "off"}
GAN = {"iterations": 300, "channels": 8, "blocks": 1, "batch_size": 8, "critic_steps": 2}


@pytest.fixture(scope="module", autouse=True)
def one_slot(workspace):
    """Runs wait for each other and begin warm, which saves seconds each, unless a test says otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENOMICS_SLOTS", "1")
        patch.setenv("GENOMICS_SPARE_MINUTES", "5")
        with kept_warm(workspace):
            yield


@pytest.fixture
def cold(monkeypatch):
    """Runs begin in processes of their own."""
    monkeypatch.setenv("GENOMICS_SPARE_MINUTES", "0")


@pytest.fixture(scope="module")
def pair(make):
    """Two runs of one recipe started together, and a third that is stopped while it waits; the first two to their end."""
    folders = [make(**QUICK, records=2000) for _ in range(3)]
    for folder in (folders[0], folders[2], folders[1]):  # the order of starting does not matter
        if folder is not folders[0]:
            until(folders[0], "state", lambda event: event["state"] == "running")
        jobs.start(folder)
    seen = [runs.state(folder) for folder in folders]
    jobs.stop(folders[2])
    finish(folders[2])
    return folders, seen, [finish(folder) for folder in folders]


def states(folder) -> list[str]:
    return [event["state"] for event in events(folder, "state")]


def test_one_trains_and_the_other_waits_then_both_finish(pair):
    folders, seen, ended = pair
    assert seen == ["running", "queued", "queued"]
    assert ended == ["finished", "finished", "stopped"]
    assert states(folders[0]) == states(folders[1]) == ["queued", "starting", "running", "finished"]
    assert events(folders[0], "state")[-1]["time"] <= events(folders[1], "state")[1]["time"]


def test_a_run_can_be_stopped_while_it_waits(pair):
    (_, _, third), _, _ = pair
    assert states(third) == ["queued", "stopped"]
    assert runs.failure(runs.read_events(third).events) == "Stopped while it waited in the queue."
    assert not processes(third, "genomics.worker")


def test_equal_seeds_give_equal_losses_in_two_processes(pair):
    (one, other, _), _, _ = pair
    assert len(losses(one)) == EPOCHS
    assert losses(one) == losses(other)
    assert (one / "evaluation.json").read_text() == (other / "evaluation.json").read_text()


def test_what_a_finished_run_leaves(pair):
    (folder, *_), _, _ = pair
    names = {path.name for path in folder.iterdir()}
    assert {
        "run.json",
        "events.jsonl",
        "log.txt",
        "model.keras",
        "model.json",
        "evaluation.json",
        "predictions.parquet",
        "shortcuts.json",
        "lock",
        "checkpoint",
    } == names - {"filters.npz"}
    told = history.read(folder)
    assert told.state == "finished"
    assert told.setup["epochs"] == EPOCHS
    at = [row["at"] for row in told.steps]
    assert all(one < other for one, other in pairwise(at))
    assert at[-1] == EPOCHS
    assert [json.loads(line)["type"] for line in (folder / "events.jsonl").read_text().splitlines()][-1] == "state"
    assert results.summary(folder)["metrics"]["test"]["auroc"]["value"] > 0.6
    with pytest.raises(RunError, match=r"has finished\. Start a new run"):
        jobs.start(folder)


def test_what_a_run_took_is_remembered_with_its_size(pair, workspace):
    folders, _, _ = pair
    rows = disk.read_json(workspace / "speed.json")["rows"]
    steps = history.read(folders[0]).setup["steps"]
    whole, later = ([row for row in rows if row[:1] == ["cnn"] and row[1][0] == start] for start in (1, 0))
    for folder in folders[:2]:
        _, begun, _, ended = (event["time"] for event in events(folder, "state"))
        assert min(abs(took - (ended - begun)) for _, _, took, _ in whole) < 0.3
        first, *_, last = (event["time"] for event in events(folder, "epoch"))
        assert min(abs(took - (last - first)) for _, _, took, _ in later) < 0.01
    assert {tuple(amounts[1:2] + amounts[3:]) for _, amounts, _, _ in whole} == {(EPOCHS * steps, 0, 2000, 80_000)}  # begun warm
    assert all(amounts[1] == pytest.approx((EPOCHS - 1) * steps) for _, amounts, _, _ in later)
    assert {used for *_, used in rows} == {0}  # they could not stop early


def test_a_worker_that_comes_late_leaves_a_finished_run_alone(pair):
    (folder, *_), _, _ = pair
    before = (folder / "events.jsonl").read_bytes()
    assert subprocess.run([sys.executable, "-m", "genomics.worker", str(folder)], timeout=SECONDS).returncode == 0
    assert (folder / "events.jsonl").read_bytes() == before


def test_a_finished_run_goes_on_for_longer_as_if_it_had_been_asked_to_from_the_start(pair, own_workspace):
    (_, folder, _), _, _ = pair
    dataset = datasets.load(folder.parent.parent, runs.asked(folder)["dataset"])
    with pytest.raises(SettingError, match=r"epochs = 3 is not allowed for the run .*: it has had 3, so give 4 to 2,000\."):
        jobs.extend(folder, EPOCHS)
    jobs.extend(folder, EPOCHS + 1)
    assert "It goes on to 4 epochs." in [event.get("message") for event in events(folder, "state")]
    assert finish(folder) == "finished"
    assert runs.asked(folder)["fit"]["epochs"] == history.read(folder).setup["epochs"] == EPOCHS + 1

    again = run_of(own_workspace, dataset, settings={**QUICK, "epochs": EPOCHS + 1})
    jobs.start(again)
    assert finish(again) == "finished"
    assert losses(again) == losses(folder)
    assert losses(folder).keys() == set(range(1, EPOCHS + 2))


def test_a_stop_is_honoured_between_batches_and_the_run_goes_on_as_if_nothing_had_been(pair, make):
    (reference, *_), _, _ = pair
    folder = make(**QUICK, records=2000)
    jobs.start(folder)
    until(folder, "step", lambda event: event["at"] > 1.02)  # in the middle of an epoch
    jobs.stop(folder)
    assert finish(folder) == "stopped"
    asked, kept = history.read(folder).steps[-1]["at"], events(folder, "checkpoint")[-1]["at"]
    assert kept == pytest.approx(asked, abs=1e-4)  # not one step was lost
    assert 1 < kept < 2
    assert checkpoint.read(folder) is not None
    jobs.start(folder)  # at once, while the results of the stopped run are still being written
    wait_for(lambda: states(folder).count("queued") == 2, SECONDS)
    assert (folder / "model.keras").exists()  # the best so far could have been used
    assert finish(folder) == "finished"
    assert losses(folder) == losses(reference)
    assert history.read(folder).best["val_loss"] == history.read(reference).best["val_loss"]
    assert (folder / "evaluation.json").read_text() == (reference / "evaluation.json").read_text()
    at = [row["at"] for row in history.read(folder).steps]
    assert at == sorted(at)


def test_killed_processes_lose_nothing_but_time(make, monkeypatch, cold):
    monkeypatch.setenv("GENOMICS_SLOTS", "2")
    reference, folder = make(**LONG, records=1500), make(**LONG, records=1500)
    jobs.start(folder)
    jobs.start(reference)
    with pytest.raises(RunError, match=r"is already (starting|running)"):
        jobs.start(folder)
    second_worker = subprocess.Popen([sys.executable, "-m", "genomics.worker", str(folder)])
    first = until(folder, "checkpoint")["at"]

    kill(folder, "genomics.worker.child")  # as the kernel does when memory runs out
    until(
        folder,
        "log",
        lambda event: "was killed (SIGKILL), probably out of memory" in event["message"] and "it goes on from" in event["message"],
    )
    rewound = until(folder, "rewind", lambda event: event["at"] > 0)["at"]
    assert rewound >= first
    assert second_worker.wait(SECONDS) == 3  # the lock was never free

    until(folder, "epoch", lambda event: event["epoch"] > rewound)
    kill(folder, "genomics.worker")
    wait_for(lambda: runs.state(folder) == "interrupted", SECONDS)
    assert not processes(folder, "genomics.worker.child")  # the child ends with its parent
    jobs.start(folder)
    wait_for(lambda: max(losses(folder)) >= rewound + 4, SECONDS)
    for run in (folder, reference):
        jobs.stop(run)
        assert finish(run) == "stopped"
    both = losses(folder).keys() & losses(reference).keys()
    assert len(both) >= rewound + 4
    assert {epoch: losses(folder)[epoch] for epoch in both} == {epoch: losses(reference)[epoch] for epoch in both}


def test_runs_started_together_have_one_worker_and_end_in_turn(make, workspace):
    first, second, broken, last = (make(**QUICK, records=2000) for _ in range(4))
    disk.write_json(broken / "run.json", {**runs.asked(broken), "dataset": "0" * 16})
    jobs.start(first, second, broken, last)
    assert [runs.state(folder) for folder in (second, broken, last)] == ["queued"] * 3
    assert len(processes(first, "genomics.worker")) == 1
    assert processes(first, "genomics.worker") == processes(last, "genomics.worker")
    with pytest.raises(RunError, match="is already queued"):
        jobs.start(make(**QUICK), last)
    until(first, "state", lambda event: event["state"] == "running")
    jobs.stop(second)
    wait_for(lambda: runs.state(second) == "stopped", SECONDS)  # it need not wait for its turn
    assert runs.state(first) == "running"
    assert (finish(first), finish(broken), finish(last)) == ("finished", "failed", "finished")
    ends = [event["time"] for folder in (first, broken, last) for event in events(folder, "state")[-1:]]
    assert ends == sorted(ends)
    wait_for(lambda: not processes(first, "genomics.worker"), SECONDS)
    assert not list((workspace / "queue").glob("*.ticket"))


def test_runs_started_together_use_every_slot_and_none_waits_for_a_longer_one(make, monkeypatch, workspace):
    monkeypatch.setenv("GENOMICS_SLOTS", "2")
    longest, *others = make(**LONG), *(make(**QUICK) for _ in range(3))
    jobs.start(longest, *others)
    assert [finish(folder) for folder in others] == ["finished"] * 3
    assert runs.state(longest) == "running"
    jobs.stop(longest)
    assert finish(longest) == "stopped"
    wait_for(lambda: not runs.alive(longest), SECONDS)
    before = len(events(longest, "epoch"))
    jobs.start(longest)  # alone now, but it keeps to the cores that it began with: its sums would come out otherwise
    wait_for(lambda: len(events(longest, "epoch")) > before, SECONDS)
    tasks = Path(f"/proc/{events(longest, 'process')[-1]['pid']}/task")
    names = [(task / "comm").read_text().strip() for task in tasks.iterdir()] if sys.platform == "linux" else []
    jobs.stop(longest)
    assert finish(longest) == "stopped"
    assert not names or names.count("tf_Compute") == turns.share(2), names
    begun = [event["cores"] for folder in (longest, *others) for event in events(folder, "state") if event["state"] == "starting"]
    assert begun == [turns.share(2)] * 5


def test_runs_that_memory_does_not_hold_together_train_one_after_the_other_whatever_the_slots(make, monkeypatch):
    monkeypatch.setenv("GENOMICS_SLOTS", "2")
    folders = [make(**QUICK) for _ in range(2)]
    for folder in folders:
        disk.write_json(folder / "run.json", {**runs.asked(folder), "together": 1})
    jobs.start(*folders)
    assert [finish(folder) for folder in folders] == ["finished"] * 2
    spans = [[event["time"] for event in events(folder, "state") if event["state"] in ("starting", "finished")] for folder in folders]
    assert spans[0][1] <= spans[1][0]
    assert {event["cores"] for folder in folders for event in events(folder, "state") if event["state"] == "starting"} == {0}


def test_runs_that_wait_in_a_killed_worker_are_interrupted_and_can_be_started_again(make):
    first, second = make(**LONG), make(**QUICK)
    jobs.start(first, second)
    until(first, "state", lambda event: event["state"] == "running")
    kill(first, "genomics.worker")
    wait_for(lambda: [runs.state(folder) for folder in (first, second)] == ["interrupted"] * 2, SECONDS)
    jobs.start(second)
    assert finish(second) == "finished"


def test_a_child_that_dies_before_it_gained_anything_is_not_started_for_ever(make, cold):
    folder = make(**LONG)
    jobs.start(folder)
    wait_for(lambda: processes(folder, "genomics.worker.child"), SECONDS)
    kill(folder, "genomics.worker.child")
    assert finish(folder) == "failed"
    said = runs.failure(runs.read_events(folder).events)
    assert said.startswith("The training process was killed (SIGKILL), probably out of memory")
    assert said.endswith("Lower the batch size, the length or the size of the network, or close what else takes memory.")


def test_a_run_whose_dataset_is_gone_says_so(make):
    folder = make()
    disk.write_json(folder / "run.json", {**runs.asked(folder), "dataset": "0" * 16})
    jobs.start(folder)
    assert finish(folder) == "failed"
    assert "There is no dataset" in events(folder, "state")[-1]["message"]
    assert "Add its file again" in history.read(folder).message


def test_a_generator_that_is_stopped_and_resumed_makes_the_same_sequences(make, monkeypatch):
    monkeypatch.setenv("GENOMICS_SLOTS", "2")
    reference, folder = make("wgan_gp", **GAN), make("wgan_gp", **GAN)
    jobs.start(folder)
    jobs.start(reference)
    until(folder, "score")
    jobs.stop(folder)
    assert finish(folder) == "stopped"
    wait_for(lambda: not runs.alive(folder), SECONDS)
    assert (folder / "samples.fasta").exists()
    assert results.summary(folder)["state"] == "stopped"
    assert 100 <= history.read(folder).steps[-1]["at"] < 300
    jobs.start(folder)
    assert finish(folder) == finish(reference) == "finished"

    def told(run) -> dict[str, list]:
        found = history.read(run)
        rows = {"samples": found.samples, "scores": found.scores, "best": [found.best]}
        return {name: [{key: value for key, value in row.items() if key != "time"} for row in part] for name, part in rows.items()}

    assert [row["at"] for row in history.read(folder).scores] == [100, 200, 300]
    assert told(folder) == told(reference)
    for name in ("samples.fasta", "scorecard.json"):
        assert (folder / name).read_text() == (reference / name).read_text()
