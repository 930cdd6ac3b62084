"""The process kept warm, see `genomics.spares`: imports what training needs, then forks a child for each run that asks.

It runs nothing itself. Forking is sound because nothing has been computed yet: TensorFlow starts its threads with the first
operation, and those of the linear algebra libraries and of Arrow know how to be forked. A spare that finds TensorFlow's
threads running all the same does not serve.
"""

import contextlib
import gc
import json
import os
import select
import socket
import struct
import sys
import time
import traceback
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import sklearn.linear_model  # noqa: F401 - the shortcuts at the end of a run need it, and it takes a second to load

from genomics import disk, spares
from genomics.worker import child

_LOOK_SECONDS = 1.0
_HEARING_SECONDS = 10.0
_LONGEST_MESSAGE = 1 << 20


class Serving(NamedTuple):
    """A child at work: who it works for, and its number. Known by a pipe that ends with it."""

    asker: socket.socket
    pid: int


def main(root: Path, listener: socket.socket, lock: int, stamp: str) -> int:
    """Waits and forks until it is sent away or has not been wanted for long, and its children are done."""
    about = root / "queue" / "spare.json"
    if _computes():
        return 1
    warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of forking beside any thread, see above
    gc.collect()
    gc.freeze()  # what a child does not touch stays shared
    if ours := _ours(about):
        disk.write_json(about, {**ours, "ready": True})
    serving: dict[int, Serving] = {}
    used, open_ = time.time(), True
    while open_ or serving:
        door = listener.fileno()  # -1 once it is closed
        for heard in select.select([*serving, *([door] if open_ else [])], [], [], _LOOK_SECONDS)[0]:
            used = time.time()
            if heard == door:
                _serve(listener, lock, stamp, serving)
            else:
                _bury(serving.pop(heard), heard)
        if open_ and not _wanted(about, time.time() if serving else used):
            open_ = False
            _leave(about, listener, lock)
    return 0


def _computes() -> bool:
    """Whether TensorFlow has begun to compute in this process."""
    return any((task / "comm").read_text().startswith("tf_") for task in Path("/proc/self/task").iterdir())


def _ours(about: Path) -> dict[str, Any]:
    """What is written of this spare; empty where it has been sent away, or another has taken its place."""
    known = disk.read_json(about) or {}
    return known if known.get("pid") == os.getpid() else {}


def _wanted(about: Path, used: float) -> bool:
    try:
        return bool(_ours(about)) and time.time() - max(used, about.stat().st_mtime) < 60 * spares.minutes()
    except OSError:
        return False


def _leave(about: Path, listener: socket.socket, lock: int) -> None:
    if about.parent.exists():
        about.with_suffix(".sock").unlink(missing_ok=True)
    if _ours(about):
        about.unlink()
    listener.close()
    os.close(lock)


def _serve(listener: socket.socket, lock: int, stamp: str, serving: dict[int, Serving]) -> None:
    """Forks for whoever knocks. The child alone listens to what is asked, so that nobody can keep the spare waiting."""
    asker, _ = listener.accept()
    ends, lives = os.pipe()
    pid = os.fork()
    if pid:
        os.close(lives)
        serving[ends] = Serving(asker, pid)
        return
    code = 1
    try:
        for descriptor in (ends, lock, *serving, *(other.asker.fileno() for other in serving.values())):
            os.close(descriptor)
        listener.close()
        code = _become(asker, stamp)
    except BaseException:  # noqa: BLE001 - it must end here, whatever happens, and not go on as a second spare
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


def _become(asker: socket.socket, stamp: str) -> int:
    """Turns this copy into the training child of whoever asked."""
    asker.settimeout(_HEARING_SECONDS)
    _, user, _ = struct.unpack("3i", asker.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    message, descriptors, _, _ = socket.recv_fds(asker, _LONGEST_MESSAGE, 1)
    if user != os.getuid() or not descriptors:
        return 1
    asked = json.loads(message)
    if asked["stamp"] != stamp:
        return 1
    asker.send(f"{spares.READY} {os.getpid()}".encode())
    if asker.recv(len(spares.GO)) != spares.GO:
        return 1  # it has given up waiting for us
    asker.settimeout(None)
    folder = Path(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"] | spares.ENVIRONMENT)
    os.chdir(asked["cwd"])
    with (folder / "log.txt").open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    code = child.main(folder, asker.fileno())
    asker.send(f"{spares.ENDED} {code}".encode())
    return code


def _bury(served: Serving, pipe: int) -> None:
    """Tells whoever asked how the child ended."""
    os.close(pipe)
    _, status = os.waitpid(served.pid, 0)
    with contextlib.suppress(OSError):  # it is gone, too
        served.asker.send(f"{spares.ENDED} {os.waitstatus_to_exitcode(status)}".encode())
    served.asker.close()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2])), int(sys.argv[3]), sys.argv[4]))
