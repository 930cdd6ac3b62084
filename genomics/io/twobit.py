"""2bit, as genome browsers keep assemblies: four bases a byte, with lists of stretches that are N or lower case.

The format: https://genome.ucsc.edu/FAQ/FAQformat.html#format7
"""

import struct
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.errors import InputError, TooLargeError
from genomics.io.contigs import Contig
from genomics.io.packing import limit
from genomics.io.wording import shorten
from genomics.sequences import UNKNOWN, Codes

_MAGIC = 0x1A412743
_FOUR_BASES = np.array([3, 1, 0, 2], np.uint8)[(np.arange(256)[:, None] >> np.array([6, 4, 2, 0])) & 3]  # T C A G are 0 to 3


class _File(NamedTuple):
    data: bytes
    name: str
    order: str  # of bytes, as `struct` and NumPy write it

    def number(self, at: int, code: str = "I") -> int:
        """One unsigned number; "I" has 4 bytes, "Q" 8."""
        try:
            return int(struct.unpack_from(self.order + code, self.data, at)[0])
        except struct.error:
            raise self.truncated() from None

    def numbers(self, at: int, count: int) -> NDArray[np.int64]:
        """Several numbers of 4 bytes: int64 (count,)."""
        if at + 4 * count > len(self.data):
            raise self.truncated()
        return np.frombuffer(self.data, np.dtype(f"{self.order}u4"), count, at).astype(np.int64)

    def truncated(self) -> InputError:
        return InputError(f"{self.name} is truncated: its 2bit data end too early. Fetch it again.")

    def damaged(self, what: str) -> InputError:
        return InputError(f"{self.name} is damaged: {what}. Fetch it again.")


def read(data: bytes, name: str) -> list[Contig]:
    """Reads every sequence of a 2bit file, with 32 or 64 bit offsets and bytes in either order.

    Raises:
        InputError: truncated, damaged, or no 2bit file.
        TooLargeError: more than `source.limit()` bases.
    """
    order = "<" if data[:4] == _MAGIC.to_bytes(4, "little") else ">"
    file = _File(data, name, order)
    magic, version, count = file.number(0), file.number(4), file.number(8)
    if magic != _MAGIC or version not in (0, 1):
        raise InputError(f"{name} is not a 2bit file of version 0 or 1. Convert it to FASTA, for instance with twoBitToFa.")
    if not count:
        raise InputError(f"{name} is a 2bit file without sequences. Choose one that holds some.")

    places, at, width = [], 16, 4 if version == 0 else 8
    for _ in range(count):
        if at >= len(data):
            raise file.truncated()
        end = at + 1 + data[at]
        places.append((data[at + 1 : end].decode("latin-1"), file.number(end, "I" if width == 4 else "Q")))
        at = end + width
    total = sum(file.number(place) for _, place in places)
    if total > limit():
        raise TooLargeError(f"{name} holds {total:,} bases; the most that is read is {limit():,}. Split it, or raise GENOMICS_MAX_BYTES.")
    return [_contig(file, title, place) for title, place in places]


def _contig(file: _File, title: str, at: int) -> Contig:
    length = file.number(at)
    unknown, at = _blocks(file, at + 4, length, title)
    small, at = _blocks(file, at, length, title)
    packed = np.frombuffer(file.data, np.uint8)[at + 4 : at + 4 + (length + 3) // 4]
    if 4 * len(packed) < length:
        raise file.truncated()
    codes: Codes = _FOUR_BASES[packed].reshape(-1)[:length]
    for start, end in unknown:
        codes[start:end] = UNKNOWN
    lower = np.zeros(length, bool)
    for start, end in small:
        lower[start:end] = True
    return Contig(title, codes, lower=lower)


def _blocks(file: _File, at: int, length: int, title: str) -> tuple[list[list[int]], int]:
    """Stretches [start, end) of one sequence, and where the next thing begins."""
    count = file.number(at)
    starts, sizes = file.numbers(at + 4, count), file.numbers(at + 4 + 4 * count, count)
    ends = starts + sizes
    if count and (ends.max() > length or (starts[1:] < ends[:-1]).any()):
        raise file.damaged(f'the stretches of "{shorten(title)}" overlap or lie outside its {length:,} bases')
    return np.stack([starts, ends], 1).tolist(), at + 4 + 8 * count
