"""Which sequences are the same, and which share long words: on either strand, for sets of any size.

A word of 20 bases takes 40 bits and a record's number the other 24 of one integer, so that sorting integers brings
equal words together. Sets too large for that are taken in shares of the words, one share at a time.
"""

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.errors import SettingError
from genomics.kmers import canonical_kmers, long_words
from genomics.sequences import Codes, chunks, gather, reverse_complement

WORD = 20  # bases; in random sequence of equal bases two places agree once in 10**12
_OWNER_BITS = 24
_MOST_RECORDS = 1 << _OWNER_BITS
_WORDS_AT_ONCE = 48_000_000
_CHUNK_BASES = 200_000  # so that the arrays of a piece stay in the cache of the processor
_ROOM = 1.1  # times an even share of the words
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # odd, so that multiplying by it shuffles the numbers

Groups = NDArray[np.int64]


def same(codes: Codes, offsets: NDArray[np.int64], *, strands: bool = True) -> Groups:
    """Equal numbers for what `digests` finds equal, counted from 0 in order of first appearance: int64 (n,)."""
    return _by_appearance(digests(codes, offsets, strands=strands))


def digests(codes: Codes, offsets: NDArray[np.int64], *, strands: bool = True) -> NDArray[np.uint64]:
    """A number for each sequence that is equal where two sequences are, of one set or of two: uint64 (n,).

    Args:
        codes: uint8 (total,), flat.
        offsets: int64 (n + 1,).
        strands: whether a sequence and its reverse complement are the same.
    """
    keys = np.zeros(len(offsets) - 1, np.uint64)
    for first, last in chunks(offsets, _CHUNK_BASES):
        low, high = int(offsets[first]), int(offsets[last])
        if last - first == 1 and high - low > _CHUNK_BASES:
            keys[first] = _number(_pieces(codes[low:high], strands))
            continue
        forward = np.ascontiguousarray(codes[low:high])
        backward = reverse_complement(forward) if strands else forward
        ahead, behind, total = forward.data, backward.data, high - low
        for number, (start, end) in enumerate(itertools.pairwise((offsets[first : last + 1] - low).tolist()), start=first):
            text = bytes(ahead[start:end])
            if strands:
                text = min(text, bytes(behind[total - end : total - start]))
            keys[number] = _number([text])
    return keys


def _number(pieces: Iterable[bytes]) -> int:
    """A digest of 64 bits: two of a million different sequences have the same once in 37 million sets."""
    digest = hashlib.blake2b(digest_size=8)
    for piece in pieces:
        digest.update(piece)
    return int.from_bytes(digest.digest(), "little")


def _pieces(codes: Codes, strands: bool) -> Iterator[bytes]:
    """A long sequence piece by piece, from the strand that comes first in the alphabet of codes."""

    def piece(start: int, turned: bool) -> bytes:
        end = min(start + _CHUNK_BASES, len(codes))
        return reverse_complement(codes[len(codes) - end : len(codes) - start]).tobytes() if turned else codes[start:end].tobytes()

    starts = range(0, len(codes), _CHUNK_BASES)
    unlike = ((ahead, behind) for at in starts if (ahead := piece(at, False)) != (behind := piece(at, True)))
    ahead, behind = next(unlike, (b"", b"")) if strands else (b"", b"")
    return (piece(start, behind < ahead) for start in starts)


class Compared(NamedTuple):
    """What long words say about a set.

    Attributes:
        families: int64 (n,), counted from 0 in order of first appearance. Sequences that share a word, directly or
            through others, are one family; so are equal ones, even where they are shorter than a word.
        crossing: int64 (n,), how many words of each sequence also stand in a sequence of the other side.
    """

    families: Groups
    crossing: NDArray[np.int64]


