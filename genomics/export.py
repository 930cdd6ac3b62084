"""Runs as one zip file: what was asked, what came out, the network, and how to do it again."""

import io
import zipfile
from pathlib import Path

from genomics import runs
from genomics.recipe import from_json
from genomics.terminal import command_line

_LEFT_OUT = {"lock", "stop"}


def bundle(*folders: Path) -> bytes:
    """Packs the files of runs (without their checkpoints) and their datasets, each run with a README that gives the command."""
    packed = io.BytesIO()
    datasets: dict[str, Path] = {}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in folders:
            recipe = from_json(runs.asked(folder))
            datasets[recipe.dataset] = folder.parent.parent / "datasets" / recipe.dataset
            archive.writestr(f"{folder.name}/README.txt", _readme(folder.name, command_line(recipe, f"datasets/{recipe.dataset}")))
            for path in sorted(folder.iterdir()):
                if path.is_file() and path.name not in _LEFT_OUT and not path.name.startswith("."):
                    archive.write(path, f"{folder.name}/{path.name}")
        for name, dataset in datasets.items():
            for path in sorted(dataset.glob("*")):
                archive.write(path, f"datasets/{name}/{path.name}")
    return packed.getvalue()


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
