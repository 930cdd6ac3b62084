"""The training child: carries one run out, ends when its parent does, and says in words what went wrong.

Started by `genomics.worker`; its standard input is a pipe whose end means that the parent is gone. Or a copy of the spare
process (`genomics.worker.spare`), whose connection to the parent means the same.
"""

import gc
import os
import sys
import threading
import traceback
from pathlib import Path

gc.disable()  # nothing that is imported is garbage, and looking for it takes a quarter of the time
# Keras looks for libraries that training does not use; not finding them makes its import a third shorter (4.4 to 2.7 s).
_unused = [name for name in ("pandas", "scipy", "sklearn") if name not in sys.modules]
sys.modules.update(dict.fromkeys(_unused))  # type: ignore[arg-type]

from genomics import dataset as datasets  # noqa: E402
from genomics import estimate, machine, recipe, runs  # noqa: E402
from genomics.errors import GenomicsError  # noqa: E402
from genomics.training import find_rate, train  # noqa: E402

for _name in _unused:  # pyarrow asks for pandas when it reads, and must be told properly
    del sys.modules[_name]
gc.freeze()  # nor is it looked through later, while TensorFlow builds its graphs
gc.set_threshold(20_000)
gc.enable()


def main(folder: Path, line: int = 0) -> int:
    """Carries the run out, or the search for a learning rate where that is its purpose.

    Args:
        folder: the run's.
        line: a descriptor from which there is nothing to read until the parent is gone.

    Returns:
        0 where the run finished or was stopped, 1 where it failed (its last event says why).
    """
    threading.Thread(target=_end_with_parent, args=(line,), daemon=True).start()
    try:
        _keep_to(runs.cores(folder) or 0)
        carry_out = find_rate if runs.asked(folder).get("purpose") == "rates" else train
        carry_out(folder)
    except GenomicsError as error:
        return _fail(folder, str(error))
    except FloatingPointError as error:
        return _fail(folder, f"Training fell apart {error}: the loss is no number any more. {_calmer(folder)}")
    except MemoryError:
        return _fail(folder, _no_memory(folder))
    except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, the run must say how it ended
        traceback.print_exc()
        if type(error).__name__ == "ResourceExhaustedError":
            return _fail(folder, _no_memory(folder))
        return _fail(folder, f"This is a bug in the program ({type(error).__name__}); log.txt in the run's folder has the details.")
    return 0


def _keep_to(cores: int) -> None:
    """Computes on so many cores, before the first operation; 0 for all there are."""
    if cores:
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(cores)
        tf.config.threading.set_inter_op_parallelism_threads(cores)


def _calmer(folder: Path) -> str:
    asked = runs.asked(folder)
    settings = asked["fit"] if asked["kind"] == "predictor" else asked["config"]
    rate = f" ({settings['learning_rate'] / 3:.1g})" if "learning_rate" in settings else ""
    clip = " and set gradient_clip to 1" if settings.get("gradient_clip") == 0 else ""
    return f"Lower the learning rate to a third{rate}{clip}, then start again."


def _no_memory(folder: Path) -> str:
    """Says what it takes, as estimated, and what it had."""
    said = [f"It was at {estimate.size_in_words(memory)}."] if (memory := machine.held(name="VmHWM")) else []
    asked = recipe.from_json(runs.asked(folder))
    if asked.kind == "predictor":
        dataset = datasets.load(folder.parent.parent, asked.dataset)
        takes = estimate.memory(asked, recipe.outputs(dataset), len(dataset))
        said.insert(0, f"It takes about {estimate.size_in_words(takes)}.")
    return " ".join(["There is not enough memory.", *said, "Lower the batch size, the length or the size of the network."])


def _fail(folder: Path, message: str) -> int:
    log = runs.Log(folder)
    log.write("state", state="failed", message=message)
    log.close()
    return 1


def _end_with_parent(line: int) -> None:
    os.read(line, 1)  # not through the buffer, whose lock would make Python abort at its own end
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
