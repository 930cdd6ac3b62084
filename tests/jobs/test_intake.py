"""Reading and inspecting in a process of its own: what it leaves, how it fails, how it is cancelled."""

import threading

import numpy as np
import pytest
from toys import dataset_of, random_rows, wait_for

from genomics import dataset as datasets
from genomics import intake, requests, runs, sequences
from genomics.worker import intake as worker

SECONDS = 120


def done(folder) -> requests.Progress:
    wait_for(lambda: requests.progress(folder).state not in runs.LIVE | {"new"}, SECONDS)
    return requests.progress(folder)


def asked(root, *contents: bytes, names: tuple[str, ...] = ("x.fa",), **more) -> requests.Progress:
    request = intake.Request(files=tuple("?" for _ in contents), names=names, **more)
    folder = requests.create(root, request.to_json(), [lambda file, content=content: file.write(content) for content in contents])
    requests.start(folder)
    return folder


def fasta(n: int, label: str = "", seed: int = 0, length: int = 60) -> bytes:
    return "".join(f">s{i}{label.format(i % 2)}\n{sequences.decode(row)}\n" for i, row in enumerate(random_rows(n, length, seed))).encode()


def test_files_become_an_inspected_dataset_and_are_forgotten(tmp_path):
    folder = asked(tmp_path, fasta(120, " label=c{}"), names=("../../evil name.fa",))
    answer = done(folder)
    assert answer.state == "finished", (folder / "log.txt").read_text() + str(answer)
    made = datasets.load(tmp_path, answer.dataset)
    assert (len(made), made.classes, made.name) == (120, ("c0", "c1"), "../../evil name.fa")
    assert answer.answer["dataset"] == answer.dataset
    found = requests.found(tmp_path, answer.dataset)
    assert found["flags"] == []
    assert found["split"]["records"] == {"train": 84, "validation": 18, "test": 18}
    assert {"majority", "gc", "words", "neighbour"} <= set(found["baselines"])
    assert not (folder / "files").exists()
    assert not list(tmp_path.rglob("*evil*"))
    with np.load(tmp_path / "datasets" / answer.dataset / requests.names()[1]) as arrays:
        assert arrays.files


def test_nobody_watches_for_a_stop_once_the_reading_is_over(tmp_path):
    """In this very process, as a notebook may: a watcher left behind would end it at the next stop."""
    request = intake.Request(files=("?",), names=("x.fa",))
    folder = requests.create(tmp_path, request.to_json(), [lambda file: file.write(fasta(60, " label=c{}"))])
    reading = threading.Thread(target=worker.main, args=(folder,), daemon=True)
    before = set(threading.enumerate())
    reading.start()
    reading.join(SECONDS)
    assert not reading.is_alive()
    assert requests.progress(folder).state == "finished"
    assert set(threading.enumerate()) <= before


def test_problems_wait_for_a_decision_and_the_files_are_still_there(tmp_path):
    folder = asked(tmp_path, fasta(30) + b">bad\nAC!!GT\n>worse\n\n")
    answer = done(folder)
    assert (answer.state, answer.dataset, answer.answer) == ("finished", "", {"problems": 2})
    listed = requests.problems(folder)
    assert (listed["stopping"], listed["records"]) == (2, 32)
    assert listed["problems"][0]["id"] in ("bad", "worse")
    assert not (tmp_path / "datasets").exists()

    requests.again(folder, policy="drop")
    answer = done(folder)
    assert len(datasets.load(tmp_path, answer.dataset)) == 30


def test_a_file_that_cannot_be_read_fails_in_words(tmp_path):
    answer = done(asked(tmp_path, b"\x89PNG\r\n\x1a\n\0\0", names=("picture.png",)))
    assert answer.state == "failed"
    assert "picture.png" in answer.answer["message"]
    assert not (tmp_path / "datasets").exists()


def test_a_remedy_makes_another_dataset_that_knows_its_parent(tmp_path):
    rows = list(random_rows(120, 60))
    base = dataset_of([*rows, rows[0], rows[1]], [*np.arange(120) % 2, 0, 1])
    datasets.save(base, tmp_path)
    folder = requests.create(tmp_path, {"dataset": base.fingerprint, "remedy": "keep_one_of_each"})
    requests.start(folder)
    made = datasets.load(tmp_path, done(folder).dataset)
    assert (len(made), made.parent, made.remedy) == (120, base.fingerprint, "keep_one_of_each")
    assert requests.found(tmp_path, made.fingerprint)["parent"] == base.fingerprint


def test_another_split_is_kept_beside_the_first(tmp_path):
    base = dataset_of(random_rows(120, 60), np.arange(120) % 2)
    datasets.save(base, tmp_path)
    folder = requests.create(tmp_path, {"dataset": base.fingerprint, "split": "similarity", "split_seed": 3})
    requests.start(folder)
    assert done(folder).answer == {"dataset": base.fingerprint, "split": "similarity", "split_seed": 3}
    assert requests.found(tmp_path, base.fingerprint) is None
    assert requests.found(tmp_path, base.fingerprint, "similarity", 3)["split"]["how"] == "similarity"
    assert (tmp_path / "datasets" / base.fingerprint / "audit-similarity-3.json").exists()


def test_cancelling_ends_it_at_once_and_nothing_is_kept(tmp_path):
    folder = asked(tmp_path, fasta(300_000, length=100))
    wait_for(lambda: requests.progress(folder).what.startswith("Reading"), SECONDS)
    requests.cancel(folder)
    answer = done(folder)
    assert (answer.state, answer.dataset) == ("stopped", "")
    wait_for(lambda: not runs.alive(folder), 10)
    assert not list((tmp_path / "datasets").glob("*/dataset.json"))
    requests.discard(folder)
    assert not folder.exists()


@pytest.mark.parametrize("name", ["..", "", "20260101-000000000-beef", "x" * 99, "../runs"])
def test_an_address_that_leads_nowhere_finds_no_job(tmp_path, name):
    assert requests.find(tmp_path, name) is None