def compare(
    codes: Codes,
    offsets: NDArray[np.int64],
    side: NDArray[np.bool_] | None = None,
    repeats: Groups | None = None,
    word: int = WORD,
    tick: Callable[[float], None] = lambda share: None,
) -> Compared:
    """Holds every sequence against every other by exact words on either strand.

    Args:
        codes: uint8 (total,), flat.
        offsets: int64 (n + 1,).
        side: bool (n,), for instance whether a record is in the test part; None: nothing crosses.
        repeats: what `same` gives, where it is known.
        word: length in bases, 4 to 20.
        tick: told the share done, 0 to 1.
    """
    n = len(offsets) - 1
    groups = same(codes, offsets) if repeats is None else repeats
    crossing = np.zeros(n, np.int64)
    pairs = [np.stack([np.arange(n), _first_of(groups)[groups]])]
    for words, owners in _shared(codes, offsets, word, tick):
        fresh = words[1:] != words[:-1]
        pairs.append(_distinct(owners[:-1][~fresh], owners[1:][~fresh], n))
        if side is not None and len(words):
            run = np.concatenate([[0], np.cumsum(fresh)])
            here = side[owners]
            both = (np.bincount(run, here) > 0) & (np.bincount(run, ~here) > 0)
            crossing += np.bincount(owners[both[run]], minlength=n)
    from scipy.sparse import coo_array  # here, because the dashboard's server, which imports this file, needs it hardly ever
    from scipy.sparse.csgraph import connected_components

    left, right = np.concatenate(pairs, axis=1)
    graph = coo_array((np.ones(len(left), bool), (left, right)), shape=(n, n))
    _, found = connected_components(graph, directed=False)
    return Compared(_by_appearance(found), crossing)


def sharing(codes: Codes, offsets: NDArray[np.int64], asked: NDArray[np.intp], others: NDArray[np.intp], length: int) -> NDArray[np.bool_]:
    """Which sequences share one whole stretch with any of the others, on either strand: bool (len(asked),).

    Args:
        codes: uint8 (total,), flat.
        offsets: int64 (n + 1,).
        asked: the sequences that are asked about.
        others: those that they are held against.
        length: of the stretch, 1 to 62 bases. Runs of one base do not count.
    """
    held, owners = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for place, index in enumerate(asked.tolist()):
        words = long_words(codes[offsets[index] : offsets[index + 1]], length)
        numbers = np.unique(words.numbers[words.known])
        held.append(numbers)
        owners.append(np.full(len(numbers), place))
    wanted, which = np.unique(np.concatenate(held), return_inverse=True)
    met = np.zeros(len(wanted), bool)
    if len(wanted):
        part, places = gathered(codes, offsets, others)
        for first, last in chunks(places, _CHUNK_BASES):
            for start in range(int(places[first]), int(places[last]), _CHUNK_BASES):
                end = min(start + _CHUNK_BASES + length - 1, int(places[last]))
                words = long_words(part[start:end], length)
                ends = np.searchsorted(places, np.arange(start, start + len(words.numbers)), side="right")
                numbers = words.numbers[words.known & (np.arange(start, start + len(words.numbers)) + length <= places[ends])]
                at = np.minimum(np.searchsorted(wanted, numbers), len(wanted) - 1)
                met[at[wanted[at] == numbers]] = True
    found = np.zeros(len(asked), bool)
    found[np.concatenate(owners)[met[which]]] = True
    return found


def gathered(codes: Codes, offsets: NDArray[np.int64], index: NDArray[np.intp]) -> tuple[Codes, NDArray[np.int64]]:
    """Some sequences as flat codes and offsets."""
    places = np.concatenate([[0], np.cumsum(np.diff(offsets)[index])]).astype(np.int64)
    return gather(codes, offsets[index], places), places


def chance_of_a_word(codes: Codes, word: int = WORD) -> float:
    """The probability that two random places agree in a word, on either strand, given the bases' shares."""
    share = np.bincount(codes[codes < 4], minlength=4)[:4] / max((codes < 4).sum(), 1)
    return float((share**2).sum() ** word + (share * share[::-1]).sum() ** word)


