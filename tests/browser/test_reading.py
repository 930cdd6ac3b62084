"""An upload, watched as it is read; a finding, its remedy, and undo; a second tab; a reading that is cancelled."""

import pytest
from playwright.sync_api import expect
from screen import SECONDS, press, settled, title
from toys import random_rows

from genomics import sequences


@pytest.fixture
def ten_records(tmp_path) -> str:
    """Ten records in two classes; the last repeats the first."""
    rows = [sequences.decode(row) for row in random_rows(9, 40)]
    path = tmp_path / "ten.tsv"
    path.write_text(
        "id\tsequence\tlabel\n" + "".join(f"r{i}\t{row}\t{'ab'[i % 2 if i < 9 else 0]}\n" for i, row in enumerate([*rows, rows[0]]))
    )
    return str(path)


@pytest.fixture
def many_records(tmp_path) -> str:
    """Enough to be watched: 120,000 of 100 bases."""
    letters = sequences.decode(random_rows(120_000, 100).reshape(-1))
    path = tmp_path / "many.fa"
    path.write_text("".join(f">s{i} label={'ab'[i % 2]}\n{letters[100 * i : 100 * i + 100]}\n" for i in range(120_000)))
    return str(path)


def choose(page, path: str) -> None:
    """Puts a file into the widget and waits for the questions about it."""
    page.locator("input[type=file]").first.set_input_files(path)
    expect(page.get_by_role("button", name="Read", exact=True)).to_be_visible()
    settled(page)


def test_an_upload_its_findings_a_remedy_and_undo(server, tab, ten_records):
    page = tab(f"{server.url}/data")
    title(page, "Your sequences")
    choose(page, ten_records)
    expect(page.get_by_text("ten.tsv: a table")).to_be_visible()
    press(page, "Read")
    title(page, "ten.tsv")
    expect(page.get_by_text("10 sequences in two classes, 40 bp each.")).to_be_visible()
    expect(page.get_by_text("1 record of 10").first).to_be_visible(timeout=60 * SECONDS)
    expect(page.get_by_text("Stop", exact=True).first).to_be_visible()  # far too few to learn from
    edge = page.locator("[class*='st-key-finding_stop']").first.evaluate("card => getComputedStyle(card).borderLeftColor")
    assert edge == "rgb(214, 69, 69)"

    press(page, "Keep one of each")
    expect(page.get_by_text("Made from ten.tsv, 10 sequences").first).to_be_visible(timeout=60 * SECONDS)
    expect(page.get_by_text("9 sequences in two classes, 40 bp each.")).to_be_visible()
    press(page, "Undo")
    expect(page.get_by_text("10 sequences in two classes, 40 bp each.")).to_be_visible()


def test_a_reading_is_watched_found_by_another_tab_and_cancelled(server, tab, many_records):
    page = tab(f"{server.url}/data")
    choose(page, many_records)
    press(page, "Read")
    expect(page.get_by_role("progressbar").first).to_be_visible()
    expect(page.get_by_text("so far").first).to_be_visible()
    assert "job=" in page.url
    other = tab(page.url)
    title(other, "many.fa")
    press(page, "Cancel")
    for each in (page, other):
        expect(each.get_by_role("button", name="Cancel", exact=True)).to_be_hidden()
