"""New sequences are pasted on the Results page, and answered by a process that keeps the network loaded."""

import csv
import re
import time

import numpy as np
import pytest
from playwright.sync_api import expect
from screen import LONG, press, settled
from stories import predictor
from toys import gc_classes, wait_for, with_network

from genomics import disk, locks, prediction, recipe, runs, samples

NEW = gc_classes(3, 24, seed=9)


@pytest.fixture
def network(server):
    """A run with a saved network; the process that holds it is gone at the end."""
    dataset = gc_classes(60)
    yield with_network(predictor(server.workspace, dataset), dataset)
    queue = server.workspace / "queue"
    disk.write_json(queue / "predict.json", {"stamp": "", "runs": [], "time": 0})

    def gone() -> bool:
        lock = locks.try_lock(queue / "predict.lock")
        if lock is not None:
            lock.close()
        return lock is not None

    wait_for(gone, 60)


def test_pasted_sequences_become_a_table_and_the_second_answer_comes_within_seconds(server, tab, network):
    page = tab(f"{server.url}/results?run={network.name}")
    page.locator("summary").filter(has_text="Predict new sequences").click()
    box = page.get_by_label("FASTA, a table, or one sequence a line")
    expect(box).to_have_value(re.compile(r"^>s\d+\n[ACGT]{24}\n"))
    page.get_by_test_id("stFileUploaderDropzone").wait_for()
    settled(page)
    press(page, "Predict")  # the example
    expect(page.get_by_role("button", name="Parquet")).to_be_visible(timeout=LONG)

    box.fill("".join(f">new{i}\n{NEW.sequence(i)}\n" for i in range(3)) + ">long\n" + NEW.sequence(0) * 3 + "\n")
    begun = time.monotonic()
    press(page, "Predict")
    expect(page.get_by_text("Longer (1 of 4 sequences)")).to_be_visible()
    assert time.monotonic() - begun < 10  # half a second where nothing else runs; to load the network anew takes longer
    with page.expect_download() as coming:
        press(page, "TSV")
    with coming.value.path().open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    member = prediction.load(network, recipe.from_json(runs.asked(network)))
    expected = prediction.predict(member, NEW, np.arange(3))[:, 1]
    assert [float(row["probability class 1"]) for row in rows] == pytest.approx([*expected, expected[0]], rel=1e-5)
    assert rows[3]["remarks"].startswith("longer")

    page.get_by_test_id("stFileUploaderDropzone").locator("input").set_input_files(
        {"name": "<b>x</b>.fa", "mimeType": "text/plain", "buffer": samples_as_fasta().encode()}
    )
    settled(page)
    press(page, "Predict")
    expect(page.get_by_text("The first 200 of 300 sequences")).to_be_visible(timeout=LONG)
    assert not list(server.workspace.rglob("*x<*"))


def samples_as_fasta() -> str:
    """Three hundred sequences of a sample."""
    dataset = samples.load("planted")
    return "".join(f">{dataset.ids[i]}\n{dataset.sequence(i)}\n" for i in range(300))
