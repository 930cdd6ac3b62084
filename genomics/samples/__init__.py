"""Built-in samples, each with its story and source. One file a sample; each declares one `SAMPLE`.

Example:
    >>> from genomics import samples
    >>> samples.load("promoters").counts()
    {'nonpromoter': 53, 'promoter': 53}
"""

import gzip
from pathlib import Path

from genomics import runs
from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.registry import discover
from genomics.samples.kind import Sample

SAMPLES: dict[str, Sample] = discover(__name__, __path__, "SAMPLE", Sample)
SUFFIXES = (".tsv", ".tsv.gz", ".fa", ".fa.gz", ".fasta", ".fasta.gz")

__all__ = ["SAMPLES", "SUFFIXES", "Sample", "load", "write"]


def load(name: str) -> Dataset:
    """The dataset of a sample.

    Raises:
        SettingError: no sample of that name.
    """
    if name not in SAMPLES:
        raise SettingError(f'There is no sample "{name[:40]}". Samples: {", ".join(SAMPLES)}.')
    return SAMPLES[name].make()


def write(name: str, path: str | Path) -> Path:
    """Writes a sample whole or not at all, in a form that `io.read` reads back.

    Args:
        name: of the sample.
        path: the ending chooses the form: TSV (columns id, sequence, label) or FASTA (`>id label=promoter`), either
            packed where `.gz` follows.

    Returns:
        The path.

    Raises:
        SettingError: no such sample, another ending, or a place that cannot be written to.
    """
    path = Path(path)
    ending = path.name.lower()
    if not ending.endswith(SUFFIXES):
        raise SettingError(f'"{path.name}": the ending chooses the form. Endings: {", ".join(SUFFIXES)}.')
    form = _tsv if ending.endswith((".tsv", ".tsv.gz")) else _fasta
    content = form(load(name)).encode()
    if ending.endswith(".gz"):
        content = gzip.compress(content, mtime=0)  # without the time: the same bytes for the same sample

    try:
        runs.write_bytes(path, content)
    except OSError as error:
        raise SettingError(f'"{path}" cannot be written: {error.strerror}. Choose another place.') from None
    return path


def _tsv(dataset: Dataset) -> str:
    return "id\tsequence\tlabel\n" + "".join(f"{id}\t{text}\t{label}\n" for id, text, label in _rows(dataset))


def _fasta(dataset: Dataset) -> str:
    return "".join(f">{id} label={label}\n{text}\n" for id, text, label in _rows(dataset))


def _rows(dataset: Dataset) -> list[tuple[str, str, str]]:
    """Id, sequence and class of each record; every sample has classes."""
    labels = () if dataset.labels is None else dataset.labels
    texts = map(dataset.sequence, range(len(dataset)))
    return [(id, text, dataset.classes[label]) for id, text, label in zip(dataset.ids, texts, labels, strict=True)]
