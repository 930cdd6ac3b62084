"""Annotated genomes as values: contigs, and the features on them."""

from collections import Counter
from typing import NamedTuple

from genomics.io.contigs import Contig


class Feature(NamedTuple):
    """What an annotation names; places count from 0 on the forward strand, an end is not part of its stretch.

    Attributes:
        contig: index into the contigs.
        kind: "CDS", "gene" and so on.
        name: of the gene where there is one; may be empty.
        parts: (start, end) of each part, in the feature's own direction: the first part holds its beginning.
        strand: 1 or -1.
        partial: an end lies outside what is known.
    """

    contig: int
    kind: str
    name: str
    parts: tuple[tuple[int, int], ...]
    strand: int
    partial: bool = False

    def position(self) -> int:
        """Where it begins in its own direction: the place of its first base."""
        start, end = self.parts[0]
        return start if self.strand == 1 else end - 1

    def last(self) -> int:
        """Where it ends in its own direction: the place of its last base."""
        start, end = self.parts[-1]
        return end - 1 if self.strand == 1 else start


class Annotated(NamedTuple):
    """A genome and its annotation.

    Attributes:
        contigs: the sequences.
        features: in the order of the file.
        notes: what was chosen or left out, counted.
        file: what to call it in messages.
    """

    contigs: list[Contig]
    features: list[Feature]
    notes: list[str]
    file: str = "annotation"


def kinds(annotated: Annotated) -> dict[str, int]:
    """How many features there are of each kind, the most frequent first."""
    return dict(Counter(feature.kind for feature in annotated.features).most_common())
