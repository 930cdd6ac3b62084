"""Answers for fixed sequences as bars: what is true is marked, and nothing of others' text is markup."""

import pytest

from genomics.plots import filters
from pages.ui import answers

SEQUENCE = {"id": "<b>x", "sequence": "ACGTN" * 20}


def test_nothing_that_is_drawn_every_second_glides():
    """See `pages.ui.live_html`: a browser that paints without rest takes the processor from the training."""
    for style in (answers.STYLE, filters.STYLE):
        assert "transition" not in style
        assert "animation" not in style


def test_each_class_has_a_bar_and_the_true_one_a_mark():
    drawn = answers.table([SEQUENCE | {"truth": "b<i>"}], [[0.25, 0.75]], "binary", ("a", "b<i>"))
    assert "width: 25.0%" in drawn
    assert "width: 75.0%" in drawn
    assert drawn.count("bar true") == 1
    assert "✓ b&lt;i&gt;" in drawn
    assert "<b>" not in drawn
    assert "<i>" not in drawn
    assert answers.table([SEQUENCE | {"truth": "b"}], [[0.75]], "binary", ("a", "b")).count("width: 25.0%") == 1  # of two, the second alone
    assert "class 2" in answers.table([SEQUENCE | {"truth": "b"}], [[0.2, 0.8]], "binary", ())


def test_of_many_classes_the_true_ones_and_the_likeliest_are_shown_in_their_order():
    names = tuple("abcdefgh")
    drawn = answers.table([SEQUENCE | {"truth": ["h", "a"]}], [[0.0, 0.1, 0.9, 0.8, 0.2, 0.3, 0.1, 0.0]], "multilabel", names)
    shown = [name for name in names if f">{name}</span>" in drawn or f">✓ {name}</span>" in drawn]
    assert shown == ["a", "c", "d", "h"]
    assert drawn.count("bar true") == 2


@pytest.mark.parametrize(
    ("truth", "said", "dots"), [([0.0, 10.0], [0.0, 99.0], 2), ([[0.0, 1.0], [10.0, 2.0]], [[5.0, 1.0], [5.0, 2.0]], 4)]
)
def test_numbers_stand_on_one_axis_with_what_is_true(truth, said, dots):
    records = [SEQUENCE | {"truth": value} for value in truth]
    drawn = answers.table(records, said, "regression", ())
    assert drawn.count('class="dot"') == drawn.count('class="truth"') == dots
    assert "left: 16.7%" in drawn  # 0 on an axis from -2.5 to 12.5
    assert ("left: 100.0%" in drawn) == (dots == 2)  # what is off the axis stands at its end


def test_bars_keep_their_elements_as_answers_move():
    one, other = ([[value, 1 - value]] for value in (0.1, 0.9))
    tags = [answers.table([SEQUENCE | {"truth": "a"}], said, "binary", ("a", "b")).count("<") for said in (one, other)]
    assert tags[0] == tags[1]
