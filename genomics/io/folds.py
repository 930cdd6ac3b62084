"""Folds that somebody else has drawn: a small table of record id and fold."""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from genomics.errors import InputError
from genomics.io.source import load
from genomics.io.wording import shorten


def read_folds(source: str | Path | bytes, ids: list[str]) -> NDArray[np.int16]:
    """Reads the fold of each record.

    Args:
        source: a text table, comma, tab or semicolon, plain or packed, with a column "fold" and one that holds the ids
            ("id", "name", or the first).
        ids: of the records, in order.

    Returns:
        int16 (n,), 0 to k - 1 in the order of the folds' names (numbers by value).

    Raises:
        InputError: no fold column, a record without a fold, or fewer than two folds.
    """
    name, data = load(source)
    lines = data.decode("utf-8", "replace").split("\n")
    mark = max("\t,;", key=lines[0].count)
    rows = [row for row in csv.reader(lines, delimiter=mark) if row]
    header = [cell.strip().lower() for cell in rows[0]]
    if "fold" not in header:
        raise InputError(f'{name} has no column "fold" (it has {shorten(", ".join(header))}). Name the columns id and fold.')
    at = header.index("fold")
    key = next((header.index(known) for known in ("id", "name") if known in header), int(at == 0))
    known = {row[key].strip(): row[at].strip() for row in rows[1:] if len(row) > max(at, key)}
    missing = [record for record in ids if not known.get(record)]
    if missing:
        raise InputError(f'{name} gives {len(missing):,} of {len(ids):,} records no fold, for instance "{shorten(missing[0])}". Add them.')
    names = sorted({known[record] for record in ids}, key=lambda text: (not text.isdecimal(), int(text) if text.isdecimal() else 0, text))
    if not 2 <= len(names) <= 1_000:
        raise InputError(f"{name} names {len(names):,} {'fold' if len(names) == 1 else 'folds'} for these records; 2 to 1,000 are allowed.")
    number = {text: index for index, text in enumerate(names)}
    return np.array([number[known[record]] for record in ids], np.int16)
