"""Training sequences shown anew at each step: on the other strand, moved, mutated, evolved. In the graph, on codes.

What is drawn follows from seed and step alone, so that a resumed run sees what an uninterrupted one would have seen.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from genomics.fit import Fit
from genomics.training.evolving import UNKNOWN, Draw, evolved, mutated

Augment = Callable[[Any, Any, Any], Any]


def augmentation(fit: Fit, seed: int, *, anchor: str = "left", reverse: NDArray[np.intp] | None = None) -> Augment | None:
    """What is done to the inputs of each training step; None where nothing is.

    Args:
        fit: `reverse_complement` counts where it is "augment" or "both"; "auto" is decided by whoever calls.
        seed: of all that is drawn.
        anchor: on which side no bases are filled, see `genomics.sequences.Layout`.
        reverse: for counts of words, which of the flattened cells takes the place of each on the other strand; None for codes.

    Returns:
        A function of inputs (n, ...), the step (from the very beginning), and whether sequences are evolved.
    """
    strands = fit.reverse_complement in ("augment", "both")
    if reverse is not None:
        return (lambda x, step, evolve: _some_turned(x, turned(x, anchor, reverse), _draws(seed, step))) if strands else None
    if not (strands or fit.shift or fit.mutation or fit.evoaug):
        return None

    def augment(x: Any, step: Any, evolve: Any) -> Any:
        draw = _draws(seed, step)
        codes = tf.cast(x, tf.int32)
        if fit.evoaug:
            codes = tf.cond(evolve, lambda: evolved(codes, draw), lambda: codes)
        if fit.mutation:
            codes = mutated(codes, fit.mutation, draw)
        if fit.shift:
            codes = moved(codes, fit.shift, draw)
        if strands:
            codes = tf.where(draw(tf.shape(codes)[0], 1) < 0.5, other_strand(codes, anchor), codes)
        return tf.cast(codes, x.dtype)

    return augment


def turned(x: Any, anchor: str, reverse: NDArray[np.intp] | None) -> Any:
    """Inputs (n, ...) of either kind as the other strand gives them; see `augmentation`."""
    if reverse is None:
        return tf.cast(other_strand(tf.cast(x, tf.int32), anchor), x.dtype)
    flat = tf.gather(tf.reshape(x, (tf.shape(x)[0], -1)), tf.constant(reverse, tf.int32), axis=1)
    return tf.reshape(flat, tf.shape(x))


def other_strand(codes: Any, anchor: str) -> Any:
    """As `genomics.sequences.other_strand`, in the graph: int32 (n, length)."""
    back = tf.reverse(tf.where(codes < UNKNOWN, 3 - codes, codes), [1])
    if anchor == "centre":
        return back
    known = tf.cast((back if anchor == "left" else codes) < UNKNOWN, tf.int32)
    shift = tf.argmax(known, 1, tf.int32)[:, None] * (1 if anchor == "left" else -1)
    return _rolled(back, shift)


def moved(codes: Any, farthest: int, draw: Draw) -> Any:
    """Moves each sequence by up to so many bases to either side; what opens is filled with unknown bases."""
    length = tf.shape(codes)[1]
    shift = tf.cast(tf.floor(draw(tf.shape(codes)[0], 1) * (2 * farthest + 1)), tf.int32) - farthest
    place = tf.range(length)[None, :] + shift
    came = tf.gather(codes, tf.clip_by_value(place, 0, length - 1), batch_dims=1)
    return tf.where((place >= 0) & (place < length), came, UNKNOWN)


def _rolled(codes: Any, shift: Any) -> Any:
    length = tf.shape(codes)[1]
    return tf.gather(codes, tf.math.floormod(tf.range(length)[None, :] + shift, length), batch_dims=1)


def _some_turned(x: Any, other: Any, draw: Draw) -> Any:
    chosen = tf.reshape(draw(tf.shape(x)[0], 1) < 0.5, [-1] + [1] * (len(x.shape) - 1))
    return tf.where(chosen, other, x)


def _draws(seed: int, step: Any) -> Draw:
    """Uniform numbers that follow from seed, step, and how many times this step has drawn."""
    drawn = 0

    def draw(*shape: Any) -> Any:
        nonlocal drawn
        drawn += 1
        return tf.random.stateless_uniform(shape, tf.stack([tf.constant(seed + (drawn << 32), tf.int64), tf.cast(step, tf.int64)]))

    return draw
