"""Figures hold the numbers that were given, and every axis says what it shows."""

import re

import numpy as np
import pytest
from toys import gc_classes

from genomics import evaluation
from genomics.architectures import ARCHITECTURES
from genomics.architectures.drawing import Layer
from genomics.history import History
from genomics.plots import composition, curves, filters, logo, network, quality, rates, sketch, style
from genomics.sequences import Layout


def history(epochs: int = 3, steps: int = 6) -> History:
    rows = [{"epoch": n, "loss": 1 / n, "val_loss": 2 / n, "accuracy": 0.5, "val_accuracy": 0.4} for n in range(1, epochs + 1)]
    pieces = [{"at": n / 2, "loss": 3 / n, "critic_gap": float(n), "generator_loss": -float(n)} for n in range(1, steps + 1)]
    return History(epochs=rows, steps=pieces)


def generated(count: int) -> History:
    scores = [{"at": 100 * n, "score": {"jsd": {"4": 0.1 / n}}} for n in range(1, count + 1)]
    return History(scores=scores, yardsticks={"markov_1": {"jsd": {"4": 0.2}}, "real": {"jsd": {"4": 0.01}}})


def two_lines():
    x = np.array([1, 2, 3], np.float32)
    return [(x, x), (x[:2], x[:2] + 2)]


def tried(suggestion: float = 0.01) -> list[dict]:
    points = [
        {"type": "rate", "learning_rate": 10.0**n, "loss": loss} for n, loss in zip(range(-6, 0), (3, 3, 2.9, 2, 1.5, 90), strict=True)
    ]
    return [*points, {"type": "rates", "suggestion": suggestion}]


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
    "smoothed by step": lambda: curves.figure(curves.measured(history(), "accuracy", by=20, smooth=0.5), x="Step", y="Accuracy", log=True),
    "a group": lambda: curves.figure(curves.losses(history()), x="Epoch", y="Loss", spread=curves.band("all 2 runs", two_lines())),
    "gradient": lambda: curves.figure(curves.pace(history(), "gradient_norm"), x="Epoch", y="Gradient norm", log=True),
    "learning rates": lambda: rates.figure(rates.of_events(tried())),
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


