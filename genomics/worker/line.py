"""The runs that a worker has in hand and their order. Standard library only, like the worker."""

import threading
from pathlib import Path
from typing import BinaryIO

from genomics import runs, turns


class Run:
    """A run that this process has in hand, from its place in the line to its end.

    Args:
        folder: the run's.
        lock: on it, held until `close`.
    """

    def __init__(self, folder: Path, lock: BinaryIO) -> None:
        self.folder, self.lock = folder, lock
        self.log = runs.Log(folder)
        self.log.write("state", state="queued")

    def never_begun(self) -> None:
        """Says that it was asked to stop before it was its turn."""
        self.log.write("state", state="stopped", message="Stopped while it waited in the queue.")

    def close(self) -> None:
        """Lets go of it."""
        self.log.close()
        self.lock.close()


Turn = tuple[Run, turns.Ticket]


class Line:
    """Runs of one call that wait; each thread takes the next as soon as it has time.

    Args:
        waiting: in the order in which they shall train.
        cores: for each of them; 0 for all there are.
    """

    def __init__(self, waiting: list[Run], cores: int = 0) -> None:
        self.cores = cores
        self._waiting = waiting
        self._one_at_a_time = threading.Lock()

    def next(self) -> Turn | None:
        """The next run with its ticket; None where none waits. No run has a ticket before, so that none holds up others."""
        with self._one_at_a_time:
            if not self._waiting:
                return None
            run = self._waiting.pop(0)
            return run, turns.Ticket(run.folder)

    def let_go(self) -> None:
        """Ends those that were asked to stop, without waiting for their turn."""
        with self._one_at_a_time:
            for run in [run for run in self._waiting if runs.stop_requested(run.folder)]:
                self._waiting.remove(run)
                run.never_begun()
                run.close()
