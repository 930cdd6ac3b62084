"""WCAG contrast of the colours that are ours: bases on the page's backgrounds, and the themes of config.toml."""

import re
import tomllib
from pathlib import Path

import pytest
from contrast import contrast, mixed

from genomics.plots import style

ROOT = Path(__file__).resolve().parents[2]
THEMES = {name: tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"][name] for name in ("light", "dark")}
SHELL = (ROOT / "pages" / "ui" / "shell.py").read_text("utf-8")


def by_theme(css: str) -> dict[str, str]:
    """The colours of a CSS `light-dark(#..., #...)`."""
    return dict(zip(THEMES, re.findall(r"#[0-9A-Fa-f]{6}", css), strict=True))


def css_of(selector: str) -> dict[str, str]:
    (rule,) = re.findall(rf"{re.escape(selector)}[^{{]*{{[^}}]*?color: (light-dark\([^)]*\))", SHELL)
    return by_theme(rule)


def test_the_formula():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # the well-known grey that just fails


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
class TestOn:
    def test_bases_in_charts_can_be_told_from_the_background(self, theme, ground):
        assert set(style.BASES) == set("ACGT")
        assert {base: contrast(colour, THEMES[theme][ground]) >= 3 for base, colour in style.BASES.items()} == dict.fromkeys("ACGT", True)

    def test_letters_of_sequences_can_be_read(self, theme, ground):
        found = {base: contrast(by_theme(css)[theme], THEMES[theme][ground]) for base, css in style.LETTERS.items()}
        assert found.keys() == set("ACGTN")
        assert min(found.values()) >= 4.5, found

    def test_captions_links_and_text_can_be_read(self, theme, ground):
        below = THEMES[theme][ground]
        (opacity,) = re.findall(r'"stCaptionContainer"\] { opacity: ([0-9.]+) ', SHELL)
        caption = mixed(THEMES[theme]["textColor"], below, float(opacity))
        assert min(contrast(colour, below) for colour in (caption, THEMES[theme]["linkColor"])) >= 4.5

    def test_the_accent_can_be_read_as_text(self, theme, ground):
        assert contrast(THEMES[theme]["primaryColor"], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_the_text_of_a_primary_button_can_be_read(theme):
    assert contrast(css_of('[data-testid="stBaseButton-primary"]')[theme], THEMES[theme]["primaryColor"]) >= 4.5
