"""The numbers behind the pictures of a dataset: small arrays, whatever the size of the set.

>>> from genomics import portrait, samples, split
>>> data = samples.load("promoters")
>>> drawn = portrait.draw(data, split.make(data))
>>> drawn.classes, drawn.lengths.counts.sum(1).tolist()
(('nonpromoter', 'promoter'), [53, 53])
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from genomics.dataset import Dataset
from genomics.portrait import atlas, division, enrichment, keeping, kinship, positions, rows, spread
from genomics.portrait.atlas import Atlas
from genomics.portrait.division import Division
from genomics.portrait.enrichment import Enrichment
from genomics.portrait.kinship import Kinship
from genomics.portrait.positions import Positions
from genomics.portrait.spread import Spread
from genomics.split import Split

__all__ = ["Atlas", "Division", "Enrichment", "Kinship", "Portrait", "Positions", "Spread", "draw", "load", "save"]


class Portrait(NamedTuple):
    """What a dataset looks like. Each section's own docstring says how many records were looked at for it.

    Attributes:
        records: in the dataset.
        bases: in the dataset.
        classes: names of the rows that all tables have: the dataset's classes in its order (of more than 50 the 50 largest,
            then one row for all others), or "all sequences".
        lengths: bases of each record.
        gc: GC content of each record.
        positions: bases by position.
        words: what is more frequent in one class than in the others.
        atlas: a map by shares of 4-base words.
        repeats: equal and related sequences.
        division: records by part, class and group.
    """

    records: int
    bases: int
    classes: tuple[str, ...]
    lengths: Spread
    gc: Spread
    positions: Positions
    words: Enrichment
    atlas: Atlas
    repeats: Kinship
    division: Division


def draw(dataset: Dataset, split: Split | None, seed: int = 0) -> Portrait:
    """Works out the numbers behind the pictures of a dataset.

    Repeats and families are the dataset's own; where nobody has asked for them yet, they are worked out here, which takes
    longer than everything else together.

    Args:
        dataset: what to look at.
        split: how it is divided; None where it cannot be.
        seed: of the samples that are looked at.
    """
    table = rows.of(dataset)
    part = division.parts(dataset, split)
    return Portrait(
        records=len(dataset),
        bases=int(dataset.offsets[-1]),
        classes=table.names,
        lengths=spread.of_lengths(dataset.offsets, table),
        gc=spread.of_gc(dataset.codes, dataset.offsets, table),
        positions=positions.of(dataset, table, np.random.default_rng(seed)),
        words=enrichment.of(dataset, table, np.random.default_rng(seed)),
        atlas=atlas.of(dataset, table, part, np.random.default_rng(seed)),
        repeats=kinship.of(dataset, table, part),
        division=division.of(dataset, table, part),
    )


def save(portrait: Portrait, path: Path) -> None:
    """Writes a portrait as one .npz without pickles; `load` gives back the same."""
    keeping.write(portrait, path)


def load(path: Path) -> Portrait:
    """Reads a portrait.

    Raises:
        InputError: the file is missing or damaged, or was written by another version.
    """
    return keeping.read(Portrait, path)
