"""Sequences in another order that holds every word of k bases exactly as often.

A sequence is a walk over its words of k - 1 bases: each base leads from one word to the next. Every walk that takes the
same steps, in whatever order, is a sequence with the same words of k bases. Such walks are drawn as Altschul and Erickson
(1985) do: first the last step out of every word, which together must be a tree that leads to the last word; then all
other steps in random order.
"""

import numpy as np
from numpy.typing import NDArray

from genomics.errors import SettingError
from genomics.sequences import Codes, chunks

WORD_LENGTHS = (1, 2, 3, 4)

_LETTERS = 5  # the unknown base is a letter of its own
_BLOCK_BASES = 1_000_000
_BLOCK_RECORDS = 8_192
_RANDOM_BITS, _LETTER_BITS = 40, 3  # with 20 bits for a word of one of 8,192 records, 63 in all
_LAST = (1 << _RANDOM_BITS) - 1
_FEW = 100  # sequences

Steps = NDArray[np.int64]  # each one number: (record of the block, word, next letter) in mixed radix


def shuffle(codes: Codes, offsets: NDArray[np.int64], k: int, seed: int) -> Codes:
    """Shuffles each sequence on its own and keeps the count of every word of 1 to k bases.

    Every order that keeps the counts is equally probable, the present one among them. For k above 1 the first and the
    last k - 1 bases stay where they are: no other order keeps the counts of all words.

    Altschul and Erickson 1985, doi 10.1093/oxfordjournals.molbev.a040370. Ours differs in two ways: the tree of last steps
    comes from cycle popping (Propp and Wilson 1998, doi 10.1006/jagm.1997.0917), which ends however repetitive a sequence
    is, where drawing anew until there is a tree may not; and the unknown base is a fifth letter whose words are kept too.

    Args:
        codes: uint8 (total,), flat, values 0 to 4.
        offsets: int64 (n + 1,).
        k: length of the longest words to keep, 1 to 4; 1 is a plain permutation.
        seed: of the draw. Records are taken in blocks that follow from `offsets` alone, each with its own generator.

    Returns:
        uint8 (total,), with the same offsets. Sequences of k bases or fewer come back as they are where k is above 1.

    Raises:
        SettingError: k is not 1, 2, 3 or 4.

    Example:
        >>> codes = sequences.encode("AATAT")
        >>> sequences.decode(shuffle(codes, np.array([0, 5]), k=2, seed=0))
        'ATAAT'
    """
    if k not in WORD_LENGTHS:
        raise SettingError(f"k = {k} is not allowed: shuffling keeps words of 1, 2, 3 or 4 bases.")

    made = np.array(codes, np.uint8)
    for number, (first, last) in enumerate(chunks(offsets, _BLOCK_BASES, _BLOCK_RECORDS)):
        rng = np.random.default_rng([seed, number])
        low, high = int(offsets[first]), int(offsets[last])
        _shuffle_block(made[low:high], offsets[first : last + 1] - low, k, rng)
    return made


