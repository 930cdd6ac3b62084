"""The numbers behind the pictures of a dataset, each held against a naive count or another library's answer."""

import random

import numpy as np
import pytest
import scipy.stats
from Bio.Seq import Seq
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from genomics import kmers, portrait, sequences
from genomics.dataset import Dataset, Names
from genomics.errors import InputError
from genomics.portrait import enrichment, keeping, positions, rows, sample, spread
from genomics.split import Split

EVERY_TASK = ("binary", "multiclass", "multilabel", "regression", "unlabelled", "one class")


def dataset_of(texts: list[str], task: str = "unlabelled", **fields) -> Dataset:
    codes, offsets = sequences.flatten([sequences.encode(text) for text in texts])
    ids = fields.pop("ids", tuple(f"s{n}" for n in range(len(texts))))
    return Dataset(name="toy", ids=ids, codes=codes, offsets=offsets, task=task, **fields)


def texts_of(count: int, seed: int = 0, shortest: int = 0, longest: int = 40, letters: str = "ACGTN") -> list[str]:
    """Random sequences, of which every fifth is there again, from the other strand."""
    rng = random.Random(seed)
    texts = ["".join(rng.choices(letters, [8, 4, 3, 6, 1][: len(letters)], k=rng.randint(shortest, longest))) for _ in range(count)]
    for at in range(0, count - 1, 5):
        texts[at + 1] = str(Seq(texts[at]).reverse_complement())
    return texts


def toy(task: str, count: int = 60, seed: int = 0, **fields) -> Dataset:
    rng = np.random.default_rng(seed)
    texts = texts_of(count, seed)
    classes = {"binary": 2, "multiclass": 4, "one class": 1}.get(task)
    if classes:
        labels = np.sort(rng.integers(0, classes, count)).astype(np.int32)
        kind = "unlabelled" if classes == 1 else task
        return dataset_of(texts, kind, classes=tuple(f"class {n}" for n in range(classes)), labels=labels, **fields)
    if task == "multilabel":
        members = (rng.random((count, 3)) < 0.4).astype(np.uint8)
        return dataset_of(texts, task, classes=("a", "b", "c"), members=members, **fields)
    if task == "regression":
        return dataset_of(texts, task, targets=rng.normal(size=count).astype(np.float32), **fields)
    return dataset_of(texts, **fields)


def thirds(count: int) -> Split:
    return Split(*(np.arange(count)[start::4] for start in range(3)), "random", ())


def members_of(data: Dataset) -> list[list[int]]:
    """For each row the records that count for it, one by one."""
    if data.members is not None:
        return [[i for i in range(len(data)) if data.members[i, row]] for row in range(len(data.classes))]
    if data.labels is None:
        return [list(range(len(data)))]
    return [[i for i in range(len(data)) if data.labels[i] == row] for row in range(len(data.classes))]


def words_in(text: str, k: int) -> list[str]:
    found = [text[at : at + k] for at in range(len(text) - k + 1)]
    return [min(word, str(Seq(word).reverse_complement())) for word in found if "N" not in word]


# Lengths and GC content


@pytest.mark.parametrize("task", EVERY_TASK)
def test_histograms_are_those_of_numpy(task):
    data = toy(task)
    drawn = portrait.draw(data, None)
    texts = [data.sequence(i) for i in range(len(data))]
    known = [[letter for letter in text if letter != "N"] for text in texts]
    gc = [np.mean([letter in "GC" for letter in letters]) if letters else np.nan for letters in known]
    assert np.isnan(gc).any()  # the toy has a sequence without known bases
    for found, values in ((drawn.lengths, [len(text) for text in texts]), (drawn.gc, gc)):
        for row, index in enumerate(members_of(data)):
            here = np.array([values[i] for i in index], float)
            finite = here[np.isfinite(here)]
            np.testing.assert_array_equal(found.counts[row], np.histogram(finite, found.edges)[0])
            assert found.counts[row].sum() == len(finite)
            np.testing.assert_allclose(found.quantiles[row], np.quantile(finite, spread.QUANTILES))
            assert found.without[row] == len(here) - len(finite)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=80))
