"""Many texts in little memory."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

MANY = 10_000


class Names(Sequence[str]):
    """An Arrow array of texts that gives plain strings."""

    def __init__(self, texts: "pa.Array | Sequence[str]") -> None:
        self._texts = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.large_string())

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, index: Any) -> Any:
        return self._texts[index].to_pylist() if isinstance(index, slice) else self._texts[int(index)].as_py()

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), MANY):
            yield from self._texts.slice(start, MANY).to_pylist()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def containing(self, part: str) -> NDArray[np.intp]:
        """The places of the texts that hold `part`, in upper or lower case: intp (m,), sorted. A million take 0.1 s."""
        held = pc.match_substring(self._texts, part, ignore_case=True)
        return np.flatnonzero(held.to_numpy(zero_copy_only=False))


def compact(texts: Sequence[str]) -> Sequence[str]:
    """A tuple of few texts, `Names` of many."""
    return tuple(texts) if len(texts) < MANY else Names(texts)
