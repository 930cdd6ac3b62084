"""Windows of long sequences, held against plain slices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import dataset_of

from genomics import sequences, split, tiling
from genomics.errors import SettingError


@given(st.lists(st.text("ACGTN", max_size=30), min_size=1, max_size=6), st.integers(1, 12), st.integers(0, 15))
def test_windows_are_slices_and_know_their_sequence(texts, length, step):
    whole = dataset_of([sequences.encode(text) for text in texts], np.arange(len(texts)) % 2, task="binary", classes=("a", "b"))
    wanted = [(n, at) for n, text in enumerate(texts) for at in range(0, len(text) - length + 1, step or length)]
    if not wanted:
        with pytest.raises(SettingError, match=r"No sequence of toy has"):
            tiling.tile(whole, length, step)
        return
    made = tiling.tile(whole, length, step)
    assert [made.sequence(i) for i in range(len(made))] == [texts[n][at : at + length] for n, at in wanted]
    assert list(made.ids) == [f"s{n}:{at + 1}-{at + length}" for n, at in wanted]
    assert made.labels.tolist() == [n % 2 for n, _ in wanted]
    assert [made.group_names[g] for g in made.groups] == [f"s{n}" for n, _ in wanted]
    held = [sum(any(at <= i < at + length for m, at in wanted if m == n) for i in range(len(text))) for n, text in enumerate(texts)]
    assert f"{len(made):,} windows; {1 - sum(held) / sum(map(len, texts)):.1%} of all bases are in none" in made.notes[-1]


def test_a_split_by_group_keeps_windows_of_one_sequence_together():
    rng = np.random.default_rng(0)
    whole = dataset_of([rng.integers(0, 4, 300) for _ in range(30)], np.arange(30) % 2)
    made = tiling.tile(whole, 50, 25)
    parts = split.make(made, "group")
    assert not set(made.groups[parts.train]) & set(made.groups[parts.test])


@pytest.mark.parametrize(("length", "step"), [(-1, 0), (0, 0), (10, -3), (2_000_000, 0)])
def test_windows_that_cannot_be_are_refused(length, step):
    with pytest.raises(SettingError, match=r"is not allowed: both are from 1 to 1,000,000 bases"):
        tiling.tile(dataset_of([np.zeros(30)]), length, step)
