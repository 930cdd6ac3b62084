"""From a sample to new sequences."""

import io
from pathlib import Path

from playwright.sync_api import expect
from screen import LONG, badge, opened, press, settled, title, type_in

from genomics.io import read


def test_from_a_sample_to_new_sequences(server, tab):
    page = tab(server.url)
    title(page, "Train a neural network on DNA")
    page.locator(".st-key-use_planted").get_by_role("button").click()
    press(page, "Generate more like these")
    title(page, "Generate new sequences")
    page.get_by_role("slider", name="Channels").press("Home")
    settled(page)
    type_in(page, "Iterations", 300)
    opened(page, "Sequences")
    type_in(page, "Length read (bp)", 30)
    press(page, "Train the generator")
    title(page, "Generative adversarial network on")

    grown = page.locator(".bases").first
    expect(grown).to_be_visible(timeout=LONG)
    first = grown.inner_text()
    page.wait_for_function("first => document.querySelector('.bases').innerText !== first", arg=first, timeout=LONG)
    badge(page, "Finished", LONG)
    expect(page.get_by_role("heading", name="Are they like real ones?")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    folder = server.latest()
    assert folder.name in page.url

    settled(page)  # a button that is redrawn while it is pressed does nothing
    with page.expect_download() as caught:
        press(page, "Download 1,000 sequences (FASTA)")
    assert letters(Path(caught.value.path())) == (1000, 30, set("ACGT"))

    type_in(page, "Make more", 50)
    press(page, "Make them")
    again = page.get_by_role("button", name="Download 50 more (FASTA)")
    expect(again).to_be_visible(timeout=LONG)
    settled(page)
    with page.expect_download() as caught:
        again.click()
    assert letters(Path(caught.value.path())) == (50, 30, set("ACGT"))


def letters(path: Path) -> tuple[int, int, set[str]]:
    """How many sequences, how long, of which letters."""
    with io.BytesIO(path.read_bytes()) as content:
        records, _ = read(content.getvalue(), path.name)
    text = "".join(line for line in path.read_text().splitlines() if not line.startswith(">"))
    return len(records), int(records.offsets[1]), set(text)
