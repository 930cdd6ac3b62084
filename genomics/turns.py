"""Whose turn it is to train: tickets in a line, oldest run first, and a few slots. Both are locks; standard library only."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from genomics import locks
from genomics.errors import SettingError

POLL_SECONDS = 0.1


def slots() -> int:
    """How many runs may train at the same time: `GENOMICS_SLOTS`, else half the processors, at least one."""
    text = os.environ.get("GENOMICS_SLOTS", "")
    if not text:
        return max(1, (os.cpu_count() or 2) // 2)
    if not text.isdecimal() or int(text) < 1:
        raise SettingError(f'GENOMICS_SLOTS = "{text}" is not allowed: it is a whole number, at least 1.')
    return int(text)


def share(together: int) -> int:
    """Cores for each of several runs that train at the same time; 0, all there are, for one alone."""
    return max(1, cores() // together) if together > 1 else 0


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Ticket:
    """A run's place in the line of its workspace, from now until it is its turn or it gives up.

    Args:
        folder: the run's.
    """

    def __init__(self, folder: Path) -> None:
        self._queue = folder.parent.parent / "queue"
        self._queue.mkdir(exist_ok=True)
        self._path = self._queue / f"{folder.name}.ticket"
        self._lock = locks.try_lock(self._path)

    @contextmanager
    def slot(self, cancelled: Callable[[], bool]) -> Iterator[bool]:
        """Waits for one of the workspace's training slots, oldest run first.

        Args:
            cancelled: asked now and then; true gives the waiting up.

        Yields:
            Whether the slot was obtained.
        """
        held = None
        try:
            while held is None and not cancelled():
                if self._first_in_line():
                    candidates = (locks.try_lock(self._queue / f"slot-{number}") for number in range(slots()))
                    held = next((lock for lock in candidates if lock is not None), None)
                if held is None:
                    time.sleep(POLL_SECONDS)
            self.give_up()
            yield held is not None
        finally:
            self.give_up()
            if held is not None:
                held.close()

    def give_up(self) -> None:
        """Leaves the line."""
        _discard(self._lock, self._path)

    def _first_in_line(self) -> bool:
        for path in sorted(self._queue.glob("*.ticket")):
            if path.name >= self._path.name:
                return True
            lock = locks.try_lock(path, create=False)
            if lock is None and path.exists():
                return False
            if lock is not None:  # its worker is dead
                _discard(lock, path)
        return True


def _discard(lock: object, path: Path) -> None:
    close = getattr(lock, "close", None)
    if close is not None and not getattr(lock, "closed", False):
        path.unlink(missing_ok=True)
        close()
