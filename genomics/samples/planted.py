"""Simulated sequences with planted transcription-factor sites: what decides is known, base by base.

Every sequence holds a site or a decoy, and half of the sequences of either class a second one near it. A decoy is a
site whose letters are shuffled until the motif is gone, so that the two classes have the same base composition.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.samples.kind import Sample
from genomics.sequences import Codes, encode, flatten

CLASSES = ("background", "bound")
GAP = 20  # at most this many bases between a site and its partner
_SHORTEST = 30
_TITLE = "Planted binding sites"


class Motif(NamedTuple):
    """What a factor binds.

    Attributes:
        consensus: the most probable letter of each position.
        matrix: position weight matrix, float64 (width, 4), probabilities of A C G T.
        reference: where the consensus was established; the probabilities are ours.
    """

    consensus: str
    matrix: NDArray[np.float64]
    reference: str


class Site(NamedTuple):
    """Where something was planted: bases `start` to `end` (not included), counted from 0, of one record."""

    record: int
    motif: str  # a key of `MOTIFS`
    start: int
    end: int
    decoy: bool


def position_weight_matrix(consensus: str, share: float = 0.9) -> NDArray[np.float64]:
    """A matrix that gives `share` to the consensus letter and divides the rest among the other three: (width, 4)."""
    matrix = np.full((len(consensus), 4), (1 - share) / 3)
    matrix[np.arange(len(consensus)), encode(consensus)] = share
    return matrix


MOTIFS = {
    name: Motif(consensus, position_weight_matrix(consensus), reference)
    for name, consensus, reference in (
        ("AP-1", "GATGACTCAT", "TGACTCA: Lee, Mitchell & Tjian 1987, doi 10.1016/0092-8674(87)90612-X"),
        ("GATA", "ACAGATAAGA", "WGATAR, AGATAA: Ko & Engel 1993, doi 10.1128/mcb.13.7.4011"),
    )
}


def simulate(n: int = 2000, length: int = 100, seed: int = 0) -> Dataset:
    """Draws sequences, half of them bound.

    A bound one holds an AP-1 site at a random place of the forward strand and, in half of the cases, a GATA site
    at most `GAP` bases from it on either side; a background one holds decoys in the same arrangement.

    Args:
        n: sequences in all, at least 2; of an odd number the background gets one more.
        length: of each, in bases, at least 30.
        seed: of every draw.

    Raises:
        SettingError: an argument outside what is allowed.
    """
    rows, labels, _ = _draw(n, length, seed)
    codes, offsets = flatten(list(rows))
    return Dataset(
        name=_TITLE,
        ids=tuple(f"seq_{number:04d}" for number in range(1, n + 1)),
        codes=codes,
        offsets=offsets,
        task="binary",
        classes=CLASSES,
        labels=labels,
        notes=(
            f"Simulated with seed {seed}: {', '.join(f'{name} ({motif.consensus})' for name, motif in MOTIFS.items())} "
            "planted in the bound ones, shuffled sites in the others.",
        ),
    )


def sites(n: int = 2000, length: int = 100, seed: int = 0) -> tuple[Site, ...]:
    """Everything that `simulate` plants when called with the same arguments, in the order of the records."""
    return _draw(n, length, seed)[2]


def _draw(n: int, length: int, seed: int) -> tuple[Codes, NDArray[np.int32], tuple[Site, ...]]:
    """Rows uint8 (n, length), labels (n,), and what was planted."""
    if n < 2:
        raise SettingError(f"n = {n} is too few. Simulate at least 2 sequences, one a class.")
    if length < _SHORTEST:
        raise SettingError(f"length = {length} is too short for two sites. Simulate at least {_SHORTEST} bp.")

    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(n) % 2).astype(np.int32)
    rows = rng.choice(4, size=(n, length), p=[0.25] * 4).astype(np.uint8)
    paired = np.zeros(n, bool)
    for label in (0, 1):
        members = rng.permutation(np.flatnonzero(labels == label))
        paired[members[: round(len(members) / 2)]] = True

    planted = []
    for record in range(n):
        decoy = labels[record] == 0
        first = _plant(rows, record, "AP-1", np.arange(length - len(MOTIFS["AP-1"].consensus) + 1), decoy, rng)
        planted.append(first)
        if paired[record]:
            planted.append(_plant(rows, record, "GATA", _beside(first, length), decoy, rng))
    return rows, labels, tuple(planted)


def _plant(rows: Codes, record: int, motif: str, starts: NDArray[np.int64], decoy: bool, rng: np.random.Generator) -> Site:
    """Writes a site or a decoy into one row, at one of `starts`."""
    width = len(MOTIFS[motif].consensus)
    start = int(rng.choice(starts))
    rows[record, start : start + width] = _decoy(MOTIFS[motif], rng) if decoy else _instance(MOTIFS[motif], rng)
    return Site(record, motif, start, start + width, bool(decoy))


def _beside(site: Site, length: int) -> NDArray[np.int64]:
    """Starts at which the partner lies inside the sequence, outside the site, and at most `GAP` bases from it."""
    width = len(MOTIFS["GATA"].consensus)
    left = np.arange(max(0, site.start - GAP - width), site.start - width + 1)
    right = np.arange(site.end, min(site.end + GAP, length - width) + 1)
    return np.concatenate([left, right])


def _instance(motif: Motif, rng: np.random.Generator) -> Codes:
    """One site, each position drawn from its own row of the matrix: uint8 (width,)."""
    beyond = rng.random((len(motif.consensus), 1)) >= motif.matrix.cumsum(1)[:, :3]
    return beyond.sum(1).astype(np.uint8)


def _decoy(motif: Motif, rng: np.random.Generator) -> Codes:
    """The letters of a site in an order that agrees with the consensus in at most half of the positions."""
    consensus = encode(motif.consensus)
    while True:  # a new site each time: one of equal letters could never be shuffled away
        codes = rng.permutation(_instance(motif, rng))
        if (codes == consensus).sum() <= len(consensus) // 2:
            return codes


SAMPLE = Sample(
    name="planted",
    title=_TITLE,
    story=(
        "2,000 simulated sequences of 100 bp. Half hold a binding site of AP-1 at a random place, and every second one "
        "of these a GATA site within 20 bases of it; the others hold such sites with their letters shuffled. Because "
        "the answer is known, you can check whether a network, and the explanation of it, finds what decides."
    ),
    source="Simulated here, free to use. " + " ".join(f"{name} consensus {m.reference}." for name, m in MOTIFS.items()),
    learns="The AP-1 site TGACTCA, wherever it is, and the GATA site AGATAA near it.",
    expect="The network clearly beats every baseline, and the run says whether it found the planted site.",
    make=simulate,
    architecture="cnn",
    records=2_000,
    length=100,
    seconds=10,
    known=(("planted AP-1 site", "TGACTCA"), ("planted GATA site", "AGATAA")),
    rank=1,
)
