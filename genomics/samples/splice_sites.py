"""Splice sites of primates: windows of the UCI set, each cut at a random place so that the site has no fixed position.

`data/splice_sites.tsv.gz` holds the records of the set as the R package mlbench carries it (`DNA`, 3,186 records of
60 bp, the boundary in the middle), in its order. Of records that share 20 or more bases on either strand (repeats,
paralogues, overlapping windows) only the first is kept: 2,657.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from genomics import dataset, io
from genomics.dataset import Dataset
from genomics.samples.kind import Sample
from genomics.sequences import flatten

_FILE = Path(__file__).parent / "data" / "splice_sites.tsv.gz"
_TITLE = "Splice sites of primates"
_WHOLE = 60  # bases of a packaged record; a boundary lies behind the 30th


def make(width: int = 40, seed: int = 0) -> Dataset:
    """Cuts a window of `width` (31 to 60) bases out of each record, at a place drawn at random; one of 60 is the record itself."""
    whole = dataset.build(*io.read(_FILE), name=_TITLE)
    starts = np.random.default_rng(seed).integers(0, _WHOLE - width + 1, len(whole))
    rows = whole.codes.reshape(len(whole), _WHOLE)
    codes, offsets = flatten([row[start : start + width] for row, start in zip(rows, starts, strict=True)])
    return replace(whole, codes=codes, offsets=offsets)


SAMPLE = Sample(
    name="splice_sites",
    title=_TITLE,
    story=(
        "Windows of 40 bp from genes of primates. In one fifth an intron begins (donor site), in another fifth an intron ends "
        "(acceptor site), the others hold neither. Each window is cut at a random place around the site, as if nobody had told "
        "where it is. Of sequences that share 20 or more bases only one is kept, so that the test set is really new."
    ),
    source=(
        "UCI Machine Learning Repository, Molecular Biology (Splice-junction Gene Sequences), doi 10.24432/C5M888, CC BY 4.0, in "
        "the form of DNA of the R package mlbench. First used by Noordewier, Towell & Shavlik 1991, NIPS 3."
    ),
    learns="Donor sites (GGTAAGT, where an intron begins) and acceptor sites (many C and T, then CAG, where it ends), wherever they are.",
    expect="Real sequences, three classes: the network clearly beats every baseline, because the site has no fixed position.",
    make=make,
    architecture="cnn",
    records=2_657,
    length=40,
    seconds=10,
    known=(("donor site", "GGTAAGT"),),
    rank=2,
)
