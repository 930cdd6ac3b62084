"""What a run's events amount to: curves, samples, scores, messages. Fed piece by piece, as a page reads them."""

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from genomics import runs
from genomics.runs import Event

Row = dict[str, Any]

_LATELY = 20  # epochs, or pieces of them, that tell the present pace
_ROWS = {"epoch": "epochs", "step": "steps", "samples": "samples", "score": "scores", "watched": "watched", "rate": "rates"}
_VALUES = {  # by kind of event: the attribute, and what of the event it holds; empty for all
    "watching": ("watching", "records"),
    "rates": ("suggestion", "suggestion"),
    "yardsticks": ("yardsticks", "rows"),
    "setup": ("setup", ""),
    "best": ("best", ""),
}


@dataclass(slots=True)
class History:
    """A run as told by its events so far.

    Attributes:
        epochs: one row for each finished epoch: loss, val_loss, accuracy (or mse), seconds, and val_ of each metric in `setup`.
        steps: one row for each piece of training: at (in epochs or iterations), losses, learning_rate, gradient_norm.
        watching: the validation records whose predictions are shown: id, truth, and the part of the sequence that is shown.
        watched: what it said of them: at (epoch), said (for each record).
        rates: of a search for a learning rate: learning_rate, loss.
        suggestion: what that search found; 0 before it ended.
        samples: sequences from fixed noise, with the iteration.
        scores: scorecards, with the iteration.
        yardsticks: what real sequences and Markov chains score.
        setup: parameters, precision, and how long training may go on.
        best: the epoch or iteration whose weights were kept, once training has ended; empty again while it goes on for longer.
        log: messages in order.
        state: of the last state event; see `genomics.runs.state` for what it means.
        message: of the last state event.
        offset: bytes of the event file taken in.
    """

    epochs: list[Row] = field(default_factory=list)
    steps: list[Row] = field(default_factory=list)
    watching: list[Row] = field(default_factory=list)
    watched: list[Row] = field(default_factory=list)
    rates: list[Row] = field(default_factory=list)
    suggestion: float = 0.0
    samples: list[Row] = field(default_factory=list)
    scores: list[Row] = field(default_factory=list)
    yardsticks: dict[str, Row] = field(default_factory=dict)
    setup: Row = field(default_factory=dict)
    best: Row = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    state: str = "new"
    message: str = ""
    offset: int = 0

    def add(self, events: list[Event]) -> None:
        """Takes in further events. A rewind drops what came after the checkpoint: it will come again, equal."""
        for event in events:
            kind = event["type"]
            if kind in _ROWS:
                getattr(self, _ROWS[kind]).append(event)
            elif kind in _VALUES:
                name, key = _VALUES[kind]
                setattr(self, name, event[key] if key else event)
            elif kind == "log" and event["message"] not in self.log:
                self.log.append(event["message"])
            elif kind == "state":
                self._enter(event)
            elif kind == "rewind":
                self._rewind(event)

    def _enter(self, event: Event) -> None:
        """Takes in a state. A run that is started again has not ended yet, and may go on for longer than before."""
        self.state, self.message = event["state"], event.get("message", "")
        if self.state in runs.LIVE:
            self.best = {}
        self.setup = {**self.setup, **{unit: event[unit] for unit in ("epochs", "iterations") if unit in event}}

    def _rewind(self, event: Event) -> None:
        at = event["at"]
        self.epochs = [row for row in self.epochs if row["epoch"] <= at]
        self.steps, self.samples, self.scores, self.watched = (
            [row for row in rows if row["at"] <= at] for rows in (self.steps, self.samples, self.scores, self.watched)
        )

    def progress(self) -> tuple[float, float]:
        """Where training is and where it ends at the latest, in epochs or iterations; (0, 0) before it began."""
        end = float(self.setup.get("epochs") or self.setup.get("iterations") or 0)
        return (float(self.steps[-1]["at"]) if self.steps else 0.0), end

    def seconds_left(self) -> float | None:
        """Time to the end at the pace so far; early stopping makes it shorter. None before there is a pace."""
        if self.best:  # trained; what remains is the measuring
            return 0.0
        at, end = self.progress()
        pace = self._pace()
        return None if pace is None else max(0.0, pace * (end - at))

    def _pace(self) -> float | None:
        """Seconds for an epoch or an iteration, as they went lately.

        Not from the beginning: the first epoch of a process holds the compilation, of a recurrent network longer than many
        epochs. Before the second is over, that of its pieces, of which a pause or the compilation is but one.
        """
        whole = [(row.get("epoch") or row["at"], row["seconds"]) for row in self.epochs or self.steps if "seconds" in row]
        pieces = [(row["at"], row["time"]) for row in self.steps if "time" in row]
        for marks in (whole, pieces):
            paces = [(b - a) / (to - at) for (at, a), (to, b) in pairwise(marks) if to > at]
            if paces:
                return float(median(paces[-_LATELY:]))
        return float(whole[-1][1] / whole[-1][0]) if whole and whole[-1][0] else None


def read(folder: Path, history: History | None = None) -> History:
    """Reads what is new in a run's event file into a history, or all of it into a new one."""
    history = history or History()
    tail = runs.read_events(folder, history.offset)
    history.add(tail.events)
    history.offset = tail.offset
    return history
