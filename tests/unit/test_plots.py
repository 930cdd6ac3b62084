"""Figures hold the numbers that were given, and every axis says what it shows."""

import numpy as np
import plotly.graph_objects as go
import pytest
from toys import gc_classes

from genomics import evaluation
from genomics.architectures import ARCHITECTURES
from genomics.history import History
from genomics.plots import composition, curves, logo, network, quality, style
from genomics.sequences import Layout


def history(epochs: int = 3, steps: int = 6) -> History:
    rows = [{"epoch": n, "loss": 1 / n, "val_loss": 2 / n, "accuracy": 0.5, "val_accuracy": 0.4} for n in range(1, epochs + 1)]
    pieces = [{"at": n / 2, "loss": 3 / n, "critic_gap": float(n), "generator_loss": -float(n)} for n in range(1, steps + 1)]
    return History(epochs=rows, steps=pieces)


def generated(count: int) -> History:
    scores = [{"at": 100 * n, "score": {"jsd": {"4": 0.1 / n}}} for n in range(1, count + 1)]
    return History(scores=scores, yardsticks={"markov_1": {"jsd": {"4": 0.2}}, "real": {"jsd": {"4": 0.01}}})


def classified():
    truth = np.array([0, 0, 0, 1, 1, 1, 1, 0])
    sure = np.array([0.1, 0.2, 0.6, 0.9, 0.8, 0.3, 0.7, 0.4])
    return evaluation.of_classes(np.stack([1 - sure, sure], 1), truth, ("no", "yes"), truth)


def measured():
    truth = np.linspace(-1, 1, 20)
    return evaluation.of_numbers(truth**3, truth, truth)


DRAWN = {
    "losses": lambda: curves.figure(curves.losses(history()), x="Epoch", y="Loss", best=2),
    "metric": lambda: curves.figure(curves.metric(history(), "accuracy"), x="Epoch", y="Accuracy"),
    "adversarial": lambda: curves.figure(curves.adversarial(history()), x="Iteration", y="Loss"),
    "divergence": lambda: curves.figure(curves.divergence(generated(3)), x="Iteration", y="Divergence (bits)", log=True),
    "nothing yet": lambda: curves.figure(curves.losses(History()), x="Epoch", y="Loss"),
    "by position": lambda: composition.by_position(np.full((6, 4), 0.25)),
    "histogram": lambda: composition.histogram({"a": np.arange(9.0)}, x="Length (bp)"),
    "words": lambda: composition.words(np.full(4, 0.25), {"generated": np.eye(4)[0]}, list("ACGT")),
    "logo": lambda: logo.figure(np.full((6, 4), 0.5)),
    "confusion": lambda: quality.confusion([[3, 1], [0, 4]], ("no", "yes")),
    "roc": lambda: quality.roc(classified()),
    "precision": lambda: quality.precision_recall(classified(), 0.5),
    "calibration": lambda: quality.calibration(classified()),
    "scatter": lambda: quality.scatter(measured()),
}


@pytest.mark.parametrize("name", DRAWN)
def test_every_axis_has_a_title_and_positions_and_lengths_a_unit(name):
    figure = DRAWN[name]()
    titles = [figure.layout.xaxis.title.text, figure.layout.yaxis.title.text]
    assert all(titles), titles
    for title in titles:
        assert ("(bp)" in title) == title.startswith(("Position", "Length"))
        assert ("(bits)" in title) == title.startswith(("Information", "Divergence"))
    assert figure.layout.paper_bgcolor == style.CLEAR
    assert all(trace.hovertemplate or trace.hoverinfo == "skip" for trace in figure.data)


def test_curves_come_always_in_the_same_order():
    for told in (History(), history(1, 1), history(50, 5000)):
        assert [curve.name for curve in curves.losses(told)] == ["each batch", "train", "validation"]
        assert [curve.name for curve in curves.metric(told, "accuracy")] == ["train", "validation"]
        assert [curve.name for curve in curves.adversarial(told)] == ["critic's gap", "generator's loss"]
    names = ["generated", "simplest chain (floor)", "real against real (ceiling)"]
    assert [curve.name for curve in curves.divergence(generated(3))] == names
    assert [curve.name for curve in curves.divergence(generated(0))] in (names[:1], names)  # what comes later comes after


