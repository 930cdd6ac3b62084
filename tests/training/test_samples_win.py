"""At the suggested settings a network beats every baseline on the samples that promise it: the paired difference is above 0."""

import numpy as np
import pyarrow.parquet as pq
import pytest
from toys import run_of

from genomics import motifs, samples, split
from genomics.plots import filters
from genomics.shortcuts import fitting
from genomics.shortcuts.features import looks
from genomics.training import train

RESAMPLES = 2000


def mcc(truth, said, weights):
    """For two classes, by its formula: (resamples,)."""
    cells = {(t, s): weights @ ((truth == t) & (said == s)) for t in (0, 1) for s in (0, 1)}
    tp, tn, fp, fn = cells[1, 1], cells[0, 0], cells[0, 1], cells[1, 0]
    below = np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    return np.where(below > 0, (tp * tn - fp * fn) / np.maximum(below, 1e-9), 0)


def accuracy(truth, said, weights):
    return weights @ (truth == said) / weights.sum(1)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["planted", "splice_sites"])
def test_the_network_beats_every_baseline(own_workspace, name):
    dataset = samples.load(name)
    folder = run_of(own_workspace, dataset, samples.SAMPLES[name].architecture)
    assert train(folder) == "finished"
    table = pq.read_table(folder / "predictions.parquet").to_pandas()
    said = table[table["part"] == "test"].set_index("id")["prediction"]

    parts = split.make(dataset)
    test, pool = parts.test, np.sort(np.concatenate([parts.train, parts.validation]))
    truth = dataset.labels[test]
    network = np.array([dataset.classes.index(said[dataset.ids[i]]) for i in test.tolist()])
    baselines = {look.name: fitting.linear(dataset, look, pool, dataset.labels[pool], test)[0] for look in looks(dataset, pool)}
    baselines["neighbour"] = fitting.neighbour(dataset, pool, dataset.labels[pool], test)
    measure = mcc if dataset.task == "binary" else accuracy
    drawn = np.random.default_rng(0).multinomial(len(test), np.full(len(test), 1 / len(test)), RESAMPLES).astype(float)
    assert len(baselines) == 6
    for predicted in baselines.values():
        difference = measure(truth, network, drawn) - measure(truth, predicted.argmax(1), drawn)
        assert np.quantile(difference, 0.025) > 0

    if name == "planted":
        found = motifs.match(filters.strongest(np.load(folder / "filters.npz")["kernels"]).heights, "TGACTCA")
        assert found.found