def _shuffle_block(codes: Codes, offsets: NDArray[np.int64], k: int, rng: np.random.Generator) -> None:
    """Shuffles in place."""
    lengths = np.diff(offsets)
    places = np.flatnonzero(np.arange(len(codes)) - np.repeat(offsets[:-1], lengths) >= k - 1)  # of the letter that a step adds
    taken = lengths[lengths >= k] - (k - 1)
    if not len(taken):
        return
    records, words = len(taken), _LETTERS ** (k - 1)
    step = np.repeat(np.arange(records), taken)
    for back in range(k - 1, -1, -1):
        step = step * _LETTERS + codes[places - back]

    order = rng.integers(0, _LAST, len(step))  # two out of one word are equal, and then stand by letter, once in 10**12
    if k == 1:
        codes[places] = _by_word(step, order) % _LETTERS
        return
    done = np.cumsum(taken)
    counts = np.bincount(step, minlength=records * words * _LETTERS)
    one_of = np.zeros(len(counts), np.int64)
    one_of[step] = np.arange(len(step))  # steps between the same words are alike: any of them will do
    last = _last_steps(counts.reshape(records, words, _LETTERS), ends=step[done - 1] % words, rng=rng)
    order[one_of[last]] = _LAST
    codes[places] = _walk(_by_word(step, order), step[done - taken] // _LETTERS, taken, words) % _LETTERS


def _by_word(step: Steps, order: NDArray[np.int64]) -> Steps:
    """Steps sorted by record and word, those out of one word by `order`; sorting whole numbers is much faster than an argsort."""
    packed = step // _LETTERS << (_RANDOM_BITS + _LETTER_BITS) | order << _LETTER_BITS | step % _LETTERS
    packed.sort()
    return (packed >> (_RANDOM_BITS + _LETTER_BITS)) * _LETTERS + (packed & ((1 << _LETTER_BITS) - 1))


def _last_steps(counts: NDArray[np.int64], ends: NDArray[np.int64], rng: np.random.Generator) -> Steps:
    """Draws the last step out of every word but the end, so that these steps lead from everywhere to the end.

    Every word draws one of its steps; as long as some of them form cycles, all words on cycles draw anew. What remains is
    a tree, drawn with a probability in proportion to the product of its counts, in whatever order cycles are popped. The
    end can be reached from every word, so each round has a chance to leave a cycle, and the loop ends with probability 1.

    Args:
        counts: int64 (records, words, 5), how often each step is taken.
        ends: int64 (records,), the last word of each.
        rng: of the draw.

    Returns:
        int64 (m,), the steps drawn.
    """
    records, words, _ = counts.shape
    letters = np.arange(_LETTERS)
    counts[:, letters * ((words - 1) // 4), letters] = 0  # from AAA to AAA is never the last step, and drawing it takes time
    ladder = counts.cumsum(2)
    drawn = np.full((records, words), -1, np.int64)
    leads_to = np.repeat(ends[:, None], words, axis=1)
    pending = np.arange(records)
    redraw = ladder[:, :, -1] > 0
    redraw[pending, ends] = False
    while len(pending):
        row, word = np.nonzero(redraw)
        row = pending[row]
        ways = ladder[row, word]
        letter = (rng.integers(0, ways[:, -1])[:, None] >= ways).sum(1)
        drawn[row, word] = (row * words + word) * _LETTERS + letter
        leads_to[row, word] = (word * _LETTERS + letter) % words
        far = leads_to[pending]
        for _ in range((words - 1).bit_length()):  # twice as far each time; at last every word is at the end or on a cycle
            far = np.take_along_axis(far, far, axis=1)
        redraw = np.zeros(far.shape, bool)
        np.put_along_axis(redraw, far, True, axis=1)
        redraw[np.arange(len(pending)), ends[pending]] = False
        still = redraw.any(1)
        pending, redraw = pending[still], redraw[still]
    return drawn[drawn >= 0]


def _walk(step: Steps, begins: NDArray[np.int64], taken: NDArray[np.int64], words: int) -> NDArray[np.uint8]:
    """Leaves every word by its next unused step until none is left.

    Steps of a sequence wait for each other, so all sequences take one at a time together; the longest few go on alone,
    in plain Python, which is faster for fewer than about a hundred.

    Args:
        step: steps sorted by record and word, in the order in which they are to be used.
        begins: int64 (records,), record and word that each sequence begins with.
        taken: int64 (records,), how many steps each takes.
        words: how many there are.

    Returns:
        uint8 (total,), the words reached, in the order of the sequences.
    """
    leads_to = (step % (words * _LETTERS) % words).astype(np.uint8)
    out_of = np.bincount(step // _LETTERS, minlength=len(begins) * words)
    unused = np.cumsum(out_of) - out_of
    reached = np.empty(len(step), np.uint8)

    longest_first = np.argsort(-taken, kind="stable")
    length, word = taken[longest_first], begins[longest_first] % words
    start, base = (np.cumsum(taken) - taken)[longest_first], longest_first * words
    falling = -length
    walked, walking = 0, len(taken)
    while walking >= _FEW:
        at = unused[base[:walking] + word[:walking]]
        unused[base[:walking] + word[:walking]] += 1
        word[:walking] = reached[start[:walking] + walked] = leads_to[at]
        walked += 1
        walking = int(np.searchsorted(falling, -walked))

    targets, path = leads_to.tobytes(), reached.data
    for row in range(walking):
        next_of, now = unused[base[row] : base[row] + words].tolist(), int(word[row])
        for place in range(int(start[row]) + walked, int(start[row] + length[row])):
            step_at = next_of[now]
            next_of[now] = step_at + 1
            path[place] = now = targets[step_at]
    return reached
