"""A process kept warm: Keras and TensorFlow are imported already, and a copy of it trains for whoever asks.

Importing them takes 2.7 of the 3.9 seconds between the click on Train and the first loss. The spare (`genomics.worker.spare`)
does only that, then waits, and forks for each run: every run begins in a process that has imported everything and done
nothing, which is what a fresh one would be too, so that losses are equal to the last bit.

```
workspace/queue/  spare.lock  held while there is one
                  spare.sock  where it listens
                  spare.json  what it is; whoever removes it sends it away, its time of change is when it was last wanted
```

It costs about 280 MB of memory, beside 320 MB of the libraries' files that it shares with the runs, and no processor time;
it leaves when nobody has wanted it for `GENOMICS_SPARE_MINUTES` (10 by default; 0: no spares at all). Linux only;
elsewhere, and wherever anything is amiss, a run starts a process of its own as if there were no such thing. Standard
library only.
"""

import contextlib
import hashlib
import json
import math
import os
import select
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from genomics import detached, disk, locks
from genomics.errors import SettingError

MODULE = "genomics.worker.spare"
ENVIRONMENT = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}  # of whatever trains
READY, GO, ENDED = "ready", b"go", "ended"  # what is said: "ready PID", "go", "ended STATUS"
_HERE = Path(__file__).resolve().parent
_HEARD_AT_IMPORT = ("CUDA", "KERAS", "LD_", "MALLOC", "MKL", "NVIDIA", "OMP", "OPENBLAS", "PYTHON", "TF_", "XLA")
_IMPORTING_SECONDS = 60.0  # it is always further than a process that begins now
_ANSWER_SECONDS = 5.0
_LINGER_SECONDS = 5.0
_RETRY_SECONDS = 60.0
_SET_BY_US = (*ENVIRONMENT, "PYTHONPATH")


def minutes(*, anywhere: bool = False) -> float:
    """How long a spare waits to be wanted: `GENOMICS_SPARE_MINUTES`, 10 by default; 0 where there are no spares (Linux only, or `anywhere`)."""
    text = os.environ.get("GENOMICS_SPARE_MINUTES", "10")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 10_000:
        raise SettingError(f'GENOMICS_SPARE_MINUTES = "{text}" is not allowed: it is a number from 0 to 10,000; 0 switches spares off.')
    return value if anywhere or sys.platform == "linux" else 0.0


def stamp() -> str:
    """What must be the same for a spare to stand for a fresh process: our code, the libraries, and what they heed when imported."""
    files = [changed for path in _HERE.rglob("*.py") if (changed := _changed(path))]
    libraries = _changed(Path(sysconfig.get_paths()["purelib"]))
    heeded = {name: value for name, value in os.environ.items() if name.startswith(_HEARD_AT_IMPORT) and name not in _SET_BY_US}
    with contextlib.suppress(OSError):
        heeded["namespace"] = str(Path("/proc/self/ns/pid").readlink())  # process numbers mean the same
    what = [str(_HERE), sys.executable, len(files), max(files), libraries, sorted(heeded.items())]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # it has just been removed
        return 0


def about(root: Path) -> dict[str, Any]:
    """What `spare.json` says: "stamp", "pid", "ready", "started"; empty where there is none."""
    try:
        return dict(disk.read_json(root / "queue" / "spare.json") or {})
    except (OSError, ValueError):
        return {}


def warm(root: Path) -> None:
    """Sees to it that there is a spare before long; returns at once. Called whenever somebody may soon want to train."""
    if not minutes():
        return
    queue, now = root / "queue", stamp()
    queue.mkdir(exist_ok=True)
    known = about(root)
    lock = locks.try_lock(queue / "spare.lock")
    if lock is None:
        with contextlib.suppress(FileNotFoundError):
            if known.get("stamp") == now:
                os.utime(queue / "spare.json")
            elif known:  # of other code: it leaves within a second, and the next call starts another
                (queue / "spare.json").unlink()
        return
    with lock:
        failed = known.get("stamp") == now and not known.get("ready")
        if failed and time.time() - known["started"] < _RETRY_SECONDS:
            return
        with contextlib.suppress(OSError):  # a file system without sockets, a full disk: no spare
            _launch(queue, now, lock.fileno())


