"""axe-core on every page, in both themes: no violation of impact serious or critical, and headings in order."""

import json
import os
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from contrast import contrast, parts_of
from playwright.sync_api import Page, expect
from screen import settled
from stories import PAGES, generator, predictor

from genomics import dataset as datasets
from genomics import inspection, jobs, recipe, runs, samples

_NEEDED = Path(__file__).with_name("package.json")
_BACKGROUNDS = {"light": "#FFFFFF", "dark": "#12141C"}
_WINDOW = {"width": 1366, "height": 768}
# What Streamlit builds and nothing of ours reaches: the marks in the small chart of a metric, which as a whole has a name.
_NOT_OURS = {"svg-img-alt": "[data-testid=stMetricChart]"}
_CHECK = """
async ([place, rules, notOurs]) => {
  const how = { resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}) };
  const told = [];
  for (const { id, impact, nodes } of (await axe.run(place, how)).violations) {
    if (!["serious", "critical"].includes(impact)) continue;
    for (const { target, html, any, all, none } of nodes) {
      if (notOurs[id] && document.querySelector(target[0])?.closest(notOurs[id])) continue;
      told.push(`${id}: ${html.slice(0, 200)} ${[...any, ...all, ...none].map((check) => check.message).join(" ")}`);
    }
  }
  return told;
}
"""
_LEVELS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
  .filter((heading) => heading.checkVisibility()).map((heading) => Number(heading.tagName[1]))"""
_DRAWN = """() => !document.querySelector("[data-testid=stSkeleton]") &&
  [...document.querySelectorAll("[data-testid=stPlotlyChart], .live-chart")].every((chart) => chart.querySelector(".main-svg"))"""
# Text of Plotly's axes and legends on the page, which axe-core does not look into: [text, colour] of each.
_AXES = """() => [...document.querySelectorAll(".main-svg :is(.xtick, .ytick, .g-xtitle, .g-ytitle, .legend, .colorbar) text")]
  .filter((text) => text.checkVisibility()).map((text) => [text.textContent, getComputedStyle(text).fill])"""
# No colour is judged half way to another, nor one that Streamlit fades while the page's script runs: opening an expander may begin a run.
_STILL = "* { transition: none !important; animation: none !important; } [data-stale='true'] { opacity: 1 !important; }"
_OPENED = """() => [...document.querySelectorAll("details[open]")]
  .every((shown) => shown.innerText.trim() !== shown.querySelector("summary").innerText.trim())"""
_OPEN = "() => document.querySelectorAll('details:not([open]) > summary').forEach((summary) => summary.click())"


@pytest.fixture(scope="session")
def axe(request) -> str:
    """The source of axe-core, by npm, kept in pytest's cache."""
    version = json.loads(_NEEDED.read_text("utf-8"))["dependencies"]["axe-core"]
    folder = request.config.cache.mkdir("axe-core")
    package = folder / "node_modules" / "axe-core"
    if not (package / "axe.min.js").exists() or json.loads((package / "package.json").read_text("utf-8"))["version"] != version:
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("npm is not installed, and axe-core comes by it (apt install npm)")
        shutil.copy(_NEEDED, folder)
        command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            reason = f"npm could not install axe-core {version}: {done.stderr[-500:]}"
            pytest.fail(reason) if os.environ.get("GENOMICS_REQUIRE_BROWSER") == "1" else pytest.skip(reason)
    return (package / "axe.min.js").read_text("utf-8")


@pytest.fixture
def page(fresh_server, browser, watch):
    """A window on a server that nobody has visited; animations are off, so that nothing is judged half faded."""
    fresh_server.start()
    context = browser.new_context(viewport=_WINDOW, color_scheme="light", reduced_motion="reduce")
    yield watch.over(context.new_page())
    context.close()
    assert not watch.verdict()


def violations(page: Page, axe: str, place: str, rules: list[str] | None = None) -> list[str]:
    """What axe-core says of a part of the page (a CSS selector) as it is now."""
    page.evaluate(axe)
    return list(page.evaluate(_CHECK, [place, rules, _NOT_OURS]))


def in_theme(page: Page, theme: str) -> None:
    """Turns the page light or dark, as the visitor's system would."""
    page.emulate_media(color_scheme=theme)
    colour = f"rgb({', '.join(map(str, parts_of(_BACKGROUNDS[theme])))})"
    page.wait_for_function("colour => getComputedStyle(document.querySelector('.stApp')).backgroundColor === colour", arg=colour)


