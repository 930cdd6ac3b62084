"""What a visitor sees and does on a page, in a few words."""

import re

from playwright.sync_api import Page, expect

SECONDS = 1000
LONG = 90 * SECONDS  # a whole training, where the processor is shared

_CHARTS = "[...document.querySelectorAll('.js-plotly-plot')].filter(chart => chart._fullData)"
_POINTS = f"() => ({_CHARTS}[0]?._fullData ?? []).reduce((sum, trace) => sum + (trace.x?.length ?? 0), 0)"


def title(page: Page, text: str) -> None:
    """Waits for a page by its heading."""
    expect(page.get_by_role("heading", level=1, name=text)).to_be_visible(timeout=30 * SECONDS)


def press(page: Page, name: str) -> None:
    """Presses the button of exactly that name, as soon as it can be: a page that lost its server for a moment has none that can."""
    page.get_by_role("button", name=name, exact=True).click(timeout=LONG)


def opened(page: Page, name: str) -> None:
    """Opens an expander."""
    page.locator("summary").filter(has_text=re.compile(f"{name}$")).click()


def type_in(page: Page, label: str, value: object) -> None:
    """Types a number and leaves the field."""
    box = page.get_by_label(label, exact=True)
    box.fill(str(value))
    box.press("Enter")
    settled(page)


def settled(page: Page) -> None:
    """Waits until the page's script has run to its end."""
    page.wait_for_function("() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'")


def badge(page: Page, state: str, timeout: float = 30 * SECONDS) -> None:
    """Waits for the state of the run in hand."""
    expect(page.locator(".stBadge, [data-testid=stMarkdownBadge], .stMarkdownBadge").filter(has_text=state).first).to_be_visible(
        timeout=timeout
    )


def points(page: Page) -> int:
    """Points in the first chart of the page."""
    return int(page.evaluate(_POINTS))


def more_points(page: Page, than: int, timeout: float = 60 * SECONDS) -> int:
    """Waits until the first chart holds more points than that, and says how many."""
    page.wait_for_function(f"than => ({_POINTS})() > than", arg=than, timeout=timeout)
    return points(page)


def x_range(page: Page) -> list[float]:
    """What the first chart shows of its x axis."""
    return [float(end) for end in page.evaluate(f"() => {_CHARTS}[0]._fullLayout.xaxis.range")]


def drag_zoom(page: Page) -> list[float]:
    """Zooms into the first chart with the mouse; the range then shown."""
    before = x_range(page)
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=6)
    page.mouse.up()
    page.wait_for_function(f"before => {_CHARTS}[0]._fullLayout.xaxis.range[1] < before", arg=before[1])
    return x_range(page)
