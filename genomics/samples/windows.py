"""Cutting stretches around a position out of a genome, on either strand."""

from genomics.errors import InputError
from genomics.io.stretches import span
from genomics.sequences import Codes, reverse_complement


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
