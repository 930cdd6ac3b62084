"""How well one number tells two groups apart, and whether that could be chance."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

ALPHA = 1e-6  # so that a clean set raises nothing: many numbers are looked at
NOTABLE, STRONG = 0.60, 0.75  # area under the ROC curve: 0.5 is none, 1 is perfect


class Separation(NamedTuple):
    """How a number differs between two groups of records.

    Attributes:
        auroc: probability that a record of the second group has the larger number (ties count half).
        p: two-sided, of the rank sum test in its normal approximation (Mann & Whitney 1947, doi 10.1214/aoms/1177730491).
        balanced: mean of the shares of both groups that the best threshold puts on the right side: 0.5 is guessing.
        right: records on the right side of that threshold.
    """

    auroc: float
    p: float
    balanced: float
    right: int

    @property
    def strength(self) -> float:
        """The area whichever group is larger: 0.5 to 1."""
        return max(self.auroc, 1 - self.auroc)

    @property
    def notable(self) -> bool:
        """Large enough to matter and not by chance."""
        return self.strength >= NOTABLE and self.p < ALPHA


def separation(values: NDArray[np.float64], second: NDArray[np.bool_]) -> Separation:
    """Holds two groups against each other.

    Args:
        values: float64 (n,), finite.
        second: bool (n,), whether a record is of the second group; both groups have members.
    """
    order = np.argsort(values, kind="stable")
    ordered, member = values[order], second[order].astype(np.int64)
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    sizes = np.diff(np.append(starts, len(values)))
    ones = np.add.reduceat(member, starts)
    zeros = sizes - ones
    n1, n0 = int(ones.sum()), int(zeros.sum())
    below = np.cumsum(zeros) - zeros
    auroc = float((ones * (below + zeros / 2)).sum() / (n1 * n0))
    n = n0 + n1
    ties = float((sizes.astype(float) ** 3 - sizes).sum()) / (n * max(n - 1, 1))
    variance = (n + 1 - ties) / (12 * n1 * n0)
    z = (auroc - 0.5) / math.sqrt(variance) if variance > 0 else 0.0
    lower = np.concatenate([[0], np.cumsum(zeros)]), np.concatenate([[0], np.cumsum(ones)])  # of each group, below each threshold
    rises = lower[0] / n0 + (n1 - lower[1]) / n1  # right where the second group lies above; the other way round it is 2 less that
    best = int(np.argmax(np.maximum(rises, 2 - rises)))
    right = int(lower[0][best] + n1 - lower[1][best])
    if rises[best] < 1:
        right = n - right
    return Separation(auroc, math.erfc(abs(z) / math.sqrt(2)), float(max(rises[best], 2 - rises[best])) / 2, right)
