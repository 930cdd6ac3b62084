"""The rule that turns gradients into corrections, and how large corrections are at each step."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from genomics.fit import Fit

MOMENTUM = 0.9


class LeanAdamW(keras.optimizers.AdamW):
    """AdamW as Keras computes it, to the last bit; what is the same for all weights is computed once, so that less is traced.

    What is overridden is private to Keras; should it cease to be called, Keras' own takes its place and computes the same.
    One operation of TensorFlow for each weight (`ResourceApplyAdam`) would be less still, but rounds in other places.
    """

    def _backend_update_step(self, grads: list[Any], trainable_variables: list[Any], learning_rate: Any) -> None:
        step = tf.cast(self.iterations + 1, tf.float32)
        alpha = tf.convert_to_tensor(learning_rate) * tf.sqrt(1 - tf.pow(self.beta_2, step)) / (1 - tf.pow(self.beta_1, step))
        of_mean, of_square, epsilon = (tf.constant(value) for value in (1 - self.beta_1, 1 - self.beta_2, self.epsilon))
        for gradient, variable in zip(grads, trainable_variables, strict=True):
            place = self._get_variable_index(variable)
            mean, square = self._momentums[place].value, self._velocities[place].value
            mean.assign_add((gradient - mean) * of_mean)
            square.assign_add((tf.square(gradient) - square) * of_square)
            variable.value.assign_sub(mean * alpha / (tf.sqrt(square) + epsilon))

    def _apply_weight_decay(self, variables: list[Any]) -> None:
        if not self.weight_decay:
            return
        rate, decay = tf.convert_to_tensor(self.learning_rate), tf.constant(self.weight_decay)
        for variable in variables:
            if self._use_weight_decay(variable):
                variable.value.assign_sub(variable.value * decay * rate)


def optimizer(fit: Fit, variables: list[Any]) -> keras.optimizers.Optimizer:
    """An optimiser for some weights. Decay is decoupled from the gradient, and spares vectors (biases, norms); plain adam has none."""
    decay = {"weight_decay": fit.weight_decay} if fit.weight_decay else {}
    made = {
        "adamw": lambda: LeanAdamW(fit.learning_rate, weight_decay=fit.weight_decay),
        "adam": lambda: LeanAdamW(fit.learning_rate, weight_decay=0.0),
        "sgd": lambda: keras.optimizers.SGD(fit.learning_rate, momentum=MOMENTUM, nesterov=True, **decay),
        "rmsprop": lambda: keras.optimizers.RMSprop(fit.learning_rate, **decay),
        "lion": lambda: keras.optimizers.Lion(fit.learning_rate, **decay),
    }[fit.optimizer]()
    made.exclude_from_weight_decay(var_list=[variable for variable in variables if len(variable.shape) < 2])
    made.build(variables)
    return made


def rates(fit: Fit, steps: int, at: int, count: int, *, halved: int = 0, total: int = 0) -> NDArray[np.float32]:
    """The learning rates of some steps.

    Args:
        fit: says which schedule.
        steps: in an epoch.
        at: the first step, counted from the very beginning.
        count: how many.
        halved: how often the rate was halved for want of improvement (plateau).
        total: steps in all; 0 for those of all epochs.

    Returns:
        float32 (count,).
    """
    step = at + np.arange(count, dtype=np.float64)
    warm = fit.warmup * steps
    factor = np.minimum(1.0, (step + 1) / warm) if warm else np.ones(count)
    if fit.schedule == "cosine":
        left = max((total or fit.epochs * steps) - warm, 1)
        factor = factor * (1 + np.cos(np.pi * np.clip((step - warm) / left, 0, 1))) / 2
    return (fit.learning_rate * 0.5**halved * factor).astype(np.float32)


def clipped(gradients: list[Any], longest: float) -> tuple[list[Any], Any]:
    """Gradients no longer than that together (0 for as they are), and how long they were."""
    norm = tf.linalg.global_norm(gradients)
    if not longest:
        return gradients, norm
    factor = longest / tf.maximum(norm, longest)
    return [gradient * tf.cast(factor, gradient.dtype) for gradient in gradients], norm
