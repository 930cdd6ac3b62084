"""Figures of a portrait: they hold its numbers, say what they show, and let no name from the data become markup."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from genomics import portrait, sequences
from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.plots import atlas, division, marks, spread, style, volcano
from genomics.portrait import Enrichment, Portrait
from genomics.split import Split

HOSTILE = '<b onload="x">%{x} & "co"</b>'


def drawn(count: int = 90, classes: tuple[str, ...] = ("no", "yes"), task: str = "multiclass", divided: bool = True, **fields) -> Portrait:
    """Random sequences of unlike lengths; those of the second class are rich in G."""
    rng = np.random.default_rng(0)
    lengths = rng.integers(20, 60, count)
    codes = rng.integers(0, 4, lengths.sum(), dtype=np.uint8)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    labels = (np.arange(count) % max(len(classes), 1)).astype(np.int32)
    owner = np.repeat(labels, lengths)
    codes[(owner == 1) & (rng.random(len(codes)) < 0.5)] = 2
    given = {"classes": classes, "labels": labels} if classes else {}
    data = Dataset(name="toy", ids=tuple(f"s{n}" for n in range(count)), codes=codes, offsets=offsets, task=task, **(given | fields))
    rest = np.arange(count)
    return portrait.draw(data, Split(rest[::2], rest[1::4], rest[3::4], "random", ()) if divided else None)


def ids_of(made: Portrait) -> list[str]:
    return [f"s{record}" for record in made.atlas.record]


NUMBERS = {"classes": (), "task": "regression", "targets": np.linspace(-1, 1, 90, dtype=np.float32)}
GROUPS = {"groups": np.arange(90, dtype=np.int32) % 45, "group_names": tuple(f"chr{n}" for n in range(45))}
FIGURES = {
    "lengths": lambda made: spread.lengths(made),
    "gc": lambda made: spread.gc(made, share=False),
    "atlas by class": lambda made: atlas.figure(made, ids_of(made)),
    "atlas by part": lambda made: atlas.figure(made, ids_of(made), "part"),
    "division": lambda made: division.figure(made),
    "groups": lambda made: division.groups(made),
    "volcano": lambda made: volcano.figure(made.words, made.words.rows[-1]) if made.words.rows else go.Figure(),
}
SETS = {
    "two classes": lambda: drawn(**GROUPS),
    "50 classes": lambda: drawn(200, classes=tuple(f"class {n}" for n in range(50))),
    "no split": lambda: drawn(divided=False),
    "no classes": lambda: drawn(classes=(), task="unlabelled"),
    "one class": lambda: drawn(classes=("only",), task="unlabelled"),
    "numbers": lambda: drawn(**NUMBERS),
    "several labels": lambda: drawn(task="multilabel", labels=None, members=np.ones((90, 2), np.uint8)),
    "one record": lambda: drawn(1),
    "hostile names": lambda: drawn(classes=(HOSTILE, HOSTILE * 9), groups=np.zeros(90, np.int32), group_names=(HOSTILE,)),
}


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("name", SETS)
def test_every_set_can_be_drawn_and_no_name_becomes_markup(name, figure):
    made = FIGURES[figure](SETS[name]())
    text = made.to_json()
    assert HOSTILE.split("%", maxsplit=1)[0] not in json.loads(text).__repr__()
    assert all("onload" not in (trace.hovertemplate or "") for trace in made.data)  # there %{x} would be filled in
    assert len(text) < 400_000
    if made.data:
        assert made.layout.xaxis.title.text
        assert made.layout.paper_bgcolor == style.CLEAR
        assert all(trace.hovertemplate for trace in made.data)
    if name == "hostile names" and figure in ("lengths", "atlas by class", "division"):
        assert made.data[0].name == '&lt;b onload="x"&gt;%{x} &amp; "co"&lt;/b&gt;'


def test_a_name_is_cut_before_it_is_escaped():
    assert marks.name("<" * 50, 5) == "&lt;&lt;..."
    assert marks.name("a\nb") == "a b"


def test_marks_and_colours_together_tell_50_classes_apart():
    assert len({(style.of_class(n), marks.of(n, marks.SYMBOLS)) for n in range(50)}) == 50
    assert len({(style.of_class(n), marks.of(n, marks.PATTERNS)) for n in range(50)}) == 50
    long, short = FIGURES["lengths"](SETS["50 classes"]()), FIGURES["lengths"](SETS["two classes"]())
    assert (long.layout.legend.orientation, short.layout.legend.orientation) == ("v", "h")


# Steps


@pytest.mark.parametrize("share", [False, True])
def test_steps_have_the_heights_and_edges_given(share):
    made = drawn()
    figure = spread.lengths(made, share=share)
    for row, trace in enumerate(figure.data):
        assert trace.line.shape == "hv"
        assert (trace.y[0], trace.y[-1], trace.x[0]) == (0, 0, trace.x[1])
        counts = made.lengths.counts[row]
        np.testing.assert_allclose(np.sum(trace.y), 1 if share else counts.sum())
        for left, height in zip(trace.x[1:-1], trace.y[1:-1], strict=True):
            bin = int(np.flatnonzero(made.lengths.edges == left)[0])
            assert height == (counts[bin] / counts.sum() if share else counts[bin])
    assert figure.data[0].line.dash != figure.data[1].line.dash
    assert figure.layout.xaxis.title.text == "Length (bp)"


def test_steps_say_which_lengths_they_count():
    found = portrait.Spread(np.array([4.5, 5.5, 7.5]), np.array([[3, 1]]), np.zeros((1, 7)), np.zeros(1, int))
    trace = spread.figure(found, ("a",), x="Length (bp)").data[0]
    first, last = "a<br>5 bp<br>3 sequences (75.0%)", "a<br>6 to 7 bp<br>1 sequences (25.0%)"
    assert list(trace.customdata) == [first, first, last, last]
    nothing = portrait.Spread(np.array([0.0, 1.0]), np.zeros((1, 1), int), np.zeros((1, 7)), np.zeros(1, int))
    assert spread.figure(nothing, ("a",), x="GC content").data[0].y.tolist() == [0, 0, 0]


def test_lengths_that_are_all_equal_stand_in_the_middle_of_whole_numbers():
    made = drawn()
    same = made.lengths._replace(edges=np.array([56.5, 57.5]), counts=np.array([[5], [6]]))
    axis = spread.lengths(made._replace(lengths=same)).layout.xaxis
    assert (list(axis.range), axis.dtick) == ([54.5, 59.5], 1)
    assert spread.lengths(made).layout.xaxis.range is None


# The map


def test_points_of_the_map_carry_the_record_and_stand_where_it_is():
    made = drawn()
    for colour in atlas.COLOURS:
        figure = atlas.figure(made, ids_of(made), colour)
        assert all(trace.type == "scatter" for trace in figure.data)
        found = {
            point[0]: (x, y, trace.name, point)
            for trace in figure.data
            for x, y, point in zip(trace.x, trace.y, trace.customdata, strict=True)
        }
        assert sorted(found) == sorted(made.atlas.record.tolist())
        for at, record in enumerate(made.atlas.record.tolist()):
            x, y, name, point = found[record]
            assert (x, y) == tuple(made.atlas.place[at])
            row, part = ("no", "yes")[record % 2], ("train", "validation", "train", "test")[record % 4]
            assert list(point[1:]) == [f"s{record}", row, part]
            assert name == (row if colour == "class" else part)
    assert len({trace.marker.symbol for trace in figure.data}) == 3
    with pytest.raises(SettingError, match="class, part"):
        atlas.figure(made, ids_of(made), "size")


def test_ids_on_the_map_are_escaped():
    made = drawn(2)
    points = [point for trace in atlas.figure(made, ["<i>", "ok"]).data for point in trace.customdata]
    assert sorted(point[1] for point in points) == ["&lt;i&gt;", "ok"]


def test_axes_of_the_map_say_how_much_they_show():
    made = drawn()
    made = made._replace(atlas=made.atlas._replace(explained=np.array([0.125, 0.0321])))
    assert atlas.figure(made, ids_of(made)).layout.xaxis.title.text == "Component 1 (12% of the differences)"
    assert atlas.figure(made, ids_of(made)).layout.yaxis.title.text == "Component 2 (3% of the differences)"


# Division


def test_bars_are_as_long_as_the_parts():
    made = drawn()
    figure = division.figure(made)
    assert list(figure.layout.yaxis.ticktext) == ["train", "validation", "test"]
    np.testing.assert_array_equal([trace.x for trace in figure.data], made.division.by_class[:3].T)
    assert figure.layout.barmode == "stack"
    assert figure.data[1].customdata[0].startswith("yes<br>")
    assert "one of several classes" in division.figure(SETS["several labels"]()).layout.xaxis.title.text
    assert list(division.figure(SETS["no split"]()).layout.yaxis.ticktext) == ["in no part"]


def test_groups_are_named_and_divided_by_part():
    made = SETS["two classes"]()
    figure = division.groups(made)
    assert list(figure.layout.yaxis.ticktext) == list(made.division.groups)
    assert len(figure.data[0].y) == 40
    assert [trace.name for trace in figure.data] == ["train", "validation", "test"]
    np.testing.assert_array_equal([trace.x for trace in figure.data], made.division.by_group[:, :3].T)
    assert len({trace.marker.pattern.shape for trace in figure.data}) == 3


# Words


def enriched(effect: list[float], q: list[float]) -> Enrichment:
    words = tuple(sequences.decode(np.array([n // 4, n % 4, 0, 3], np.uint8)) for n in range(len(q)))
    held = np.array([[8] * len(q), [2] * len(q)], np.int32)
    rows = np.array([effect, [-x for x in effect]], np.float32)
    return Enrichment(
        ("a", "b"), "ratio", words, held, held.sum(0, dtype=np.int32), np.array([10, 20]), 30, rows, np.array([q, q]) / 2, np.array([q, q])
    )


def test_words_are_told_apart_by_whether_they_are_clear_and_where_they_are_more_frequent():
    figure = volcano.figure(enriched([2, -1, 0.5], [1e-3, 1e-4, 0.5]), "a")
    found = {trace.name: (list(trace.x), trace.y.tolist(), list(trace.text)) for trace in figure.data}
    assert found["more in a"] == ([2], [3], ["AAAT"])
    assert found["more in the others"] == ([-1], [4], ["ACAT"])
    assert found["not clear"][2] == [""]
    assert len({trace.marker.symbol for trace in figure.data}) == 3
    other = volcano.figure(enriched([2, -1, 0.5], [1e-3, 1e-4, 0.5]), "b")
    assert {trace.name: list(trace.text) for trace in other.data}["more in b"] == ["ACAT"]
    colours = {trace.name: trace.marker.color for trace in figure.data + other.data}
    assert colours["more in a"] == style.of_class(0) == {trace.name: trace.marker.color for trace in other.data}["more in the others"]


def test_a_word_says_its_strands_its_shares_and_its_q():
    hover = volcano.figure(enriched([2], [1e-3]), "a").data[2].customdata[0]
    assert (
        hover
        == "<b>AAAT</b> (other strand ATTT)<br>in 80 % of a<br>in 10 % of the others<br>q 0.001: of 1,000 words at least as sure about 1 are chance"
    )
    assert volcano.chance(0.2) == "q 0.2: may well be chance"
    assert volcano.chance(0).endswith("hardly chance")


def test_the_ten_surest_are_named_and_the_axis_ends():
    words = enriched([*np.linspace(3, 1, 14).tolist(), 9], [*[0.0] * 12, 1e-3, 0.5, 0.5])
    assert volcano.strongest(words, 0) == set(range(10))  # as sure as others, but larger
    assert volcano.height(np.array([0.0, 1e-120, 1e-3, 1.0])).tolist() == [volcano.TOP, volcano.TOP, 3, 0]
    assert volcano.strongest(enriched([1, 1], [0.5, 0.6]), 0) == set()
    drawn_words = volcano.figure(words, "a").data[2]
    beside = [side for _, text, side in sorted(zip(drawn_words.x, drawn_words.text, drawn_words.textposition, strict=True)) if text]
    assert beside == ["top center", "bottom center"] * 5


def test_with_numbers_the_axis_is_the_correlation():
    figure = volcano.figure(SETS["numbers"]().words, "number")
    assert figure.layout.xaxis.title.text == "Correlation with number"
    assert sum(len(trace.x) for trace in figure.data) == 136
    assert "correlation" in next(trace for trace in figure.data if len(trace.x)).customdata[0]
