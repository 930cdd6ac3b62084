"""Settings that suit the number and the length of the sequences, as far as all architectures agree on them.

They are starting points for a person, not limits: what is set by hand goes before.
"""

from typing import Any

from genomics import hyper
from genomics.fit import Fit

FEW, MANY = 500, 20_000  # sequences


def differing(config: type, settings: dict[str, Any]) -> dict[str, Any]:
    """Those settings that are not the declared defaults of a config or of `Fit` anyway."""
    usual = {spec.name: spec.default for declared in (Fit, config) for spec in hyper.specs(declared)}
    return {name: value for name, value in settings.items() if value != usual[name]}


def training(records: int) -> dict[str, Any]:
    """Settings of `Fit`: few sequences need small batches and many epochs, many the reverse."""
    if records < FEW:
        return {"batch_size": 16, "epochs": 100, "patience": 20}
    return {"batch_size": 128} if records > MANY else {}


def kernel(size: int, positions: int) -> int:
    """A kernel no wider than a third of what it slides along."""
    return max(1, min(size, positions // 3))


def regions(length: int) -> int:
    """Regions of about 12 bp, 8 to 32: measured, on 400 bp with the place in the middle, 32 do better than 8; on 101, 8 than 32."""
    return max(8, min(32, length // 12))


def pools(positions: int, size: int, rounds: int, most: int, largest: int = 16) -> tuple[int, int]:
    """Rounds and size of pooling that leave at most `most` positions, and at least one.

    Args:
        positions: before the first round.
        size: of each round, if that is enough.
        rounds: likewise.
        most: positions that later layers should read at most.
        largest: size of a round.

    Returns:
        (size, rounds).
    """
    while size**rounds > positions:
        if rounds == 1:
            return max(1, positions), 1
        rounds -= 1
    while positions // size**rounds > most and size < largest:
        size += 1
    return size, rounds
