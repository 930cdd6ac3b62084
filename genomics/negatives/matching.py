"""Windows of a genome, each like one of some sequences in length and GC content, none where such a sequence stands."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.errors import InputError
from genomics.io.contigs import Contig
from genomics.io.report import shorten
from genomics.negatives import locating
from genomics.negatives.locating import Numbers
from genomics.sequences import UNKNOWN, Codes, gc_content, reverse_complement

Interval = tuple[int, int, int]  # contig, start (from 0), the place behind the end

_DRAWS = 500_000  # windows looked at in a round
_ROUNDS = 20  # for each tolerance but the last
_TIMES_OVER = 20  # in a round of 20 draws for each start, one start is missed once in e**20
EPSILON = 1e-9  # 0.52 - 0.50 is a little more than 0.02
_MOST_BASES = 2**31 - 1


class Windows(NamedTuple):
    """One window for each wanted one, in their order.

    Attributes:
        contig: int64 (n,).
        start: int64 (n,), on the contig, from 0.
        end: int64 (n,), the place behind the last base.
        backwards: bool (n,), whether it is read from the other strand.
        away: float64 (n,), by how much its GC content differs, as a share.
        codes: uint8 (sum of lengths,), flat.
        places: where the sequences themselves stand.
    """

    contig: Numbers
    start: Numbers
    end: Numbers
    backwards: NDArray[np.bool_]
    away: NDArray[np.float64]
    codes: Codes
    places: locating.Places


def windows(
    codes: Codes,
    offsets: Numbers,
    contigs: Sequence[Contig],
    *,
    times: int,
    avoid: Sequence[Interval],
    tolerances: Sequence[float],
    rng: np.random.Generator,
) -> Windows:
    """Draws `times` windows for each sequence: first one for each, then the second ones, and so on.

    A window is as long as its sequence and holds no more unknown bases. It overlaps no other window, no interval to avoid,
    and no place where any of the sequences stands (exactly, on either strand); it never crosses the origin of a circular
    contig. Its strand is drawn.

    Args:
        codes: uint8 (total,), flat.
        offsets: int64 (n + 1,).
        contigs: the genome.
        times: how many windows for each sequence.
        avoid: intervals that no window may touch.
        tolerances: of the GC content, as shares, ascending: what finds no window within one is sought within the next,
            and beyond the last the nearest of many is taken.
        rng: of the draw.

    Raises:
        InputError: an interval outside its contig, or a genome that is too small or too large.
    """
    _check(codes, offsets, contigs, avoid)

    genome = locating.join(contigs)
    taken = np.zeros(len(genome.codes), bool)
    taken[genome.starts + genome.lengths] = True  # the gaps between contigs
    for number, first, last in avoid:
        taken[genome.starts[number] + first : genome.starts[number] + last] = True
    places = locating.find(codes, offsets, contigs)
    on = np.repeat(places.contig, places.end - places.start)
    taken[genome.starts[on] + bases(places.start, places.end - places.start) % genome.lengths[on]] = True

    lengths = np.tile(np.diff(offsets), times)
    unknown = np.tile(np.diff(np.append(0, np.cumsum(codes >= UNKNOWN))[offsets]), times)
    needed, total, used = int(lengths.sum()), int(genome.lengths.sum()), int(taken.sum()) - len(genome.lengths)
    if needed > total - used:
        raise InputError(
            f"The genome is too small: the negatives need {needed:,} bp, but of its {total:,} bp {used:,} are positives or to be avoided. "
            "Give a larger genome, or ask for fewer negatives."
        )
    drawn = _draw(genome.codes, taken, _Wanted(lengths, np.tile(gc_content(codes, offsets), times), unknown), tolerances, rng)
    if lost := int((drawn.starts < 0).sum()):
        raise InputError(
            f"The genome is too small: {lost:,} of {len(lengths):,} negatives found no place on its {total:,} bp that is free and "
            "has no more unknown bases than their positive. Give a larger genome, or ask for fewer negatives."
        )

    contig = genome.contig_at(drawn.starts)
    start = drawn.starts - genome.starts[contig]
    backwards = rng.random(len(start)) < 0.5
    forward = genome.codes[bases(drawn.starts, lengths)]
    ends = np.cumsum(lengths)
    mirrored = reverse_complement(forward)[bases(ends[-1] - ends, lengths)]
    chosen = np.where(np.repeat(backwards, lengths), mirrored, forward)
    return Windows(contig, start, start + lengths, backwards, drawn.away, chosen, places)


def bases(starts: Numbers, lengths: Numbers) -> Numbers:
    """Every place of some stretches, one stretch after the other: int64 (sum of lengths,)."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(lengths.sum())