def test_curves_hold_the_numbers_given():
    batch, train, validation = curves.losses(history())
    np.testing.assert_allclose(batch.x, [0.5, 1, 1.5, 2, 2.5, 3])
    np.testing.assert_allclose(batch.y, [3, 1.5, 1, 0.75, 0.6, 0.5])
    np.testing.assert_allclose(train.y, [1, 1 / 2, 1 / 3], rtol=1e-6)
    np.testing.assert_allclose(validation.y, [2, 1, 2 / 3], rtol=1e-6)
    assert train.dash != validation.dash  # told apart without colour
    figure = curves.figure([batch, train, validation], x="Epoch", y="Loss", best=2)
    assert [len(trace.x) for trace in figure.data] == [6, 3, 3]
    assert figure.layout.shapes[0].x0 == 2
    floor = curves.divergence(generated(2))[1]
    assert (floor.x.tolist(), floor.y.tolist()) == ([0, 200], [np.float32(0.2)] * 2)


@pytest.mark.parametrize("count", [0, 1, 2000, 2001, 30_000])
def test_thinning_keeps_extremes_ends_and_at_most_2000_points(count):
    values = np.random.default_rng(0).normal(size=count)
    if count:
        values[count // 3], values[count // 2] = 99, -99
    curve = curves.losses(History(steps=[{"at": n, "loss": value} for n, value in enumerate(values)]))[0]
    assert len(curve.x) == len(curve.y) <= 2000
    assert curve.x.dtype == curve.y.dtype == np.float32
    assert (np.diff(curve.x) > 0).all()
    if count:
        assert 99 in curve.y or count < 3
        assert -99 in curve.y
    if count <= 2000:
        assert len(curve.x) == count
    given = dict(enumerate(values.astype(np.float32)))
    assert all(given[int(x)] == y for x, y in zip(curve.x, curve.y, strict=True))


def test_a_missing_number_is_a_hole_not_a_zero():
    curve = curves.losses(History(steps=[{"at": n, "loss": None if n == 1 else 2.0} for n in range(3)]))[0]
    assert np.isnan(curve.y[1])


def test_letters_are_as_tall_as_they_are_informative():
    certain, even, half, unknown = [1, 0, 0, 0], [0.25] * 4, [0.5, 0.5, 0, 0], [0.0] * 4
    heights = logo.information(np.array([certain, even, half, unknown]))
    np.testing.assert_allclose(heights, [[2, 0, 0, 0], [0] * 4, [0.5, 0.5, 0, 0], [0] * 4], atol=1e-12)


def test_a_logo_draws_each_letter_at_its_height():
    figure = logo.figure(np.array([[1.5, 0.25, 0, 0], [0, 0, 0, 2.0]]), first=10)
    by_colour = {shape.fillcolor: tops(shape.path) for shape in figure.layout.shapes}
    assert set(by_colour) == {style.BASES[base] for base in "ACT"}
    assert by_colour[style.BASES["A"]] == (0.25, 1.75)  # the tallest lies on top
    assert by_colour[style.BASES["C"]] == (0, 0.25)
    assert by_colour[style.BASES["T"]] == (0, 2)
    assert figure.layout.yaxis.range[1] >= 2
    assert list(figure.data[0].x) == [10, 11]


def test_negative_heights_hang_below_the_axis():
    figure = logo.figure(np.array([[0.5, -0.25, 0, -0.5]]))
    found = {shape.fillcolor: tops(shape.path) for shape in figure.layout.shapes}
    assert found[style.BASES["C"]] == (-0.25, 0)
    assert found[style.BASES["T"]] == (-0.75, -0.25)
    assert figure.layout.yaxis.range[0] <= -0.75


def tops(path: str) -> tuple[float, float]:
    """The lowest and the highest point of a path."""
    heights = [float(point.split(",")[1]) for point in path.replace("M", "").replace("Z", "").replace("L", " ").split()]
    return min(heights), max(heights)


def test_histograms_share_bins_and_count_everything():
    values = {"a": np.array([0.0, 1, 1, np.nan]), "b": np.array([2.0, 4])}
    figure = composition.histogram(values, x="GC content", share=True)
    assert [trace.name for trace in figure.data] == ["a", "b"]
    np.testing.assert_array_equal(figure.data[0].x, figure.data[1].x)
    assert [float(np.sum(trace.y)) for trace in figure.data] == pytest.approx([1, 1])
    assert float(np.sum(composition.histogram(values, x="x").data[0].y)) == 3
    for nothing in ({}, {"a": np.array([np.nan])}, {"a": np.full(3, 7.0)}):
        composition.histogram(nothing, x="x")


def test_composition_by_position_and_by_class():
    table = np.array([[0.7, 0.1, 0.1, 0.1], [0.0, 0.0, 0.5, 0.5]])
    figure = composition.by_position(table, first=5)
    assert [trace.name for trace in figure.data] == list("ACGT")
    assert len({trace.line.dash for trace in figure.data}) == 4
    np.testing.assert_allclose([trace.y for trace in figure.data], table.T, rtol=1e-6)
    assert list(figure.data[0].x) == [5, 6]
    bars = composition.classes({"a": 1200, "b": 3}).data[0]
    assert (list(bars.x), list(bars.y)) == ([1200, 3], ["a", "b"])


def test_words_lie_on_the_diagonal_where_they_agree():
    real = np.array([0.1, 0.9])
    figure = composition.words(real, {"generated": real, "Markov 1": real[::-1]}, ["A", "C"])
    np.testing.assert_array_equal(figure.data[0].x, figure.data[0].y)
    assert list(figure.data[0].customdata) == ["A", "C"]
    assert list(figure.data[2].x) == list(figure.data[2].y)


def test_a_picture_has_its_first_row_on_top_and_its_corners_named():
    image = np.arange(16.0).reshape(4, 4)
    figure = composition.picture(image)
    np.testing.assert_array_equal(figure.data[0].z, image)
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]
    corners = {note.text[3]: (note.x, note.y) for note in figure.layout.annotations}
    assert corners == {"C": (0, 1), "G": (1, 1), "A": (0, 0), "T": (1, 0)}


