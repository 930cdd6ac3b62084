"""The Train page: no inherited weights, what stays in sight, one press on Back, and links that lead nowhere."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect
from screen import LONG, badge, opened, press, settled, title, type_in
from stories import kept, predictor
from toys import gc_classes

from genomics import recipe, runs, samples

SMALL = gc_classes(300, 60, seed=11)


def test_a_branch_that_was_given_up_leaves_nothing_to_the_next_run(server, tab):
    """Train, start another from these weights, change one's mind, choose a sample, train."""
    sample = samples.load("promoters")
    page = tab(f"{server.url}/train?data={kept(server.workspace, sample)}")
    title(page, "Train a network")
    settled(page)
    opened(page, "Training")
    type_in(page, "Epochs", 7)
    type_in(page, "Patience (epochs)", 0)
    press(page, "Train")
    title(page, "Convolutional network on")
    badge(page, "Finished", LONG)
    first = server.latest()
    press(page, "New run from these weights")
    title(page, "Train a network")
    expect(page.locator(".st-key-base_banner")).to_contain_text("Starts from the weights of")
    settled(page)
    page.get_by_role("link", name="Start").click()
    title(page, "Train a neural network on DNA")
    page.locator(".st-key-use_promoters").get_by_role("button").click()
    press(page, "Train a network")
    title(page, "Train a network")
    settled(page)
    expect(page.locator(".st-key-base_banner")).to_have_count(0)
    press(page, "Train")
    title(page, "Convolutional network on")
    badge(page, "Running", LONG)
    later = server.latest()
    assert later != first
    planned, asked = recipe.plan(sample, "cnn"), recipe.from_json(runs.asked(later))
    assert not runs.asked(later).get("base")
    assert (asked.fit, asked.config) == (planned.fit, planned.config)


def test_the_button_and_the_drawing_stay_in_sight(server, tab):
    page = tab(f"{server.url}/train?data={kept(server.workspace, SMALL)}")
    title(page, "Train a network")
    settled(page)
    opened(page, "Training")
    opened(page, "More")
    button, drawing = page.get_by_role("button", name="Train", exact=True), page.locator(".st-key-choice_side .js-plotly-plot").first
    expect(drawing).to_be_visible()
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 600)")
    page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollTop >= 500")
    for seen in (button, drawing):
        box = seen.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 768 - 40
    page.set_viewport_size({"width": 800, "height": 768})
    first = page.get_by_role("slider").first
    expect(first).to_be_attached()
    page.wait_for_function("() => document.querySelector('.st-key-choice_side').getBoundingClientRect().width > 500")
    above, below = button.bounding_box(), first.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] < below["y"]


def test_headings_and_buttons_can_be_told_apart_by_ear(server, tab):
    page = tab(f"{server.url}/train?data={kept(server.workspace, SMALL)}")
    title(page, "Train a network")
    expect(page.get_by_role("button", name="Choose Recurrent network", exact=True)).to_be_visible()
    assert page.get_by_role("button", name="Choose", exact=True).count() == 0
    levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all("all => all.map(heading => Number(heading.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    page.get_by_role("button", name="Choose Recurrent network", exact=True).click()
    expect(page.get_by_role("button", name="Chosen Recurrent network", exact=True)).to_be_disabled()


def test_one_press_on_back_goes_back(server, tab):
    fingerprint = kept(server.workspace, SMALL)
    folder = predictor(server.workspace, SMALL)
    page = tab(server.url)
    title(page, "Train a neural network on DNA")
    settled(page)
    steps = page.evaluate("history.length")
    page.locator(f".st-key-open_{folder.name}").get_by_role("button").click()  # a recent run
    title(page, "Convolutional network on toy")
    settled(page)
    assert page.evaluate("history.length") == steps + 1
    page.get_by_role("link", name="Train").click()
    expect(page.get_by_role("button", name="Train another")).to_be_visible()
    settled(page)
    press(page, "Train another")
    title(page, "Train a network")
    settled(page)
    expect(page).to_have_url(re.compile(rf"/train\?data={fingerprint}$"))

    page.go_back()
    expect(page.get_by_role("button", name="Train another")).to_be_visible()
    assert f"run={folder.name}" in page.url
    settled(page)
    page.go_back()
    expect(page.get_by_role("tab", name="Confusion")).to_be_visible()
    assert "/results?" in page.url
    settled(page)
    page.go_back()
    title(page, "Train a neural network on DNA")
    settled(page)
    page.go_forward()
    expect(page.get_by_role("tab", name="Confusion")).to_be_visible()


@pytest.mark.parametrize("place", ["results", "train", "generate"])
def test_a_link_to_a_run_that_is_not_here_shows_the_message_and_nothing_else(server, tab, place):
    folder = predictor(server.workspace, SMALL)
    page = tab(f"{server.url}/{place}?run=nonsense")
    title(page, "This run cannot be opened")
    settled(page)
    assert page.get_by_test_id("stAlert").count() == 1
    assert page.get_by_test_id("stMain").get_by_role("button").count() == 0
    assert folder.name not in page.url
    page.get_by_role("link", name="Runs").click()
    title(page, "Runs")
    settled(page)
    page.get_by_role("link", name="Results").click()
    title(page, "Convolutional network on")
