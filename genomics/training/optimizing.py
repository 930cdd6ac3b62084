"""The rule that turns gradients into corrections, and how large corrections are at each step."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from genomics.fit import Fit

MOMENTUM = 0.9


def optimizer(fit: Fit, variables: list[Any]) -> keras.optimizers.Optimizer:
    """An optimiser for some weights. Decay is decoupled from the gradient, and spares vectors (biases, norms); plain adam has none."""
    decay = {"weight_decay": fit.weight_decay} if fit.weight_decay else {}
    made = {
        "adamw": lambda: keras.optimizers.AdamW(fit.learning_rate, weight_decay=fit.weight_decay),
        "adam": lambda: keras.optimizers.Adam(fit.learning_rate),
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
