"""What a training loop may do to the world: emit events, ask whether to stop, keep checkpoints."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from genomics.training import checkpoint


class Emit(Protocol):
    """Writes one event, see `genomics.runs.Log.write`."""

    def __call__(self, kind: str, **values: Any) -> None:
        """Writes it."""


class Stopped(Exception):
    """Raised out of a training loop once its checkpoint is kept."""


CHUNK_SECONDS = 0.2  # of work between two looks at the stop file
CHECKPOINT_SECONDS = 3.0


class Session:
    """One attempt at a run.

    Args:
        folder: the run's.
        emit: writes an event.
        should_stop: what somebody asked for: "" nothing, "pause" to go on later, "finish" to be content with what there is.
    """

    def __init__(self, folder: Path, emit: Emit, should_stop: Callable[[], str]) -> None:
        self.folder = folder
        self.emit = emit
        self.should_stop = should_stop
        self._kept_at = time.monotonic()
        self._step_seconds = 0.0
        self._calls = 0

    def due(self) -> bool:
        """Whether the last checkpoint is old enough for another."""
        return time.monotonic() - self._kept_at >= CHECKPOINT_SECONDS

    def keep(self, at: float, groups: dict[str, checkpoint.Arrays], state: dict[str, Any]) -> None:
        """Writes a checkpoint and says so; `at` is the point reached, in epochs or iterations."""
        checkpoint.write(self.folder, groups, state)
        self._kept_at = time.monotonic()
        self.emit("checkpoint", at=at)

    def timed(self, work: Callable[[], Any], steps: int) -> Any:
        """Does some steps and learns how long one takes. The first call, which compiles, does not count."""
        began = time.monotonic()
        result = work()
        took = (time.monotonic() - began) / max(steps, 1)
        if self._calls == 1:
            self._step_seconds = took
        elif self._calls > 1:
            self._step_seconds = 0.7 * self._step_seconds + 0.3 * took
        self._calls += 1
        return result

    def chunk(self, left: int) -> int:
        """How many of the steps left to do before looking up again."""
        if self._step_seconds <= 0:
            return min(left, 1)
        return max(1, min(left, int(CHUNK_SECONDS / self._step_seconds), 256))
