"""What a network is told: targets, scales, weights; and what cannot be learned, refused in a sentence."""

import numpy as np
import pytest
from toys import dataset_of, random_rows

from genomics import recipe
from genomics.errors import SettingError
from genomics.split import Split
from genomics.training import tables

ROWS = random_rows(40, 24)
TRAIN = np.arange(20)
MEMBERS = np.zeros((40, 3), np.uint8)
MEMBERS[:10, 0] = MEMBERS[::2, 1] = 1
MEMBERS[[0, 30], 2] = 1


def several_labels(members=MEMBERS):
    return dataset_of(ROWS, task="multilabel", classes=("a", "b", "c"), members=members)


def targets(dataset, **settings):
    return tables.targets(recipe.plan(dataset, "cnn", settings=settings), dataset, TRAIN)


def test_each_target_has_a_scale_of_its_own_from_train_alone():
    numbers = np.stack([np.arange(40), 100 - 2 * np.arange(40)], axis=1).astype(np.float32)
    y, (means, spreads) = targets(dataset_of(ROWS, targets=numbers))
    assert means == (9.5, 81.0)
    np.testing.assert_allclose(spreads, numbers[:20].std(0), rtol=1e-6)
    np.testing.assert_allclose(y * spreads + np.array(means), numbers, rtol=1e-5, atol=1e-5)
    assert y.dtype == np.float32


def test_counts_are_left_as_they_are():
    counts = np.arange(40, dtype=np.float32)
    y, scale = targets(dataset_of(ROWS, targets=counts), loss="poisson")
    np.testing.assert_array_equal(y, counts)
    assert scale == ((0.0,), (1.0,))


def test_rare_labels_count_more_but_not_without_end():
    weights = tables.class_weights(several_labels(), TRAIN)
    assert weights == (pytest.approx(1.0), pytest.approx(1.0), pytest.approx(19.0**0.5))
    assert tables.class_weights(several_labels(), np.arange(40))[2] == pytest.approx(19.0**0.5)
    never = np.zeros((40, 3), np.uint8)
    assert tables.class_weights(several_labels(never), np.arange(40)) == (20.0,) * 3
    assert tables.class_weights(several_labels(1 - never), np.arange(40)) == (1 / 20,) * 3


def test_parts_hold_what_the_loop_needs():
    dataset, split = several_labels(), Split(TRAIN, np.arange(20, 30), np.arange(30, 40), "file", ())
    made = tables.prepare(recipe.plan(dataset, "cnn"), dataset, split)
    assert set(made.parts) == {"train", "validation"}  # test is not even read
    x, y, weight = made.parts["train"].take(np.array([3, 1]))
    np.testing.assert_array_equal(x, ROWS[[3, 1]])
    np.testing.assert_array_equal(y, MEMBERS[[3, 1]])
    assert (y.dtype, weight.tolist()) == (np.uint8, [1, 1])
    assert made.parts["train"].positives == made.class_weights
    plain = tables.prepare(recipe.plan(dataset, "cnn", settings={"class_weights": False}), dataset, split)
    assert plain.parts["train"].positives == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("dataset", "settings", "says"),
    [
        (
            dataset_of(ROWS, targets=np.repeat([2.5, 3], 20)),
            {},
            "All training records have the same number (2.5): there is nothing to learn.",
        ),
        (
            dataset_of(ROWS, targets=np.stack([np.arange(40), np.repeat([1, 3], 20)], 1), target_names=("leaf", "root")),
            {},
            "the same number in root (1)",
        ),
        (dataset_of(ROWS, targets=np.arange(40) - 3.0), {"loss": "poisson"}, "toy has negative numbers (down to -3). Choose mean_squared"),
        (dataset_of(ROWS, np.repeat([0, 1], 20)), {}, 'The training part has no record of the class "class 1"'),
        (several_labels(np.eye(3, dtype=np.uint8)[np.repeat([0, 1, 2, 0], 10)]), {}, 'no record of the label "c": it cannot be learned.'),
    ],
)
def test_what_cannot_be_learned_is_refused(dataset, settings, says):
    with pytest.raises(SettingError) as caught:
        targets(dataset, **settings)
    assert says in str(caught.value)
