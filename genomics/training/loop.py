"""The compiled training loop: a model, an optimiser, and many steps in one call over rows of small integers.

Not `keras.Model.fit`, for three reasons: a step range can be run and stopped anywhere, its losses come back one by one
(so that a resumed run adds up exactly as an uninterrupted one), and there is no input pipeline between the steps.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from genomics.fit import Fit
from genomics.training import checkpoint, objective, optimizing, recurrence
from genomics.training.augmenting import augmentation, turned
from genomics.training.tables import Part

_JUDGED_AT_ONCE = 512
_JUDGED_BASES = 400_000  # of all records judged at once, so that long sequences need no more memory
AVERAGED = 0.99  # share of itself that the mean of the weights keeps at each step

Floats = NDArray[np.float64]


class Steps(NamedTuple):
    """What some training steps measured, one value a step.

    Attributes:
        loss: sum over records, weighted.
        right: sum over records, see `genomics.training.objective.right`.
        records: how many there were.
        norm: length of the gradient, before it was cut.
        rate: the learning rate.
    """

    loss: Floats
    right: Floats
    records: Floats
    norm: Floats
    rate: Floats


class Judged(NamedTuple):
    """What a model says about a part, without dropout.

    Attributes:
        loss: weighted mean.
        right: mean, see `genomics.training.objective.right`.
        outputs: float32 (n, outputs), linear.
    """

    loss: float
    right: float
    outputs: NDArray[np.float32]


class Loop:
    """A model in training on one part.

    Args:
        model: uncompiled, with a linear output; what of it is not trainable stays as it is.
        task: binary, multiclass, multilabel or regression.
        part: what to train on.
        fit: everything else; a reverse complement of "auto" is as good as off here.
        seed: of augmentation.
        micro: records whose gradients are worked out at once, where a whole batch needs too much memory; 0 for all.
        total_steps: where a schedule ends; 0 for the last step of all epochs.
        anchor: of the layout, see `genomics.training.augmenting`.
        reverse: the other strand of counts, likewise; None for codes.
    """

    def __init__(
        self,
        model: keras.Model,
        task: str,
        part: Part,
        fit: Fit,
        *,
        seed: int = 0,
        micro: int = 0,
        total_steps: int = 0,
        anchor: str = "left",
        reverse: NDArray[np.intp] | None = None,
    ) -> None:
        recurrence.accelerate(model)
        self.model = model
        self.task = task
        self.fit = fit
        self.batch_size = fit.batch_size
        self.records = len(part.y)
        self.steps = -(-self.records // self.batch_size)
        self.total_steps = total_steps or fit.epochs * self.steps
        self.optimizer = optimizing.optimizer(fit, model.trainable_variables)
        self._part = part
        self._micro = micro if 0 < micro < min(self.batch_size, self.records) else 0
        self._loss = objective.loss(task, fit, part.positives)
        self._right = objective.right(task, fit)
        self._augment = augmentation(fit, seed, anchor=anchor, reverse=reverse)
        both = fit.reverse_complement in ("average", "both")  # then the answer is the mean over both strands, in judging too
        self._turned = (lambda x: turned(x, anchor, reverse)) if both else None
        self._averages = [tf.Variable(variable.value) for variable in model.trainable_variables] if fit.average_weights else []
        rows = [tf.TensorSpec((None, *array.shape[1:]), array.dtype) for array in part.take(slice(0, 1))]
        scalar = tf.TensorSpec((), tf.int32), tf.TensorSpec((), tf.bool)
        self._run = _compiled(self._trace_run, (*rows, tf.TensorSpec((None,), tf.float32), *scalar))
        self._judge = _compiled(self._trace_judge, rows)

    @property
    def variables(self) -> list[Any]:
        """All that training changes: weights, random states, the optimiser's moments, the mean of the weights."""
        return [*self.model.variables, *self.optimizer.variables, *self._averages]

    def run(
        self,
        order: NDArray[np.intp],
        first: int,
        count: int,
        *,
        epoch: int = 0,
        halved: int = 0,
        evolve: bool = False,
        rates: NDArray[np.float32] | None = None,
    ) -> Steps:
        """Trains on steps `first` to `first + count` of an epoch whose records come in the given order.

        Args:
            order: of the epoch's records.
            first: step within the epoch.
            count: how many.
            epoch: epochs before this one.
            halved: how often the learning rate was halved.
            evolve: whether sequences are evolved, where the settings ask for it.
            rates: learning rates (count,) in place of the schedule's.
        """
        at = epoch * self.steps + first
        if rates is None:
            rates = optimizing.rates(self.fit, self.steps, at, count, halved=halved, total=self.total_steps)
        rows = order[first * self.batch_size : (first + count) * self.batch_size]
        measured = self._run(*map(tf.constant, self._part.take(rows)), tf.constant(rates), tf.constant(at), tf.constant(evolve))
        loss, right, norm = (values.numpy().astype(float) for values in measured)
        ends = np.minimum(np.arange(1, count + 1) * self.batch_size, len(rows))
        records = (ends - np.arange(count) * self.batch_size).astype(float)
        return Steps(loss, right, records, norm, rates.astype(float))

    def rate_at_end(self, epoch: int, halved: int = 0) -> float:
        """The learning rate of the last step of an epoch, counted from 1."""
        return float(optimizing.rates(self.fit, self.steps, epoch * self.steps - 1, 1, halved=halved, total=self.total_steps)[0])

    def judge(self, part: Part) -> Judged:
        """What the model says about a part; see `averaged`."""
        longest = max(1, part.x.shape[1])
        at_once = max(1, min(_JUDGED_AT_ONCE, _JUDGED_BASES // longest, 2 * self._micro or _JUDGED_AT_ONCE))
        loss = right = 0.0
        outputs = []
        for at in range(0, len(part.y), at_once):
            more_loss, more_right, output = self._judge(*map(tf.constant, part.take(slice(at, at + at_once))))
            loss, right = loss + float(more_loss), right + float(more_right)
            outputs.append(output.numpy())
        return Judged(loss / max(float(part.weight.sum()), 1e-9), right / len(part.y), np.concatenate(outputs))

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Within it, the model has the mean of its last weights, where the settings ask for it."""
        if not self._averages:
            yield
            return
        learned = checkpoint.values(self.model.trainable_variables)
        checkpoint.assign(self.model.trainable_variables, checkpoint.values(self._averages))
        try:
            yield
        finally:
            checkpoint.assign(self.model.trainable_variables, learned)

    def _trace_run(self, x: Any, y: Any, weight: Any, rates: Any, at: Any, evolve: Any) -> tuple[Any, Any, Any]:
        trainable = self.model.trainable_variables
        count = tf.shape(rates)[0]

        def step(number: Any, *measured: Any) -> tuple[Any, ...]:
            rows = slice(number * self.batch_size, (number + 1) * self.batch_size)
            inputs = x[rows] if self._augment is None else self._augment(x[rows], at + number, evolve)
            *sums, gradients = self._batch(inputs, y[rows], weight[rows])
            gradients, norm = optimizing.clipped(gradients, self.fit.gradient_clip)
            self.optimizer.learning_rate.assign(rates[number])
            self.optimizer.apply(gradients, trainable)
            self._average(at + number)
            return number + 1, *(values.write(number, value) for values, value in zip(measured, (*sums, norm), strict=True))

        # Not a plain `for`: AutoGraph, which would turn it into this, does not work on Python 3.13.
        empty = [tf.TensorArray(tf.float32, count) for _ in range(3)]
        _, *measured = tf.while_loop(lambda number, *_: number < count, step, (tf.constant(0), *empty), parallel_iterations=1)
        return tuple(values.stack() for values in measured)

    def _batch(self, x: Any, y: Any, weight: Any) -> tuple[Any, Any, list[Any]]:
        """Sums of loss and of right answers over a step's records, and the gradient of their mean loss."""
        records = tf.shape(y)[0]
        if not self._micro:
            return self._piece(x, y, weight, records)

        def more(number: Any, *sums: Any) -> tuple[Any, ...]:
            rows = slice(number * self._micro, (number + 1) * self._micro)
            loss, right, gradients = self._piece(x[rows], y[rows], weight[rows], records)
            return number + 1, *(before + now for before, now in zip(sums, (loss, right, *gradients), strict=True))

        pieces = (records + self._micro - 1) // self._micro
        zeros = [tf.zeros(variable.shape) for variable in self.model.trainable_variables]
        start = (tf.constant(0), tf.constant(0.0), tf.constant(0.0), *zeros)
        _, loss, right, *gradients = tf.while_loop(lambda number, *_: number < pieces, more, start, parallel_iterations=1)
        return loss, right, gradients

    def _piece(self, x: Any, y: Any, weight: Any, records: Any) -> tuple[Any, Any, list[Any]]:
        trainable = self.model.trainable_variables
        with tf.GradientTape() as tape:
            output = self.model(x, training=True)
            weighted = tf.reduce_sum(weight * self._loss(y, output))
            loss = weighted / tf.cast(records, tf.float32)
        gradients = tape.gradient(loss, trainable, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        return weighted, tf.reduce_sum(self._right(y, output)), [tf.convert_to_tensor(gradient) for gradient in gradients]

    def _average(self, step: Any) -> None:
        done = tf.cast(step, tf.float32)
        kept = tf.minimum(AVERAGED, (1 + done) / (10 + done))
        for average, variable in zip(self._averages, self.model.trainable_variables if self._averages else [], strict=True):
            average.assign(kept * average + (1 - kept) * tf.convert_to_tensor(variable.value))

    def _trace_judge(self, x: Any, y: Any, weight: Any) -> tuple[Any, Any, Any]:
        output = tf.cast(self.model(x, training=False), tf.float32)
        if self._turned is not None:
            output = (output + tf.cast(self.model(self._turned(x), training=False), tf.float32)) / 2
        return tf.reduce_sum(weight * self._loss(y, output)), tf.reduce_sum(self._right(y, output)), output


def _compiled(function: Any, signature: Any) -> Any:
    return tf.function(function, input_signature=signature, jit_compile=False, autograph=False)
