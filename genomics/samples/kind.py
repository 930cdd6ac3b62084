"""What a sample is."""

from collections.abc import Callable
from typing import NamedTuple

from genomics.dataset import Dataset


class Sample(NamedTuple):
    """A built-in dataset with its story.

    Attributes:
        name: the registry's key, as the command line writes it.
        title: for people.
        story: what the sequences are and what can be learned from them, for a biologist.
        source: whom to cite, the licence, the DOI.
        learns: one sentence, what a network should find.
        expect: one sentence, what a run with the suggested settings shows.
        make: gives the dataset, the same one each time.
        architecture: the name of the architecture to try first.
        records: number of sequences.
        length: of each, in bases.
        seconds: training time with the suggested settings, measured on two cores.
        known: name and consensus of each site that is known to decide, as ("planted AP-1 site", "TGACTCA").
        rank: order on the page.
    """

    name: str
    title: str
    story: str
    source: str
    learns: str
    expect: str
    make: Callable[[], Dataset]
    architecture: str
    records: int
    length: int
    seconds: int
    known: tuple[tuple[str, str], ...] = ()
    rank: int = 0
