"""Every page in both themes and on a narrow screen; text that somebody else wrote."""

import pytest
from playwright.sync_api import expect
from screen import opened, press, settled
from stories import HOSTILE, PAGES, generator, kept, predictor, zoo

from genomics import samples

HEADER = "<img/src=x/onerror=alert(1)>**bold**:material/home:"


@pytest.mark.parametrize(("theme", "width"), [pytest.param("light", 1366, marks=pytest.mark.slow), ("dark", 800)])  # stories are light
def test_every_page_in_both_themes_and_on_a_narrow_screen(server, browser, watch, monkeypatch, theme, width):
    monkeypatch.setenv("GENOMICS_WORKSPACE", str(server.workspace))
    dataset = samples.load("promoters")
    run, made = predictor(server.workspace, dataset), generator(server.workspace, dataset, only="")
    context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 900})
    page = watch.over(context.new_page())
    backgrounds = set()
    for name in PAGES:
        for ids in (f"?data={kept(server.workspace, dataset)}", f"?run={(made if name == 'generate' else run).name}"):
            page.goto(f"{server.url}/{'' if name == 'start' else name}{ids}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            settled(page)
            page.wait_for_load_state("networkidle")
            assert page.locator(".stException").count() == 0, (name, ids)
            wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
            assert wide[0] <= wide[1] + 1, (name, ids, wide)
            backgrounds.add(page.evaluate("() => getComputedStyle(document.querySelector('.stApp')).backgroundColor"))
    assert backgrounds == {"rgb(255, 255, 255)" if theme == "light" else "rgb(18, 20, 28)"}
    context.close()
    assert not watch.verdict()


def test_bad_text_is_answered_with_record_and_line_and_hostile_text_stays_text(server, tab):
    page = tab(f"{server.url}/data")
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    opened(page, "Paste sequences")
    box = page.get_by_label("FASTA, a table, or one sequence a line")
    box.fill(">one label=a\nACGT\n>two label=b\nAC-T5\n")
    press(page, "Read")
    expect(page.get_by_text("1 of 2 records cannot be used as they are.")).to_be_visible()
    cells = page.get_by_test_id("stDataFrame").first
    expect(cells).to_be_visible()
    press(page, "Cancel")

    box.fill("hello, <b>this</b> is no sequence")
    press(page, "Read")
    expect(page.get_by_test_id("stAlert").first).to_contain_text("pasted text")

    box.fill("".join(f">{HEADER}{number} label={'ab'[number % 2]}\nACGTACGT\n" for number in range(8)))
    press(page, "Read")
    expect(page.get_by_text("8 sequences in two classes, 8 bp each.")).to_be_visible()
    page.get_by_role("tab", name="Records").click()
    expect(page.locator(".bases")).to_contain_text(f"{HEADER}0")
    assert page.locator("img[src=x]").count() == 0

    page.goto(f"{server.url}/data?data={kept(server.workspace, zoo()['hostile'])}")
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("<b>x</b> **y**")
    for text in HOSTILE:
        expect(page.get_by_test_id("stCaptionContainer").filter(has_text=text.split(":")[0] or text[1:]).first).to_be_visible()
    main = page.get_by_test_id("stMain")
    assert main.locator("script:not(.st-key-history_steps script), a[href*='x.y'], b, .katex").count() == 0
    assert not dialogs