def test_every_length_is_in_a_bin_and_bins_are_equally_wide(lengths):
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    found = spread.of_lengths(offsets, rows.Rows(("all",), np.zeros(len(lengths), np.int32)))
    assert found.counts.sum() == len(lengths)
    assert found.counts.shape[1] == len(found.edges) - 1 <= 60
    if not found.log:
        assert len(set(np.diff(found.edges).tolist())) == 1
    np.testing.assert_array_equal(found.counts[0], np.histogram(lengths, found.edges)[0])


def test_very_unlike_lengths_have_bins_of_equal_ratio():
    found = spread.of_lengths(np.cumsum([0, 10, 100, 1_000, 100_000]), rows.Rows(("all",), np.zeros(4, np.int32)))
    assert found.log
    assert found.counts.sum() == 4
    assert len(found.edges) < 62
    assert (found.edges[0], found.edges[-1]) == (9.5, 100_000.5)


@pytest.mark.parametrize("length", [1, 7, 41, 99, 200, 1000])
def test_each_bin_of_gc_holds_equally_many_of_the_contents_that_can_be(length):
    data = dataset_of(["G" * gc + "A" * (length - gc) for gc in range(length + 1)])
    counts = portrait.draw(data, None).gc.counts[0]
    assert counts.sum() == length + 1
    assert len(counts) <= 102
    held = counts[: int(np.flatnonzero(counts)[-1])]
    assert len(set(held.tolist())) <= 1


# Positions


@pytest.mark.parametrize("task", EVERY_TASK)
def test_position_frequencies_are_counted_one_by_one(task, monkeypatch):
    monkeypatch.setattr(sample, "_BASES", 100)  # several batches
    data = toy(task)
    found = portrait.draw(data, None).positions
    longest = int(data.lengths.max())
    for row, index in enumerate(members_of(data)):
        assert found.looked_at[row] == len(index)
        texts = [data.sequence(i) for i in index]
        padded = {"left": [text.ljust(longest, "-") for text in texts], "right": [text.rjust(longest, "-") for text in texts]}
        for side, lined in padded.items():
            shares, known = getattr(found, side), getattr(found, f"{side}_known")
            for at in range(longest):
                column = [text[at] for text in lined if text[at] in "ACGT"]
                assert known[row, at] == len(column)
                expected = [column.count(base) / len(column) if column else 0 for base in "ACGT"]
                np.testing.assert_allclose(shares[row, at], expected, rtol=1e-6)


def test_positions_from_the_right_only_where_lengths_differ_and_at_most_1000():
    even = portrait.draw(dataset_of(["ACGT", "ACGA"]), None).positions
    assert (even.left.shape, even.right.shape) == ((1, 4, 4), (1, 0, 4))
    long = portrait.draw(dataset_of(["C" * 1200 + "A", "C" * 1100 + "T"]), None).positions
    assert long.left.shape == long.right.shape == (1, 1000, 4)
    assert long.left[0, -1].tolist() == [0, 1, 0, 0]
    assert long.right[0, -1].tolist() == [0.5, 0, 0, 0.5]


def test_of_large_rows_a_sample_is_looked_at(monkeypatch):
    monkeypatch.setattr(positions, "_OF_A_ROW", 10)
    data = toy("binary", 100)
    drawn = portrait.draw(data, None, seed=1)
    assert drawn.positions.looked_at.tolist() == [10, 10]
    np.testing.assert_array_equal(drawn.positions.left, portrait.draw(data, None, seed=1).positions.left)
    assert (drawn.positions.left != portrait.draw(data, None, seed=2).positions.left).any()


# Words


@pytest.mark.parametrize("k", [1, 2, 3, 4, 6])
def test_canonical_words_are_those_of_both_strands(k):
    words = kmers.both_strands(k)
    assert len(words.names) == {1: 2, 2: 10, 3: 32, 4: 136, 6: 2080}[k]
    assert list(words.names) == sorted(words.names)
    codes = sequences.encode("".join(random.Random(k).choices("ACGT", k=200)))
    named = [words.names[words.place[number]] for number in kmers.kmer_indices(codes, k)]
    assert named == words_in(sequences.decode(codes), k)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("task", ["binary", "multiclass", "multilabel"])
