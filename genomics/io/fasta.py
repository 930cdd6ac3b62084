"""FASTA: `>id description` lines, each followed by any number of sequence lines; `;` lines are comments."""

import re
from typing import NamedTuple

import numpy as np

from genomics.errors import InputError
from genomics.io import headers
from genomics.io.letters import Places
from genomics.io.report import Collector

_CHUNK = 1 << 20
_MARK, _END = ord(">"), ord("\n")


class Located(NamedTuple):
    """Where each of n records lies.

    Attributes:
        raw: the file; comments are blanked, so that line numbers stay true.
        headers: without ">" and outer blanks.
        starts: int64 (n,), the end of the header line, where the sequence begins.
        ends: int64 (n,), where it ends.
        lines: int64 (n,), the line of the header.
    """

    raw: bytes
    headers: list[str]
    starts: Places
    ends: Places
    lines: Places


def locate(data: bytes, collector: Collector) -> Located:
    r"""Finds the records of FASTA text.

    Args:
        data: text with `\n` line ends.
        collector: takes up that there are comments.

    Raises:
        InputError: letters before the first header, or no header.
    """
    if data.startswith(b";") or b"\n;" in data:
        data = re.sub(rb"^;[^\n]*", b"", data, flags=re.MULTILINE)
        collector.notes.append(f"{collector.file}: lines that begin with ; are comments.")
    blank = len(data) - len(data.lstrip())
    first = blank if data.startswith(b">", blank) else data.find(b"\n>") + 1
    if data[:first].strip() or not data.startswith(b">", first):
        raise InputError(
            f'{collector.file}, line 1: there are letters before the first header. Begin each sequence with a line such as ">name".'
        )
    begins, ends, lines = _header_lines(data, first)
    titles = headers.decode([data[begin + 1 : end].strip() for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)])
    return Located(data, titles, ends, np.append(begins[1:], len(data)), lines)


def _header_lines(data: bytes, first: int) -> tuple[Places, Places, Places]:
    """Where each header line begins and ends, and its number: int64 (n,) each. The first begins at `first`."""
    source = np.frombuffer(data, np.uint8)
    begins, ends, lines = [], [], []
    line = 1 + data.count(b"\n", 0, first)
    for at in range(first, len(data), _CHUNK):
        piece = source[at : at + _CHUNK]
        marks = np.flatnonzero(piece == _MARK) + at
        marks = marks[(marks == first) | (source[marks - 1] == _END)]
        breaks = np.flatnonzero(piece == _END) + at
        before = np.searchsorted(breaks, marks)
        begins.append(marks)
        lines.append(before + line)
        line += len(breaks)
        # Only the last header of a piece can go on in the next one.
        beyond = data.find(b"\n", at + len(piece)) if len(marks) else -1
        ends.append(np.append(breaks, len(data) if beyond < 0 else beyond)[before])
    return np.concatenate(begins), np.concatenate(ends), np.concatenate(lines)
