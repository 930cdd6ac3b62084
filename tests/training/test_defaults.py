"""What is suggested learns on few and many, short and long, balanced and unbalanced sequences, whichever the architecture."""

from typing import NamedTuple

import numpy as np
import pytest
from toys import dataset_of, random_rows

from genomics import recipe, split
from genomics.architectures import ARCHITECTURES
from genomics.dataset import Dataset
from genomics.training import supervised
from genomics.training.session import Session


class Kind(NamedTuple):
    """A made-up set."""

    records: int
    length: int
    positives: int  # one in so many
    sites: int  # in each positive
    epochs: int  # at most


KINDS = {
    "100 of 41 bp": Kind(100, 41, 2, 3, 100),
    "100 of 41 bp, one in twenty": Kind(120, 41, 20, 3, 100),
    "1,000 of 41 bp, one in twenty": Kind(1_000, 41, 20, 2, 40),
    "1,000 of 400 bp": Kind(1_000, 400, 2, 8, 10),
    "120 of 10,000 bp": Kind(120, 10_000, 2, 200, 100),
    "100,000 of 41 bp": Kind(100_000, 41, 2, 2, 1),
    "100,000 of 41 bp, one in twenty": Kind(100_000, 41, 20, 2, 1),
}
SITE = np.array([3, 2, 0, 1, 3, 1, 0], np.uint8)  # TGACTCA, of AP-1


def made(kind: Kind) -> Dataset:
    """Sites at random places in the positives, and none planted in the others."""
    rng = np.random.default_rng(0)
    rows, labels = random_rows(kind.records, kind.length, seed=1), (np.arange(kind.records) % kind.positives == 0).astype(int)
    cells = kind.length // kind.sites
    for row in (rows[number] for number in np.flatnonzero(labels)):
        for site in range(kind.sites):
            at = site * cells + rng.integers(0, cells - len(SITE) + 1)
            row[at : at + len(SITE)] = SITE
    return dataset_of(rows, labels)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_no_default_collapses(own_workspace, architecture, kind):
    dataset = made(kind)
    planned = recipe.plan(dataset, architecture)
    settings = {"epochs": min(kind.epochs, planned.fit.epochs), "reverse_complement": "off"}
    planned = recipe.plan(dataset, architecture, settings=settings)
    parts, epochs = split.make(dataset, "auto", 0), []
    folder = own_workspace / "runs" / "run"
    folder.mkdir(parents=True)
    session = Session(folder, lambda what, **values: epochs.append(values) if what == "epoch" else None, lambda: "")
    supervised.train(planned, dataset, parts, session)
    best = [epoch for epoch in epochs if epoch["best"]][-1]
    print(
        f"{architecture}: AUROC {best['val_auroc']:.3f} after {best['epoch']} of {epochs[-1]['epoch']} epochs, {epochs[-1]['seconds']:.0f} s"
    )
    assert best["val_auroc"] > 0.75
    assert best["loss"] < epochs[0]["loss"] or len(epochs) == 1
