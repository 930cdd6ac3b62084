"""Promoters of Escherichia coli: the classic small benchmark of 1990, packaged whole."""

from pathlib import Path

from genomics import dataset, io
from genomics.dataset import Dataset
from genomics.samples.kind import Sample

_FILE = Path(__file__).parent / "data" / "promoters.tsv.gz"
_TITLE = "Promoters of E. coli"


def make() -> Dataset:
    """Reads the 53 promoters and 53 other stretches of 57 bp each (positions -50 to +7)."""
    return dataset.build(*io.read(_FILE), name=_TITLE)


SAMPLE = Sample(
    name="promoters",
    title=_TITLE,
    story=(
        "53 stretches of E. coli DNA that begin 50 bases before a known start of transcription and end 7 after it, and "
        "53 that hold no promoter; RNA polymerase recognises a promoter by two short patterns. With 106 sequences in "
        "all, every number is uncertain. And 48 of the 53 others share 20 or more bases with another of them, as pieces "
        "of one stretch do: a random split flatters."
    ),
    source=(
        "UCI Machine Learning Repository, Molecular Biology (Promoter Gene Sequences), doi 10.24432/C5S01D, CC BY 4.0. "
        "First used by Towell, Shavlik & Noordewier 1990, Proceedings of AAAI-90."
    ),
    learns="The -35 box (TTGACA) and the -10 box (TATAAT), about 17 bases apart.",
    expect="The lesson: too few data. With 16 test sequences the ranges are wide, and simple baselines do as well.",
    make=make,
    architecture="cnn",
    records=106,
    length=57,
    seconds=5,
    known=(("-35 box", "TTGACA"), ("-10 box", "TATAAT")),
    rank=3,
)