def test_enrichment_is_counted_one_by_one_and_tested_as_by_scipy(task, large, monkeypatch):
    monkeypatch.setattr(sample, "_BASES", 100)
    monkeypatch.setattr(enrichment, "_LARGE", 0 if large else 200_000)
    data = toy(task)
    found = portrait.draw(data, None).words
    k = 6 if large else 4
    assert (found.rows, found.kind, found.words) == (data.classes, "ratio", kmers.both_strands(k).names)
    assert found.records == len(data)
    holds = [set(words_in(data.sequence(i), k)) for i in range(len(data))]
    assert found.holders.tolist() == [sum(word in words for words in holds) for word in found.words]
    for row, index in enumerate(members_of(data)):
        others = sorted(set(range(len(data))) - set(index))
        a = np.array([sum(word in holds[i] for i in index) for word in found.words])
        b = np.array([sum(word in holds[i] for i in others) for word in found.words])
        assert found.looked_at[row] == len(index)
        np.testing.assert_array_equal(found.held[row], a)
        ratio = np.log2((a + 0.5) / (len(index) + 1) / ((b + 0.5) / (len(others) + 1)))
        np.testing.assert_allclose(found.effect[row], ratio, rtol=1e-5, atol=1e-6)
        expected = [proportions(x, len(index), y, len(others)) for x, y in zip(a, b, strict=True)]
        np.testing.assert_allclose(found.p[row], expected, rtol=1e-9)
        np.testing.assert_allclose(found.q[row], benjamini_hochberg(np.array(expected)), rtol=1e-9)


def benjamini_hochberg(p: np.ndarray) -> list[float]:
    """The least share of false discoveries at which each is one, from the definition."""
    shares = p * len(p) / np.searchsorted(np.sort(p), p, side="right")
    return [min(1.0, shares[p >= one].min()) for one in p]


def proportions(x: int, of_x: int, y: int, of_y: int) -> float:
    if x + y in (0, of_x + of_y):
        return 1.0
    return scipy.stats.chi2_contingency([[x, of_x - x], [y, of_y - y]], correction=False).pvalue


@pytest.mark.parametrize("several", [False, True])
def test_with_numbers_it_is_the_correlation(several):
    data = toy("regression")
    if several:
        targets = np.random.default_rng(1).normal(5, 3, (len(data), 2)).astype(np.float32)
        targets[:, 1] = 7
        data = dataset_of([data.sequence(i) for i in range(len(data))], "regression", targets=targets, target_names=("x", "y"))
    found = portrait.draw(data, None).words
    assert found.rows == (("x", "y") if several else ("number",))
    assert (found.kind, found.held.shape) == ("correlation", (0, 136))
    target = data.targets[:, 0] if several else data.targets
    for at, word in enumerate(found.words):
        holds = np.array([word in words_in(data.sequence(i), 4) for i in range(len(data))], float)
        r = np.corrcoef(holds, target)[0, 1] if 0 < holds.sum() < len(data) else 0
        assert found.effect[0, at] == pytest.approx(r, abs=1e-6)
        assert found.p[0, at] == pytest.approx(2 * scipy.stats.norm.sf(abs(r) * np.sqrt(len(data))), rel=1e-4)
    if several:  # a number that is the same everywhere goes with nothing
        assert set(found.p[1]) == {1.0}


def test_a_planted_word_is_the_surest_on_either_strand():
    rng = random.Random(0)
    site, other = "GATTACCA", str(Seq("GATTACCA").reverse_complement())
    texts = ["".join(rng.choices("ACGT", k=60)) for _ in range(400)]
    texts[200:] = [text[:20] + rng.choice([site, other]) + text[20:] for text in texts[200:]]
    data = dataset_of(texts, "binary", classes=("no", "yes"), labels=np.repeat([0, 1], 200).astype(np.int32))
    found = portrait.draw(data, None).words
    surest = found.words[int(found.q[1].argmin())]
    assert surest in words_in(site, 4)
    assert found.effect[1].max() > 0.5
    np.testing.assert_allclose(found.effect[0], -found.effect[1], rtol=1e-5)
    np.testing.assert_allclose(found.p[0], found.p[1])


