"""The process that predicts: its answers, what stays in memory, how it is stopped, how it dies, when it leaves."""

import os
import signal
import time

import numpy as np
import pyarrow.parquet as pq
import pytest
from toys import gc_classes, random_rows, run_of, wait_for, with_network
from watching import processes

from genomics import disk, intake, prediction, recipe, requests, runs, sequences
from genomics.worker import predicting

SECONDS = 120
MODULE = "genomics.worker.predicting"
ROWS = random_rows(20, 30, seed=4)
FASTA = "".join(f">s{i}\n{sequences.decode(row)}\n" for i, row in enumerate(ROWS)).encode()


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A workspace with two runs of a group, whose networks have learned nothing."""
    made = tmp_path_factory.mktemp("predicting") / "workspace"
    for seed in (1, 2):
        with_network(run_of(made, gc_classes(60), seed=seed, split_seed=0, group="g1"), gc_classes(60))
    yield made
    for process in processes(made, MODULE):
        os.kill(process, signal.SIGKILL)


@pytest.fixture
def names(root) -> list[str]:
    return [folder.name for folder in reversed(runs.everything(root))]


def asked(root, names, *contents: bytes, files: tuple[str, ...] = ("x.fa",), genome: bool = False, **more):
    request = intake.Request(files=tuple(more.pop("paths", ())), names=files, label="-", **more).to_json()
    kind = {"kind": requests.PREDICT, "runs": names, "genome": genome}
    return requests.create(root, {**request, **kind}, [lambda file, content=content: file.write(content) for content in contents])


def begun(folder) -> bool:
    """Whether it has begun; as the page does, a job that waits has a process started for it."""
    if requests.progress(folder).state == "new":
        requests.start(folder)
        return False
    return True


def ended(folder) -> requests.Progress:
    wait_for(lambda: begun(folder) and requests.progress(folder).state not in runs.LIVE, SECONDS)
    return requests.progress(folder)


def expected(root, names, rows):
    members = [prediction.load(folder, recipe.from_json(runs.asked(folder))) for folder in (root / "runs" / name for name in names)]
    codes, offsets = sequences.flatten(list(rows))
    given = gc_classes(len(rows))
    given = type(given)(name="", ids=("",) * len(rows), codes=codes, offsets=offsets, task="unlabelled")
    return prediction.predict_many(members, given, np.arange(len(rows)))[:, 1]


def probabilities(folder) -> np.ndarray:
    return np.array(pq.read_table(folder / "predictions.parquet")["probability class 1"].to_pylist())


def test_a_process_answers_stays_is_stopped_and_killed_and_the_next_one_goes_on(root, names, monkeypatch, tmp_path):
    monkeypatch.setenv("GENOMICS_SPARE_MINUTES", "5")
    requests.warm(root, names[:1])
    requests.warm(root, names[:1])
    (first,) = wait_for(lambda: processes(root, MODULE), SECONDS)
    folder = asked(root, names[:1], FASTA)
    requests.start(folder)
    now = ended(folder)
    assert now.state == "finished", (root / "queue" / "predict.log").read_text() + str(now)
    assert probabilities(folder) == pytest.approx(expected(root, names[:1], ROWS))
    assert (now.answer["records"], now.answer["remarks"]["longer"], now.answer["compared"], now.answer["strands"]) == (20, 20, True, [1])
    assert processes(root, MODULE) == [first]

    refused = asked(root, names[:1], b"\x89PNG\r\n\x1a\n\0\0", files=("picture.png",))
    after = asked(root, names, FASTA)
    requests.start(after)
    assert "picture.png" in ended(refused).answer["message"]
    assert ended(after).state == "finished"
    assert probabilities(after) == pytest.approx(expected(root, names, ROWS))  # the mean of a group
    assert processes(root, MODULE) == [first]

    os.mkfifo(tmp_path / "slow.fa")  # reading it never ends
    slow = asked(root, names[:1], paths=(str(tmp_path / "slow.fa"),))
    wait_for(lambda: begun(slow), SECONDS)
    requests.cancel(slow)
    assert ended(slow).state == "stopped"
    wait_for(lambda: not processes(root, MODULE), 10)

    slow, waits = asked(root, names[:1], paths=(str(tmp_path / "slow.fa"),)), asked(root, names[:1], FASTA)
    wait_for(lambda: begun(slow), SECONDS)
    (second,) = processes(root, MODULE)
    os.kill(second, signal.SIGKILL)
    assert ended(slow).state == "interrupted"
    assert requests.progress(waits).state == "new"
    assert ended(waits).state == "finished"
    assert (probabilities(waits) == probabilities(folder)).all()
    (third,) = processes(root, MODULE)
    assert third not in (first, second)

    disk.write_json(root / "queue" / "predict.json", {"stamp": "of other code", "runs": [], "time": 0})
    wait_for(lambda: not processes(root, MODULE), 10)


def test_it_leaves_at_once_where_nothing_is_to_be_kept_and_takes_all_that_wait(root, names):
    requests.warm(root, names)  # starts nothing: GENOMICS_SPARE_MINUTES is 0
    assert not processes(root, MODULE)
    (root / "queue" / "predict.json").unlink(missing_ok=True)
    folders = [asked(root, names[:1], FASTA) for _ in range(2)]
    requests.start(folders[0])
    assert [ended(folder).state for folder in folders] == ["finished"] * 2
    wait_for(lambda: not processes(root, MODULE), 20)
    assert predicting.main(root, "") == 0


def test_it_leaves_when_nobody_has_wanted_it_for_long(root, names, monkeypatch):
    monkeypatch.setenv("GENOMICS_SPARE_MINUTES", "0.1")
    requests.warm(root, names)
    begun = time.monotonic()
    assert processes(root, MODULE)
    wait_for(lambda: not processes(root, MODULE), 60)
    assert time.monotonic() - begun > 6


def test_networks_stay_in_memory_until_they_change_or_others_come(root, names, monkeypatch):
    loaded = []
    load = prediction.load
    monkeypatch.setattr("genomics.prediction.load", lambda folder, asked: loaded.append(folder.name) or load(folder, asked))
    monkeypatch.setattr(predicting, "_KEPT", 2)
    memory: predicting.Memory = {}

    def answer(*of: str) -> None:
        folder = asked(root, list(of), FASTA)
        predicting.serve(folder, memory)
        assert requests.progress(folder).state == "finished", requests.progress(folder)

    one, two = names
    for of in ([one], [one], [two], [one]):
        answer(*of)
    assert loaded == [one, two]
    answer(one, two)  # now two is forgotten, since it was used least of late
    answer(one)
    assert loaded == [one, two, one, two]
    answer(two)
    assert loaded == [one, two, one, two, two]
    os.utime(root / "runs" / two / "model.keras", (1, 1))
    answer(two)
    assert loaded[5:] == [two]


def test_places_are_cut_from_the_genome_that_comes_last(root, names):
    genome = sequences.decode(ROWS.ravel())
    bed = "".join(f"chr1\t{30 * i}\t{30 * i + 30}\ts{i}\n" for i in range(20)).encode()
    folder = asked(root, names[:1], bed, f">chr1\n{genome}\n".encode(), files=("x.bed",), genome=True)
    predicting.serve(folder, {})
    assert requests.progress(folder).state == "finished", requests.progress(folder)
    assert probabilities(folder) == pytest.approx(expected(root, names[:1], ROWS))


def test_odd_letters_are_asked_about_and_a_run_may_be_gone(root, names):
    folder = asked(root, names[:1], FASTA + b">odd\nACGT5ACGT\n")
    predicting.serve(folder, {})
    now = requests.progress(folder)
    assert (now.state, now.answer["problems"], now.answer["records"]) == ("finished", 1, 21)
    assert "odd" in now.answer["first"]
    folder = asked(root, names[:1], FASTA + b">odd\nACGT5ACGT\n", policy="n")
    predicting.serve(folder, {})
    assert requests.progress(folder).answer["records"] == 21
    folder = asked(root, ["nothing"], FASTA)
    predicting.serve(folder, {})
    now = requests.progress(folder)
    assert (now.state, "nothing" in now.answer["message"]) == ("failed", True)
