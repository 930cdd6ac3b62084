"""Cutting stretches around a position out of a genome, on either strand."""

from genomics.errors import InputError
from genomics.sequences import Codes, reverse_complement


def span(position: int, strand: int, before: int, after: int) -> tuple[int, int]:
    """Where a window lies on the forward strand.

    Args:
        position: the base the window is laid around, counted from 0 on the forward strand.
        strand: 1 or -1, the direction in which "before" and "after" are meant.
        before: bases ahead of `position`, without it.
        after: bases from `position` on, with it.

    Returns:
        Its start and its end, counted from 0; the end is not part of it. Either may lie outside the genome.
    """
    return (position - before, position + after) if strand == 1 else (position - after + 1, position + before + 1)


def window(genome: Codes, position: int, strand: int, before: int, after: int) -> Codes:
    """One window, read in the direction of its strand.

    Args:
        genome: uint8 (length,), the forward strand.
        position: see `span`, as the other arguments.
        strand: 1 or -1.
        before: bases ahead of `position`.
        after: bases from `position` on.

    Returns:
        uint8 (before + after,); `position` is at index `before`.

    Raises:
        InputError: the window reaches beyond an end of the genome.

    Example:
        >>> from genomics.sequences import decode, encode
        >>> decode(window(encode("AACCATGGTT"), 4, 1, before=2, after=3))
        'CCATG'
        >>> decode(window(encode("AACCATGGTT"), 6, -1, before=2, after=3))  # CAT on the other strand
        'CCCAT'
    """
    start, end = span(position, strand, before, after)
    if start < 0 or end > len(genome):
        raise InputError(
            f"A window of {before} + {after} bp at position {position + 1:,} reaches beyond the genome "
            f"(1 to {len(genome):,}). Make it smaller or leave the position out."
        )
    codes = genome[start:end]
    return codes if strand == 1 else reverse_complement(codes)