def test_classes_are_looked_at_evenly_and_long_records_in_part(monkeypatch):
    monkeypatch.setattr(enrichment, "_RECORDS", 20)
    monkeypatch.setattr(enrichment, "_LONGEST", 4)
    data = dataset_of(
        ["AAAAGGGG"] * 90 + ["CCCCTTTT"] * 10, "binary", classes=("a", "b"), labels=np.repeat([0, 1], [90, 10]).astype(np.int32)
    )
    found = portrait.draw(data, None).words
    assert found.looked_at.tolist() == [10, 10]
    assert {word for word, count in zip(found.words, found.holders, strict=True) if count} == {"AAAA", "CCCC"}


# The map


@pytest.mark.parametrize("task", EVERY_TASK)
def test_the_map_is_that_of_scikit_learn_up_to_sign(task):
    data = toy(task)
    found = portrait.draw(data, thirds(len(data))).atlas
    profiles = []
    for i in range(len(data)):
        words = words_in(data.sequence(i), 4)
        profiles.append([words.count(word) / max(len(words), 1) for word in kmers.both_strands(4).names])
    table = np.array(profiles)
    known = np.flatnonzero(table.any(1))
    assert 0 < found.wordless == len(data) - len(known)
    np.testing.assert_array_equal(found.record, known)
    oracle = PCA(2, svd_solver="full").fit(table[known])
    np.testing.assert_allclose(found.explained, oracle.explained_variance_ratio_, rtol=1e-5)
    expected = oracle.transform(table[known])
    for axis in range(2):
        weights = oracle.components_[axis]
        sign = np.sign(weights[np.abs(weights).argmax()])
        np.testing.assert_allclose(found.place[:, axis], sign * expected[:, axis], atol=1e-5)
    assert found.part.tolist() == [(0, 1, 2, -1)[i % 4] for i in known]
    by_row = members_of(data)
    for record, row in zip(found.record.tolist(), found.row.tolist(), strict=True):
        held = [number for number, index in enumerate(by_row) if record in index] if data.classes else []
        assert row == (held[0] if held else -1)


def test_the_map_takes_at_most_3000_evenly_over_classes_and_parts():
    labels = np.repeat([0, 1], [5000, 500]).astype(np.int32)
    data = dataset_of(["ACGTACG"] * 5500, "binary", classes=("a", "b"), labels=labels)
    data.__dict__.update(repeats=np.zeros(5500, np.int64), families=np.zeros(5500, np.int64))
    rest = np.arange(5500)
    found = portrait.draw(data, Split(rest[::2], rest[1::4], rest[3::4], "random", ())).atlas
    assert np.bincount(found.row).tolist() == [2499, 500]  # 833 of each part of the large class, all of the small one
    assert np.bincount(found.part[found.row == 0]).tolist() == [833, 833, 833]
    assert found.explained.tolist() == [0, 0]  # all alike
    assert not found.place.any()


# Repeats, families, division


@pytest.mark.parametrize("task", EVERY_TASK)
def test_groups_of_equal_sequences_are_counted_one_by_one(task):
    data = toy(task, 100)
    found = portrait.draw(data, thirds(100)).repeats
    texts = [data.sequence(i) for i in range(100)]
    copies: dict[str, list[int]] = {}
    for i, text in enumerate(texts):
        copies.setdefault(min(text, str(Seq(text).reverse_complement())), []).append(i)
    groups = sorted((index for index in copies.values() if len(index) > 1), key=lambda index: -len(index))
    assert (found.repeated, found.copies) == (len(groups), sum(map(len, groups)))
    assert found.sizes.tolist() == [len(index) for index in groups[:30]]
    by_row = members_of(data)
    for rank, index in enumerate(groups[:30]):
        assert found.records[rank].tolist() == (index + [-1] * 20)[:20]
        assert found.by_part[rank].tolist() == [sum(i % 4 == part for i in index) for part in range(4)]
        assert found.by_class[rank].tolist() == [len(set(index) & set(row)) for row in by_row]


