"""From two files to a network's accuracy; a server that dies; deep links."""

import re
import time

import numpy as np
import pytest
from playwright.sync_api import expect
from screen import LONG, badge, drag_zoom, more_points, opened, points, press, settled, title, type_in, x_range
from stories import kept
from toys import gc_classes, wait_for

from genomics import runs
from genomics.dataset import Dataset


@pytest.fixture
def two_files(tmp_path) -> list[str]:
    """One FASTA file for each class."""
    made: Dataset = gc_classes(1200, 80)
    paths = []
    for number, name in enumerate(("background", "island")):
        path = tmp_path / f"{name}.fa"
        path.write_text("".join(f">{name}_{i}\n{made.sequence(i)}\n" for i in np.flatnonzero(made.labels == number)))
        paths.append(str(path))
    return paths


def begin_training(page, *, epochs: int) -> None:
    """From the Train page to a running network that will not stop early."""
    title(page, "Train a network")
    settled(page)  # an expander that is redrawn while it is opened stays closed
    opened(page, "Training")
    type_in(page, "Epochs", epochs)
    type_in(page, "Patience (epochs)", 0)
    press(page, "Train")
    title(page, "Convolutional network on")
    badge(page, "Running")  # until then a chart of the page before may still stand there


def test_from_two_files_to_results(server, tab, two_files):
    page = tab(f"{server.url}/data")
    title(page, "Your sequences")
    page.locator("input[type=file]").set_input_files(two_files)
    expect(page.get_by_text("island.fa").first).to_be_visible()
    press(page, "Read")
    title(page, "background.fa, island.fa")
    expect(page.get_by_text("1,200 sequences in two classes, 80 bp each.")).to_be_visible()
    press(page, "Train a network")
    begin_training(page, epochs=2000)  # it goes on for as long as it is looked at

    first = more_points(page, 0)
    folder = server.latest()
    assert f"run={folder.name}" in page.url
    more_points(page, first)  # the curve moves by itself

    page.reload()
    title(page, "Convolutional network on background.fa, island.fa")
    assert f"run={folder.name}" in page.url
    seen = more_points(page, first)
    other = tab(page.url)
    assert more_points(other, 0) >= first

    page.bring_to_front()
    zoomed = drag_zoom(page)
    for _ in range(2):
        seen = more_points(page, max(seen, points(page)))
        assert x_range(page) == zoomed

    asked = time.monotonic()
    press(page, "Pause")
    wait_for(lambda: runs.state(folder) == "stopped", 20)
    assert time.monotonic() - asked < 10
    badge(page, "Stopped")
    badge(other, "Stopped")  # whoever watches learns of it
    expect(page.get_by_role("button", name="See results")).to_be_visible()  # of what was learned so far, without a refresh

    def epochs() -> list[int]:
        return [event["epoch"] for event in runs.read_events(folder).events if event["type"] == "epoch"]

    stopped_at = epochs()[-1]
    press(page, "Resume")
    badge(page, "Running")
    more_points(page, points(page))
    wait_for(lambda: epochs()[-1] > stopped_at, 60)  # points may be of its batches alone
    press(page, "Finish now")
    badge(page, "Finished", LONG)
    assert epochs() == list(range(1, len(epochs()) + 1))
    press(page, "See results")
    expect(page.get_by_test_id("stMetric").filter(has_text="Accuracy").first).to_contain_text(re.compile(r"\d+(\.\d+)? %"))
    expect(page.get_by_text("ROC", exact=True)).to_be_visible()
    page.get_by_role("tab", name="Confusion").click()
    expect(page.locator(".js-plotly-plot .heatmaplayer").first).to_be_visible()
    expect(page.get_by_text("True class").first).to_be_visible()


def test_a_run_outlives_the_server_and_links_open_at_once(fresh_server, tab, watch):
    """The server's first visitor comes by a deep link, each time."""
    fingerprint = kept(fresh_server.workspace, gc_classes(1200, 80))
    fresh_server.start()
    page = tab(f"{fresh_server.url}/train?data={fingerprint}")
    begin_training(page, epochs=2000)
    expect(page.get_by_role("link", name="Generate")).to_be_visible()
    assert page.get_by_test_id("stSidebar").count() == 0
    before = more_points(page, 0)
    folder = fresh_server.latest()

    # A tab that lost its server says so, also where it was about to fetch a part of itself.
    watch.tolerated += [
        "net::ERR_",
        "WebSocket",
        "_stcore",
        "disconnected from server",
        "server is not responding",
        "dynamically imported module",
    ]
    fresh_server.kill()
    assert runs.state(folder) == "running"
    fresh_server.start()
    other = tab(f"{fresh_server.url}/train?run={folder.name}")
    title(other, "Convolutional network on toy")
    more_points(other, before)
    badge(other, "Running")
    more_points(page, before)  # the tab that was open all the time comes back by itself
    press(other, "Pause")
    badge(other, "Stopped")
    badge(page, "Stopped")
    wait_for(lambda: not runs.alive(folder), 30)

    fresh_server.kill()
    fresh_server.start()
    results = tab(f"{fresh_server.url}/results?run={folder.name}")
    title(results, "Convolutional network on toy")
    expect(results.get_by_role("link", name="Generate")).to_be_visible()
    settled(results)
    expect(results.get_by_text("ROC", exact=True)).to_be_visible()
