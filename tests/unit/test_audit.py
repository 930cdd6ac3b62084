"""Planted flaws are found, each under its code with its exact count; clean data raise nothing."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from toys import dataset_of, random_rows

from genomics import audit, sequences
from genomics.audit import letters
from genomics.audit.differences import separation
from genomics.dataset import Dataset
from genomics.samples import planted

N, LENGTH = 400, 80


def clean(seed: int = 0, n: int = N, length: int = LENGTH, classes: int = 2, **more: Any) -> Dataset:
    """Random sequences with labels that mean nothing."""
    return dataset_of(random_rows(n, length, seed), np.arange(n) % classes, **more)


def own_split(n: int = N) -> np.ndarray:
    """Every fifth record is tested, every fifth watched; both classes in each."""
    return np.array([0, 0, 0, 1, 2], np.int8)[np.arange(n) // 2 % 5]


def rows_of(dataset: Dataset) -> list[np.ndarray]:
    return np.split(dataset.codes, dataset.offsets[1:-1])


def found(dataset: Dataset, **how: Any) -> dict[str, audit.Finding]:
    return {finding.code: finding for finding in audit.inspect(dataset, **how).findings}


@pytest.mark.parametrize("seed", range(50))
def test_clean_data_raise_no_alarm(seed):
    n, length, classes = ((200, 41, 2), (500, 100, 3), (1000, 200, 2), (300, 60, 4), (2000, 50, 2))[seed % 5]
    assert found(clean(seed, n, length, classes)) == {}
    assert found(planted.simulate(n, 100, seed), seed=seed) == {}
    assert found(clean(seed, n, length, classes, splits=own_split(n))) == {}


def reverse_complement_leak(count: int) -> Dataset:
    rows, splits = rows_of(clean()), own_split()
    test, train = np.flatnonzero(splits == 2), np.flatnonzero(splits == 0)
    for number in range(count):
        rows[test[2 * number]] = sequences.reverse_complement(rows[train[2 * number]])  # of the same class
    return dataset_of(rows, np.arange(N) % 2, splits=splits)


@pytest.mark.parametrize("count", [1, 7, 30])
def test_a_reverse_complement_leak(count):
    flags = found(reverse_complement_leak(count))
    assert set(flags) == {"leak", "reverse_complement_duplicates"}
    assert (flags["leak"].count, flags["leak"].severity) == (count, "stop")
    assert f"{count:,} of them as the reverse complement" in flags["leak"].message
    assert flags["reverse_complement_duplicates"].count == count
    assert flags["leak"].action == "drop_leaks_from_train"
    assert len(flags["leak"].examples) == min(count, 12)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("count", [1, 5, 40])
def test_a_label_conflict(count, turned):
    base = clean()
    rows = rows_of(base)
    copies = [sequences.reverse_complement(rows[2 * i]) if turned else rows[2 * i] for i in range(count)]
    flags = found(dataset_of([*rows, *copies], [*base.labels, *[1] * count]))
    assert set(flags) == {"label_conflict"}
    assert (flags["label_conflict"].count, flags["label_conflict"].records) == (count, 2 * count)


def test_a_label_conflict_of_numbers_and_of_several_labels():
    rows = rows_of(clean(n=200))
    numbers = np.linspace(0, 1, 200)
    both = dataset_of([*rows, rows[0], rows[1]], targets=[*numbers, 0.9, numbers[1]])
    assert found(both)["label_conflict"].count == 1
    members = np.tile(np.array([[1, 0], [0, 1], [1, 1]], np.uint8), (67, 1))[:200]
    many = dataset_of(
        [*rows, rows[0], rows[1]],
        task="multilabel",
        classes=("a", "b"),
        members=np.concatenate([members, [[1, 1], [0, 1]]]).astype(np.uint8),
    )
    flags = found(many)
    assert (flags["label_conflict"].count, flags["duplicates"].count) == (1, 1)


def test_duplicates_count_the_later_copies_of_a_class():
    base = clean()
    rows = rows_of(base)
    flags = found(dataset_of([*rows, rows[0], rows[0], rows[3]], [*base.labels, 0, 0, 1]))
    assert set(flags) == {"duplicates"}
    assert (flags["duplicates"].count, flags["duplicates"].records) == (3, 5)
    assert flags["duplicates"].examples == ("s400", "s401", "s402")


def test_a_length_shortcut():
    rows = [row[:60] if number % 2 else row for number, row in enumerate(rows_of(clean()))]
    flags = found(dataset_of(rows, np.arange(N) % 2))
    assert set(flags) == {"length_shortcut"}
    assert (flags["length_shortcut"].count, flags["length_shortcut"].severity) == (N, "stop")
    assert '"class 1" (60 bp) from "class 0" (80 bp)' in flags["length_shortcut"].message


def test_a_letter_case_shortcut():
    lower = np.where(np.arange(N) % 2, LENGTH, 0).astype(np.int32)
    flags = found(clean(lower=lower))
    assert set(flags) == {"case_shortcut"}
    assert flags["case_shortcut"].count == N
    mixed = np.random.default_rng(0).integers(0, LENGTH, N).astype(np.int32)
    assert found(clean(lower=mixed)) == {}


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("count", [1, 6, 25])
def test_near_duplicates_across_the_split(count, turned):
    rows, splits = rows_of(clean(3)), own_split()
    test, train = np.flatnonzero(splits == 2), np.flatnonzero(splits == 0)
    for number in range(count):
        piece = rows[train[number]][10:40]
        rows[test[number]][30:60] = sequences.reverse_complement(piece) if turned else piece
    flags = found(dataset_of(rows, np.arange(N) % 2, splits=splits))
    assert set(flags) == {"near_duplicates"}
    assert (flags["near_duplicates"].count, flags["near_duplicates"].action) == (count, "split_by_similarity")


@pytest.mark.parametrize(("letter", "at_least"), [(4, 1), (0, 8)])
def test_padding(letter, at_least):
    rng = np.random.default_rng(4)
    rows, filled = rows_of(clean()), 0
    for number in range(0, N, 8):
        run = int(rng.integers(at_least, 30))
        rows[number][-run:] = letter
        if rows[number][-run - 1] == letter:
            rows[number][-run - 1] = (letter + 1) % 4
        filled += 1
    flags = found(dataset_of(rows, rng.integers(0, 2, N)))
    assert flags["padding"].count == filled == 50
    assert set(flags) <= {"padding", "unknown_bases", "near_duplicates"}


def test_single_unknown_bases_at_the_ends_of_reads_are_no_padding():
    rows = rows_of(clean())
    for number in range(0, N, 4):
        rows[number][0] = 4
    rows[2][:7] = 4
    assert found(dataset_of(rows, np.arange(N) % 2))["padding"].count == 1


def test_an_adapter():
    rows = rows_of(clean())
    adapter = sequences.encode("AGATCGGAAGAGCACA")
    for number in range(0, N, 3):
        rows[number] = np.concatenate([rows[number], adapter])
    rng = np.random.default_rng(1)
    flags = found(dataset_of(rows, rng.integers(0, 2, N)))
    assert (flags["adapter"].count, flags["adapter"].action) == (134, "trim_adapters")
    assert "AGATCGGAAGAGCACA" in flags["adapter"].message


def test_a_gc_shortcut_and_low_complexity_and_unknown_bases():
    rng = np.random.default_rng(0)
    labels = np.arange(N) % 2
    rows = [rng.choice(4, LENGTH, p=[0.2, 0.3, 0.3, 0.2] if label else [0.3, 0.2, 0.2, 0.3]) for label in labels]
    assert found(dataset_of(rows, labels))["gc_shortcut"].severity == "warn"
    rows = rows_of(clean())
    for number in range(9):
        rows[number] = np.tile(np.array([0, 3], np.uint8), LENGTH // 2)[number:]
    rows[20][5], rows[21][7] = 4, 4
    flags = found(dataset_of(rows, labels))
    assert (flags["low_complexity"].count, flags["unknown_bases"].count) == (9, 2)


def test_unknown_bases_that_tell_the_class():
    rows = rows_of(clean())
    for number in range(1, N, 2):
        rows[number][10:20] = 4
    assert found(dataset_of(rows, np.arange(N) % 2))["unknown_shortcut"].count == N


def test_a_position_that_tells_the_class():
    rows = rows_of(clean())
    for number in range(1, N, 2):
        rows[number][40:43] = [0, 3, 2]
    flags = found(dataset_of(rows, np.arange(N) % 2))
    assert set(flags) == {"position_shortcut"}
    assert "A at 41, T at 42, G at 43" in flags["position_shortcut"].message


@pytest.mark.parametrize(
    ("dataset", "code", "count"),
    [
        (lambda: clean(n=60), "too_few", 60),
        (lambda: dataset_of(random_rows(200, 50)), "one_class", 200),
        (lambda: dataset_of(random_rows(400, 50), np.arange(400) % 20 // 19), "imbalance", 20),
        (lambda: dataset_of(random_rows(400, 50), [*np.arange(395) % 2, *[2] * 5]), "tiny_class", 1),
        (lambda: clean(ids=tuple(f"s{n % 390}" for n in range(N))), "repeated_identifiers", 10),
        (lambda: dataset_of(random_rows(400, 50), [*np.arange(398) % 2, 2, 2]), "no_split", 400),
    ],
)
def test_how_many_there_are(dataset: Callable[[], Dataset], code, count):
    assert found(dataset())[code].count == count


def test_a_test_part_of_another_kind():
    rows, splits = rows_of(clean()), own_split()
    for number in np.flatnonzero(splits == 2):
        rows[number][:60][rows[number][:60] == 0] = 2
    assert "GC content" in found(dataset_of(rows, np.arange(N) % 2, splits=splits))["test_unlike_train"].message


def test_numbers_that_go_with_gc():
    rng = np.random.default_rng(0)
    rows = [rng.choice(4, 60, p=[0.5 - g / 2, g / 2, g / 2, 0.5 - g / 2]) for g in np.linspace(0.2, 0.8, 300)]
    assert found(dataset_of(rows, targets=np.linspace(0, 1, 300)))["gc_shortcut"].severity == "warn"
    assert found(dataset_of(random_rows(300, 60), targets=rng.normal(size=300))) == {}


def test_findings_come_worst_first_and_every_code_is_known():
    flags = audit.inspect(reverse_complement_leak(9)).findings
    assert [flag.severity for flag in flags] == sorted((flag.severity for flag in flags), key=audit.SEVERITIES.index)
    assert all(flag.code in audit.CODES for flag in flags)


@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=2, max_size=40).filter(lambda rows: len({b for _, b in rows}) == 2))
def test_separation_is_the_area_under_the_curve_and_the_best_threshold(rows):
    values, second = np.array([float(v) for v, _ in rows]), np.array([b for _, b in rows])
    apart = separation(values, second)
    assert apart.auroc == pytest.approx(roc_auc_score(second, values))
    best = max(
        balanced_accuracy_score(second, guess)
        for threshold in [*np.unique(values), np.inf]
        for guess in (values >= threshold, values < threshold)
    )
    assert apart.balanced == pytest.approx(best)


@given(st.lists(st.text("ACGTN", max_size=12), min_size=1, max_size=6))
def test_runs_and_repetition_are_those_of_a_plain_loop(texts):
    codes, offsets = sequences.flatten([sequences.encode(text) for text in texts])
    for anchor in ("left", "right"):
        runs, first = letters.end_runs(codes, offsets, anchor)
        for number, text in enumerate(texts):
            way = text if anchor == "left" else text[::-1]
            assert runs[number] == len(way) - len(way.lstrip(way[:1])) if way else runs[number] == 0
            assert first[number] == ("ACGTN".index(way[0]) if way else -1)
    scores = letters.repetitive(codes, offsets)
    for number, text in enumerate(texts):
        triplets = [text[i : i + 3] for i in range(len(text) - 2) if "N" not in text[i : i + 3]]
        pairs = [a == b for i, a in enumerate(triplets) for j, b in enumerate(triplets) if i != j]
        assert scores[number] == pytest.approx(np.mean(pairs) if pairs else 0)
