"""Are generated sequences like real ones? Numbers that a biologist can read, beside what is possible and what is trivial.

Every number is computed on the discrete sequences that would be exported. No single one is the verdict: a memoriser
has perfect word statistics, and so has a generator that has collapsed to a few hundred sequences.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics import kmers, markov, sequences, similarity
from genomics.sequences import Codes, Layout

WORDS = (1, 2, 3, 4, 5, 6)
HEADLINE = 4  # the word length of the gap that is closed
_COPIED = 20
_NO_GAP = 1.1  # times the ceiling
_NEAREST = 500  # sequences whose nearest neighbour is looked for


class Flat(NamedTuple):
    """A set of sequences: uint8 (total,) and int64 (n + 1,)."""

    codes: Codes
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def first(self, n: int) -> "Flat":
        """The first n sequences."""
        return Flat(self.codes[: self.offsets[min(n, len(self))]], self.offsets[: n + 1])


class Score(NamedTuple):
    """One set held against real sequences.

    Attributes:
        n: sequences scored.
        jsd: Jensen-Shannon divergence of word frequencies, in bits, by word length as text; 0 is equal.
        pearson: correlation of word frequencies, likewise.
        gc_ks: Kolmogorov-Smirnov distance of the GC contents.
        position_r: correlation of the base frequencies by position.
        unique: share of different sequences.
        nearest: median distance to the nearest training sequence, as share of differing bases; None where lengths differ.
        copied: share of 20-base words that occur in training sequences.
    """

    n: int
    jsd: dict[str, float]
    pearson: dict[str, float]
    gc_ks: float
    position_r: float
    unique: float
    nearest: float | None
    copied: float


def score(generated: Flat, reference: Flat, training: Flat) -> Score:
    """Scores a set against held-out real sequences.

    Args:
        generated: what to judge.
        reference: real sequences that no training saw.
        training: what the generator learned from, for copies and neighbours.
    """
    jsd, pearson = {}, {}
    for k in WORDS:
        ours, theirs = (word_frequencies(flat, k) for flat in (generated, reference))
        jsd[str(k)] = jensen_shannon(ours, theirs)
        pearson[str(k)] = correlation(ours, theirs)
    longest = int(max(np.diff(generated.offsets).max(initial=1), np.diff(reference.offsets).max(initial=1)))
    ours, theirs = (sequences.position_frequencies(_rows(flat, longest)) for flat in (generated, reference))
    return Score(
        n=len(generated),
        jsd=jsd,
        pearson=pearson,
        gc_ks=gc_distance(generated, reference),
        position_r=correlation(ours.ravel(), theirs.ravel()),
        unique=len(np.unique(similarity.digests(*generated, strands=False))) / max(len(generated), 1),
        nearest=nearest(generated, training),
        copied=copied(generated, training),
    )


def yardsticks(reference: Flat, training: Flat, n: int, seed: int = 0) -> dict[str, Score]:
    """What real sequences and trivial generators score against the same reference, with the same n.

    Returns:
        "real" (training sequences: the ceiling), "markov_1" (the floor), "markov_3" and "markov_5".
    """
    rng = np.random.default_rng(seed)
    picked = rng.choice(len(training), min(n, len(training)), replace=False)
    real = Flat(*similarity.gathered(*training, np.sort(picked)))
    rows = {"real": score(real, reference, reference)._replace(nearest=nearest(reference, training), copied=copied(reference, training))}
    for order in (1, 3, 5):
        rows[f"markov_{order}"] = score(Flat(*markov.sample(*training, order, n, rng)), reference, training)
    return rows


def gap_closed(generated: Score, rows: dict[str, Score]) -> float | None:
    """How far from the floor (Markov of order 1, 0) to the ceiling (real sequences, 1) in 4-letter word divergence.

    None where there is no gap: even the floor is as close to the reference as real sequences are.
    """
    k = str(HEADLINE)
    floor, ceiling = rows["markov_1"].jsd[k], rows["real"].jsd[k]
    if floor <= _NO_GAP * ceiling:
        return None
    return (floor - generated.jsd[k]) / (floor - ceiling)


def word_frequencies(flat: Flat, k: int) -> NDArray[np.float64]:
    """Share of each word of k bases, (4**k,)."""
    counts = kmers.kmer_counts(*flat, k).astype(float)
    return counts / max(counts.sum(), 1)


def jensen_shannon(p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
    """Jensen-Shannon divergence in bits, 0 to 1 (Lin 1991, doi 10.1109/18.61115)."""
    if not (p.any() and q.any()):
        return float(p.any() != q.any())  # nothing is unlike anything but nothing
    from scipy.spatial.distance import jensenshannon  # here, because the dashboard's server, which imports this file, never needs it

    return float(jensenshannon(p, q, base=2) ** 2)


def correlation(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Pearson's r; 0 where one of the two does not vary."""
    return float(np.corrcoef(x, y)[0, 1]) if np.ptp(x) and np.ptp(y) else 0.0


def gc_distance(one: Flat, other: Flat) -> float:
    """Kolmogorov-Smirnov distance between the GC contents, 0 to 1."""
    ours, theirs = (sequences.gc_content(*flat) for flat in (one, other))
    ours, theirs = ours[np.isfinite(ours)], theirs[np.isfinite(theirs)]
    if not (len(ours) and len(theirs)):
        return 1.0
    from scipy.stats import ks_2samp

    return float(ks_2samp(ours, theirs, method="asymp").statistic)


def nearest(some: Flat, training: Flat) -> float | None:
    """Median share of bases that differ from the most similar training sequence; None where lengths differ or there is nothing."""
    lengths = np.unique(np.concatenate([np.diff(some.offsets), np.diff(training.offsets)]))
    if len(lengths) != 1 or not len(some):
        return None
    length = int(lengths[0])
    ours, theirs = (np.eye(5, 4, dtype=np.float32)[_rows(flat, length)].reshape(len(flat), -1) for flat in (some.first(_NEAREST), training))
    same = np.max([(ours @ theirs[at : at + 4096].T).max(1) for at in range(0, len(theirs), 4096)], axis=0)
    return float(1 - np.median(same) / length)


def copied(some: Flat, training: Flat) -> float:
    """Share of the words of 20 bases that stand in a training sequence; 0 where there are no such words."""
    ours, theirs = (kmers.kmers_within(*flat, _COPIED) for flat in (some, training))
    return float(np.isin(ours, theirs).mean()) if len(ours) else 0.0


def _rows(flat: Flat, length: int) -> Codes:
    return sequences.matrix(*flat, Layout(length, "left"))
