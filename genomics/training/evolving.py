"""Training sequences changed as evolution changes them: EvoAug, Lee 2023, doi 10.1186/s13059-023-02941-w.

Each sequence gets one or two of: a deletion, an insertion, an inversion, a move of its end to its start, and single
mutations. It keeps its length: what is lost at the end is drawn at random, what is too much falls off. Ours differs in
that changes are at most a tenth of the sequence (20 bases at the most), and that no noise is added to one-hot numbers.
"""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

KINDS = 5
MOST_AT_ONCE = 2
LONGEST = 20
MUTATED = 0.05
UNKNOWN = 4

Draw = Callable[..., Any]


def evolved(codes: Any, draw: Draw) -> Any:
    """Changes each sequence.

    Args:
        codes: int32 (n, length), 0 to 4; filled ends stay as they are.
        draw: (*shape) to float32 in [0, 1), other numbers at each call.

    Returns:
        int32 (n, length).
    """
    n, length = tf.shape(codes)[0], tf.shape(codes)[1]
    known = tf.cast(codes < UNKNOWN, tf.int32)
    first = tf.argmax(known, 1, tf.int32)[:, None]
    count = length - first - tf.argmax(tf.reverse(known, [1]), 1, tf.int32)[:, None]  # all that lies between the filled ends
    longest = tf.clip_by_value(count // 10, 1, LONGEST)
    order = tf.argsort(tf.argsort(draw(n, KINDS), axis=1), axis=1)
    chosen = order < 1 + _whole(draw(n, 1), MOST_AT_ONCE)

    def stretch(kind: int) -> tuple[Any, Any]:
        """How long, and where it begins; of no length where this kind was not chosen."""
        size = tf.where(chosen[:, kind : kind + 1], 1 + _whole(draw(n, 1), longest), 0)
        return size, _whole(draw(n, 1), tf.maximum(count - size, 0) + 1)

    # From each place of the result back to the place it came from.
    place = tf.range(length)[None, :] - first
    inside = (place >= 0) & (place < count)
    size, _ = stretch(0)
    place = tf.math.floormod(place - size, count)
    size, begin = stretch(1)
    turned = (place >= begin) & (place < begin + size)
    place = tf.where(turned, 2 * begin + size - 1 - place, place)
    size, begin = stretch(2)
    fresh = (place >= begin) & (place < begin + size)
    place = tf.where(place >= begin + size, place - size, place)
    size, begin = stretch(3)
    place = tf.where(place >= begin, place + size, place)
    fresh |= place >= count

    came = tf.gather(codes, tf.clip_by_value(first + place, 0, length - 1), batch_dims=1)
    came = tf.where(turned & (came < UNKNOWN), 3 - came, came)
    came = tf.where(fresh, _whole(draw(n, length), 4), came)
    came = mutated(came, MUTATED * tf.cast(chosen[:, 4:5], tf.float32), draw)
    return tf.where(inside, came, codes)


def mutated(codes: Any, share: Any, draw: Draw) -> Any:
    """Replaces so large a share of known bases by one of the three others; int32 (n, length)."""
    drawn = draw(tf.shape(codes)[0], tf.shape(codes)[1])
    other = (codes + 1 + tf.minimum(tf.cast(3 * drawn / tf.maximum(share, 1e-9), tf.int32), 2)) % 4
    return tf.where((drawn < share) & (codes < UNKNOWN), other, codes)


def _whole(drawn: Any, below: Any) -> Any:
    """Whole numbers 0 to below - 1, from numbers in [0, 1)."""
    return tf.minimum(tf.cast(drawn * tf.cast(below, tf.float32), tf.int32), below - 1)
