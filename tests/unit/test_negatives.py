"""Negatives made for somebody who has positives only."""

import gzip
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genomics import labelling, negatives, sequences
from genomics.dataset import Dataset, load, save
from genomics.errors import InputError, SettingError
from genomics.io.contigs import Contig
from tests.toys import dataset_of, random_rows

GENOME = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "formats" / "MG1655-K12.fasta.gz"


def promoters(n: int = 40, length: int = 30, **more: Any) -> Dataset:
    return dataset_of(random_rows(n, length), **more)


def of_texts(*texts: str, **more: Any) -> Dataset:
    return dataset_of([sequences.encode(text) for text in texts], **more)


def one_class(dataset: Dataset, name: str = "promoter") -> dict[str, Any]:
    return {"classes": (name,), "labels": np.zeros(len(dataset), np.int32)}


# Shuffled


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_shuffled_negatives_keep_the_words_and_never_equal_their_source(k: int) -> None:
    positives = promoters(length=60)
    made = negatives.shuffled(positives, k)
    assert made.task == "binary"
    assert made.classes == ("shuffled", "positive")
    assert made.counts() == {"shuffled": 40, "positive": 40}
    assert list(made.ids) == [*positives.ids, *(f"{name}_shuffled" for name in positives.ids)]
    for index in range(40):
        before, after = made.sequence(index), made.sequence(40 + index)
        assert before == positives.sequence(index) != after
        for length in range(1, k + 1):
            words = [sorted(text[at : at + length] for at in range(61 - length)) for text in (before, after)]
            assert words[0] == words[1]
    assert f"40, 1 for each, with the same {'bases' if k == 1 else f'words of {k} bases'}" in made.notes[-1]


def test_the_negative_class_comes_first_as_reading_would_order_it() -> None:
    positives = promoters()
    made = negatives.shuffled(dataset_of(random_rows(40, 30), **one_class(positives)))
    assert made.classes == labelling.class_order({"promoter", "shuffled"}) == ("shuffled", "promoter")
    named = negatives.shuffled(dataset_of(random_rows(40, 30), **one_class(positives, "non-coding")))
    assert named.classes == ("shuffled", "non-coding")
    assert named.labels is not None
    assert named.labels.tolist() == [1] * 40 + [0] * 40


def test_a_shuffled_negative_stays_beside_its_source() -> None:
    groups = np.arange(40, dtype=np.int32) % 3
    splits = (np.arange(40) % 3).astype(np.int8)
    lower = np.arange(40, dtype=np.int32) % 20
    positives = promoters(groups=groups, group_names=("a", "b", "c"), splits=splits, lower=lower, notes=("Read.",))
    made = negatives.shuffled(positives, per_positive=2)
    for values, source in ((made.groups, groups), (made.splits, splits), (made.lower, lower)):
        assert values is not None
        assert values.dtype == source.dtype
        assert values.tolist() == [*source, *source, *source]
    assert made.group_names == ("a", "b", "c")
    assert made.notes[0] == "Read."
    assert made.parent == positives.fingerprint


def test_several_negatives_of_one_positive_differ() -> None:
    made = negatives.shuffled(promoters(), per_positive=3)
    assert made.counts() == {"shuffled": 120, "positive": 40}
    assert list(made.ids)[-40::39] == ["s0_shuffled_3", "s39_shuffled_3"]
    assert len({made.sequence(index) for index in range(160)}) == 160


def test_one_class_of_several_gets_negatives_and_the_others_are_left_out() -> None:
    labels = np.arange(40) % 3
    made = negatives.shuffled(promoters(labels=labels), of="class 1")
    assert made.counts() == {"shuffled": 13, "class 1": 13}
    assert 'other than "class 1" left out: 27.' in made.notes[0]


def test_sequences_of_one_order_only_are_left_out_and_counted() -> None:
    made = negatives.shuffled(of_texts("AAAAAAAAAA", "ACGTTGCAACGTAGA", "AC", "NNNN"), per_positive=2)
    assert list(made.ids) == ["s0", "s1", "s2", "s3", "s1_shuffled_1", "s1_shuffled_2"]
    assert "still equal their source after 20 draws: 6." in made.notes[-2]


def test_the_seed_decides() -> None:
    positives = promoters()
    first, again, other = (negatives.shuffled(positives, seed=seed) for seed in (3, 3, 4))
    assert first.fingerprint == again.fingerprint != other.fingerprint


def test_a_dataset_with_negatives_can_be_kept(tmp_path: Path) -> None:
    made = negatives.shuffled(promoters())
    save(made, tmp_path)
    back = load(tmp_path, made.fingerprint)
    assert (back.classes, back.parent, back.remedy, back.notes) == (made.classes, made.parent, "add_shuffled_negatives", made.notes)


# Windows of a genome


