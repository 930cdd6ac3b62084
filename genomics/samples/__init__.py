"""Built-in samples, each with its story and source. One file a sample; each declares one `SAMPLE`.

Example:
    >>> from genomics import samples
    >>> samples.load("promoters").counts()
    {'nonpromoter': 53, 'promoter': 53}
"""

from functools import cache
from pathlib import Path

from genomics import writing
from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.registry import discover
from genomics.samples.kind import Sample

SAMPLES: dict[str, Sample] = discover(__name__, __path__, "SAMPLE", Sample)

__all__ = ["SAMPLES", "Sample", "known_sites", "load", "write"]


def load(name: str) -> Dataset:
    """The dataset of a sample.

    Raises:
        SettingError: no sample of that name.
    """
    if name not in SAMPLES:
        raise SettingError(f'There is no sample "{name[:40]}". Samples: {", ".join(SAMPLES)}.')
    return SAMPLES[name].make()


def known_sites(fingerprint: str) -> tuple[tuple[str, str], ...]:
    """Name and consensus of each site that is known to decide, where the dataset of this fingerprint is a sample that declares some."""
    return _known().get(fingerprint, ())


@cache
def _known() -> dict[str, tuple[tuple[str, str], ...]]:
    return {sample.make().fingerprint: sample.known for sample in SAMPLES.values() if sample.known}


def write(name: str, path: str | Path) -> Path:
    """Writes a sample whole or not at all, in a form that `io.read` reads back; see `genomics.writing.write`.

    Raises:
        SettingError: no such sample, another ending, or a place that cannot be written to.
    """
    writing.check(path)
    return writing.write(load(name), path)
