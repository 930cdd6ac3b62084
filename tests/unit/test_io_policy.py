"""What is done with odd letters: a plain Python loop as the oracle for every policy, and the policies' own language."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genomics import io, sequences
from genomics.errors import InputError, SettingError
from genomics.io.policy import LETTER_WAYS, WHOLE
from genomics.io.report import take

ODD = {"gap": "-.", "stop": "*", "other": "5!", "iupac": "NR"}
texts = st.lists(st.text("ACGTacgt-*5NR.!", max_size=12), min_size=1, max_size=6)
ways = st.sampled_from([way for way in LETTER_WAYS if way != "refuse"])
policies = st.builds(io.Policy, iupac=ways, gap=ways, stop=ways, other=ways, missing=st.just("drop"))


def texts_of(records: io.Records) -> list[str]:
    return [sequences.decode(records.codes[a:b]) for a, b in itertools.pairwise(records.offsets)]


def fasta(rows: list[str]) -> bytes:
    return "".join(f">s{n}\n{row}\n" for n, row in enumerate(rows)).encode()


def by_hand(rows: list[str], policy: io.Policy) -> list[tuple[str, str]]:
    """One record after the other, one letter after the other."""
    made = []
    for number, row in enumerate(rows):
        kept = [row.upper()]
        dropped = False
        for kind, letters in ODD.items():
            way, pattern = getattr(policy, kind), f"[{re.escape(letters)}]"
            found = any(re.search(pattern, piece) for piece in kept)
            if way == "n":
                kept = [re.sub(pattern, "N", piece) for piece in kept]
            elif way == "remove":
                kept = [re.sub(pattern, "", piece) for piece in kept]
            elif way == "split" and found:
                kept = [part for piece in kept for part in re.split(f"{pattern}+", piece) if part]
            dropped |= way == "drop" and found
        if not dropped:
            several = len(kept) > 1
            made += [(f"s{number}_{n}" if several else f"s{number}", piece) for n, piece in enumerate(kept, start=1) if piece]
    return made


@given(texts, policies)
def test_every_policy_does_what_a_plain_loop_does(rows, policy):
    expected = by_hand(rows, policy)
    read = io.read(fasta(rows), "x.fa")
    if not expected:
        with pytest.raises(InputError, match="every record has a problem"):
            io.clean(*read, policy)
        return
    records, report = io.clean(*read, policy)
    assert list(zip(records.ids, texts_of(records), strict=True)) == expected
    assert (records.codes <= sequences.UNKNOWN).all()
    gone = len(rows) - len({id.partition("_")[0] for id, _ in expected})
    assert [note for note in report.notes if "are left out because of a problem" in note] == (
        [f"{gone:,} of {len(rows):,} records are left out because of a problem."] if gone else []
    )
    if records.lower is not None:
        cased = dict(zip(records.ids, records.lower.tolist(), strict=True))
        assert all(cased[id] == sum(map(str.islower, rows[int(id[1:].partition("_")[0])])) for id in records.ids)


def test_pieces_keep_label_split_group_and_line():
    text = "id,sequence,label,split,group\na,ACNNGT,x,train,g1\nb,GGTT,y,test,g2\n"
    records, report = io.clean(*io.read(text.encode(), "x.csv", group="group"), "iupac=split")
    assert records.ids == ["a_1", "a_2", "b"]
    assert texts_of(records) == ["AC", "GT", "GGTT"]
    assert (records.labels, records.splits, records.groups) == (["x", "x", "y"], ["train", "train", "test"], ["g1", "g1", "g2"])
    assert records.lines.tolist() == [2, 2, 3]
    assert report.notes[-1] == "Records are cut at 2 unknown bases: 2 become 3."


def test_what_is_not_known_any_more_is_not_made_up():
    records, report = io.clean(*io.read(b">a\nacNNGT\n>b\nACGt\n", "x.fa"), "iupac=split")
    assert records.lower is None
    assert report.notes[-1].startswith("How many letters are lower case is not known")
    assert io.clean(*io.read(b">a\nACNNGT\n>b\nACGt\n", "x.fa"), "iupac=split")[0].lower.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("iupac=refuse", r'x.fa, record 1 "a", line 1: it holds unknown bases \(4 in all\). Remove them, or choose iupac=n'),
        ("gap=remove,stop=n", r'record 2 "b", line 4: \'5\' is not a base'),
        ("other=n,stop=n", r'record 3 "c", line 6: \'-\' is not a base but a gap'),
        ("other=n,gap=n", r'record 2 "b", line 3: it holds stops'),  # beside something worse, which names the record's line only
    ],
)
def test_what_is_refused_stops_and_names_its_place(policy, says):
    with pytest.raises(InputError, match=says):
        io.clean(*io.read(b">a\nACN\n>b\nA5*\n>c\nA-T\n", "x.fa"), policy if "iupac" not in policy else f"n,{policy}")


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("refuse", io.Policy()),
        ("n", io.Policy(gap="n", stop="n", other="n", missing="drop")),
        ("drop", io.Policy(gap="drop", stop="drop", other="drop", missing="drop")),
        ("iupac=split,gap=remove", io.Policy(iupac="split", gap="remove")),
        (" n , iupac = drop ", io.Policy(iupac="drop", gap="n", stop="n", other="n", missing="drop")),
    ],
)
def test_policies_are_read_from_text(text, policy):
    assert io.parse_policy(text) == policy


@pytest.mark.parametrize(
    "text", ["", "keep", "gap", "gap=", "gap=keep", "gap:remove", "lower=n", "iupac=split,n", "missing=n", "n,,", "\x1b=n"]
)
def test_what_is_no_policy_is_refused_in_one_printable_line(text):
    with pytest.raises(SettingError, match=r"is no way to treat problems. Ways: ") as refused:
        io.parse_policy(text)
    assert str(refused.value).isprintable()


def test_the_words_are_the_policies_of_before():
    assert set(WHOLE) == {"refuse", "n", "drop"}


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.lists(st.integers(0, 7), max_size=12), st.integers(1, 9))
def test_taking_in_blocks_is_taking(lengths, index, block):
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    codes = np.arange(offsets[-1], dtype=np.uint8)
    picked = np.array([i % len(lengths) for i in index], np.intp)
    records, _ = io.read(fasta(["ACGT"] * len(lengths)), "x.fa", label="-")
    assert take(records, picked).ids == [f"s{i}" for i in picked]
    before = sequences._BLOCK
    sequences._BLOCK = block
    try:
        at = np.concatenate([[0], np.cumsum(np.diff(offsets)[picked])]).astype(np.int64)
        expected = [codes[offsets[i] : offsets[i + 1]] for i in picked]
        assert sequences.gather(codes, offsets[picked], at).tolist() == np.concatenate([codes[:0], *expected]).tolist()
    finally:
        sequences._BLOCK = before