@pytest.mark.parametrize("share", np.linspace(0, 1, 21))
def test_numbers_in_a_confusion_matrix_can_be_read_on_their_cells(share):
    right = round(100 * share)
    figure = quality.confusion([[right, 100 - right], [100 - right, right]], ("no", "yes"))
    low, high = (np.array([int(part) for part in re.findall(r"\d+", colour)]) for _, colour in figure.data[0].colorscale)

    def luminance(colour: np.ndarray) -> float:  # https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
        parts = [part / 255 for part in colour]
        return float(np.dot([0.2126, 0.7152, 0.0722], [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]))

    assert len(figure.layout.annotations) == 4
    for note in figure.layout.annotations:
        cell = low + figure.data[0].z[note.y][note.x] * (high - low)
        ink = {"black": np.zeros(3), "white": np.full(3, 255)}[note.font.color]
        bright, dark = sorted([luminance(cell), luminance(ink)], reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= 4.5


def test_quality_curves_are_those_evaluated():
    found = classified()
    roc = quality.roc(found)
    assert [trace.name for trace in roc.data] == ["yes", "chance"]
    np.testing.assert_allclose(roc.data[0].x, found.curves["yes"]["false_positive_rate"], rtol=1e-6)
    np.testing.assert_allclose(roc.data[0].y, found.curves["yes"]["true_positive_rate"], rtol=1e-6)
    assert list(quality.precision_recall(found, 0.3).data[-1].y) == [0.3, 0.3]
    assert len(quality.precision_recall(found).data) == 1
    scatter = quality.scatter(measured())
    np.testing.assert_allclose(scatter.data[0].y, np.array(measured().scatter["predicted"], np.float32))


def test_axes_have_numbers_as_soon_as_there_is_a_point():
    for found, labelled in ((History(), False), (history(), None)):
        layout = curves.figure(curves.losses(found), x="Epoch", y="Loss").layout
        assert {layout.xaxis.showticklabels, layout.yaxis.showticklabels} == {labelled}


def test_any_metric_is_drawn_by_epoch_or_by_step_and_smoothed():
    told = history()
    for row in told.epochs:
        row["val_auroc"] = row["epoch"] / 10
    batch, train, validation = curves.measured(told, "auroc", by=20)
    assert (len(batch.x), len(train.x)) == (0, 0)  # not measured there
    assert validation.x.tolist() == [20, 40, 60]
    np.testing.assert_allclose(validation.y, [0.1, 0.2, 0.3], rtol=1e-6)
    smooth = curves.measured(told, "loss", smooth=0.5)[1]
    np.testing.assert_allclose(smooth.y, [1, (0.5 + 0.5) / 1.5, (0.25 + 0.25 + 1 / 3) / 1.75], rtol=1e-6)  # weights 1 : 2 : 4
    assert np.isnan(curves.smoothed(np.array([1, np.nan, 1], np.float32), 0.9)[1])
    assert curves.figure([], x="Epoch", y="Loss", view="a").layout.uirevision == "a"


def test_runs_of_a_group_are_one_line_with_a_band():
    assert curves.band("all", []) is None
    assert curves.band("all", two_lines()[:1]) is None
    found = curves.band("all", two_lines())
    assert (found.x.tolist(), found.mean.tolist()) == ([1, 2], [2, 3])  # at 3 there is one run only
    np.testing.assert_allclose(found.high - found.low, 2 * np.sqrt(2), rtol=1e-6)


def test_the_strongest_filters_are_those_that_tell_bases_apart():
    kernels = np.zeros((10, 5, 4), np.float32)
    kernels[3, 2] = [2, 0, 0, 0]
    kernels[7, 1] = [0, 0, 1, 0]
    kernels[5] = 9  # a constant: looks for nothing
    found = filters.strongest(kernels, 2)
    assert (found.numbers, found.of) == ([4, 8], 10)
    np.testing.assert_allclose(found.heights[0, 2], [1.5, -0.5, -0.5, -0.5])
    drawn = filters.svg(found)
    assert drawn.count("<figure>") == 2
    assert drawn.count('href="#logo-A"') == 2 * 5
    tall = 1.5 * filters.HEIGHT / 3
    assert f"scale(14.4,{tall:.2f})" in drawn
    again = filters.svg(found._replace(heights=found.heights[::-1]))
    assert again.count("<") == drawn.count("<")  # numbers alone differ: elements stay
    assert filters.svg(filters.strongest(np.zeros((1, 3, 4), np.float32)))


def test_a_search_for_a_learning_rate_marks_what_to_take():
    found = rates.of_events(tried())
    assert (len(found.rates), found.suggestion, found.over) == (6, 0.01, True)
    figure = rates.figure(found)
    assert figure.layout.shapes[0].x0 == 0.01
    assert figure.layout.yaxis.range[1] < 90  # where it explodes is not worth the room
    begun = rates.of_events(tried()[:2])
    assert (begun.suggestion, begun.over) == (0, False)
    assert not rates.figure(begun).layout.shapes
    assert rates.of_events([{"type": "state", "state": "failed"}]).over


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_network_is_drawn_layer_by_layer(name):
    family, layout = ARCHITECTURES[name], Layout(gc_classes(4, 60).lengths[0].item(), "left")
    layers = family.layers(family.Config(), layout, 1)
    figure = network.figure(layers, sequence="ACGTN" * 12, length=60)
    texts = [note.text for note in figure.layout.annotations]
    titles = [text.removeprefix("<b>").removesuffix("</b>") for text in texts if text.startswith("<b>")]
    assert all(layer.title.startswith(title.rstrip("…")) for layer, title in zip(layers, titles, strict=True))
    if not any(layer.branch for layer in layers):
        learned = [int(text.split()[0].replace(",", "")) for text in texts if text and text.endswith("parameters")]
        assert sum(learned) == sum(x.parameters for x in layers)
    assert network.height(layers, "A") > network.height(layers) > 0
    drawn = sketch.svg(layers)
    assert drawn.startswith("<svg xmlns")
    assert len(drawn) < 6000


def test_branches_stand_side_by_side_and_filters_say_how_far_they_see():
    trunk = Layer("input", "One-hot", (60, 4), reach=1)
    one, two = Layer("convolution", "5 filters", (60, 5), reach=7, branch=1), Layer("convolution", "5 filters", (60, 5), reach=19, branch=2)
    deep = Layer("pooling", "Largest", (30, 5), reach=8, branch=1)
    layers = [trunk, one, deep, two, Layer("joining", "Join", (300,)), Layer("dense", "Output", (1,), 301)]
    places = network.places(layers)
    assert [place.row for place in places] == [0, 1, 2, 1, 3, 4]
    assert places[1].right == 0.5 < places[3].left
    assert (places[0].left, places[0].right) == (places[4].left, places[4].right) == (0, 1)
    assert network.reach(layers, 60) == [7, 19]
    texts = [note.text for note in network.figure(layers, sequence="A" * 60, length=60).layout.annotations]
    assert {"sees 7 bp", "sees 19 bp", "sees all 60 bp", "filters see 7 to 19 bp"} <= set(texts)
    assert network.reach([trunk, one._replace(branch=0), two._replace(branch=0)], 10) == [7, 10]
    bars = [shape.x1 - shape.x0 for shape in network.figure(layers, length=60).layout.shapes if shape.opacity == 0.75]
    assert bars[1] == pytest.approx(7 / 60 * (places[1].right - places[1].left))
    assert bars[-1] == pytest.approx(1)


def test_colours_of_classes_differ_up_to_seven():
    assert len({style.of_class(number) for number in range(7)}) == 7
    assert style.of_class(7) == style.of_class(0)
