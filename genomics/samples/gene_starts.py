"""Where genes begin in a real genome: annotated starts against look-alike codons inside the same genes.

`data/chlamydia.gbk.gz` is the GenBank record as the R package seqinr carries it (`ct.gbk`), without its /translation
qualifiers (they follow from the sequence); every feature, every other qualifier and the sequence are unchanged.
"""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.io.contigs import Contig
from genomics.io.features import Feature
from genomics.io.genome import read_annotated
from genomics.io.stretches import span
from genomics.kmers import kmer_indices
from genomics.samples.kind import Sample
from genomics.samples.windows import window
from genomics.sequences import decode, encode, flatten

FILE = Path(__file__).parent / "data" / "chlamydia.gbk.gz"
CLASSES = ("non_start", "gene_start")
STARTS = ("ATG", "GTG", "TTG")
_START_NUMBERS = kmer_indices(encode("".join(STARTS)), 3)[::3]
_TITLE = "Gene starts of Chlamydia trachomatis"


class Codon(NamedTuple):
    """A possible start codon: the place of its first base, counted from 0 on the forward strand, and its strand."""

    gene: str
    position: int
    strand: int
    letters: str


def make(before: int = 60, after: int = 40, seed: int = 0) -> Dataset:
    """Cuts windows around annotated starts, and around one codon inside each gene that is long enough.

    An inner codon is ATG, GTG or TTG in the reading frame of its gene. Its window lies inside the gene and shares no
    base with the window of any annotated start. Which codon of a gene is taken is drawn so that the three kinds are
    as frequent as among the annotated starts: the first letters of the codon tell nothing.

    Args:
        before: bases of a window ahead of the codon.
        after: bases from the codon's first base on, at least 3.
        seed: of the draw of inner codons.

    Returns:
        Starts in the order of the genome, then inner codons likewise; ids such as "gatC_start_1794(+)" with the
        position as GenBank counts it.

    Raises:
        SettingError: a window without its codon.
    """
    if before < 0 or after < 3:
        raise SettingError(f"before = {before}, after = {after}: a window holds its codon. Choose before >= 0 and after >= 3.")

    annotated = read_annotated(FILE)
    genome = annotated.contigs[0]
    genes = [feature for feature in annotated.features if _usable(feature, genome, before, after)]
    starts = [_codon(genome, gene, 0) for gene in genes]
    taken = _taken(starts, len(genome.codes), before, after)
    candidates = [_inner(genome, gene, taken, before, after) for gene in genes]
    inner = choose([found for found in candidates if found], Counter(c.letters for c in starts), seed)

    both = starts + inner
    codes, offsets = flatten([window(genome.codes, c.position, c.strand, before, after) for c in both])
    words = ["start"] * len(starts) + ["inner"] * len(inner)
    sign = {1: "+", -1: "-"}
    return Dataset(
        name=_TITLE,
        ids=tuple(f"{c.gene}_{word}_{c.position + 1}({sign[c.strand]})" for c, word in zip(both, words, strict=True)),
        codes=codes,
        offsets=offsets,
        task="binary",
        classes=CLASSES,
        labels=np.repeat(np.array([1, 0], np.int32), [len(starts), len(inner)]),
        notes=(
            f"{len(starts):,} annotated starts ({_shares(starts)}); {len(inner):,} inner codons ({_shares(inner)}), "
            f"one a gene; {len(starts) - len(inner):,} genes are too short or too crowded for one.",
        ),
    )


def choose(candidates: list[list[Codon]], wanted: Counter[str], seed: int) -> list[Codon]:
    """Takes one codon a gene so that the kinds are as frequent as wanted.

    Genes with the fewest kinds to choose from are served first; each gives a codon of the kind that is furthest from
    its share, at random among those.

    Args:
        candidates: for each gene its possible codons, at least one.
        wanted: how often each kind should appear, to scale.
        seed: of the draw.

    Returns:
        One codon a gene, in the order given.
    """
    rng = np.random.default_rng(seed)
    missing = {kind: wanted[kind] * len(candidates) / wanted.total() for kind in sorted(wanted)}
    chosen: dict[int, Codon] = {}
    shuffled = rng.permutation(len(candidates)).tolist()
    for number in sorted(shuffled, key=lambda number: len({c.letters for c in candidates[number]})):
        kinds = {c.letters for c in candidates[number]}
        kind = max(sorted(kinds), key=lambda kind: missing.get(kind, 0.0))
        options = [c for c in candidates[number] if c.letters == kind]
        chosen[number] = options[rng.integers(len(options))]
        missing[kind] = missing.get(kind, 0.0) - 1
    return [chosen[number] for number in range(len(candidates))]


def _usable(feature: Feature, genome: Contig, before: int, after: int) -> bool:
    """Whether a feature is a complete coding sequence in one part that begins with a start codon and has its window."""
    if feature.kind != "CDS" or feature.partial or len(feature.parts) > 1 or _length(feature) % 3:
        return False
    start, end = span(feature.position(), feature.strand, before, after)
    return start >= 0 and end <= len(genome.codes) and _codon(genome, feature, 0).letters in STARTS


def _length(feature: Feature) -> int:
    return sum(end - start for start, end in feature.parts)


def _codon(genome: Contig, gene: Feature, offset: int) -> Codon:
    """The codon `offset` bases after the gene's first one."""
    position = gene.position() + gene.strand * offset
    return Codon(gene.name, position, gene.strand, decode(window(genome.codes, position, gene.strand, 0, 3)))


def _taken(starts: list[Codon], length: int, before: int, after: int) -> NDArray[np.int64]:
    """How many bases up to each place are in the window of a start: (length + 1,)."""
    inside = np.zeros(length, np.int64)
    for codon in starts:
        inside[slice(*span(codon.position, codon.strand, before, after))] = 1
    return np.concatenate([[0], np.cumsum(inside)])


def _inner(genome: Contig, gene: Feature, taken: NDArray[np.int64], before: int, after: int) -> list[Codon]:
    """The codons of a gene that look like a start and whose window is inside it and free."""
    coding = window(genome.codes, gene.position(), gene.strand, 0, _length(gene))
    (first, last), *_ = gene.parts
    offsets = 3 * np.flatnonzero(np.isin(kmer_indices(coding, 3)[::3], _START_NUMBERS))
    found = []
    for offset in offsets.tolist():
        start, end = span(gene.position() + gene.strand * offset, gene.strand, before, after)
        if offset >= before + after and first <= start and end <= last and taken[start] == taken[end]:
            found.append(_codon(genome, gene, offset))
    return found


def _shares(codons: list[Codon]) -> str:
    counts = Counter(codon.letters for codon in codons)
    return ", ".join(f"{kind} {counts[kind] / len(codons):.1%}" for kind in STARTS)


SAMPLE = Sample(
    name="gene_starts",
    title=_TITLE,
    story=(
        "100-bp windows from the genome of Chlamydia trachomatis D/UW-3, each with an ATG, GTG or TTG after 60 bases. "
        "In about half of them this codon is the annotated start of a gene; in the others it lies inside one of the "
        "same genes, in frame, where none is annotated to begin. The annotation is of 1998 and mostly computed, so some "
        "of its starts will be wrong."
    ),
    source=(
        "Stephens et al. 1998, Science 282:754, doi 10.1126/science.282.5389.754; GenBank AE001273, in the form of "
        "ct.gbk of the R package seqinr. NCBI places no restrictions on the use or distribution of GenBank data."
    ),
    learns=("The ribosome's binding site (AGGAG or a part of it) shortly ahead of the start, and where the pattern of coding DNA begins."),
    make=make,
    architecture="cnn",
    rank=3,
)
