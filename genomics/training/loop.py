"""The compiled training loop: a model, an optimiser, and steps over arrays that stay in memory as small integers.

Not `keras.Model.fit`, for three reasons: a step range can be run and stopped anywhere, its losses come back one by one
(so that a resumed run adds up exactly as an uninterrupted one), and there is no input pipeline between the steps.
"""

from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from genomics.training.tables import Part

_EVALUATION_BATCH = 512


class Steps(NamedTuple):
    """What some training steps measured, one value a step: weighted loss sum, correct predictions (or squared error sum), records."""

    loss: NDArray[np.float64]
    right: NDArray[np.float64]
    records: NDArray[np.float64]


class Loop:
    """A model in training on one part's arrays.

    Args:
        model: uncompiled, with a linear output.
        task: binary, multiclass or regression.
        part: what to train on.
        batch_size: records a step.
        learning_rate: of AdamW.
        weight_decay: of AdamW.
    """

    def __init__(self, model: keras.Model, task: str, part: Part, *, batch_size: int, learning_rate: float, weight_decay: float) -> None:
        self.model = model
        self.task = task
        self.batch_size = batch_size
        self.steps = -(-len(part.x) // batch_size)
        self.records = len(part.x)
        self.optimizer = keras.optimizers.AdamW(learning_rate, weight_decay=weight_decay)
        self.optimizer.exclude_from_weight_decay(var_names=["bias"])
        self.optimizer.build(model.trainable_variables)
        self._arrays = tuple(tf.constant(array) for array in part)
        self._run = tf.function(self._trace_run, jit_compile=False, autograph=False)
        self._judge = tf.function(self._trace_judge, jit_compile=False, autograph=False)

    @property
    def variables(self) -> list[Any]:
        """All that training changes: weights, random states, the optimiser's moments."""
        return [*self.model.variables, *self.optimizer.variables]

    def run(self, order: NDArray[np.intp], first: int, count: int) -> Steps:
        """Trains on steps `first` to `first + count` of an epoch whose records come in the given order."""
        loss, right = self._run(tf.constant(order, tf.int32), tf.constant(first), tf.constant(count))
        ends = np.minimum(np.arange(first + 1, first + count + 1) * self.batch_size, self.records)
        return Steps(
            loss.numpy().astype(float),
            right.numpy().astype(float),
            (ends - np.arange(first, first + count) * self.batch_size).astype(float),
        )

    def judge(self, part: Part) -> tuple[float, float]:
        """Weighted mean loss and the share of correct predictions (regression: mean squared error), without dropout."""
        loss = right = 0.0
        for at in range(0, len(part.x), _EVALUATION_BATCH):
            rows = slice(at, at + _EVALUATION_BATCH)
            more_loss, more_right = self._judge(*(tf.constant(array[rows]) for array in part))
            loss, right = loss + float(more_loss), right + float(more_right)
        return loss / max(float(part.weight.sum()), 1e-9), right / len(part.x)

    def _loss(self, y: Any, output: Any) -> Any:
        output = tf.cast(output, tf.float32)
        if self.task == "multiclass":
            return tf.nn.sparse_softmax_cross_entropy_with_logits(y, output)
        if self.task == "binary":
            return tf.nn.sigmoid_cross_entropy_with_logits(y, output[:, 0])
        return (output[:, 0] - y) ** 2

    def _right(self, y: Any, output: Any) -> Any:
        if self.task == "multiclass":
            return tf.reduce_sum(tf.cast(tf.argmax(output, -1, tf.int32) == y, tf.float32))
        if self.task == "binary":
            return tf.reduce_sum(tf.cast((output[:, 0] > 0) == (y > 0.5), tf.float32))
        return tf.reduce_sum((tf.cast(output[:, 0], tf.float32) - y) ** 2)

    def _trace_run(self, order: Any, first: Any, count: Any) -> tuple[Any, Any]:
        trainable = self.model.trainable_variables

        def step(number: Any, losses: Any, rights: Any) -> tuple[Any, Any, Any]:
            rows = order[(first + number) * self.batch_size : (first + number + 1) * self.batch_size]
            x, y, weight = (tf.gather(array, rows) for array in self._arrays)
            with tf.GradientTape() as tape:
                output = self.model(x, training=True)
                weighted = weight * self._loss(y, output)
                loss = tf.reduce_mean(weighted)
            self.optimizer.apply(tape.gradient(loss, trainable), trainable)
            return number + 1, losses.write(number, tf.reduce_sum(weighted)), rights.write(number, self._right(y, output))

        # Not a plain `for`: AutoGraph, which would turn it into this, does not work on Python 3.13.
        empty = tf.TensorArray(tf.float32, count), tf.TensorArray(tf.float32, count)
        _, losses, rights = tf.while_loop(lambda number, *_: number < count, step, (tf.constant(0), *empty), parallel_iterations=1)
        return losses.stack(), rights.stack()

    def _trace_judge(self, x: Any, y: Any, weight: Any) -> tuple[Any, Any]:
        output = self.model(x, training=False)
        return tf.reduce_sum(weight * self._loss(y, output)), self._right(y, output)
