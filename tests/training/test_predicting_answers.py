"""What a predictor makes of a network's linear numbers, for every task; both strands; ensembles; keeping it."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from toys import dataset_of, random_rows

from genomics import disk, prediction, recipe
from genomics.errors import RunError
from genomics.prediction import Predictor

ROWS = random_rows(40, 12)
ALL = np.arange(40)
MEMBERS = (random_rows(40, 3, seed=1) % 2).astype(np.uint8)
TWO = dataset_of(ROWS, ALL % 2)
LABELS = dataset_of(ROWS, task="multilabel", classes=("a", "b", "c"), members=MEMBERS)
ONE = dataset_of(ROWS, targets=ALL / 10)
SEVERAL = dataset_of(ROWS, targets=np.stack([ALL, ALL**2], 1), target_names=("up", "down"))


def says(dataset, linear, **about) -> Predictor:
    """A predictor whose network gives the same numbers for every sequence, or those that a function makes of the codes."""
    answer = linear if callable(linear) else lambda x: np.tile(np.asarray(linear, np.float32), (len(x), 1))
    classes = dataset.classes if dataset.task != "regression" else ()
    return Predictor(lambda x, training: answer(x), recipe.plan(dataset, "cnn"), **{"classes": classes} | about)


def test_classes_have_probabilities_that_sum_to_one():
    (row,) = prediction.predict(says(TWO, [np.log(3)]), TWO, ALL[:1])
    assert row == pytest.approx([0.25, 0.75])
    three = dataset_of(ROWS, ALL % 3)
    (row,) = prediction.predict(says(three, np.log([1, 2, 5])), three, ALL[:1])
    assert row == pytest.approx([1 / 8, 2 / 8, 5 / 8])


def test_labels_have_a_probability_each_however_sure_it_is():
    (row,) = prediction.predict(says(LABELS, [np.log(3), -2000, 2000]), LABELS, ALL[:1])
    assert row == pytest.approx([0.75, 0, 1])


def test_numbers_come_in_their_own_unit():
    assert prediction.predict(says(ONE, [2.0], scale=((10.0,), (3.0,))), ONE, ALL[:2]).tolist() == [16, 16]
    about = {"scale": ((10.0, -1.0), (3.0, 0.5)), "outputs": SEVERAL.target_names}
    assert prediction.predict(says(SEVERAL, [2.0, 4.0], **about), SEVERAL, ALL[:2]).tolist() == [[16, 1], [16, 1]]
    assert prediction.predict(says(ONE, [np.log(7.0)], link="log"), ONE, ALL[:1]) == pytest.approx([7])


@pytest.mark.parametrize(("linear", "link"), [(np.inf, "identity"), (np.nan, "log"), (90.0, "log")])
def test_a_network_that_fell_apart_says_so(linear, link):
    with pytest.raises(RunError, match="training fell apart"):
        prediction.predict(says(ONE, [linear], link=link), ONE, ALL)


def test_both_strands_give_the_mean_of_their_linear_numbers():
    def of_first(x):
        return np.stack([x[:, 0] == 0], 1) * 2.0  # 2 where the first base is A

    both = says(TWO, of_first, both_strands=True)
    said = prediction.predict(both, TWO, ALL)[:, 1]
    expected = (ROWS[:, 0] == 0) * 1.0 + (ROWS[:, -1] == 3) * 1.0
    np.testing.assert_allclose(np.log(said / (1 - said)), expected, atol=1e-6)
    other = dataset_of([3 - row[::-1] for row in ROWS], ALL % 2)
    np.testing.assert_allclose(prediction.predict(both, other, ALL)[:, 1], said)


def test_both_strands_of_a_picture_of_words():
    asked = recipe.plan(TWO, "image_cnn")
    weights = np.random.default_rng(0).normal(size=200_000)

    def picture(x, training):
        return x.reshape(len(x), -1) @ weights[: x[0].size, None] / 10

    both = Predictor(picture, asked, TWO.classes, both_strands=True)
    other = dataset_of([3 - row[::-1] for row in ROWS], ALL % 2)
    np.testing.assert_allclose(prediction.predict(both, other, ALL), prediction.predict(both, TWO, ALL))


def test_long_sequences_are_looked_at_a_few_at_a_time():
    long = dataset_of(random_rows(4, 20_000), [0, 1, 0, 1])
    assert prediction._lot(says(TWO, [0.0])) == 512
    few = says(long, [0.0])._replace(recipe=recipe.plan(long, "cnn", length=20_000))
    assert 1 <= prediction._lot(few) < 200


def _wide(length: int) -> keras.Model:
    given = keras.Input((length,), dtype="uint8")
    return keras.Model(given, keras.layers.Embedding(5, 64)(given))


def test_the_lots_change_nothing(monkeypatch):
    model = keras.Sequential(
        [keras.Input((12,), dtype="uint8"), keras.layers.Embedding(5, 4), keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    predictor = Predictor(model, recipe.plan(TWO, "cnn"), TWO.classes, both_strands=True)
    whole = prediction.predict(predictor, TWO, ALL)
    monkeypatch.setattr(prediction, "_MOST", 7)
    np.testing.assert_allclose(prediction.predict(predictor, TWO, ALL), whole, rtol=1e-5)
    assert prediction.predict(predictor, TWO, ALL[:0]).shape == (0, 2)


def test_an_ensemble_says_the_mean_of_its_members():
    members = [says(TWO, [0.0]), says(TWO, [np.log(3)]), says(TWO, [np.log(9)])]
    (row,) = prediction.predict_many(members, TWO, ALL[:1])
    assert row[1] == pytest.approx((0.5 + 0.75 + 0.9) / 3)
    with pytest.raises(RunError, match="cannot answer together"):
        prediction.predict_many([*members, says(LABELS, [0.0] * 3)], TWO, ALL)


def test_a_table_has_the_names_of_labels_and_targets():
    said = np.tile([0.9, 0.2, 0.6], (40, 1))
    columns = prediction.table(says(LABELS, [0.0] * 3), LABELS, ALL, "test", said)
    assert list(columns) == ["id", "part", "truth", "prediction", "probability a", "probability b", "probability c"]
    assert columns["prediction"] == ["a;c"] * 40
    assert columns["truth"] == [";".join(name for name, has in zip("abc", row, strict=True) if has) for row in MEMBERS]
    several = says(SEVERAL, [0.0] * 2, outputs=SEVERAL.target_names)
    columns = prediction.table(several, SEVERAL, ALL[:2], "test", np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert columns == {
        "id": ["s0", "s1"],
        "part": ["test"] * 2,
        "truth up": [0, 1],
        "truth down": [0, 1],
        "prediction up": [1, 3],
        "prediction down": [2, 4],
    }
    assert list(prediction.table(says(ONE, [0.0]), ONE, ALL, "test", np.zeros(40))) == ["id", "part", "truth", "prediction"]
    grouped = replace(ONE, groups=np.arange(40, dtype=np.int32) % 3, group_names=("chr1", "chr2", "chrX"))
    assert prediction.table(says(ONE, [0.0]), grouped, np.array([5, 3, 4]), "test", np.zeros(3))["group"] == ["chrX", "chr1", "chr2"]


def test_a_predictor_is_kept_and_those_of_before_can_be_read(tmp_path):
    asked = recipe.plan(SEVERAL, "cnn")
    made = Predictor(_wide(3), asked, (), ((1.0, 2.0), (3.0, 4.0)), SEVERAL.target_names, "log", True)
    prediction.save(made, tmp_path)
    assert prediction.load(tmp_path, asked)[1:] == made[1:]
    disk.write_json(tmp_path / "model.json", {"classes": [], "scale": [5.0, 6.0]})
    assert prediction.load(tmp_path, asked)[2:] == ((), ((5.0,), (6.0,)), (), "identity", False)
