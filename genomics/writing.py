"""A dataset as a file that `io.read` reads back: TSV, CSV, FASTA or Parquet."""

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

from genomics import disk
from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.split import PARTS

SUFFIXES = (".tsv", ".tsv.gz", ".csv", ".csv.gz", ".fa", ".fa.gz", ".fasta", ".fasta.gz")


def check(path: str | Path) -> Path:
    """The path, if its ending is one that is written.

    Raises:
        SettingError: it is not.
    """
    path = Path(path)
    if not path.name.lower().endswith(SUFFIXES):
        raise SettingError(f'"{path.name}": the ending chooses the form. Endings: {", ".join(SUFFIXES)}.')
    return path


def write(dataset: Dataset, path: str | Path) -> Path:
    """Writes a dataset whole or not at all.

    Args:
        dataset: what to write.
        path: the ending chooses the form: a table (columns id, sequence, and label, target, split and group where known)
            or FASTA (`>id label=promoter split=test`), either packed where `.gz` follows.

    Returns:
        The path.

    Raises:
        SettingError: another ending, or a place that cannot be written to.
    """
    path = check(path)
    ending = path.name.lower().removesuffix(".gz")
    text = fasta(dataset) if ending.endswith((".fa", ".fasta")) else table(dataset, "," if ending.endswith(".csv") else "\t")
    content = text.encode()
    if path.name.lower().endswith(".gz"):
        content = gzip.compress(content, mtime=0)  # without the time: the same bytes for the same dataset
    try:
        disk.write_bytes(path, content)
    except OSError as error:
        raise SettingError(f'"{path}" cannot be written: {error.strerror}. Choose another place.') from None
    return path


def table(dataset: Dataset, delimiter: str = "\t") -> str:
    """A table with a header line."""
    columns = _columns(dataset)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["id", "sequence", *columns])
    for number, name in enumerate(dataset.ids):
        writer.writerow([name, dataset.sequence(number), *(values[number] for values in columns.values())])
    return text.getvalue()


def fasta(dataset: Dataset) -> str:
    """FASTA with label, split and the like in the header: `>id label=promoter split=test`."""
    return "".join(_entries(dataset, _columns(dataset)))


def _entries(dataset: Dataset, columns: dict[str, list[str]]) -> Iterator[str]:
    for number, name in enumerate(dataset.ids):
        about = "".join(f" {column}={'_'.join(values[number].split())}" for column, values in columns.items())
        yield f">{name}{about}\n{dataset.sequence(number)}\n"


def _columns(dataset: Dataset) -> dict[str, list[str]]:
    """Label or targets, split and group of each record as text."""
    columns: dict[str, list[str]] = {}
    if dataset.labels is not None:
        columns["label"] = [dataset.classes[number] for number in dataset.labels.tolist()]
    if dataset.members is not None:
        columns["label"] = [
            ";".join(name for name, held in zip(dataset.classes, row, strict=True) if held) for row in dataset.members.tolist()
        ]
    if dataset.targets is not None:
        single = dataset.targets.ndim == 1
        rows = dataset.targets[:, None] if single else dataset.targets
        names = ("target",) if single else dataset.target_names or tuple(f"target_{n + 1}" for n in range(rows.shape[1]))
        columns |= {
            name: [repr(float(value)) if value != int(value) else str(int(value)) for value in rows[:, n]] for n, name in enumerate(names)
        }
    if dataset.splits is not None:
        columns["split"] = [PARTS[number] for number in dataset.splits.tolist()]
    if dataset.groups is not None:
        columns["group"] = [dataset.group_names[number] for number in dataset.groups.tolist()]
    return columns
