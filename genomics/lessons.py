"""What the curves of a predictor in training say, and what to try: one sentence at a time, the most urgent first."""

import math
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.history import History
from genomics.words import number

_WORSE = 1.03  # times the lowest validation loss before it is called over-fitting
_PATIENT = 3  # epochs in a row that are so much worse, while training loss falls to this share:
_BETTER = 0.98
_EXPLODED = 3.0  # times the loss of its start
_HARDLY = 0.97  # of the loss of its start, after so many epochs:
_LONG_ENOUGH = 5
_ONE_CLASS, _COMMON = 0.98, 0.95  # share of what is said; share that one class really has
_GUESSING = {"auroc": 0.55, "mcc": 0.05, "pearson": 0.1, "spearman": 0.1, "r2": 0.02}  # below this it is not better than chance
_JUMP = 0.08  # of the loss of its start, from epoch to epoch
_JUMPS_OVER = 4  # epochs from one to the next, at least
_GRADIENT_EXPLODED = 20.0
_SLOW = 0.15  # of the loss of its start gone after so many epochs:
_SLOW_AFTER = 8

Numbers = NDArray[np.float64]


class Lesson(NamedTuple):
    """What is going on.

    Attributes:
        name: begun, diverging, one_class, stuck, jumping, slow, by_heart, flat, unfinished or learning.
        tone: good, warn, bad or note.
        sentence: what is seen, and what to try where something can be done.
    """

    name: str
    tone: str
    sentence: str


def lesson(history: History) -> Lesson:
    """What the curves of a predictor say so far."""
    if (found := _diverging(history)) is not None:
        return found
    epochs = history.epochs
    if not epochs:
        return Lesson("begun", "note", "Training has started. Validation results appear after the first epoch.")
    for look in (_one_class, _stuck, _jumping, _by_heart, _slow, _flat, _unfinished):
        if (found := look(history)) is not None:
            return found
    validation = _column(epochs, "val_loss")
    if len(epochs) == 1:
        return Lesson("begun", "note", f"It has begun: validation loss {number(validation[0])} after the first epoch.")
    chosen = kept(history)  # not simply the lowest loss: the one that is marked elsewhere, too
    best = next((at for at, row in enumerate(epochs) if row["epoch"] == chosen), int(np.argmin(validation)))
    return Lesson(
        "learning",
        "good",
        f"It is learning: validation loss {number(validation[0])} at the start, {number(validation[best])} at its best "
        f"(epoch {epochs[best]['epoch']}).",
    )


def training(history: History) -> str:
    """The sentence of `lesson`."""
    return lesson(history).sentence


def kept(history: History) -> int:
    """The epoch whose weights are kept so far; 0 before there is one."""
    if history.best:
        return int(history.best["epoch"])
    marked = [row["epoch"] for row in history.epochs if row.get("best")]
    if marked:
        return int(marked[-1])
    losses = _column(history.epochs, "val_loss")
    return int(history.epochs[int(np.argmin(losses))]["epoch"]) if len(losses) else 0


def _diverging(history: History) -> Lesson | None:
    steps, epochs = history.steps, history.epochs
    values = [row.get("loss") for row in (*steps[-1:], *epochs[-1:])] + [row.get("val_loss") for row in epochs[-1:]]
    start = _start(history)
    if any(value is None for value in values):
        what = "Its loss is no number any more"
    elif start > 0 and (epochs or len(steps) >= 10) and float(np.median(_column(epochs[-1:] or steps[-5:], "loss"))) > _EXPLODED * start:
        what = f"Its loss rises instead of falling: {number(start)} at the start, {number((epochs or steps)[-1]['loss'])} now"
    else:
        return None
    return Lesson("diverging", "bad", f"{what}. Lower the learning rate{_rate(history, 0.3)}, or set gradient clip to 1.")


def _one_class(history: History) -> Lesson | None:
    last = history.epochs[-2:]
    if len(history.epochs) < _PATIENT or any("val_share" not in row for row in last):
        return None
    if any(row["val_share"] <= _ONE_CLASS or row["val_common"] >= _COMMON for row in last):
        return None
    return Lesson(
        "one_class",
        "bad",
        f"It says the same class for {last[-1]['val_share']:.0%} of the validation sequences, and that is true of "
        f"{last[-1]['val_common']:.0%} only. Give it more epochs; if that does not help, turn class weights on, "
        f"or lower the learning rate{_rate(history, 0.3)}.",
    )


def _stuck(history: History) -> Lesson | None:
    epochs = history.epochs
    if len(epochs) < _LONG_ENOUGH or _better_than_chance(epochs):
        return None
    train, validation = _column(epochs, "loss"), _column(epochs, "val_loss")
    if validation.min() <= _HARDLY * validation[0] or train[-1] <= _HARDLY * max(train[0], _start(history)):
        return None
    return Lesson(
        "stuck",
        "warn",
        f"The loss hardly falls: it is not learning. Try a larger learning rate{_rate(history, 3)}, or let one be found; "
        "if that does not help, another architecture, or look at the labels.",
    )


def _better_than_chance(epochs: list[dict[str, Any]]) -> bool:
    """Whether any validation metric of the best epoch says more than guessing; False where none was measured."""
    best = epochs[int(np.argmin(_column(epochs, "val_loss")))]
    if any((best.get(f"val_{name}") or 0) > least for name, least in _GUESSING.items()):
        return True
    return "val_common" in best and (best.get("val_accuracy") or 0) > best["val_common"] + 0.03


