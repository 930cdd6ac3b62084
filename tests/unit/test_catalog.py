"""The list of datasets: names, the runs that use each, renaming, deleting, damaged folders."""

import dataclasses
import json
import os
import time
from pathlib import Path

import numpy as np
import pytest
from toys import dataset_of, random_rows, run_of

from genomics import dataset as datasets
from genomics import disk, remedies, requests, runs
from genomics.dataset import catalog
from genomics.errors import InputError, RunError, SettingError

TOY = dataset_of(random_rows(12, 20), np.arange(12) % 2, name="first.fa")


def names(root: Path) -> list[str]:
    return [row["name"] for row in catalog.listing(root)]


def test_equal_content_has_the_name_that_came_last_and_a_run_the_one_it_was_planned_with(tmp_path):
    run = run_of(tmp_path, TOY)
    folder = datasets.save(dataclasses.replace(TOY, name="second.fa"), tmp_path)
    assert folder.name == TOY.fingerprint
    assert names(tmp_path) == ["second.fa"]
    assert datasets.load(tmp_path, TOY.fingerprint).name == "second.fa"
    assert runs.asked(run)["dataset_name"] == "first.fa"
    datasets.save(TOY, tmp_path)
    assert names(tmp_path) == ["first.fa"]


def test_a_name_that_a_user_chose_lasts(tmp_path):
    folder = datasets.save(TOY, tmp_path)
    catalog.rename(folder, "  <b>mine</b>\n(2)  ")
    datasets.save(dataclasses.replace(TOY, name="again.fa"), tmp_path)
    assert names(tmp_path) == [datasets.load(tmp_path, TOY.fingerprint).name] == ["<b>mine</b> (2)"]
    assert datasets.load(tmp_path, TOY.fingerprint).fingerprint == TOY.fingerprint
    catalog.rename(folder, "other")
    assert names(tmp_path) == ["other"]


@pytest.mark.parametrize("name", ["", " \n\t ", "x" * 201])
def test_a_name_that_is_empty_or_too_long_is_refused(tmp_path, name):
    folder = datasets.save(TOY, tmp_path)
    with pytest.raises(SettingError, match="1 to 200"):
        catalog.rename(folder, name)
    assert names(tmp_path) == ["first.fa"]


def test_a_fix_names_its_dataset_and_leaves_known_content_its_name(tmp_path):
    datasets.save(TOY, tmp_path)
    divided = remedies.mend(TOY, "split_by_similarity")
    datasets.save(divided, tmp_path)
    assert divided.name == "first.fa, split by similarity"
    back = remedies.mend(divided, "forget_split")
    assert back.fingerprint == TOY.fingerprint  # the same content as before
    datasets.save(back, tmp_path)
    assert sorted(names(tmp_path)) == ["first.fa", "first.fa, split by similarity"]
    datasets.save(dataclasses.replace(divided, name="file.tsv", parent="", remedy=""), tmp_path)  # uploaded
    assert sorted(names(tmp_path)) == ["file.tsv", "first.fa"]


def test_a_dataset_that_a_run_uses_is_not_deleted(tmp_path):
    used = [run_of(tmp_path, TOY).name for _ in range(5)]
    folder = tmp_path / "datasets" / TOY.fingerprint
    assert catalog.used_by(tmp_path) == {TOY.fingerprint: used[::-1]}
    with pytest.raises(RunError, match=f"{used[4]}, {used[3]}, {used[2]} and 2 more runs"):
        catalog.delete(folder)
    assert len(datasets.load(tmp_path, TOY.fingerprint)) == 12
    for name in used:
        runs.delete(tmp_path / "runs" / name)
    catalog.delete(folder)
    assert not folder.exists()
    assert catalog.listing(tmp_path) == []
    with pytest.raises(InputError, match="There is no dataset"):
        datasets.load(tmp_path, TOY.fingerprint)


@pytest.mark.parametrize("kind", ["inspection", "reading", "trial"])
def test_a_dataset_that_a_live_job_uses_is_not_deleted(tmp_path, kind):
    folder = datasets.save(TOY, tmp_path)
    if kind == "trial":
        job = runs.create(tmp_path, {"architecture": "cnn", "dataset": TOY.fingerprint}, "trials")
    else:
        job = requests.create(tmp_path, {"dataset": TOY.fingerprint} if kind == "inspection" else {"names": ["x.fa"]})
    lock = runs.try_lock(job / "lock")
    assert lock is not None
    log = runs.Log(job)
    log.write("state", state="running")
    if kind == "reading":
        log.write("dataset", dataset=TOY.fingerprint)
    log.close()
    with pytest.raises(RunError, match="Wait until"):
        catalog.delete(folder)
    lock.close()
    catalog.delete(folder)  # the job is not alive any more
    assert not folder.exists()


def test_a_dataset_survives_those_made_from_it_and_they_survive_it(tmp_path):
    folder = datasets.save(TOY, tmp_path)
    made = remedies.mend(TOY, "split_by_similarity")
    datasets.save(made, tmp_path)
    catalog.delete(folder)
    assert len(datasets.load(tmp_path, made.fingerprint)) == 12


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"null", b"[1]", b'"x"', b"{}", b'{"name": 1, "records": 2}'])
def test_a_damaged_dataset_is_listed_refused_deleted_and_can_be_added_again(tmp_path, content):
    good = dataset_of(random_rows(4, 10), name="good")
    datasets.save(good, tmp_path)
    folder = datasets.save(TOY, tmp_path)
    (folder / "dataset.json").write_bytes(content)
    assert {row["fingerprint"]: row["records"] for row in catalog.listing(tmp_path)} == {good.fingerprint: 4, TOY.fingerprint: None}
    with pytest.raises(InputError, match="damaged"):
        datasets.load(tmp_path, TOY.fingerprint)
    datasets.save(TOY, tmp_path)
    assert datasets.load(tmp_path, TOY.fingerprint).name == "first.fa"
    (folder / "dataset.json").write_bytes(content)
    catalog.delete(folder)
    assert names(tmp_path) == ["good"]


@pytest.mark.parametrize("name", ["records.parquet", "name.json"])
def test_other_damaged_files(tmp_path, name):
    folder = datasets.save(TOY, tmp_path)
    (folder / name).write_bytes(b"{torn")
    assert names(tmp_path) == ["first.fa"]
    if name == "name.json":
        assert datasets.load(tmp_path, TOY.fingerprint).name == "first.fa"
    else:
        with pytest.raises(InputError, match="damaged"):
            datasets.load(tmp_path, TOY.fingerprint)


def test_runs_that_cannot_be_read_use_nothing(tmp_path):
    run = run_of(tmp_path, TOY)
    (run / "run.json").write_bytes(b"{")
    assert TOY.fingerprint not in catalog.used_by(tmp_path)


def test_five_hundred_datasets_are_listed_at_once_newest_first_without_their_sequences(tmp_path):
    about = json.loads((datasets.save(TOY, tmp_path) / "dataset.json").read_text())
    for number in range(500):
        folder = tmp_path / "datasets" / f"{number:016x}"
        folder.mkdir()
        disk.write_json(folder / "dataset.json", {**about, "name": f"set {number}"})
        os.utime(folder / "dataset.json", (number, number))
    begun = time.perf_counter()
    rows = catalog.listing(tmp_path)
    assert time.perf_counter() - begun < 2  # 0.1 s on a quiet machine
    assert [row["name"] for row in rows] == ["first.fa", *(f"set {number}" for number in reversed(range(500)))]