def genome(*lengths: int, seed: int = 5, circular: bool = False) -> list[Contig]:
    rng = np.random.default_rng(seed)
    return [Contig(f"chr{number + 1}", rng.integers(0, 4, length).astype(np.uint8), circular) for number, length in enumerate(lengths)]


def cut(contigs: list[Contig], n: int, longest: int, seed: int = 0, **more: Any) -> tuple[Dataset, list[tuple[int, int, int]]]:
    """Positives of unlike lengths from a genome, every second one from the other strand; and where they stand."""
    rng = np.random.default_rng(seed)
    rows, places = [], []
    for number in range(n):
        on = int(rng.integers(len(contigs)))
        length = int(rng.integers(longest // 2, longest + 1))
        start = int(rng.integers(0, len(contigs[on].codes) - length))
        row = contigs[on].codes[start : start + length]
        rows.append(sequences.reverse_complement(row) if number % 2 else row)
        places.append((on, start, start + length))
    return dataset_of(rows, **more), places


def windows_of(made: Dataset, contigs: list[Contig]) -> list[tuple[int, int, int]]:
    """Where the negatives stand, as their names say; checks that the genome holds them there."""
    number = {contig.name: at for at, contig in enumerate(contigs)}
    windows = []
    assert made.labels is not None
    for index in np.flatnonzero(made.labels == 0).tolist():
        name, place = made.ids[index].split(":")
        start, end = map(int, place[:-3].split("-"))
        row = contigs[number[name]].codes[start:end]
        here = sequences.reverse_complement(row) if place.endswith("(-)") else row
        assert made.sequence(index) == sequences.decode(here)
        windows.append((number[name], start, end))
    return windows


def overlap(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


@pytest.mark.parametrize("circular", [False, True])
def test_windows_match_their_positives_and_overlap_nothing(circular: bool) -> None:
    contigs = genome(6_000, 300, 4_000, circular=circular)
    positives, places = cut(contigs, 40, 60)
    avoid = [(0, 1_000, 2_000), (2, 0, 500), (0, 5_999, 6_000)]
    made = negatives.from_genome(positives, contigs, avoid=avoid, per_positive=2)
    assert made.classes == ("background", "positive")
    windows = windows_of(made, contigs)
    assert len(windows) == 80
    assert not any(overlap(*pair) for pair in combinations(windows, 2))
    assert not any(overlap(window, other) for window in windows for other in [*places, *avoid])
    assert made.lengths.tolist() == positives.lengths.tolist() * 3
    gc = sequences.gc_content(made.codes, made.offsets)
    away = np.abs(gc[40:] - np.tile(gc[:40], 2))
    told = [(away <= 0.02 + 1e-9).sum(), (away <= 0.05 + 1e-9).sum(), (away <= 0.1 + 1e-9).sum()]
    assert told[1] > 75
    assert f"{told[0]} within 2, {told[1] - told[0]} within 5, {told[2] - told[1]} within 10 percentage points" in made.notes[-1]
    assert (
        "Positives found in the genome (exactly, on either strand): 40 of 40. Places where they stand, which no negative overlaps: 40."
        in made.notes[0]
    )
    assert {name[-3:] for name in list(made.ids)[40:]} == {"(+)", "(-)"}


def test_gc_is_matched_within_the_tolerance_where_the_genome_allows() -> None:
    contigs = genome(200_000)
    rng = np.random.default_rng(1)
    positives = dataset_of([rng.choice(4, 50, p=[(1 - gc) / 2, gc / 2, gc / 2, (1 - gc) / 2]) for gc in np.linspace(0.35, 0.65, 60)])
    made = negatives.from_genome(positives, contigs, gc_tolerance=0.0)
    gc = sequences.gc_content(made.codes, made.offsets)
    assert np.array_equal(gc[:60], gc[60:])
    assert "60 within 0, 0 within 5, 0 within 10 percentage points of the positive's, 0 further away" in made.notes[-1]


def test_what_finds_no_match_takes_the_nearest_and_is_counted() -> None:
    rich = np.random.default_rng(2).choice([1, 2], 2_000).astype(np.uint8)
    rich[700:720] = 0
    made = negatives.from_genome(of_texts("AT" * 20), [Contig("chr", rich)])
    assert sequences.gc_content(made.codes, made.offsets).tolist() == [0.0, 0.5]
    assert made.notes[-1].endswith("0 within 2, 0 within 5, 0 within 10 percentage points of the positive's, 1 further away.")


def test_a_difference_as_large_as_the_tolerance_is_within_it() -> None:
    period = np.tile([1, 0, 0, 2, 1, 3, 2, 0, 3, 1], 5)
    period[1] = 1  # 26 of 50
    contigs = [Contig("chr", np.tile(period, 20).astype(np.uint8))]
    positives = of_texts("ACGT" * 12 + "AC")
    assert "1 within 2, 0 within 5, 0 within 10 " in negatives.from_genome(positives, contigs).notes[-1]
    assert "GC content: 1 within 20 percentage points of" in negatives.from_genome(positives, contigs, gc_tolerance=0.2).notes[-1]


def test_windows_never_span_two_contigs() -> None:
    contigs = genome(*[40] * 60)
    positives = dataset_of([[4] * 5 + [0, 1, 2, 3] * 6] * 20)
    for _, start, end in windows_of(negatives.from_genome(positives, contigs), contigs):
        assert 0 <= start < end <= 40


def test_every_place_of_a_positive_is_left_alone_also_across_the_origin() -> None:
    contigs = genome(400, circular=True)
    codes = contigs[0].codes
    codes[200:230] = sequences.reverse_complement(np.concatenate([codes[-20:], codes[:10]]))
    positives = dataset_of([np.concatenate([codes[-20:], codes[:10]])])
    for seed in range(30):
        made = negatives.from_genome(positives, contigs, seed=seed, per_positive=4)
        for window in windows_of(made, contigs):
            assert not any(overlap(window, (0, *place)) for place in ((380, 400), (0, 10), (200, 230)))
    assert "1 of 1. Places where they stand, which no negative overlaps: 2." in made.notes[0]


def test_windows_hold_no_more_unknown_bases_than_their_positive() -> None:
    codes = genome(3_000)[0].codes
    codes[::40] = sequences.UNKNOWN
    positives = dataset_of([*random_rows(10, 35), [4] * 5 + [0, 1, 2, 3] * 15])
    made = negatives.from_genome(positives, [Contig("chr", codes)])
    holes = [made.sequence(index).count("N") for index in range(len(made))]
    assert holes[11:21] == [0] * 10
    assert 0 < holes[21] <= 5
    with pytest.raises(InputError, match="10 of 10 negatives found no place on its 3,000 bp that is free and has no more unknown bases"):
        negatives.from_genome(dataset_of(random_rows(10, 60)), [Contig("chr", codes)])


def test_positives_that_are_not_in_the_genome_are_counted() -> None:
    contigs = genome(5_000)
    made = negatives.from_genome(dataset_of([contigs[0].codes[100:150], *random_rows(3, 50)]), contigs)
    assert "either strand): 1 of 4. Places where they stand, which no negative overlaps: 1." in made.notes[0]
    assert made.notes[1].startswith("Positives not found in the genome: 3. A negative may overlap")


def test_negatives_have_their_contig_as_group_and_the_split_of_their_positive() -> None:
    contigs = genome(3_000, 3_000)
    splits = (np.arange(20) % 3).astype(np.int8)
    names = ("chr2", "chrX")
    positives, _ = cut(contigs, 20, 40, groups=np.arange(20, dtype=np.int32) % 2, group_names=names, splits=splits)
    made = negatives.from_genome(positives, contigs)
    assert made.group_names == ("chr2", "chrX", "chr1")
    assert made.groups is not None
    assert made.splits is not None
    assert [made.group_names[group] for group in made.groups[20:]] == [name.split(":")[0] for name in list(made.ids)[20:]]
    assert made.splits.tolist() == [*splits, *splits]
    assert negatives.from_genome(cut(contigs, 20, 40)[0], contigs).groups is None


def test_lower_case_is_counted_where_the_genome_has_case() -> None:
    masked = [contig._replace(lower=np.arange(len(contig.codes)) % 3 == on) for on, contig in enumerate(genome(3_000, 3_000))]
    positives, _ = cut(masked, 20, 40, lower=np.ones(20, np.int32))
    made = negatives.from_genome(positives, masked)
    assert made.lower is not None
    for (on, start, end), count in zip(windows_of(made, masked), made.lower[20:], strict=True):
        assert count == sum(place % 3 == on for place in range(start, end))
    plain = negatives.from_genome(positives, [contig._replace(lower=None) for contig in masked])
    assert plain.lower is None
    assert plain.notes[0].startswith("Which letters were lower case is forgotten")


def test_the_seed_decides_the_windows() -> None:
    contigs = genome(5_000)
    positives, _ = cut(contigs, 10, 40)
    first, again, other = (negatives.from_genome(positives, contigs, seed=seed) for seed in (3, 3, 4))
    assert first.fingerprint == again.fingerprint != other.fingerprint


def test_windows_come_from_everywhere() -> None:
    contigs = genome(20_000, 10_000)
    starts = [start + 20_000 * on for seed in range(20) for on, start, _ in _drawn(contigs, seed)]
    shares = np.histogram(starts, bins=10, range=(0, 30_000))[0] / len(starts)
    assert np.abs(shares - 0.1).max() < 0.025


def _drawn(contigs: list[Contig], seed: int) -> list[tuple[int, int, int]]:
    return windows_of(negatives.from_genome(dataset_of(random_rows(100, 30, seed)), contigs, seed=seed), contigs)


def test_a_tight_genome_is_filled_as_far_as_it_goes() -> None:
    contigs = genome(60)
    made = negatives.from_genome(dataset_of(random_rows(1, 25)), contigs, avoid=[(0, 0, 5), (0, 30, 60)])
    assert windows_of(made, contigs) == [(0, 5, 30)]


@pytest.mark.skipif(not GENOME.is_file(), reason="the genome of E. coli is not here")
def test_a_bacterial_genome_gives_ten_thousand_windows() -> None:
    with gzip.open(GENOME) as file:
        codes = sequences.encode(b"".join(file.read().split(b"\n")[1:]))
    contigs = [Contig("U00096", codes, circular=True)]
    positives, places = cut(contigs, 10_000, 100)
    made = negatives.from_genome(positives, contigs)
    windows = sorted(windows_of(made, contigs))
    assert len(windows) == 10_000
    assert all(one[2] <= other[1] for one, other in pairwise(windows))
    covered = np.zeros(len(codes), bool)
    for _, start, end in places:
        covered[start:end] = True
    assert not any(covered[start:end].any() for _, start, end in windows)
    assert "10,000 within 2," in made.notes[-1]


# Refusals


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: negatives.shuffled(promoters(), k=7), SettingError, "k = 7 is not allowed: shuffling keeps words of 1, 2, 3 or 4 bases"),
        (
            lambda: negatives.shuffled(promoters(), per_positive=0),
            SettingError,
            "0 negatives for each positive are not allowed: choose 1 to 100",
        ),
        (
            lambda: negatives.shuffled(promoters(), of="enhancer"),
            SettingError,
            '"enhancer" is no class of toy. Classes: none, so leave it empty',
        ),
        (
            lambda: negatives.shuffled(promoters(labels=np.arange(40) % 2)),
            SettingError,
            r'toy has several classes \("class 0", "class 1"\). Say which one',
        ),
        (
            lambda: negatives.shuffled(promoters(labels=np.arange(40) % 2), of="x" * 99),
            SettingError,
            r'"x{57}\.\.\." is no class of toy. Classes: "class 0"',
        ),
        (
            lambda: negatives.shuffled(negatives.shuffled(promoters()), of="shuffled"),
            SettingError,
            'The class "shuffled" cannot have negatives of the same name',
        ),
        (
            lambda: negatives.shuffled(promoters(targets=np.ones(40))),
            InputError,
            "toy is a regression set, which has no class of positives",
        ),
        (lambda: negatives.shuffled(dataset_of([])), InputError, "toy holds no sequence to make negatives of"),
        (
            lambda: negatives.shuffled(of_texts("AAAA", "CCC")),
            InputError,
            "toy: no sequence has another order with the same words of 2 bases",
        ),
        (
            lambda: negatives.shuffled(of_texts("ACGT", classes=("a", "b"), labels=np.zeros(1, np.int32)), of="b"),
            InputError,
            'The class "b" of toy has no member',
        ),
        (
            lambda: negatives.from_genome(promoters(), genome(9_000), gc_tolerance=2),
            SettingError,
            "A GC tolerance of 2 is not allowed: choose a share",
        ),
        (lambda: negatives.from_genome(promoters(), []), InputError, "The genome holds no sequence"),
        (lambda: negatives.from_genome(promoters(), genome(0)), InputError, "The genome holds no sequence"),
        (
            lambda: negatives.from_genome(promoters(), genome(20, 25)),
            InputError,
            'its longest contig "chr2" has 25 bp, and the longest sequence to match 30 bp',
        ),
        (
            lambda: negatives.from_genome(promoters(), genome(1_000)),
            InputError,
            "the negatives need 1,200 bp, but of its 1,000 bp 0 are positives",
        ),
        (
            lambda: negatives.from_genome(promoters(), genome(1_210)),
            InputError,
            r"too small: \d+ of 40 negatives found no place on its 1,210 bp",
        ),
        (
            lambda: negatives.from_genome(promoters(), genome(9_000), avoid=[(0, 0, 8_000)]),
            InputError,
            "need 1,200 bp, but of its 9,000 bp 8,000 are positives or to be avoided",
        ),
        (
            lambda: negatives.from_genome(promoters(), genome(9_000), avoid=[(1, 0, 5)]),
            InputError,
            "on contig number 1, but the genome has 1, counted from 0",
        ),
        (
            lambda: negatives.from_genome(promoters(), genome(9_000), avoid=[(0, 8_990, 9_001)]),
            InputError,
            '8,990 to 9,001 on "chr1", is not inside its 9,000 bp',
        ),
    ],
)
def test_refusals_say_what_is_allowed(call: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        call()
