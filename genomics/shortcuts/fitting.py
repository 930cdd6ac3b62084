"""Answers without a network: the best guess, a linear fit, the nearest neighbour.

Known answers are labels (n,), memberships (n, labels) or targets (n,) or (n, targets); what is predicted is always
(records, columns): probabilities of the classes, of each label, or numbers.
"""

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genomics.dataset import Dataset
from genomics.shortcuts.features import Floats, Function, Index, Look, pieces, words

Predicted = NDArray[np.float64]

_STEPS = 1_000
_ENOUGH = 1e-5  # of the residual of the ridge fit


def guess(dataset: Dataset, known: NDArray[Any]) -> Predicted:
    """The best answer that looks at nothing: the classes' shares, or the mean; (columns,)."""
    if dataset.labels is not None:
        return np.bincount(known, minlength=len(dataset.classes)) / len(known)
    return np.atleast_1d(known.mean(0, dtype=np.float64))


def linear(dataset: Dataset, look: Look, index: Index, known: NDArray[Any], test: Index) -> tuple[Predicted, bool]:
    """Predictions of a linear fit on some records, and whether what it looks at differs between these at all."""
    features = np.concatenate([look.features(dataset, piece) for piece in pieces(dataset, index)])
    varies = bool((features != features[:1]).any())
    scale = look.scale(features)
    features = scale(features)
    if dataset.labels is not None:
        predict = [_classes(features, known, len(dataset.classes))]
    elif dataset.members is not None:
        predict = [_classes(features, column, 2) for column in known.T]
    else:
        predict = [_numbers(features, known)]
    made = []
    for piece in pieces(dataset, test):
        rows = scale(look.features(dataset, piece))
        found = [one(rows) if dataset.members is None else one(rows)[:, 1:] for one in predict]  # of a label, that a record has it
        made.append(np.concatenate(found, axis=1).astype(np.float64))
    return np.concatenate(made), varies


def neighbour(dataset: Dataset, index: Index, known: NDArray[Any], test: Index) -> Predicted:
    """The answer of the known sequence of the greatest cosine of word shares; of classes, the nearest of each share the probability."""
    order = np.argsort(known, kind="stable") if dataset.labels is not None else np.arange(len(index))
    known = known[order]
    profiles = np.concatenate([_unit(words(dataset, piece)) for piece in pieces(dataset, index[order])])
    bounds = np.searchsorted(known, np.arange(len(dataset.classes) + 1)) if dataset.labels is not None else np.zeros(0, int)
    made = []
    for piece in pieces(dataset, test):
        likeness = _unit(words(dataset, piece)) @ profiles.T
        if dataset.labels is None:
            made.append(known[likeness.argmax(1)].reshape(len(piece), -1).astype(np.float64))
            continue
        nearest = np.stack([likeness[:, a:b].max(1, initial=0) for a, b in itertools.pairwise(bounds)], axis=1).astype(np.float64)
        nearest[nearest.sum(1) == 0] = np.diff(bounds)
        made.append(nearest / nearest.sum(1, keepdims=True))
    return np.concatenate(made)


def _classes(features: Floats, labels: NDArray[Any], classes: int) -> Function:
    """A logistic regression that gives (rows, classes); a class it has not seen gets 0."""
    seen = np.unique(labels)
    columns = np.eye(classes)[seen]
    if len(seen) == 1:
        return lambda rows: np.repeat(columns, len(rows), axis=0)
    from sklearn.linear_model import LogisticRegression  # here, because it takes a second to load and a training needs it at its end only

    model = LogisticRegression(max_iter=_STEPS).fit(features, labels)
    return lambda rows: model.predict_proba(rows) @ columns


def _numbers(features: Floats, targets: NDArray[Any]) -> Function:
    """A ridge regression that gives (rows, targets)."""
    from sklearn.linear_model import Ridge

    model = Ridge(solver="lsqr", tol=_ENOUGH).fit(features, targets)
    return lambda rows: model.predict(rows).reshape(len(rows), -1)


def _unit(profiles: Floats) -> Floats:
    size = np.sqrt((profiles**2).sum(1, keepdims=True))
    size[size == 0] = 1
    return profiles / size
