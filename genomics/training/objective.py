"""What an error costs: the loss of each record, for every task, in the graph."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from genomics.fit import Fit

FOCUS = 2.0  # the exponent of the focal loss, Lin 2017, arXiv 1708.02002
Loss = Callable[[Any, Any], Any]


def loss(task: str, fit: Fit, positives: tuple[float, ...] = ()) -> Loss:
    """The loss of each record: a function of targets and linear outputs (n, outputs), to float32 (n,).

    Args:
        task: binary, multiclass, multilabel or regression.
        fit: says which loss, and how much labels are smoothed.
        positives: for several labels, how much members of each count; empty for 1.
    """
    if task == "regression":
        return _of_numbers(fit.loss)
    focal = fit.loss == "focal"
    if task == "multiclass":
        return lambda y, output: _of_one_class(y, tf.cast(output, tf.float32), fit.label_smoothing, focal=focal)
    return lambda y, output: _of_labels(_like(y, output), tf.cast(output, tf.float32), fit.label_smoothing, positives, focal=focal)


def name(task: str, fit: Fit) -> str:
    """The loss by name; what "auto" stands for."""
    return fit.loss if fit.loss != "auto" else "mean_squared" if task == "regression" else "cross_entropy"


def start_at_mean(model: keras.Model, y: NDArray[np.float32]) -> None:
    """Lets a network of rates begin by saying the mean of each target, which it would take long to reach from 1."""
    means = y.reshape(len(y), -1).mean(0, dtype=np.float64)
    model.get_layer("output").bias.assign(np.log(np.maximum(means, 1e-6)))


def right(task: str, fit: Fit) -> Loss:
    """How right each record's answer is: 1 or 0 for classes, the share of labels, the squared error of numbers; (n,)."""
    if task == "multiclass":
        return lambda y, output: tf.cast(tf.argmax(output, -1, tf.int32) == tf.cast(y, tf.int32), tf.float32)
    if task != "regression":
        return lambda y, output: tf.reduce_mean(tf.cast((output > 0) == (_like(y, output) > 0.5), tf.float32), -1)
    link = tf.exp if fit.loss == "poisson" else tf.identity
    return lambda y, output: tf.reduce_mean((link(tf.cast(output, tf.float32)) - _like(y, output)) ** 2, -1)


def _like(y: Any, output: Any) -> Any:
    return tf.reshape(tf.cast(y, tf.float32), tf.shape(output))


def _of_numbers(name: str) -> Loss:
    def each(y: Any, output: Any) -> Any:
        output = tf.cast(output, tf.float32)
        y = _like(y, output)
        if name == "poisson":
            return tf.nn.log_poisson_loss(y, output)
        error = tf.abs(output - y)
        if name == "huber":  # as the squared error within one standard deviation, straight beyond
            return tf.where(error < 1, error**2, 2 * error - 1)
        return error**2

    return lambda y, output: tf.reduce_mean(each(y, output), -1)


def _of_one_class(y: Any, output: Any, smoothing: float, *, focal: bool) -> Any:
    y = tf.cast(y, tf.int32)
    plain = tf.nn.sparse_softmax_cross_entropy_with_logits(y, output)
    cost = plain
    if smoothing:
        cost = (1 - smoothing) * plain + smoothing * tf.reduce_mean(-tf.nn.log_softmax(output), -1)
    return cost * (1 - tf.exp(-plain)) ** FOCUS if focal else cost


def _of_labels(y: Any, output: Any, smoothing: float, positives: tuple[float, ...], *, focal: bool) -> Any:
    """Two classes are one label."""
    heavier = tf.constant(positives or (1.0,), tf.float32)
    cost = tf.nn.weighted_cross_entropy_with_logits(y * (1 - smoothing) + smoothing / 2, output, heavier)
    if focal:
        plain = tf.nn.sigmoid_cross_entropy_with_logits(y, output)
        cost = cost * (1 - tf.exp(-plain)) ** FOCUS
    return tf.reduce_mean(cost, -1)
