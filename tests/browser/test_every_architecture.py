"""Each architecture, chosen by its card, drawn, trained and watched. GENOMICS_PICTURES=FOLDER keeps what was seen."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from screen import LONG, badge, more_points, opened, press, settled, title, type_in
from stories import kept
from toys import gc_classes

from genomics.architectures import ARCHITECTURES

SIZES = {"wide": (1440, 900), "narrow": (400, 800), "dark": (1440, 900)}


def pictured(page: Page, name: str) -> None:
    """Keeps the page as it is, wide, narrow and dark, where a folder for it is named."""
    folder = os.environ.get("GENOMICS_PICTURES", "")
    for size, (width, height) in SIZES.items() if folder else ():
        page.emulate_media(color_scheme="dark" if size == "dark" else "light")
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        page.wait_for_function("() => [...document.querySelectorAll('.js-plotly-plot')].every(chart => chart.querySelector('.main-svg'))")
        tall = page.evaluate("() => document.querySelector('[data-testid=stMain]')?.scrollHeight ?? 0")
        page.set_viewport_size({"width": width, "height": max(height, int(tall) + 80)})
        settled(page)
        page.screenshot(path=Path(folder) / f"{name}_{size}.png")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": SIZES["wide"][0], "height": SIZES["wide"][1]})


@pytest.mark.slow
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_each_architecture_is_chosen_drawn_trained_and_watched(server, tab, name):
    fingerprint = kept(server.workspace, gc_classes(3000, 120))
    family = ARCHITECTURES[name]
    page = tab(f"{server.url}/train?data={fingerprint}")
    title(page, "Train a network")
    card = page.locator(f"[class*='st-key-card_'][class*='{name}']").filter(has=page.get_by_text(family.title, exact=True))
    choice = card.get_by_role("button").first
    if choice.is_enabled():
        choice.click()
    expect(page.locator(f".st-key-card_chosen_{name}")).to_be_visible()
    settled(page)
    expect(page.locator(".js-plotly-plot").first).to_be_visible()  # the picture of its layers
    pictured(page, f"{name}_choosing")
    opened(page, "Training")
    type_in(page, "Epochs", 2000)  # the quickest would be over before it is looked at
    type_in(page, "Patience (epochs)", 0)
    press(page, "Train")
    title(page, f"{family.title} on")
    badge(page, "Running")
    seen = more_points(page, 4, LONG)
    more_points(page, seen, LONG)
    pictured(page, f"{name}_running")
    press(page, "Pause")
    badge(page, "Stopped", LONG)
    pictured(page, f"{name}_stopped")