class _Wanted(NamedTuple):
    lengths: Numbers
    gc: NDArray[np.float64]  # NaN where any will do
    unknown: Numbers  # at most so many


class _Drawn(NamedTuple):
    starts: Numbers  # -1 where there was no room
    away: NDArray[np.float64]


def _draw(codes: Codes, taken: NDArray[np.bool_], wanted: _Wanted, tolerances: Sequence[float], rng: np.random.Generator) -> _Drawn:
    """Puts windows down where nothing is taken, and takes what they cover.

    For all that have none yet, many windows are drawn at once, and of each the first that fits is put down; of those that
    overlap, the one further left, so that each round puts down one at least.
    """
    gc, holes = _sums((codes == 1) | (codes == 2)), _sums(codes >= UNKNOWN)
    drawn = _Drawn(np.full(len(wanted.lengths), -1, np.int64), np.full(len(wanted.lengths), np.inf))
    pending = np.arange(len(wanted.lengths))
    for tolerance in (*tolerances, np.inf):
        rounds = 0
        while len(pending) and (rounds < _ROUNDS or tolerance == np.inf):
            rounds += 1
            length = wanted.lengths[pending, None]
            draws = min(max(_DRAWS // len(pending), 1), _TIMES_OVER * len(codes))
            start = (rng.random((len(pending), draws)) * (len(codes) - length + 1)).astype(np.int64)
            end = start + length
            full = _sums(taken)
            unknown = holes[end] - holes[start]
            with np.errstate(invalid="ignore"):
                away = np.abs((gc[end] - gc[start]) / (length - unknown) - wanted.gc[pending, None])
            away = np.nan_to_num(away, nan=0.0)
            away[(full[end] != full[start]) | (unknown > wanted.unknown[pending, None])] = np.inf
            best = away.argmin(1) if tolerance == np.inf else (away <= tolerance + EPSILON).argmax(1)
            row = np.arange(len(pending))
            start, away, length = start[row, best], away[row, best], length[:, 0]
            chosen = _apart(np.flatnonzero((away <= tolerance + EPSILON) & (away < np.inf)), start, length)
            if not len(chosen):
                break
            drawn.starts[pending[chosen]], drawn.away[pending[chosen]] = start[chosen], away[chosen]
            taken[bases(start[chosen], length[chosen])] = True
            pending = np.delete(pending, chosen)
    return drawn


def _apart(chosen: NDArray[np.intp], start: Numbers, length: Numbers) -> NDArray[np.intp]:
    """Those of the chosen that begin behind all that lie further left; the leftmost always does."""
    chosen = chosen[np.argsort(start[chosen], kind="stable")]
    reach = np.maximum.accumulate(np.append(0, (start + length)[chosen]))
    return chosen[start[chosen] >= reach[:-1]]


def _sums(where: NDArray[np.bool_]) -> NDArray[np.int32]:
    """How many are true before each place: (total + 1,)."""
    sums = np.zeros(len(where) + 1, np.int32)
    np.cumsum(where, out=sums[1:])
    return sums


def _check(codes: Codes, offsets: Numbers, contigs: Sequence[Contig], avoid: Sequence[Interval]) -> None:
    if not sum(len(contig.codes) for contig in contigs):
        raise InputError("The genome holds no sequence. Give a FASTA, 2bit, GenBank or EMBL file of it.")
    if sum(len(contig.codes) + 1 for contig in contigs) > _MOST_BASES:
        raise InputError(f"The genome has more than {_MOST_BASES:,} bases, which is too much at once. Give some of its chromosomes.")
    longest = max(contigs, key=lambda contig: len(contig.codes))
    if (length := int(np.diff(offsets).max())) > len(longest.codes):
        raise InputError(
            f'The genome is too small: its longest contig "{shorten(longest.name)}" has {len(longest.codes):,} bp, '
            f"and the longest sequence to match {length:,} bp. Give a larger genome, or shorter sequences."
        )
    for number, start, end in avoid:
        if not 0 <= number < len(contigs):
            raise InputError(
                f"An interval to avoid is on contig number {number}, but the genome has {len(contigs):,}, counted from 0. Mend or remove it."
            )
        if not 0 <= start < end <= len(contigs[number].codes):
            raise InputError(
                f'An interval to avoid, {start:,} to {end:,} on "{shorten(contigs[number].name)}", is not inside its '
                f"{len(contigs[number].codes):,} bp (start from 0, before the end). Mend or remove it."
            )
