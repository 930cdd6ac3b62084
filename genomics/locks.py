"""Locks on files that end with the process that holds them, however it ends. Standard library only."""

import sys
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def _take(file: BinaryIO, shared: bool) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: BinaryIO, shared: bool) -> None:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


def try_lock(path: Path, *, create: bool = True, shared: bool = False) -> BinaryIO | None:
    """Takes a lock without waiting; a shared one only asks whether nobody has an exclusive one.

    Returns:
        The open file that holds the lock until it is closed, or None where somebody else has it (or the file does
        not exist and `create` is false).
    """
    try:
        file = path.open("ab" if create else "rb+")
    except FileNotFoundError:
        return None
    try:
        _take(file, shared)
    except OSError:
        file.close()
        return None
    return file