def test_confusion_is_shaded_by_share_of_the_true_class():
    figure = quality.confusion([[3, 1], [0, 4]], ("no", "yes"))
    np.testing.assert_allclose(figure.data[0].z, [[0.75, 0.25], [0, 1]])
    cells = {(note.y, note.x): note.text for note in figure.layout.annotations}
    assert cells[(0, 1)].startswith("1<br>25")
    assert not quality.confusion([[1] * 13] * 13, tuple(map(str, range(13)))).layout.annotations


def test_quality_curves_are_those_evaluated():
    found = classified()
    roc = quality.roc(found)
    assert [trace.name for trace in roc.data] == ["yes", "guessing"]
    np.testing.assert_allclose(roc.data[0].x, found.curves["yes"]["false_positive_rate"], rtol=1e-6)
    np.testing.assert_allclose(roc.data[0].y, found.curves["yes"]["true_positive_rate"], rtol=1e-6)
    assert list(quality.precision_recall(found, 0.3).data[-1].y) == [0.3, 0.3]
    assert len(quality.precision_recall(found).data) == 1
    scatter = quality.scatter(measured())
    np.testing.assert_allclose(scatter.data[0].y, np.array(measured().scatter["predicted"], np.float32))


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_network_is_drawn_layer_by_layer(name):
    family, layout = ARCHITECTURES[name], Layout(gc_classes(4, 60).lengths[0].item(), "left")
    layers = family.layers(family.Config(), layout, 1)
    figure = network.figure(layers)
    assert isinstance(figure, go.Figure)
    texts = [note.text for note in figure.layout.annotations]
    assert [text for text in texts if text.startswith("<b>")] == [f"<b>{layer.title}</b>" for layer in layers]
    assert sum(int(text.split()[0].replace(",", "")) for text in texts if text.endswith("learned")) == sum(x.parameters for x in layers)


def test_colours_of_classes_differ_up_to_seven():
    assert len({style.of_class(number) for number in range(7)}) == 7
    assert style.of_class(7) == style.of_class(0)
