"""Trained networks applied to new sequences: predictions, and in what a sequence is unlike those of the training set."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics import dataset as datasets
from genomics import prediction, recipe
from genomics.dataset import Dataset
from genomics.encoding import ENCODINGS
from genomics.errors import GenomicsError
from genomics.kmers import complements, kmer_profiles
from genomics.prediction import Predictor
from genomics.sequences import UNKNOWN, Codes, Layout, count_codes

REMARKS = ("longer", "shorter", "unknown bases", "unusual base composition", "unusual 3-mers")
_UNKNOWN_SHARE = 0.05
_FEWEST_KMERS = 10  # times k; the profile of a shorter sequence is not judged
_FEWEST, _MOST = 20, 20_000  # training sequences that a profile rests on
_USUAL = 0.995  # quantile of the training sequences' distances beyond which a sequence is unlike them
Floats = NDArray[np.float64]


class Profile(NamedTuple):
    """The share of each k-mer in training sequences: mean, variance between sequences, and the largest usual distance."""

    k: int
    mean: Floats
    between: Floats
    limit: float


def profiles(members: Sequence[Predictor], root: Path) -> list[Profile] | None:
    """Base and 3-mer profiles of what the networks were trained on; None where it is not in the workspace any more."""
    try:
        dataset = datasets.load(root, members[0].recipe.dataset)
        train = np.unique(np.concatenate([recipe.divide(dataset, member.recipe).train for member in members]))
    except (GenomicsError, OSError, ValueError):
        return None
    return [profile(members, dataset, train, k) for k in (1, 3)]


def profile(members: Sequence[Predictor], dataset: Dataset, train: NDArray[np.intp], k: int) -> Profile:
    """Shares vary between sequences and, since a sequence has so many k-mers only, by chance: the two are kept apart.

    Of many records 20,000 are looked at, evenly spaced.
    """
    shares, counted = _shares(*dataset.flat(train[:: -(-len(train) // _MOST)], reads(members)), k, members)
    enough = counted >= _FEWEST_KMERS * k
    shares, counted = shares[enough], counted[enough]
    if len(shares) < _FEWEST:
        return Profile(k, np.zeros(4**k), np.ones(4**k), np.inf)
    mean = (shares.mean(0) * counted.sum() + 1) / (counted.sum() + 4**k)  # one more of each: none is impossible
    between = np.maximum(shares.var(0) - mean * (1 - mean) * np.mean(1 / counted), 0.0)
    found = Profile(k, mean, between, np.inf)
    return found._replace(limit=float(np.quantile(_distances(shares, counted, found), _USUAL, method="higher")))


def reads(members: Sequence[Predictor]) -> Layout | None:
    """How sequences are cropped or padded, of several ways the shortest; None where all networks read whole sequences."""
    encodings = [(m, ENCODINGS[recipe.predictor(m.recipe.architecture).encoding(m.recipe.config)[0]]) for m in members]
    return min((member.recipe.layout for member, encoding in encodings if not encoding.whole), default=None)


def remarks(members: Sequence[Predictor], dataset: Dataset, known: Sequence[Profile]) -> list[str]:
    """Which of `REMARKS` apply to each sequence, joined by ";".

    It is longer or shorter than the networks read; of the part that is read, more than 5 % are unknown bases, or a profile is
    farther from the mean of the training sequences than those of 99.5 % of them.
    """
    layout, lengths = reads(members), dataset.lengths
    found = np.zeros((len(dataset), len(REMARKS)), bool)
    if layout:
        found[:, 0], found[:, 1] = lengths > layout.length, lengths < layout.length
    for start in range(0, len(dataset), _MOST):
        rows = np.arange(start, min(start + _MOST, len(dataset)))
        codes, offsets = dataset.flat(rows, layout)
        found[rows, 2] = count_codes(codes, offsets, (UNKNOWN,)) > _UNKNOWN_SHARE * np.diff(offsets)
        for column, one in enumerate(known, start=3):
            found[rows, column] = _distances(*_shares(codes, offsets, one.k, members), one) > one.limit
    codes = np.array(REMARKS, object)
    return [";".join(codes[row]) for row in found]


def table(members: Sequence[Predictor], dataset: Dataset, known: Sequence[Profile]) -> dict[str, list[Any]]:
    """Columns: id, group if any, prediction and probabilities (of several networks the mean), length, remarks.

    Labels in the data are not looked at.
    """
    bare, index = replace(dataset, labels=None, members=None, targets=None), np.arange(len(dataset))
    columns = prediction.table(members[0], bare, index, "", prediction.predict_many(members, bare, index))
    del columns["part"]
    return columns | {"length": dataset.lengths.tolist(), "remarks": remarks(members, bare, known)}


def about(members: Sequence[Predictor], marked: Sequence[str]) -> dict[str, Any]:
    """How many sequences each remark applies to, and what is read of each, as JSON; `marked` is from `remarks`."""
    layout, each = reads(members), [code for codes in marked for code in codes.split(";")]
    counts = {code: each.count(code) for code in REMARKS if code in each}
    return {"records": len(marked), "remarks": counts, "reads": layout._asdict() if layout else None}


def sentences(told: dict[str, Any]) -> list[str]:
    """What `about` says, for people."""
    size, anchor = (told["reads"] or {"length": 0, "anchor": "left"}).values()
    said = (
        f"the network reads the {({'left': 'first', 'centre': 'middle', 'right': 'last'})[anchor]} {size:,} bp only",
        f"the network reads {size:,} bp; the rest is padded with unknown bases (N)",
        "more than 5 % of the part that is read",
        *["outside the usual range of the training set"] * 2,
    )
    meant = {name: said for name, said in zip(REMARKS, said, strict=True) if name in told["remarks"]}
    return [f"{name.capitalize()} ({told['remarks'][name]:,} of {told['records']:,} sequences): {meant[name]}." for name in meant]


def _shares(codes: Codes, offsets: NDArray[np.int64], k: int, members: Sequence[Predictor]) -> tuple[Floats, NDArray[np.int64]]:
    """The share of each k-mer, (n, 4**k), over both strands where the networks read both; and how many k-mers there are, (n,)."""
    shares = kmer_profiles(codes, offsets, k).astype(np.float64)
    if all(member.both_strands for member in members):
        shares = (shares + shares[:, complements(k)]) / 2
    return shares, np.maximum(count_codes(codes, offsets, (0, 1, 2, 3)) - k + 1, 0)


def _distances(shares: Floats, counted: NDArray[np.int64], known: Profile) -> Floats:
    """Mean squared distance from the mean in standard deviations, which are larger for shorter sequences; 0 for too short ones."""
    variance = known.between + known.mean * (1 - known.mean) / np.maximum(counted, 1)[:, None]
    distances: Floats = ((shares - known.mean) ** 2 / variance).mean(1)
    return np.where(counted >= _FEWEST_KMERS * known.k, distances, 0.0)