def test_families_are_counted_by_size():
    data = toy("binary", 60)
    data.__dict__["families"] = np.array([0] * 25 + [1] * 5 + [2] * 5 + list(range(3, 28)))
    found = portrait.draw(data, thirds(60)).repeats
    assert dict(zip(found.family_sizes.tolist(), found.families.tolist(), strict=True)) == {1: 25, 5: 2, 25: 1}
    assert (found.largest.tolist(), found.largest_record.tolist()) == ([25, 5, 5], [0, 25, 30])
    np.testing.assert_array_equal(found.largest_by_class.sum(1), found.largest)
    assert found.largest_by_class[0].tolist() == np.bincount(data.labels[:25], minlength=2).tolist()
    assert found.largest_by_part[1].tolist() == [sum(i % 4 == part for i in range(25, 30)) for part in range(4)]


@pytest.mark.parametrize("task", EVERY_TASK)
def test_the_division_is_counted_one_by_one(task):
    groups = np.random.default_rng(3).integers(0, 50, 120).astype(np.int32)
    names = tuple(f"chromosome {n}" for n in range(60))
    data = toy(task, 120, groups=groups, group_names=names)
    found = portrait.draw(data, thirds(120)).division
    assert found.records.tolist() == [30] * 4
    assert found.bases.tolist() == [int(data.lengths[part::4].sum()) for part in range(4)]
    by_row = members_of(data)
    assert found.by_class.tolist() == [[sum(i % 4 == part for i in row) for row in by_row] for part in range(4)]
    assert (len(found.groups), found.groups_in_all) == (40, len(set(groups.tolist())))
    for name, counts in zip(found.groups, found.by_group.tolist(), strict=True):
        inside = np.flatnonzero(groups == names.index(name))
        assert counts == [sum(i % 4 == part for i in inside) for part in range(4)]
    assert (np.diff(found.by_group.sum(1)) <= 0).all()


def test_without_a_split_all_are_in_no_part():
    data = toy("binary")
    drawn = portrait.draw(data, None)
    assert drawn.division.records.tolist() == [0, 0, 0, len(data)]
    assert drawn.division.groups == ()
    assert set(drawn.atlas.part.tolist()) == {-1}


# Rows and samples


def test_of_many_classes_the_largest_have_rows():
    labels = np.concatenate([np.arange(120), np.arange(60, 110)]).astype(np.int32)
    data = dataset_of(["ACGTT"] * 170, "multiclass", classes=tuple(f"{n}" for n in range(120)), labels=labels)
    table = rows.of(data)
    assert table.names == (*(f"{n}" for n in range(60, 110)), "70 other classes")
    assert np.bincount(table.number).tolist() == [2] * 50 + [70]
    members = np.zeros((170, 120), np.uint8)
    members[np.arange(170), labels] = 1
    members[0, 119] = 1
    several = rows.of(dataset_of(["ACGTT"] * 170, "multilabel", classes=data.classes, members=members))
    assert several.names == table.names
    np.testing.assert_array_equal([several.holds(row).sum() for row in range(51)], np.bincount(table.number))
    np.testing.assert_array_equal(several.number, table.number)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=12), st.integers(1, 300))
def test_the_level_fills_up_to_what_is_allowed(sizes, most):
    found = sample.level(np.array(sizes), most)
    taken = sum(min(size, found) for size in sizes)
    assert taken <= max(most, len(sizes))
    assert found >= max(sizes) or found == 1 or sum(min(size, found + 1) for size in sizes) > most


@given(st.lists(st.integers(-1, 4), min_size=1, max_size=60), st.integers(1, 40), st.integers(0, 99))
def test_a_sample_is_sorted_even_and_without_repeats(strata, most, seed):
    index = sample.draw(np.array(strata), most, np.random.default_rng(seed))
    assert (np.diff(index) > 0).all()
    if len(strata) <= most:
        assert len(index) == len(strata)
        return
    values, sizes = np.unique(strata, return_counts=True)
    level = sample.level(sizes, most)
    assert [int((np.array(strata)[index] == value).sum()) for value in values] == [min(size, level) for size in sizes]


# Edges, and keeping


