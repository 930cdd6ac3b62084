"""Windows of an annotated genome against Biopython's own slices, base by base; negatives by what must hold for them."""

import io as text_io
import warnings
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from Bio import BiopythonParserWarning, SeqIO
from Bio.Seq import Seq
from hypothesis import given
from hypothesis import strategies as st

from genomics import io, sequences
from genomics.errors import InputError, SettingError
from genomics.io.annotation import Annotated, Feature, read
from genomics.io.contigs import Contig
from genomics.io.cutting import inner, windows
from genomics.io.source import load
from genomics.sequences import decode, encode

CHLAMYDIA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "formats" / "ct.gbk.gz"
RNG = np.random.default_rng(7)
GENOME = "".join(RNG.choice(list("ACGT"), 400))


def texts(records):
    return [decode(records.codes[a:b]) for a, b in pairwise(records.offsets)]


def genome(*features, circular=False, second="", lower=None):
    contigs = [Contig("one", encode(GENOME), circular, lower)] + ([Contig("two", encode(second))] if second else [])
    return Annotated(contigs, list(features), ["A note of reading."], "x.gbk")


def gene(start, end, strand=1, name="g", **more):
    return Feature(0, "CDS", name, ((start, end),), strand, **more)


def other(text):
    return str(Seq(text).reverse_complement())


@pytest.mark.parametrize(
    ("feature", "around", "expected", "id"),
    [
        (gene(100, 160), "start", GENOME[95:107], "g_101(+)"),
        (gene(100, 160, -1), "start", other(GENOME[153:165]), "g_160(-)"),
        (gene(100, 160), "end", GENOME[155:167], "g_160(+)"),
        (gene(100, 160, -1), "end", other(GENOME[93:105]), "g_101(-)"),
        (gene(100, 160), "body", GENOME[100:160], "g_101(+)"),
        (gene(100, 160, -1), "body", other(GENOME[100:160]), "g_160(-)"),
        (Feature(0, "CDS", "", ((200, 220), (100, 150)), -1), "body", other(GENOME[100:150] + GENOME[200:220]), "CDS_220(-)"),
        (Feature(0, "CDS", "two words", ((100, 150), (200, 220)), 1), "end", GENOME[215:227], "two_words_220(+)"),
    ],
)
def test_a_window_reads_in_the_features_direction(feature, around, expected, id):
    records, report = windows(genome(feature), around=around, before=5, after=7)
    assert (texts(records), records.ids) == ([expected], [id])
    assert (records.groups, records.labels, records.lower, report.problems) == (None, None, None, [])
    assert report.notes == ["A note of reading.", f"x.gbk: 1 of 1 CDS features are cut ({around})."]


@pytest.mark.parametrize("strand", [1, -1])
@pytest.mark.parametrize(("start", "end"), [(2, 60), (350, 399)])
def test_on_a_circle_windows_go_round_the_origin(start, end, strand):
    round_and_round = genome(gene(start, end, strand), circular=True)
    for around in ("start", "end"):
        records, _ = windows(round_and_round, around=around, before=20, after=20)
        border = start if (around == "start") == (strand == 1) else end
        expected = (GENOME * 3)[400 + border - 20 : 400 + border + 20]
        assert texts(records) == [expected if strand == 1 else other(expected)]


def test_what_leaves_a_contig_opens_or_repeats_is_left_out_and_counted():
    features = [gene(10, 60), gene(100, 160), gene(100, 190), gene(200, 260, partial=True), gene(330, 395, -1)]
    records, report = windows(genome(*features), before=20, after=20)
    assert records.ids == ["g_101(+)"]
    assert report.notes[1:] == [
        "x.gbk: 1 of 5 CDS features are cut (start).",
        "x.gbk: 1 features open beyond what is known; they are left out.",
        "x.gbk: 2 windows leave their contig; they are left out.",
        "x.gbk: 1 features lie at the same place as one before them; each place is cut once.",
    ]
    assert len(windows(genome(*features), around="body")[0]) == 5


def test_contigs_are_groups_where_there_are_several_and_case_is_counted():
    mask = np.arange(400) < 103
    features = [gene(100, 160), Feature(1, "CDS", "h", ((20, 40),), 1)]
    records, _ = windows(genome(*features, second=GENOME[:90], lower=mask), before=5, after=5)
    assert records.groups == ["one", "two"]
    assert records.lower.tolist() == [8, 0]


def test_a_letter_that_is_no_base_is_reported_and_stays_what_it_is():
    codes = encode(GENOME)
    codes[102] = sequences.INVALID
    made = Annotated([Contig("one", codes)], [gene(100, 160, -1), gene(200, 260)], [])
    records, report = windows(made, around="body")
    assert report.counts == {"not_a_base": 1}
    assert records.codes[57] == sequences.INVALID


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": "mRNA"}, r'x.gbk has no features of the kind "mRNA"\. Kinds: CDS \(1\)\.'),
        ({"around": "middle"}, r'around = "middle" is not allowed\. Choose one of start, end, body\.'),
        ({"before": -1}, "before = -1, after = 40: neither may be negative"),
        ({"before": 0, "after": 0}, "a window holds at least one base"),
    ],
)
@pytest.mark.parametrize("cut", [windows, inner])
def test_a_setting_that_is_not_allowed_is_refused(asked, said, cut):
    with pytest.raises(SettingError, match=said):
        cut(genome(gene(100, 160)), **asked)


