"""Datasets on disk: `datasets/<fingerprint>/` in a workspace."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from genomics import disk, sequences
from genomics.dataset import catalog
from genomics.dataset.names import MANY, Names
from genomics.dataset.value import Dataset
from genomics.errors import InputError

_FOLLOWING = ("repeats", "families")  # properties that take long to work out
_AT_ONCE = 8_000_000  # bases that are written together


def save(dataset: Dataset, root: Path) -> Path:
    """Writes a dataset into a workspace, once; the same content lands in the same folder, under the name that came with it last.

    Returns:
        `root/datasets/<fingerprint>`, with `records.parquet`, `dataset.json`, and what follows from these and is made
        anew where it is missing: `codes.npy`, the sequences, to be mapped rather than read.
    """
    folder = root / "datasets" / dataset.fingerprint
    if (folder / "dataset.json").exists() and (known := catalog.about(folder))["records"] is not None:
        if dataset.name != known["name"] and not (dataset.parent and (root / "datasets" / dataset.parent).exists()):
            catalog.rename(folder, dataset.name, chosen=False)  # what was made from a dataset here leaves known content its name
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    schema = pa.table(_columns(dataset, 0, 0)).schema
    plain = {"use_dictionary": False, "write_statistics": False}  # either would hold every sequence several times more: no two are alike
    with disk.replacing(folder / "records.parquet") as file, pq.ParquetWriter(file, schema, compression="zstd", **plain) as writer:
        for first, last in sequences.chunks(dataset.offsets, _AT_ONCE):
            writer.write_table(pa.table(_columns(dataset, first, last), schema=schema))
    _keep(folder / "codes.npy", dataset.codes)
    about = {
        "name": dataset.name,
        "task": dataset.task,
        "classes": dataset.classes,
        "records": len(dataset),
        "bases": int(dataset.offsets[-1]),
        "lengths": [int(dataset.lengths.min()), int(np.median(dataset.lengths)), int(dataset.lengths.max())],
        "counts": dataset.counts(),
        "target_names": dataset.target_names,
        "group_names": dataset.group_names,
        "notes": dataset.notes,
        "parent": dataset.parent,
        "remedy": dataset.remedy,
    }
    disk.write_json(folder / "dataset.json", about)
    return folder


def keep_groups(dataset: Dataset, root: Path) -> None:
    """Writes down repeats and families, so that nobody works them out again."""
    for name in _FOLLOWING:
        _keep(root / "datasets" / dataset.fingerprint / f"{name}.npy", getattr(dataset, name))


def load(root: Path, fingerprint: str) -> Dataset:
    """Reads a dataset back. The sequences are mapped from disk: what nobody looks at takes no memory.

    Raises:
        InputError: it is not in the workspace, or its files are damaged.
    """
    folder = root / "datasets" / fingerprint
    if not fingerprint.isalnum() or not (folder / "dataset.json").is_file():
        raise InputError(f'There is no dataset "{fingerprint[:40]}" in {root}. Add its file again on the Data page.')
    try:
        return _read(folder, catalog.about(folder))
    except (OSError, ValueError, KeyError):  # Arrow's errors are among these
        raise InputError(
            f'The dataset "{fingerprint}" is damaged. Delete it in the list on the Data page, then add its file again.'
        ) from None


def _read(folder: Path, about: dict[str, Any]) -> Dataset:
    file = pq.ParquetFile(folder / "records.parquet")
    here = file.schema_arrow.names
    small = file.read([name for name in here if name != "sequence"])
    lengths = small["length"].to_numpy() if "length" in here else pc.binary_length(file.read(["sequence"])["sequence"]).to_numpy()

    def column(name: str, dtype: Any) -> Any:
        return small[name].to_numpy().astype(dtype) if name in here else None

    def rows(name: str, dtype: Any) -> Any:
        return np.array(small[name].to_pylist(), dtype) if name in here else None

    ids = small["id"].cast(pa.large_string()).combine_chunks()
    made = Dataset(
        name=about["name"],
        ids=tuple(ids.to_pylist()) if len(ids) < MANY else Names(ids),
        codes=_mapped_codes(folder, file),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        task=about["task"],
        classes=tuple(about["classes"]),
        labels=column("label", np.int32),
        members=rows("members", np.uint8),
        targets=rows("targets", np.float32) if "targets" in here else column("target", np.float32),
        target_names=tuple(about.get("target_names", ())),
        splits=column("split", np.int8),
        folds=column("fold", np.int16),
        groups=column("group", np.int32),
        group_names=tuple(about.get("group_names", ())),
        together=column("together", np.int32),
        lower=column("lower", np.int32),
        notes=tuple(about["notes"]),
        parent=about.get("parent", ""),
        remedy=about.get("remedy", ""),
    )
    made.__dict__["fingerprint"] = folder.name
    for name in _FOLLOWING:
        if (folder / f"{name}.npy").exists():
            made.__dict__[name] = np.load(folder / f"{name}.npy", mmap_mode="r")
    return made


def _columns(dataset: Dataset, first: int, last: int) -> dict[str, pa.Array]:
    """Records `first` to `last` as Arrow columns."""
    offsets = dataset.offsets[first : last + 1]
    codes = dataset.codes[offsets[0] : offsets[-1]]
    letters = pa.py_buffer(sequences.letters(codes))
    columns = {
        "id": pa.array(dataset.ids[first:last], pa.large_string()),
        "sequence": pa.LargeStringArray.from_buffers(last - first, pa.py_buffer(offsets - offsets[0]), letters),
        "length": pa.array(np.diff(offsets)),
    }
    single = dataset.targets is None or dataset.targets.ndim == 1
    named = {
        "label": dataset.labels,
        "target" if single else "targets": dataset.targets,
        "members": dataset.members,
        "split": dataset.splits,
        "fold": dataset.folds,
        "group": dataset.groups,
        "together": dataset.together,
        "lower": dataset.lower,
    }
    for name, values in named.items():
        if values is not None:
            rows = values[first:last]
            of = pa.from_numpy_dtype(values.dtype)
            columns[name] = pa.array(rows) if values.ndim == 1 else pa.array(rows.tolist(), pa.list_(of))
    return columns


def _keep(path: Path, values: NDArray[np.generic]) -> None:
    with disk.replacing(path) as file:
        np.save(file, values)


def _mapped_codes(folder: Path, file: pq.ParquetFile) -> sequences.Codes:
    if not (folder / "codes.npy").exists():
        batches = file.iter_batches(columns=["sequence"], batch_size=10_000)
        letters = (value.as_py() for batch in batches for value in batch.column(0))
        _keep(folder / "codes.npy", np.concatenate([np.zeros(0, np.uint8), *(sequences.encode(text) for text in letters)]))
    return np.load(folder / "codes.npy", mmap_mode="r")