EDGES = {
    "one record": lambda: dataset_of(["ACGTACGTT"]),
    "one record of a class": lambda: dataset_of(["ACGTACGTT"], "binary", classes=("a", "b"), labels=np.array([1], np.int32)),
    "an empty sequence": lambda: dataset_of(["", "ACGTA"], "binary", classes=("a", "b"), labels=np.array([0, 1], np.int32)),
    "only empty ones": lambda: dataset_of(["", ""]),
    "only N": lambda: dataset_of(["NNNNN", "NNNN"], "binary", classes=("a", "b"), labels=np.array([0, 1], np.int32)),
    "an empty class": lambda: dataset_of(["ACGTA"] * 9, "multiclass", classes=("a", "b", "c"), labels=np.zeros(9, np.int32)),
    "50 classes": lambda: dataset_of(
        ["ACGTA"] * 90, "multiclass", classes=tuple(map(str, range(50))), labels=np.arange(90, dtype=np.int32) % 50
    ),
    "no member": lambda: dataset_of(["ACGTA"] * 3, "multilabel", classes=("a", "b"), members=np.zeros((3, 2), np.uint8)),
    "one number": lambda: dataset_of(["ACGTA"], "regression", targets=np.ones(1, np.float32)),
    "huge numbers": lambda: dataset_of(["ACGTA", "CCCCC"], "regression", targets=np.array([3e38, -3e38], np.float32)),
    "names": lambda: toy("binary", ids=Names([f"r{n}" for n in range(60)])),
} | {task: (lambda task=task: toy(task)) for task in EVERY_TASK}


@pytest.mark.parametrize("name", EDGES)
def test_every_set_has_a_portrait_that_is_kept_and_read_back_the_same(name, tmp_path):
    data = EDGES[name]()
    drawn = portrait.draw(data, None)
    assert (drawn.records, drawn.bases) == (len(data), int(data.lengths.sum()))
    assert drawn.lengths.counts.sum() == drawn.division.by_class.sum()
    assert drawn.classes == (data.classes or ("all sequences",))
    assert np.isfinite(drawn.words.p).all()
    assert ((drawn.words.q >= drawn.words.p) & (drawn.words.q <= 1)).all()
    assert drawn.words.rows == (() if data.task == "unlabelled" else data.classes or ("number",))
    portrait.save(drawn, tmp_path / "portrait.npz")
    again = portrait.load(tmp_path / "portrait.npz")
    same(again, drawn)
    assert not list(tmp_path.glob(".*"))  # nothing half written is left


def same(found, expected) -> None:
    assert type(found) is type(expected)
    if isinstance(expected, np.ndarray):
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)
    elif hasattr(expected, "_fields"):
        for name, value in expected._asdict().items():
            same(getattr(found, name), value)
    else:
        assert found == expected


def test_odd_names_are_read_back(tmp_path):
    odd = ('<b>"a"</b>\n', "\ud800é\0")
    data = dataset_of(["ACGTA", "CCCCC"], "binary", classes=odd, labels=np.array([0, 1], np.int32))
    portrait.save(portrait.draw(data, None), tmp_path / "p.npz")
    assert portrait.load(tmp_path / "p.npz").classes == odd


def test_what_is_no_portrait_is_refused(tmp_path):
    file = tmp_path / "portrait.npz"
    with pytest.raises(InputError, match=r"portrait\.npz.*made anew"):
        portrait.load(file)
    portrait.save(portrait.draw(toy("binary"), None), file)
    whole = file.read_bytes()
    for damaged in (b"", b"none", whole[: len(whole) // 2], bytes([whole[0]]) + bytes(len(whole))):
        file.write_bytes(damaged)
        with pytest.raises(InputError, match=r"portrait\.npz"):
            portrait.load(file)
    keeping.write(portrait.draw(toy("binary"), None).gc, file)
    with pytest.raises(InputError, match=r"portrait\.npz"):
        portrait.load(file)


def test_a_seed_gives_the_same_portrait_again():
    data = toy("multiclass", 80)
    same(portrait.draw(data, thirds(80), seed=5), portrait.draw(data, thirds(80), seed=5))


def test_sequences_mapped_from_disk_give_the_same(tmp_path):
    data = toy("binary")
    np.save(tmp_path / "codes.npy", data.codes)
    mapped = Dataset(
        **{name: getattr(data, name) for name in ("name", "ids", "offsets", "task", "classes", "labels")},
        codes=np.load(tmp_path / "codes.npy", mmap_mode="r"),
    )
    same(portrait.draw(mapped, None), portrait.draw(data, None))