def _shared(
    codes: Codes, offsets: NDArray[np.int64], word: int, tick: Callable[[float], None]
) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.int64]]]:
    """Words that stand in more than one place, sorted, with the sequence of each: share after share of all words."""
    if not 4 <= word <= WORD:
        raise SettingError(f"word = {word} is not allowed: choose 4 to {WORD} bases.")
    if len(offsets) - 1 > _MOST_RECORDS:
        raise SettingError(f"{len(offsets) - 1:,} sequences are too many to compare with each other; the most is {_MOST_RECORDS:,}.")
    shares = max(1, -(-len(codes) // _WORDS_AT_ONCE))
    for share in range(shares):
        packed = np.empty(int(len(codes) / shares * (1.0 if shares == 1 else _ROOM)) + 1, np.uint64)
        filled = 0
        for first, last in chunks(offsets, _CHUNK_BASES):
            for part in _packed(codes, offsets, first, last, word, share, shares):
                if filled + len(part) > len(packed):  # words are unevenly frequent
                    packed = np.concatenate([packed[:filled], np.empty(len(part) + len(packed) // 4, np.uint64)])
                packed[filled : filled + len(part)] = part
                filled += len(part)
            tick((share + float(offsets[last] / max(offsets[-1], 1))) / shares)
        words = packed[:filled]
        words.sort()
        kept = _repeated(words)
        del packed, words
        yield kept >> np.uint64(_OWNER_BITS), (kept & np.uint64(_MOST_RECORDS - 1)).astype(np.int64)


def _packed(
    codes: Codes, offsets: NDArray[np.int64], first: int, last: int, word: int, share: int, shares: int
) -> Iterator[NDArray[np.uint64]]:
    """Words with their owners, of sequences `first` to `last`; in pieces that overlap where a sequence is very long."""
    low, high = int(offsets[first]), int(offsets[last])
    for start in range(low, high, _CHUNK_BASES):
        end = min(start + _CHUNK_BASES + word - 1, high)
        found = canonical_kmers(codes[start:end], word)
        whole, owners = found.known, np.full(len(found.numbers), first, np.uint64)
        if last - first > 1:  # then all of them lie in this one piece
            owners = np.repeat(np.arange(first, last, dtype=np.uint64), np.diff(offsets[first : last + 1]))
            whole = whole & (owners[: len(whole)] == owners[word - 1 :][: len(whole)])
            owners = owners[: len(whole)]
        if shares > 1:
            whole &= (found.numbers * _SPREAD >> np.uint64(40)) % np.uint64(shares) == share
        yield found.numbers[whole] << np.uint64(_OWNER_BITS) | owners[whole]


def _repeated(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Of sorted packed words those whose word stands more than once; in blocks, to need little memory."""
    repeated = np.zeros(len(words), bool)
    for start in range(0, len(words), _CHUNK_BASES):
        block = words[start : start + _CHUNK_BASES + 1] >> np.uint64(_OWNER_BITS)
        equal = block[1:] == block[:-1]
        repeated[start + 1 : start + len(block)] |= equal
        repeated[start : start + len(block) - 1] |= equal
    return words[repeated]


def _by_appearance(keys: NDArray[np.generic]) -> Groups:
    """Equal keys as equal numbers, counted from 0 in order of first appearance."""
    _, first, owner = np.unique(keys, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return rank[owner]


def _first_of(groups: Groups) -> NDArray[np.int64]:
    """The first member of each group."""
    _, first = np.unique(groups, return_index=True)
    return first


def _distinct(left: NDArray[np.int64], right: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Different pairs of unlike members, (2, pairs)."""
    unlike = left != right
    keys = np.unique(left[unlike] * n + right[unlike])
    return np.stack([keys // max(n, 1), keys % max(n, 1)])
