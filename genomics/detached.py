"""Processes that outlive whoever starts them. Standard library only."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


def start(
    module: str, *arguments: str, log: Path, append: bool = True, more: Mapping[str, str] | None = None, keep: Sequence[int] = ()
) -> "subprocess.Popen[bytes]":
    """Starts `python -m MODULE ARGUMENTS` in a session of its own.

    Args:
        module: where Python finds it, whatever the working directory.
        arguments: for it.
        log: what it writes to standard output and standard error.
        append: to what the log holds already; else anew.
        more: added to its environment.
        keep: descriptors it inherits.
    """
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    with log.open("ab" if append else "wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, "PYTHONPATH": path, **(more or {})},
            start_new_session=True,
            pass_fds=tuple(keep),
        )
    threading.Thread(target=process.wait, daemon=True).start()  # no zombie is left while this process lives
    return process
