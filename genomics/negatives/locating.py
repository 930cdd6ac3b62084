"""Where sequences stand in a genome: exactly, on either strand, however often."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.io.contigs import Contig
from genomics.kmers import canonical_kmers
from genomics.sequences import UNKNOWN, Codes, chunks, reverse_complement

WORD = 20  # bases; in random sequence of equal bases two places agree once in 10**12
_CHUNK_BASES = 4_000_000

Numbers = NDArray[np.int64]


class Joined(NamedTuple):
    """Contigs as one sequence, with an unknown base behind each.

    Attributes:
        codes: uint8 (total,).
        starts: int64 (contigs,), where each begins.
        lengths: int64 (contigs,).
    """

    codes: Codes
    starts: Numbers
    lengths: Numbers

    def contig_at(self, places: Numbers) -> Numbers:
        """The number of the contig that holds each place: int64 like `places`."""
        return np.searchsorted(self.starts, places, side="right") - 1


class Places(NamedTuple):
    """Where sequences were found.

    Attributes:
        sequence: int64 (m,), which one; several places of one sequence stand apart.
        contig: int64 (m,), on which contig.
        start: int64 (m,), counted from 0.
        end: int64 (m,), the place behind the last base; beyond the contig's length where it crosses the origin of a
            circular contig.
    """

    sequence: Numbers
    contig: Numbers
    start: Numbers
    end: Numbers


def join(contigs: Sequence[Contig], beyond: int = 0) -> Joined:
    """Puts contigs one behind the other; gaps and letters that are no base count as unknown.

    Args:
        contigs: of a genome.
        beyond: how many of its first bases follow a circular contig once more (none that it has not got).
    """
    gap = np.full(1, UNKNOWN, np.uint8)
    parts: list[Codes] = []
    for contig in contigs:
        codes = np.minimum(contig.codes, UNKNOWN)
        parts += [codes, codes[: beyond if contig.circular else 0], gap]
    ends = np.cumsum([len(part) for part in parts], dtype=np.int64)
    lengths = np.array([len(contig.codes) for contig in contigs], np.int64)
    starts = np.concatenate([[0], ends[2:-1:3]]).astype(np.int64)
    return Joined(np.concatenate(parts) if parts else np.zeros(0, np.uint8), starts, lengths)


def find(codes: Codes, offsets: Numbers, contigs: Sequence[Contig]) -> Places:
    """Finds every place of a genome where one of some sequences stands, base by base, on either strand.

    The first word of 20 known bases of each (or the whole of a shorter one) is looked up among the words of the genome,
    and each hit compared in full. An unknown base equals an unknown base only.

    Args:
        codes: uint8 (total,), flat.
        offsets: int64 (n + 1,).
        contigs: of the genome; a circular one is read across its origin.

    Returns:
        The places, by sequence, contig and start. A sequence without a word of known bases is not found anywhere.
    """
    lengths = np.diff(offsets)
    genome = join(contigs, beyond=int(lengths.max(initial=1)) - 1)
    found = [Places(*np.zeros((4, 0), np.int64))]
    for word in np.unique(np.minimum(lengths[lengths > 0], WORD)).tolist():
        members = np.flatnonzero(lengths >= WORD if word == WORD else lengths == word)
        seeds = _first_words(codes, offsets, members, word)
        for hits in _hits(genome.codes, seeds, word):
            found += [_compared(codes, offsets, genome, contigs, hits, word, backwards=strand) for strand in (False, True)]
    places = Places(*np.concatenate(found, axis=1))
    key = places.sequence * len(genome.codes) + genome.starts[places.contig] + places.start
    _, first = np.unique(key, return_index=True)  # a palindrome is found on both strands
    return Places(*(values[first] for values in places))


class _Seeds(NamedTuple):
    """Sorted by number."""

    numbers: NDArray[np.uint64]
    sequence: Numbers
    shift: Numbers  # where in its sequence the word begins


class _Hits(NamedTuple):
    place: Numbers
    sequence: Numbers
    shift: Numbers


def _first_words(codes: Codes, offsets: Numbers, members: Numbers, word: int) -> _Seeds:
    """The first word of known bases of each member that has one."""
    words = canonical_kmers(codes, word)
    place = np.flatnonzero(words.known)
    owner = np.searchsorted(offsets, place, side="right") - 1
    whole = place + word <= offsets[owner + 1]
    owner, first = np.unique(owner[whole], return_index=True)
    place = place[whole][first]
    wanted = np.isin(owner, members)
    owner, place = owner[wanted], place[wanted]
    order = np.argsort(words.numbers[place], kind="stable")
    owner, place = owner[order], place[order]
    return _Seeds(words.numbers[place], owner, place - offsets[owner])


def _hits(genome: Codes, seeds: _Seeds, word: int) -> Iterator[_Hits]:
    """Every place of the genome that has a seed's word on either strand, a stretch at a time."""
    distinct, first, times = np.unique(seeds.numbers, return_index=True, return_counts=True)
    if not len(distinct):
        return
    for begin in range(0, len(genome), _CHUNK_BASES):
        words = canonical_kmers(genome[begin : begin + _CHUNK_BASES + word - 1], word)
        which = np.minimum(np.searchsorted(distinct, words.numbers), len(distinct) - 1)
        place = np.flatnonzero(words.known & (distinct[which] == words.numbers))
        which = which[place]
        for low, high in chunks(np.append(0, np.cumsum(times[which])), _CHUNK_BASES):  # a word of many sequences may stand in many places
            each = times[which[low:high]]
            rank = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
            seed = np.repeat(first[which[low:high]], each) + rank
            yield _Hits(np.repeat(place[low:high] + begin, each), seeds.sequence[seed], seeds.shift[seed])


def _compared(
    codes: Codes, offsets: Numbers, genome: Joined, contigs: Sequence[Contig], hits: _Hits, word: int, *, backwards: bool
) -> Places:
    """The hits that are whole sequences, on one strand."""
    length = np.diff(offsets)[hits.sequence]
    start = hits.place - (length - word - hits.shift if backwards else hits.shift)
    contig = genome.contig_at(hits.place)
    circular = np.array([one.circular for one in contigs], bool)[contig]
    inside = start - genome.starts[contig]
    room = genome.lengths[contig]
    fits = (inside >= 0) & (length <= room) & (inside < room) & (circular | (inside + length <= room))
    sequence, start, length, contig, inside = (values[fits] for values in (hits.sequence, start, length, contig, inside))

    other = reverse_complement(codes) if backwards else codes
    begin = len(codes) - offsets[sequence + 1] if backwards else offsets[sequence]
    same = np.zeros(len(sequence), bool)
    done = np.concatenate([[0], np.cumsum(length)])
    for low, high in chunks(done, _CHUNK_BASES):
        at = np.arange(done[low], done[high]) - np.repeat(done[low:high], length[low:high])
        pairs = genome.codes[np.repeat(start[low:high], length[low:high]) + at] == other[np.repeat(begin[low:high], length[low:high]) + at]
        same[low:high] = np.logical_and.reduceat(pairs, done[low:high] - done[low])
    return Places(sequence[same], contig[same], inside[same], (inside + length)[same])