def dismiss(root: Path) -> None:
    """Sends the spare away; runs that it began go on."""
    (root / "queue" / "spare.json").unlink(missing_ok=True)


def _launch(queue: Path, now: str, lock: int) -> None:
    """The spare inherits its lock and a socket that listens already, so that whoever asks meanwhile is heard once it can."""
    (queue / "spare.sock").unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener, _short(queue) as address:
        listener.bind(address)
        Path(address).chmod(0o600)
        listener.listen(64)
        handed = (listener.fileno(), lock)
        arguments = (str(queue.parent.resolve()), *map(str, handed), now)
        process = detached.start(MODULE, *arguments, log=queue / "spare.log", append=False, more=ENVIRONMENT, keep=handed)
        disk.write_json(queue / "spare.json", {"stamp": now, "pid": process.pid, "ready": False, "started": time.time()})


@contextlib.contextmanager
def _short(queue: Path) -> Iterator[str]:
    """The socket's address by way of an open folder: addresses may have 107 bytes, workspaces lie as deep as they like."""
    folder = os.open(queue, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{folder}/spare.sock"
    finally:
        os.close(folder)


class Warm:
    """A training child that the spare made for us, waited for and killed as one would a `subprocess.Popen`.

    Args:
        connection: to the child; its end tells the child that we are gone, and us that it is.
        pid: the child's process number.
    """

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.pid = pid
        self._connection = connection
        self._code: int | None = None
        self._told_at = 0.0

    def go(self) -> None:
        """Lets it begin; until then it has touched nothing."""
        with contextlib.suppress(OSError):  # it has died; waiting says so
            self._connection.send(GO)

    def wait(self, timeout: float) -> int:
        """Its exit status once it is gone, or minus the signal it died of (SIGKILL where nobody is left to tell).

        Raises:
            subprocess.TimeoutExpired: it is still there after so many seconds.
        """
        deadline = time.monotonic() + timeout
        while select.select([self._connection], [], [], max(0.0, deadline - time.monotonic()))[0]:
            try:
                told = self._connection.recv(64)
            except OSError:
                told = b""
            if not told:
                self._connection.close()
                return -signal.SIGKILL if self._code is None else self._code
            if self._code is None:
                self._code, self._told_at = _after(ENDED, told) or 0, time.monotonic()
        if self._code is not None and time.monotonic() - self._told_at > _LINGER_SECONDS:
            return self._code
        raise subprocess.TimeoutExpired(MODULE, timeout)

    def kill(self) -> None:
        """Ends it at once."""
        if self._code is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


def ask(folder: Path, lock: int, cancelled: Callable[[], bool]) -> Warm | None:
    """Asks the workspace's spare for a child that carries a run out; it waits for `Warm.go`.

    Args:
        folder: the run's.
        lock: the descriptor that holds the run's lock; the child will hold it too.
        cancelled: asked now and then; true gives the asking up.

    Returns:
        None where there is no spare, it is not like us, or it does not answer: start a process of one's own.
    """
    root = folder.parent.parent
    known = about(root) if minutes() else {}
    now = stamp() if known else ""
    if not known or known.get("stamp") != now:
        return None
    asked = {"stamp": now, "folder": str(folder.resolve()), "cwd": str(Path.cwd()), "environment": dict(os.environ)}
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        with _short(root / "queue") as address:
            connection.connect(address)
        socket.send_fds(connection, [json.dumps(asked).encode()], [lock])
        answer = _patiently(connection, _ANSWER_SECONDS if known.get("ready") else _IMPORTING_SECONDS, cancelled)
        pid = _after(READY, answer)
        if pid is not None:
            return Warm(connection, pid)
    except OSError:
        pass
    connection.close()
    return None


def _patiently(connection: socket.socket, seconds: float, cancelled: Callable[[], bool]) -> bytes:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not cancelled():
        if select.select([connection], [], [], 0.1)[0]:
            return connection.recv(64)
    return b""


def _after(word: str, said: bytes) -> int | None:
    """The number in "WORD NUMBER"; None where something else was said."""
    first, _, number = said.decode().partition(" ")
    return int(number) if first == word else None
