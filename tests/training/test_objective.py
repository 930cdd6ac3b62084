"""Each loss against scikit-learn, SciPy or plain arithmetic."""

import numpy as np
import pytest
from scipy import special
from sklearn import metrics as oracle
from small import linear

from genomics.fit import Fit
from genomics.training import objective

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(0, 2, (40, 3)).astype(np.float32)
SHARES = special.softmax(LOGITS.astype(float), axis=1)
CLASS = RNG.integers(0, 3, 40).astype(np.int32)
LABELS = RNG.integers(0, 2, (40, 3)).astype(np.uint8)


def each(task, y, output, positives=(), **settings):
    return np.asarray(objective.loss(task, Fit(**settings), positives)(y, output))


def cross_entropy(y, logits):
    return -(y * np.log(special.expit(logits)) + (1 - y) * np.log(special.expit(-logits)))


def test_cross_entropy_of_two_and_of_more_classes():
    y = LABELS[:, 0].astype(np.float32)
    assert each("binary", y, LOGITS[:, :1]).mean() == pytest.approx(oracle.log_loss(y, special.expit(LOGITS[:, 0])), rel=1e-5)
    assert each("multiclass", CLASS, LOGITS).mean() == pytest.approx(oracle.log_loss(CLASS, SHARES, labels=[0, 1, 2]), rel=1e-5)


def test_labels_count_by_themselves_and_members_as_much_as_is_said():
    plain = cross_entropy(LABELS, LOGITS.astype(float))
    np.testing.assert_allclose(each("multilabel", LABELS, LOGITS), plain.mean(1), rtol=1e-4)
    heavier = np.where(LABELS, [2.0, 1.0, 5.0], 1.0)
    np.testing.assert_allclose(each("multilabel", LABELS, LOGITS, (2.0, 1.0, 5.0)), (plain * heavier).mean(1), rtol=1e-4)


def test_smoothed_labels_share_what_is_taken_from_the_true_one():
    soft = np.eye(3)[CLASS] * 0.7 + 0.1
    expected = -(soft * np.log(SHARES)).sum(1)
    np.testing.assert_allclose(each("multiclass", CLASS, LOGITS, label_smoothing=0.3), expected, rtol=1e-4)
    y = LABELS[:, 0].astype(np.float32)
    np.testing.assert_allclose(
        each("binary", y, LOGITS[:, :1], label_smoothing=0.3), cross_entropy(y * 0.7 + 0.15, LOGITS[:, 0].astype(float)), rtol=1e-4
    )


def test_the_focal_loss_forgets_what_is_already_right():
    given = SHARES[np.arange(40), CLASS]
    np.testing.assert_allclose(each("multiclass", CLASS, LOGITS, loss="focal"), -((1 - given) ** 2) * np.log(given), rtol=1e-3, atol=1e-6)
    given = np.where(LABELS, special.expit(LOGITS), special.expit(-LOGITS)).astype(float)
    np.testing.assert_allclose(
        each("multilabel", LABELS, LOGITS, loss="focal"), (-((1 - given) ** 2) * np.log(given)).mean(1), rtol=1e-3, atol=1e-6
    )


def test_losses_of_one_and_of_several_numbers():
    y = RNG.normal(0, 2, (40, 3)).astype(np.float32)
    error = np.abs(y - LOGITS)
    np.testing.assert_allclose(each("regression", y, LOGITS), (error**2).mean(1), rtol=1e-5)
    np.testing.assert_allclose(each("regression", y, LOGITS, loss="huber"), 2 * special.huber(1.0, error).mean(1), rtol=1e-4)
    counts = RNG.poisson(3, 40).astype(np.float32)
    expected = np.exp(LOGITS[:, 0]) - counts * LOGITS[:, 0]
    np.testing.assert_allclose(each("regression", counts, LOGITS[:, :1], loss="poisson"), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("task", "y", "outputs", "expected"),
    [
        ("binary", LABELS[:, 0].astype(np.float32), LOGITS[:, :1], (LOGITS[:, 0] > 0) == LABELS[:, 0]),
        ("multiclass", CLASS, LOGITS, LOGITS.argmax(1) == CLASS),
        ("multilabel", LABELS, LOGITS, ((LOGITS > 0) == LABELS).mean(1)),
        ("regression", LOGITS[::-1], LOGITS, ((LOGITS - LOGITS[::-1]) ** 2).mean(1)),
    ],
)
def test_what_is_right(task, y, outputs, expected):
    np.testing.assert_allclose(np.asarray(objective.right(task, Fit())(y, outputs)), expected, rtol=1e-5)


def test_a_network_of_rates_begins_at_their_means():
    model = linear(5, 2)
    objective.start_at_mean(model, np.array([[100, 1], [300, 3]], np.float32))
    np.testing.assert_allclose(np.exp(model.get_layer("output").bias.numpy()), [200, 2], rtol=1e-5)