def looked_at(page: Page, axe: str, place: str = "body") -> list[str]:
    """Violations in both themes (of the second one colours alone, because nothing else differs), and headings that skip a level."""
    page.evaluate(_OPEN)
    page.wait_for_function(_OPENED)
    settled(page)
    page.wait_for_function(_DRAWN)
    page.mouse.move(0, 0)
    found = violations(page, axe, place) + pale_axes(page, "light")
    found += [f"heading of level {after} after {before}" for before, after in pairwise([1, *page.evaluate(_LEVELS)]) if after > before + 1]
    in_theme(page, "dark")
    found += [f"dark: {line}" for line in [*violations(page, axe, place, ["color-contrast"]), *pale_axes(page, "dark")]]
    in_theme(page, "light")
    return found


def pale_axes(page: Page, theme: str) -> list[str]:
    """Texts of axes and legends that have too little contrast."""
    colours = {text: "#" + "".join(f"{int(part):02X}" for part in re.findall(r"[0-9]+", fill)[:3]) for text, fill in page.evaluate(_AXES)}
    return [f"{text} is {colour}" for text, colour in colours.items() if contrast(colour, _BACKGROUNDS[theme]) < 4.5]


def visited(page: Page, axe: str, url: str) -> dict[str, list[str]]:
    """What is found at an address, and in each of its tabs, by the tab's name."""
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.add_style_tag(content=_STILL)
    settled(page)
    found = {"": looked_at(page, axe)}
    for tab in page.get_by_role("tab").all_inner_texts()[1:]:
        page.get_by_role("tab", name=tab, exact=True).click()
        expect(page.get_by_role("tabpanel", name=tab, exact=True)).not_to_be_empty()
        settled(page)
        found[tab] = looked_at(page, axe, "[role=tabpanel]:not([hidden])")
    return found


def filled(root: Path) -> dict[str, Any]:
    """One short training, a run that failed and a generator in a workspace: where to look at them."""
    dataset = samples.load("promoters")
    datasets.save(dataset, root)
    inspection.inspect(dataset, root)
    trained = runs.create(root, recipe.plan(dataset, "cnn", settings={"epochs": 2}).to_json())
    jobs.start(trained)
    jobs.wait(trained, 90)
    assert runs.state(trained) == "finished"
    failed, made = predictor(root, dataset, state="failed"), generator(root, dataset, only="")
    return {
        "start": "",
        "all datasets": "data",
        "data": f"data?data={dataset.fingerprint}",
        "train": f"train?data={dataset.fingerprint}",
        "trained": f"train?run={trained.name}",
        "failed": f"train?run={failed.name}",
        "results": f"results?run={trained.name}",
        "generate": f"generate?data={dataset.fingerprint}",
        "generated": f"generate?run={made.name}",
        "runs": "runs",
    }


@pytest.mark.timeout(600)  # some 40 pages and tabs, each looked at twice: 30 s on a machine of its own
def test_no_page_has_a_serious_violation_in_either_theme(page, axe, fresh_server, monkeypatch):
    found = {f"{name}, empty": visited(page, axe, f"{fresh_server.url}/{'' if name == 'start' else name}") for name in PAGES}
    monkeypatch.setenv("GENOMICS_WORKSPACE", str(fresh_server.workspace))
    for name, place in filled(fresh_server.workspace).items():
        found[name] = visited(page, axe, f"{fresh_server.url}/{place}")
    assert {"Findings", "Overview", "Composition", "Map", "Repeats", "Split", "Records"} <= {"Findings", *found["data"]}
    assert len(found["results"]) > 3
    wrong = {f"{name} {tab}".strip(): lines for name, tabs in found.items() for tab, lines in tabs.items() if lines}
    assert not wrong, json.dumps(wrong, indent=1)


def test_axe_sees_what_is_wrong(browser, axe):
    page = browser.new_page()
    page.set_content("<main><p style='color: #999'>Too pale to be read</p><img src='data:,'><h1>Title</h1><h5>Skipped</h5></main>")
    rules = {line.split(":")[0] for line in violations(page, axe, "body")}
    assert rules == {"color-contrast", "image-alt"}
    assert page.evaluate(_LEVELS) == [1, 5]
    page.close()
