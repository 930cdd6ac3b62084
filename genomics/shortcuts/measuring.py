"""Every baseline measured on the test part of a split, with the metrics and intervals of the networks."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from genomics import evaluation
from genomics.dataset import Dataset
from genomics.evaluation.paired import difference
from genomics.io.report import shorten
from genomics.shortcuts import fitting
from genomics.shortcuts.features import WORD, Index, looks
from genomics.shortcuts.fitting import Predicted
from genomics.split import Split

MAIN = {"binary": "mcc", "multiclass": "accuracy", "multilabel": "auroc", "regression": "pearson"}

_CELLS = 24_000_000  # numbers in the table of one fit
_COMPARED = 5_000  # test records whose nearest neighbour is looked for

Cell = dict[str, float | None]
Cells = dict[str, Cell]
Network = tuple[Predicted, Cell]
Tick = Callable[[float], None]


class Shortcut(NamedTuple):
    """A baseline without a neural network.

    Attributes:
        name: "majority" (of numbers "mean"), "length", "gc", "case", "words", "positions" or "neighbour".
        title: for a table.
        sentence: what it looks at, and of how many records it learned where that is not all.
        metric: the name of the main one.
        metrics: by name "value", "low" and "high" of the 95 % interval, as in `genomics.evaluation.Evaluation`.
        records: test records it was measured on.
        learned: records it was fitted on.
        difference: the main metric of a network minus that of this baseline on the same records, with the 95 % interval of
            the paired difference; None where no network was given.
    """

    name: str
    title: str
    sentence: str
    metric: str
    metrics: Cells
    records: int
    learned: int
    difference: Cell | None = None

    @property
    def cell(self) -> Cell:
        """The main metric: "value", "low", "high"."""
        return self.metrics[self.metric]


@threadpool_limits.wrap(limits=1)  # on cores that are shared, two threads that wait for each other took up to five times as long
def measure(
    dataset: Dataset, split: Split, *, seed: int = 0, most: int = 20_000, network: Network | None = None, tick: Tick = lambda share: None
) -> dict[str, Shortcut]:
    """Measures every baseline on the test part.

    All are fitted on train and validation together: a network has seen both, and a floor must not be low for want of
    records. Nothing is tuned, and no class weighs more than its records. Classes: scikit-learn's logistic regression
    with its default penalty (C = 1), one for each of several labels; numbers: ridge regression with alpha = 1. Length,
    GC content and shares go in as they are and by up to 16 equally filled intervals; 4-mers as shares of a sequence's
    words, standardised; positions as one-hot of the first 1,000 bp from the left. The nearest neighbour is the one of
    the greatest cosine of 4-mer shares, and a class's probability its nearest member's part of the sum over classes.

    Args:
        dataset: labelled in any way.
        split: of this dataset.
        seed: of what is drawn, and of the intervals.
        most: records that each is fitted on, at most; drawn in proportion to the classes. Positions of sequences of
            more than 300 bp take fewer, so that the table stays below 100 MB.
        network: what a network predicts for the test part, (records, columns) or (records,), and its main metric with its
            interval: then each baseline says by how much that differs.
        tick: told the share done, 0 to 1.

    Returns:
        By name, the simplest first. Empty for an unlabelled dataset, and where there is nothing to learn from or to
        test on. Of several targets or labels each metric is the mean over those for which it exists; positions are
        left out for several labels, which would take a large fit each.
    """
    pool = np.sort(np.concatenate([split.train, split.validation]))
    truth = next((known for known in (dataset.labels, dataset.members, dataset.targets) if known is not None), None)
    if truth is None or dataset.task not in MAIN or not len(pool) or not len(split.test):
        return {}

    rng = np.random.default_rng(seed)
    drawn, asked = (_in_proportion(part, dataset.labels, rng) for part in (pool, split.test))
    watched = [look for look in looks(dataset, pool) if dataset.task != "multilabel" or look.name != "positions"]
    found: dict[str, Shortcut] = {}

    def add(name: str, title: str, sentence: str, predicted: Predicted, learned: int, test: Index = split.test) -> None:
        said = [sentence]
        if learned < len(pool):
            said.append(f"Learned from {learned:,} of {len(pool):,} records, drawn in proportion with seed {seed}.")
        if len(test) < len(split.test):
            said.append(f"Measured on {len(test):,} of {len(split.test):,} test records, drawn likewise.")
        known, groups = _known(dataset, test)
        cells, apart = _measured(dataset, predicted, known, groups, seed), None
        if network:
            said_by_network = network[0].reshape(len(split.test), -1)[np.searchsorted(split.test, test)]
            both = network[1], cells[MAIN[dataset.task]]
            apart = difference(dataset.task, said_by_network, predicted, known, both, groups=groups)
        found[name] = Shortcut(name, title, " ".join(said), MAIN[dataset.task], cells, len(test), learned, apart)
        tick(len(found) / (len(watched) + 2))

    answer = fitting.guess(dataset, truth[pool])
    add(*_named(dataset, answer), np.tile(answer, (len(split.test), 1)), len(pool))
    for look in watched:
        index = np.sort(drawn[: max(1, min(most, _CELLS // look.columns))])
        predicted, varies = fitting.linear(dataset, look, index, truth[index], split.test)
        sentence = f"{'Ridge' if dataset.task == 'regression' else 'Logistic'} regression on {look.what}."
        if not varies:
            sentence += " It is the same for all records, so this is a guess."
        add(look.name, look.title, sentence, predicted, len(index))
    index, test = np.sort(drawn[:most]), np.sort(asked[:_COMPARED])
    predicted = fitting.neighbour(dataset, index, truth[index], test)
    sentence = f"The answer of the known sequence with the most similar {WORD}-mers."
    add("neighbour", "Nearest neighbour", sentence, predicted, len(index), test)
    return found


def _in_proportion(index: Index, labels: NDArray[np.int32] | None, rng: np.random.Generator) -> Index:
    """The records in an order of which any beginning holds the classes in proportion, each class early."""
    mixed = rng.permutation(index)
    if labels is None:
        return mixed
    label = labels[mixed]
    sizes = np.bincount(label)
    rank = np.empty(len(mixed), np.int64)
    rank[np.argsort(label, kind="stable")] = np.arange(len(mixed)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return mixed[np.argsort(rank / sizes[label], kind="stable")]


def _named(dataset: Dataset, answer: Predicted) -> tuple[str, str, str]:
    """The name, title and sentence of what looks at nothing."""
    if dataset.task == "regression":
        return "mean", "Mean", "Always the mean of the known records."
    if dataset.task == "multilabel":
        return "majority", "Majority", "For each label always how common it is."
    return "majority", "Majority", f'Always the commonest class, "{shorten(dataset.classes[int(answer.argmax())])}".'


def _measured(dataset: Dataset, predicted: Predicted, truth: Predicted, groups: NDArray[np.int32] | None, seed: int) -> Cells:
    """Every metric of the task with its interval, as those of a network."""
    if dataset.labels is not None:
        return evaluation.class_intervals(predicted.astype(np.float64), truth.astype(np.int64), seed=seed, groups=groups)
    if dataset.members is not None:
        labels = truth.astype(np.int64)
        return evaluation.of_labels(predicted, labels, dataset.classes, labels, seed=seed, groups=groups).metrics
    return evaluation.of_numbers(predicted.reshape(truth.shape), truth, truth, seed=seed, groups=groups).metrics


def _known(dataset: Dataset, test: Index) -> tuple[NDArray[np.float64], NDArray[np.int32] | None]:
    """The true answers of some records, and their groups."""
    known = dataset.labels if dataset.labels is not None else dataset.members if dataset.members is not None else dataset.measured()
    return known[test].astype(np.float64), None if dataset.groups is None else dataset.groups[test]
