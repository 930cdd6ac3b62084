"""Runs as one zip file: what was asked, what came out, the network, and how to do it again."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from genomics import runs
from genomics.recipe import from_json
from genomics.terminal import command_line

_LEFT_OUT = {"lock", "stop"}


def write(file: BinaryIO, *folders: Path) -> None:
    """Packs the files of runs (without their checkpoints) and their datasets as a zip, each run with a README that gives the command.

    Args:
        file: where to; one file after the other goes there, so that memory holds no more than one.
        folders: of the runs.

    Raises:
        RunError: a run.json cannot be read.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in folders:
            recipe = from_json(runs.asked(folder))
            archive.writestr(f"{folder.name}/README.txt", _readme(folder.name, command_line(recipe, f"datasets/{recipe.dataset}")))
        for path, name in _contents(folders):
            archive.write(path, name)


def bundle(*folders: Path) -> bytes:
    """The same in memory; see `size`."""
    packed = io.BytesIO()
    write(packed, *folders)
    return packed.getvalue()


def size(*folders: Path) -> int:
    """Bytes of what `write` packs, before it is packed."""
    return sum(path.stat().st_size for path, _ in _contents(folders))


def _contents(folders: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Each file with its name in the zip; a dataset of several runs once."""
    datasets = {}
    for folder in folders:
        fingerprint = str(runs.asked(folder)["dataset"])
        datasets[fingerprint] = folder.parent.parent / "datasets" / fingerprint
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.name not in _LEFT_OUT and not path.name.startswith("."):
                yield path, f"{folder.name}/{path.name}"
    for fingerprint, dataset in datasets.items():
        yield from ((path, f"datasets/{fingerprint}/{path.name}") for path in sorted(dataset.glob("*")))


def _readme(name: str, command: str) -> str:
    return f"""{name}

run.json            what was asked, with the versions of the programs
events.jsonl        how training went, one event a line
evaluation.json     metrics with 95 % intervals on train, validation and test
predictions.parquet what the network said of each record
model.keras         the network: keras.models.load_model("model.keras")
model.json          names of its classes or targets, and what its numbers mean
filters.npz         what the filters of its first layer look for, where it has such
samples.fasta       generated sequences (generators)
scorecard.json      how they compare with real ones (generators)

To do it again, in the folder that holds this file's folder and datasets/:
{command}
"""