def _jumping(history: History) -> Lesson | None:
    epochs = history.epochs[-9:]
    losses = _column(epochs, "loss")
    moves, start = np.diff(losses), _start(history)
    if len(moves) < _JUMPS_OVER or start <= 0:
        return None
    turns = sum(a * b < 0 for a, b in pairwise(moves.tolist()))
    zigzag = turns >= len(moves) / 2 and abs(moves).mean() > _JUMP * start and abs(moves.sum()) < 0.4 * abs(moves).sum()
    norms = np.array([row["gradient_norm"] for row in history.steps if row.get("gradient_norm")])
    quarter = len(norms) // 4
    exploding = quarter >= 3 and np.median(norms[-quarter:]) > _GRADIENT_EXPLODED * np.median(norms[:quarter])
    if not zigzag and not (exploding and losses[-1] > 1.2 * losses.min()):
        return None
    what = "The loss jumps up and down from epoch to epoch" if zigzag else "The corrections grow longer and longer while the loss rises"
    return Lesson(
        "jumping", "warn", f"{what}: the learning rate is too large. Try a third of it{_rate(history, 0.3)}, or set gradient clip to 1."
    )


def _by_heart(history: History) -> Lesson | None:
    epochs = history.epochs
    train, validation = _column(epochs, "loss"), _column(epochs, "val_loss")
    best = int(np.argmin(validation))
    since = len(epochs) - 1 - best
    noise = float(np.median(abs(np.diff(validation, 2)))) if len(validation) > 2 else 0.0  # of white noise, 1.7 standard deviations
    worse = validation[best] + max((_WORSE - 1) * abs(validation[best]), 2 * noise)
    if since < _PATIENT or train[-1] >= _BETTER * train[best] or validation[-_PATIENT:].min() <= worse:
        return None
    return Lesson(
        "by_heart",
        "note",
        f"Validation loss was lowest at epoch {epochs[best]['epoch']} and has not improved since, while training loss still falls: "
        f"it has begun to overfit: it memorises the training sequences. The weights of epoch {kept(history)} are kept. More dropout, a smaller network or more sequences help.",
    )


def _slow(history: History) -> Lesson | None:
    """Falls at every epoch, nearly in a straight line, and has not come far."""
    losses = _column(history.epochs, "loss")
    if len(losses) < _SLOW_AFTER:
        return None
    validation = _column(history.epochs, "val_loss")
    fall, quarter = losses[0] - losses[-1], max(2, len(losses) // 4)
    lately = losses[-1 - quarter] - losses[-1]
    steady = (np.diff(losses) < 0).mean() >= 0.85 and validation.argmin() >= len(losses) - 3
    straight = lately >= 0.6 * fall * quarter / (len(losses) - 1)
    if not (steady and straight and 0.005 * losses[0] < fall < _SLOW * losses[0]):
        return None
    return Lesson(
        "slow",
        "note",
        f"It learns, but slowly: {fall / losses[0]:.0%} of the loss is gone after {len(losses)} epochs, and the curve is far from flat. "
        f"A larger learning rate may get there sooner{_rate(history, 3)}; so would more epochs.",
    )


def _flat(history: History) -> Lesson | None:
    best = kept(history)
    if history.epochs[-1]["epoch"] - best < _PATIENT:
        return None
    if history.best:
        return Lesson("flat", "good", f"Finished: no improvement after epoch {best}, so the model from epoch {best} was kept.")
    return Lesson("flat", "note", f"No improvement since epoch {best}; the weights of that epoch are kept.")


def _unfinished(history: History) -> Lesson | None:
    """Over, but the last epochs were still the best."""
    losses, (_, end) = _column(history.epochs, "val_loss"), history.progress()
    fifth = max(1, len(losses) // 5)
    if not history.best or history.epochs[-1]["epoch"] < end or len(losses) < _LONG_ENOUGH:
        return None
    if losses.argmin() < len(losses) - 2 or losses[-1 - fifth] - losses.min() < 0.01 * abs(losses[0]):
        return None
    return Lesson("unfinished", "note", "It was still getting better when its epochs were over: train it for more epochs.")


def _start(history: History) -> float:
    """The loss it began with, over its first batches or its first epoch, whichever is lower; 0 before there is one."""
    first = [row["loss"] for row in (*history.steps[:1], *history.epochs[:1]) if row.get("loss") is not None]
    return min(first, default=0.0)


def _rate(history: History, times: float) -> str:
    """A learning rate to try, in brackets; empty where the present one is not known."""
    rate = max((row.get("learning_rate") or 0.0 for row in history.epochs or history.steps), default=0.0)  # schedules lower it
    if not rate:
        return ""
    wanted = rate * times
    digits = -math.floor(math.log10(wanted))
    return f" (for instance {round(wanted, digits):.{max(digits, 0)}f}; it is {rate:.2g})"


def _column(rows: list[dict[str, Any]], name: str) -> Numbers:
    """A number of each row; one that is none is infinite, so that it is never the lowest."""
    return np.array([math.inf if row.get(name) is None else row[name] for row in rows], float)
