"""What is reached without a network: planted shortcuts, scikit-learn as oracle, degenerate sets, published floors."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.preprocessing import StandardScaler

from genomics import dataset as datasets
from genomics import io, kmers, sequences, shortcuts, split
from tests.toys import dataset_of, random_rows

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
N = 1_200
GUESS = 0.60  # an AUROC of 180 test records scatters by .043 around .5


def labelled(rows, labels, **more):
    return dataset_of(rows, labels, **more)


def thirds(n: int) -> split.Split:
    """Every third record is for testing; of the others one in four is watched."""
    every = np.arange(n)
    return split.Split(
        every[(every % 3 != 2) & (every % 4 != 3)], every[(every % 3 != 2) & (every % 4 == 3)], every[every % 3 == 2], "", ()
    )


def auroc(found, name: str) -> float:
    return found[name].metrics["auroc"]["value"]


def coin(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2, N)


def by_length():
    labels, rng = coin(), np.random.default_rng(1)
    return labelled([rng.integers(0, 4, 1_050 + 40 * label + rng.integers(0, 20)) for label in labels], labels)


def by_middling_length():
    labels, rng = coin(), np.random.default_rng(1)
    return labelled([rng.integers(0, 4, 1_030 if label else rng.choice([1_010, 1_050])) for label in labels], labels)


def by_gc():
    labels, rng = coin(), np.random.default_rng(2)
    return labelled([rng.choice(4, 60, p=([0.15, 0.35, 0.35, 0.15] if label else [0.35, 0.15, 0.15, 0.35])) for label in labels], labels)


def by_case():
    labels, rng = coin(), np.random.default_rng(3)
    lower = rng.integers(0, 20, N) + 15 * labels
    return labelled(random_rows(N, 60, 3), labels, lower=lower.astype(np.int32))


def by_unknown():
    labels, rng = coin(), np.random.default_rng(4)
    rows = random_rows(N, 60, 4)
    rows[rng.random(rows.shape) < 0.1 + 0.15 * labels[:, None]] = sequences.UNKNOWN
    return labelled(rows, labels)


def by_words():
    """Each base likely follows the one before it, or never does; every position and the whole are uniform."""
    labels, rng = coin(), np.random.default_rng(5)
    step = np.array([[0.4, 0.2, 0.2, 0.2], [0.1, 0.3, 0.3, 0.3]])
    steps = np.stack([rng.choice(4, 60, p=step[label]) for label in labels])
    return labelled((np.cumsum(steps, axis=1) + rng.integers(0, 4, (N, 1))) % 4, labels)


def by_position():
    labels, rows = coin(), random_rows(N, 200, 6)
    rows[:, 77] = labels * 3
    return labelled(rows, labels)


@pytest.mark.parametrize(
    ("planted", "sees", "may"),
    [
        (by_length, {"length"}, {"neighbour"}),
        (by_middling_length, {"length"}, {"neighbour"}),
        (by_gc, {"gc", "words", "positions", "neighbour"}, set()),
        (by_case, {"case"}, set()),
        (by_unknown, {"case", "positions"}, {"neighbour", "words"}),
        (by_words, {"words", "neighbour"}, {"gc"}),
        (by_position, {"positions"}, set()),
    ],
)
def test_what_gives_a_class_away_is_found_by_what_looks_at_it_and_by_nothing_else(planted, sees, may):
    found = shortcuts.measure(planted(), thirds(N))
    assert list(found) == ["majority", "length", "gc", "case", "words", "positions", "neighbour"]
    for name in found:
        if name in sees:
            assert auroc(found, name) > 0.75, name
        elif name not in may:
            assert abs(auroc(found, name) - 0.5) < GUESS - 0.5, name


def test_logistic_regressions_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    rows = random_rows(400, 40)
    labels = (rows[:, 5] + rng.integers(0, 3, 400)) // 2 % 3
    data, divided = labelled(rows, labels), thirds(400)
    found = shortcuts.measure(data, divided)
    pool, test = np.sort(np.concatenate([divided.train, divided.validation])), divided.test
    one_hot = np.eye(4)[rows].reshape(400, -1)
    words = np.stack([np.bincount(kmers.kmer_indices(row, 4), minlength=256) / 37 for row in rows])
    words = StandardScaler().fit(words[pool]).transform(words)
    for name, features in (("positions", one_hot), ("words", words)):
        oracle = LogisticRegression(max_iter=5_000, tol=1e-6).fit(features[pool], labels[pool]).predict_proba(features[test])
        area = roc_auc_score(labels[test], oracle, multi_class="ovr")
        assert auroc(found, name) == pytest.approx(area, abs=0.01)
        assert found[name].metrics["accuracy"]["value"] == pytest.approx(accuracy_score(labels[test], oracle.argmax(1)), abs=0.03)
    nearest = (words_unit(rows[test]) @ words_unit(rows[pool]).T).argmax(1)
    assert found["neighbour"].metrics["accuracy"]["value"] == pytest.approx((labels[pool][nearest] == labels[test]).mean(), abs=1e-6)


def words_unit(rows):
    counts = np.stack([np.bincount(kmers.kmer_indices(row, 4), minlength=256) for row in rows]).astype(float)
    return counts / np.linalg.norm(counts, axis=1, keepdims=True)


def test_ridge_regressions_are_those_of_scikit_learn_and_several_targets_are_averaged():
    rng = np.random.default_rng(0)
    rows = random_rows(300, 30)
    targets = np.stack([(rows == 2).mean(1) + 0.1 * rng.normal(size=300), (rows[:, 3] == 1) + 0.5 * rng.normal(size=300)], axis=1)
    divided = thirds(300)
    found = shortcuts.measure(dataset_of(rows, targets=targets), divided)
    assert list(found) == ["mean", "length", "gc", "case", "words", "positions", "neighbour"]
    pool, test = np.sort(np.concatenate([divided.train, divided.validation])), divided.test
    features = np.eye(4)[rows].reshape(300, -1)
    oracle = Ridge().fit(features[pool], targets[pool]).predict(features[test])
    pearson = [np.corrcoef(oracle[:, column], targets[test, column])[0, 1] for column in range(2)]
    assert found["positions"].cell["value"] == pytest.approx(np.mean(pearson), abs=1e-3)
    assert found["positions"].metric == "pearson"
    assert found["mean"].cell == {"value": None, "low": None, "high": None}
    assert found["mean"].metrics["rmse"]["value"] == pytest.approx(
        np.sqrt(((targets[test] - targets[pool].mean(0)) ** 2).mean(0)).mean(), abs=1e-5
    )
    one = shortcuts.measure(dataset_of(rows, targets=targets[:, 0]), divided)
    assert one["gc"].cell["value"] > 0.5


def test_several_labels_are_ranked_one_by_one():
    rows = random_rows(600, 60)
    rows[:300] = np.random.default_rng(1).choice(4, (300, 60), p=[0.1, 0.4, 0.4, 0.1])
    order = np.random.default_rng(2).permutation(600)
    members = np.stack([np.arange(600) < 300, coin()[:600], np.zeros(600)], axis=1).astype(np.uint8)
    data = dataset_of(rows[order], task="multilabel", classes=("rich", "coin", "nobody"), members=members[order])
    found = shortcuts.measure(data, thirds(600))
    assert list(found) == ["majority", "length", "gc", "case", "words", "neighbour"]
    assert auroc(found, "majority") == 0.5
    assert auroc(found, "gc") == pytest.approx(0.74, abs=0.06)  # one is found, one is a coin, the third has no area
    assert set(found["gc"].metrics) == {"auroc", "auprc", "f1", "accuracy", "log_loss", "brier", "subset_accuracy"}  # those of a network


def test_the_majority_is_named_and_is_that_of_train_and_validation():
    labels = np.repeat([0, 1], [90, 210])
    data = labelled(random_rows(300, 20), labels)
    found = shortcuts.measure(data, thirds(300))["majority"]
    assert found.sentence == 'Always the commonest class, "class 1".'
    assert found.metrics["accuracy"]["value"] == pytest.approx(0.7, abs=0.01)
    assert found.metric == "mcc"
    assert found.cell["value"] == 0
    assert (found.records, found.learned) == (100, 200)


@given(st.lists(st.text("ACGTN", max_size=9), max_size=8), st.integers(1, 3), st.sampled_from([2, 5, 1_000]))
def test_word_shares_are_those_of_a_plain_loop(texts, k, piece):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kmers, "_PIECE", piece)
        found = kmers.kmer_profiles(*sequences.flatten([sequences.encode(text) for text in texts]), k)
    assert found.shape == (len(texts), 4**k)
    assert found.dtype == np.float32
    for text, row in zip(texts, found, strict=True):
        words = [text[at : at + k] for at in range(len(text) - k + 1) if "N" not in text[at : at + k]]
        order = ["".join(letters) for letters in itertools.product("ACGT", repeat=k)]
        assert row.tolist() == pytest.approx([words.count(word) / max(len(words), 1) for word in order])


def test_many_records_are_drawn_in_proportion_and_the_sentence_says_so():
    labels = (np.arange(900) % 30 == 0).astype(int)
    data = labelled(random_rows(900, 20), labels)
    found = shortcuts.measure(data, thirds(900), most=60)["gc"]
    assert found.learned == 60
    assert found.sentence == ("Logistic regression on the GC content. Learned from 60 of 600 records, drawn in proportion with seed 0.")
    assert found.records == 300


def test_equal_seeds_give_equal_numbers():
    data, divided = by_gc(), thirds(N)
    told: list[float] = []
    once = shortcuts.measure(data, divided, seed=3, most=200, tick=told.append)
    assert once == shortcuts.measure(data, divided, seed=3, most=200)
    assert once != shortcuts.measure(data, divided, seed=4, most=200)
    assert told == pytest.approx([part / 7 for part in range(1, 8)])


def test_what_cannot_differ_is_called_a_guess():
    found = shortcuts.measure(by_gc(), thirds(N))
    assert found["length"].sentence.endswith("It is the same for all records, so this is a guess.")
    assert "guess" not in found["gc"].sentence
    assert auroc(found, "length") == 0.5


@pytest.mark.parametrize("n", [3, 4, 7, 20])
@pytest.mark.parametrize("task", ["binary", "multiclass", "regression", "targets"])
def test_tiny_sets(n, task):
    rows = [*random_rows(n - 1, 30), np.full(2, sequences.UNKNOWN)]
    numbers = np.arange(n) % (2 if task == "binary" else 3)
    if task == "binary" or task == "multiclass":
        data = labelled(rows, numbers, task=task, classes=("a", "b", "c")[: 2 if task == "binary" else 3])
    else:
        data = dataset_of(rows, targets=numbers if task == "regression" else np.stack([numbers, -numbers], axis=1))
    found = shortcuts.measure(data, thirds(n))
    assert len(found) == 7
    for one in found.values():
        assert one.records == len(thirds(n).test)
        assert all(cell["value"] is None or np.isfinite(cell["value"]) for cell in one.metrics.values())


@pytest.mark.parametrize("missing", ["train", "test"])
def test_a_class_that_one_part_lacks(missing):
    labels = np.arange(90) % 3
    data = labelled(random_rows(90, 30), labels)
    divided = thirds(90)
    lacking = np.flatnonzero(labels != 1)
    rest = [np.arange(0, 60), np.arange(60, 70), np.arange(70, 90)]
    parts = [np.intersect1d(part, lacking) if (number == 2) == (missing == "test") else part for number, part in enumerate(rest)]
    found = shortcuts.measure(data, divided._replace(train=parts[0], validation=parts[1], test=parts[2]))
    for one in found.values():
        assert one.metrics["accuracy"]["value"] is not None


def test_one_class_to_learn_from():
    labels = np.r_[np.zeros(60), np.arange(30) % 2].astype(int)
    every = np.arange(90)
    divided = split.Split(every[:50], every[50:60], every[60:], "", ())
    found = shortcuts.measure(labelled(random_rows(90, 30), labels), divided)
    assert {name: one.metrics["accuracy"]["value"] for name, one in found.items()} == dict.fromkeys(found, 0.5)


def test_nothing_to_tell_apart_or_to_test_on():
    plain = dataset_of(random_rows(9, 20))
    assert shortcuts.measure(plain, thirds(9)) == {}
    none = np.zeros(0, np.intp)
    data = labelled(random_rows(9, 20), np.arange(9) % 2)
    assert shortcuts.measure(data, thirds(9)._replace(test=none)) == {}
    assert shortcuts.measure(data, thirds(9)._replace(train=none, validation=none)) == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "floors"),
    [
        ("gue_splice_3class_devtest", {"positions": 0.675}),
        ("gene_family7_chimp_dog", {"positions": 0.706}),
        ("deepseed_ecoli_mpra165", {"positions": 0.504, "words": 0.544}),
    ],
)
def test_published_floors(name, floors):
    file = DATA / name / "data.tsv.gz"
    if not file.exists():
        pytest.skip("needs the shared data, which are not part of the repository")
    data = datasets.build(*io.read(file))
    found = shortcuts.measure(data, split.make(data))
    for shortcut, floor in floors.items():
        assert found[shortcut].cell["value"] == pytest.approx(floor, abs=0.03)
