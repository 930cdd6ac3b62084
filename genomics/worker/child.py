"""The training child: carries one run out, ends when its parent does, and says in words what went wrong.

Started by `genomics.worker`; its standard input is a pipe whose end means that the parent is gone.
"""

import os
import sys
import threading
import traceback
from pathlib import Path

# Keras looks for libraries that training does not use; not finding them makes its import a third shorter (4.4 to 2.7 s).
_unused = [name for name in ("pandas", "scipy", "sklearn") if name not in sys.modules]
sys.modules.update(dict.fromkeys(_unused))  # type: ignore[arg-type]

from genomics import runs  # noqa: E402
from genomics.errors import GenomicsError  # noqa: E402
from genomics.training import train  # noqa: E402

for _name in _unused:  # pyarrow asks for pandas when it reads, and must be told properly
    del sys.modules[_name]


def main(folder: Path) -> int:
    """Returns 0 where the run finished or was stopped, 1 where it failed (its last event says why)."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        train(folder)
    except GenomicsError as error:
        return _fail(folder, str(error))
    except FloatingPointError as error:
        return _fail(
            folder, f"Training fell apart {error}: the loss is no number any more. Lower the learning rate to a third and start again."
        )
    except MemoryError:
        return _fail(folder, "There is not enough memory. Lower the batch size, the length or the size of the network.")
    except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, the run must say how it ended
        traceback.print_exc()
        if type(error).__name__ == "ResourceExhaustedError":
            return _fail(folder, "There is not enough memory. Lower the batch size, the length or the size of the network.")
        return _fail(folder, f"This is a bug in the program ({type(error).__name__}); log.txt in the run's folder has the details.")
    return 0


def _fail(folder: Path, message: str) -> int:
    log = runs.Log(folder)
    log.write("state", state="failed", message=message)
    log.close()
    return 1


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # not through the buffer, whose lock would make Python abort at its own end
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