def test_no_window_left_and_no_inner_bodies():
    with pytest.raises(InputError, match=r"no window is left.*1 windows leave their contig.*Choose another kind, or a smaller window"):
        windows(genome(gene(100, 160)), before=500)
    with pytest.raises(InputError, match=r"no window is left"):
        inner(genome(gene(100, 130)), before=20, after=20)
    with pytest.raises(SettingError, match="inside a body there is no other body"):
        inner(genome(gene(100, 160)), around="body")


@given(st.data())
def test_inner_windows_lie_inside_and_share_no_base_with_others(data):
    count = data.draw(st.integers(1, 6))
    strands = data.draw(st.lists(st.sampled_from([1, -1]), min_size=count, max_size=count))
    lengths = data.draw(st.lists(st.integers(4, 60), min_size=count, max_size=count))
    features = [
        gene(60 * n + 10, min(60 * n + 10 + length, 400), strand, f"g{n}")
        for n, (strand, length) in enumerate(zip(strands, lengths, strict=True))
    ]
    before, after = data.draw(st.integers(0, 6)), data.draw(st.integers(1, 6))
    around = data.draw(st.sampled_from(["start", "end"]))
    positives, _ = windows(genome(*features), around=around, before=before, after=after)
    try:
        records, report = inner(genome(*features), around=around, before=before, after=after, seed=data.draw(st.integers(0, 9)))
    except InputError:
        return

    used = np.zeros(400, bool)
    for id, text in zip(positives.ids + records.ids, texts(positives) + texts(records), strict=True):
        name, position, strand = id.split("_")[0], int(id[:-3].split("_")[-1]) - 1, 1 if id[-2] == "+" else -1
        anchor = position if around == "start" else position + strand
        start = anchor - before if strand == 1 else anchor - after + 1
        end = start + before + after
        assert text == (GENOME[start:end] if strand == 1 else other(GENOME[start:end]))
        if "_inner_" in id:
            (first, last), *_ = features[int(name[1:])].parts
            assert strand == features[int(name[1:])].strand
            assert first <= start < end <= last
            assert not used[start:end].any()
        used[start:end] = True
    assert len(records) <= len(positives)
    assert f"{len(records):,} windows inside" in report.notes[0]


def test_inner_windows_are_as_many_as_there_is_room_for_and_the_seed_decides():
    features = [gene(10, 35, name="short"), gene(60, 400, name="long")]
    first, report = inner(genome(*features), before=10, after=10, seed=1)
    assert [id.split("_")[0] for id in first.ids] == ["long", "long"]
    assert report.notes == ["x.gbk: 2 windows inside 1 CDS features; 1 have no free place for one."]
    assert inner(genome(*features), before=10, after=10, seed=1)[0].ids == first.ids
    assert {tuple(inner(genome(*features), before=10, after=10, seed=seed)[0].ids) for seed in range(5)} != {tuple(first.ids)}


def test_starts_and_inner_windows_join_into_two_classes():
    made = genome(*(gene(40 * n + 10, 40 * n + 50, name=f"g{n}") for n in range(8)))
    records, _ = io.join([windows(made, before=4, after=4), inner(made, before=4, after=4)])
    assert set(Counter(records.labels).values()) == {8}


# A real genome


@pytest.fixture(scope="module")
def chlamydia():
    if not CHLAMYDIA.exists():
        pytest.skip("ct.gbk.gz is not here")
    name, content = load(CHLAMYDIA)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BiopythonParserWarning)
        theirs = SeqIO.read(text_io.StringIO(content.decode()), "genbank")
    return read(content, name), theirs


def test_bodies_are_what_biopython_extracts(chlamydia):
    ours, theirs = chlamydia
    records, _ = windows(ours, around="body")
    expected = [str(feature.extract(theirs.seq)) for feature in theirs.features if feature.type == "CDS"]
    assert texts(records) == expected
    assert len(expected) == 895


@pytest.mark.parametrize("around", ["start", "end"])
def test_windows_are_the_slices_of_biopython(chlamydia, around):
    ours, theirs = chlamydia
    records, _ = windows(ours, around=around, before=60, after=40)
    doubled = theirs.seq + theirs.seq + theirs.seq  # the genome is circular
    expected = []
    for feature in theirs.features:
        location = feature.location
        if feature.type != "CDS" or "<" in str(location) or ">" in str(location):
            continue
        whole = location.parts[0] if around == "start" else location.parts[-1]
        at_start = (around == "start") == (location.strand == 1)
        border = len(theirs.seq) + int(whole.start if at_start else whole.end)
        piece = doubled[border - 60 : border + 40] if location.strand == 1 else doubled[border - 40 : border + 60].reverse_complement()
        expected.append(str(piece))
    assert texts(records) == expected
    assert len(expected) == 893
