"""FASTQ: reads with a quality for each base, as Sanger defined it (offset 33); usually four lines each.

The format: Cock et al. 2010, doi:10.1093/nar/gkp1137. Sequence and quality may go over several lines here too, but a file
in which every read has four lines is read whole, without looking at each line.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.errors import InputError, SettingError
from genomics.io import headers
from genomics.io.letters import BLANKS, Places, inside
from genomics.io.report import Collector
from genomics.io.wording import shorten

OFFSET = 33
_HIGHEST = 93
_CHUNK = 1 << 20
_READS = 10_000
_LOWEST_OF_64, _SURELY_64, _HIGHEST_OF_64 = 59, 75, 105  # Solexa's lowest letter; above Illumina's usual 33 + 41; 64 + 41


class Located(NamedTuple):
    """Where each of n reads lies.

    Attributes:
        raw: what sequences are stretches of.
        headers: without "@".
        starts: int64 (n,), where the sequence begins in `raw`: the line end before it, where `raw` is the file.
        ends: int64 (n,), where it ends.
        lengths: int64 (n,), in letters.
        lines: int64 (n,), the line of the header.
        quality: what qualities are stretches of.
        quality_starts: int64 (n,), where the quality of a read begins in `quality`; it has as many letters as the sequence.
        counts: int64 (256,), how often each quality letter occurs.
    """

    raw: bytes
    headers: list[str]
    starts: Places
    ends: Places
    lengths: Places
    lines: Places
    quality: bytes
    quality_starts: Places
    counts: Places


def locate(data: bytes, collector: Collector) -> Located:
    r"""Finds the reads of FASTQ text.

    Args:
        data: text with `\n` line ends.
        collector: for the name of the file.

    Raises:
        InputError: a read that is not whole; the message names it and its line.
    """
    found = _of_four_lines(data) or _of_any_lines(data, collector.file)
    if found.counts[:OFFSET].any() or found.counts[OFFSET + _HIGHEST + 1 :].any():
        raise _strange_letter(found, collector.file)
    return found


def note_quality(found: Located, collector: Collector) -> None:
    """Adds a sentence about the qualities.

    Raises:
        InputError: they were written with offset 64, as before 2011.
    """
    used = np.flatnonzero(found.counts)
    if not len(used):
        return
    if used[0] >= _LOWEST_OF_64 and _SURELY_64 <= used[-1] <= _HIGHEST_OF_64:
        raise InputError(
            f"{collector.file}: the qualities ({chr(used[0])} to {chr(used[-1])}) look as if written with offset 64, as before 2011. "
            "Write them with offset 33, for instance with seqtk seq -VQ64."
        )
    total = found.counts.sum()
    mean = (found.counts * np.arange(256)).sum() / total - OFFSET
    low = found.counts[: OFFSET + 20].sum() / total
    collector.notes.append(
        f"{collector.file}: the mean quality of a base is {mean:.1f}; {low:.1%} of bases are below Q20 "
        f"(from {used[0] - OFFSET} to {used[-1] - OFFSET}, Phred, offset 33)."
    )


def good_enough(found: Located, least: float, collector: Collector) -> Located:
    """The reads that have at least this mean quality; how many have not is noted.

    Args:
        found: all reads.
        least: mean Phred quality over a read, 0 to 93.
        collector: takes up the count.

    Raises:
        SettingError: a quality outside 0 to 93.
        InputError: no read is good enough.
    """
    if not 0 <= least <= _HIGHEST:
        raise SettingError(f"A least mean quality of {least} is not allowed. It is a number from 0 (all reads) to {_HIGHEST}.")
    if not least:
        return found
    means = _sums(found) / np.maximum(found.lengths, 1) - OFFSET
    good = (means >= least) | (found.lengths == 0)  # reads without a sequence are a problem of their own
    if not good.any():
        raise InputError(
            f"{collector.file}: no read has a mean quality of {least:g} or more; the best has {means.max():.1f}. Ask for less."
        )
    left = int((~good).sum())
    collector.notes.append(
        f"{collector.file}: {left:,} of {len(good):,} reads are left out, because their mean quality is below {least:g}."
    )
    arrays = {name: getattr(found, name)[good] for name in ("starts", "ends", "lengths", "lines", "quality_starts")}
    return found._replace(headers=[found.headers[at] for at in np.flatnonzero(good)], **arrays)


def _of_four_lines(data: bytes) -> Located | None:
    """The reads, where each has four lines without blanks; None where one has not."""
    source = np.frombuffer(data.rstrip(BLANKS), np.uint8)
    breaks = np.concatenate([np.flatnonzero(source[at : at + _CHUNK] == ord("\n")) + at for at in range(0, len(source), _CHUNK)])
    if len(breaks) % 4 != 3:
        return None
    begins = np.concatenate([[0], breaks + 1])
    ends = np.append(breaks, len(source))
    at = begins[0::4], begins[2::4]
    if (source[at[0]] != ord("@")).any() or (source[at[1]] != ord("+")).any():
        return None
    sequence, quality = (begins[1::4], ends[1::4]), (begins[3::4], ends[3::4])
    if ((sequence[1] - sequence[0]) != (quality[1] - quality[0])).any() or (sequence[0] == sequence[1]).any():
        return None
    counts = _count(source, *quality)
    if counts[list(BLANKS)].any() or _any_blank(source, *sequence):
        return None
    titles = [data[a + 1 : b].strip() for a, b in zip(at[0].tolist(), ends[0::4].tolist(), strict=True)]
    lines = np.arange(len(titles)) * 4 + 1
    return Located(data, headers.decode(titles), sequence[0] - 1, sequence[1], sequence[1] - sequence[0], lines, data, quality[0], counts)


def _of_any_lines(data: bytes, file: str) -> Located:
    """The reads, line by line: as many quality letters as there are bases, however many lines they take."""
    rows = data.split(b"\n")
    titles: list[bytes] = []
    sequences: list[bytes] = []
    qualities: list[bytes] = []
    lines: list[int] = []
    row = 0

    def wrong(line: int, reason: str, remedy: str) -> InputError:
        title = headers.record_id(headers.decode([titles[-1]])[0], len(titles)) if titles else ""
        place = f'read {len(titles):,} "{shorten(title)}", ' if titles else ""
        return InputError(f"{file}, {place}line {line:,}: {reason} {remedy}")

    while row < len(rows):
        if not rows[row].strip():
            row += 1
            continue
        if not rows[row].startswith(b"@"):
            raise wrong(row + 1, "a header that begins with @ was expected.", "Check that sequence and quality are equally long.")
        titles.append(rows[row][1:].strip())
        lines.append(row + 1)
        row += 1
        parts: list[bytes] = []
        while row < len(rows) and not rows[row].startswith((b"+", b"@")):
            parts.append(rows[row].translate(None, BLANKS))
            row += 1
        if row == len(rows) or rows[row].startswith(b"@"):
            raise wrong(lines[-1], "the read has no line with + and no quality.", "The file is truncated or damaged; fetch it again.")
        row += 1
        sequence = b"".join(parts)
        parts, seen = [], 0
        while row < len(rows) and seen < len(sequence):
            parts.append(rows[row].strip(BLANKS))
            seen += len(parts[-1])
            row += 1
        quality = b"".join(parts)
        if len(quality) != len(sequence):
            cut = row >= len(rows) or not b"".join(rows[row:]).strip()
            raise wrong(
                lines[-1],
                f"{len(sequence):,} bases, but {len(quality):,} quality letters.",
                "The file is truncated; fetch it again." if cut and len(quality) < len(sequence) else "Give each base one quality.",
            )
        sequences.append(sequence)
        qualities.append(quality)
    ends = np.cumsum([len(sequence) for sequence in sequences], dtype=np.int64)
    begins = np.concatenate([[0], ends[:-1]]).astype(np.int64)
    quality = b"".join(qualities)
    counts = _count(np.frombuffer(quality, np.uint8), begins, ends)
    numbers = np.array(lines, np.int64)
    return Located(b"".join(sequences), headers.decode(titles), begins, ends, ends - begins, numbers, quality, begins, counts)


def _count(source: NDArray[np.uint8], begins: Places, ends: Places) -> Places:
    """How often each letter occurs in the stretches: int64 (256,)."""
    counts = np.zeros(256, np.int64)
    for at in range(0, len(source), _CHUNK):
        piece = source[at : at + _CHUNK]
        here = slice(int(np.searchsorted(ends, at, "right")), int(np.searchsorted(begins, at + len(piece))))
        first, last = np.clip(begins[here], at, at + len(piece)) - at, np.clip(ends[here], at, at + len(piece)) - at
        counts += np.bincount(piece[inside(first, last, len(piece))], minlength=256)
    return counts


def _sums(found: Located) -> Places:
    """The sum of each read's quality letters: int64 (n,)."""
    source = np.frombuffer(found.quality, np.uint8)
    sums = np.zeros(len(found.lengths), np.int64)
    for row in range(0, len(sums), _READS):
        begins, lengths = found.quality_starts[row : row + _READS], found.lengths[row : row + _READS]
        low, high = int(begins[0]), int(begins[-1] + lengths[-1])
        kept = source[low:high][inside(begins - low, begins - low + lengths, high - low)]
        filled = lengths > 0  # `reduceat` gives the next letter for an empty stretch
        if len(kept):
            starts = (np.cumsum(lengths) - lengths)[filled]
            sums[row : row + _READS][filled] = np.add.reduceat(kept, starts, dtype=np.int64)
    return sums


def _any_blank(source: NDArray[np.uint8], begins: Places, ends: Places) -> bool:
    """Whether a stretch holds white space."""
    for at in range(0, len(source), _CHUNK):
        piece = source[at : at + _CHUNK]
        low = np.flatnonzero((piece <= max(BLANKS)) & (piece != ord("\n")))
        low = low[np.isin(piece[low], list(BLANKS))] + at
        owners = np.searchsorted(begins, low, "right") - 1
        if (low[owners >= 0] < ends[owners[owners >= 0]]).any():
            return True
    return False


def _strange_letter(found: Located, file: str) -> InputError:
    letters = [letter for letter in np.flatnonzero(found.counts) if not OFFSET <= letter <= OFFSET + _HIGHEST]
    shown = ", ".join(str(letter) for letter in letters[:3])
    return InputError(f"{file}: qualities hold characters that are none (number {shown}); allowed are ! to ~. Fetch the file again.")
