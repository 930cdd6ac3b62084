"""The dataset: what is inferred, what its fingerprint sees, and the way to disk and back."""

import dataclasses
import itertools
import json
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genomics import dataset, io, labelling, sequences
from genomics.dataset import Dataset
from genomics.errors import InputError, SettingError

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)


@st.composite
def datasets(draw) -> Dataset:
    """Any dataset that `build` could make: each task, with and without a split."""
    texts = draw(st.lists(st.text("ACGTN", min_size=1, max_size=9), min_size=1, max_size=6))
    n = len(texts)
    codes, offsets = sequences.flatten([sequences.encode(text) for text in texts])
    task = draw(st.sampled_from(labelling.TASKS))
    known: dict = {}
    if task in ("binary", "multiclass"):
        size = 2 if task == "binary" else draw(st.integers(2, 4))
        known["classes"] = tuple(draw(st.lists(names, min_size=size, max_size=size, unique=True)))
        known["labels"] = np.array(draw(st.lists(st.integers(0, size - 1), min_size=n, max_size=n)), np.int32)
    if task == "regression":
        known["targets"] = np.array(draw(st.lists(st.floats(width=32, allow_nan=False), min_size=n, max_size=n)), np.float32)
    if task == "multilabel":
        known["classes"] = tuple(draw(st.lists(names, min_size=2, max_size=3, unique=True)))
        size = len(known["classes"])
        rows = draw(st.lists(st.lists(st.integers(0, 1), min_size=size, max_size=size), min_size=n, max_size=n))
        known["members"] = np.array(rows, np.uint8)
    if task == "regression" and draw(st.booleans()):
        known["targets"] = np.stack([known["targets"], known["targets"][::-1]], axis=1)
        known["target_names"] = ("one", "other")
    if draw(st.booleans()):
        known["groups"] = np.array(draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)), np.int32)
        known["group_names"] = ("chr1", "chr2")
        known["lower"] = np.array(draw(st.lists(st.integers(0, 9), min_size=n, max_size=n)), np.int32)
    if draw(st.booleans()):
        known["splits"] = np.array(draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)), np.int8)
    ids = tuple(draw(st.lists(names, min_size=n, max_size=n)))
    notes = tuple(draw(st.lists(names, max_size=2)))
    return Dataset(name=draw(names), ids=ids, codes=codes, offsets=offsets, task=task, notes=notes, **known)


def same(a: Dataset, b: Dataset) -> bool:
    def content(one: Dataset) -> list:
        values = [getattr(one, field.name) for field in dataclasses.fields(Dataset)]
        return [(v.dtype, v.shape, v.tobytes()) if isinstance(v, np.ndarray) else v for v in values]

    return content(a) == content(b)


def made(text: str, **more: str) -> Dataset:
    return dataset.build(*io.read(text.encode(), "set.csv"), **more)


def labelled(labels: list[str]) -> str:
    return "sequence,label\n" + "".join(f"ACGT,{label}\n" for label in labels)


@given(datasets())
@settings(max_examples=40)
def test_what_is_saved_is_loaded_equal(original):
    with tempfile.TemporaryDirectory() as root:
        folder = dataset.save(original, Path(root))
        assert folder.name == original.fingerprint
        loaded = dataset.load(Path(root), original.fingerprint)
    assert same(loaded, original)
    assert loaded.fingerprint == original.fingerprint


def test_a_built_dataset_is_loaded_equal_and_listed(tmp_path):
    original = made("id,sequence,label,split\na,ACGTN,x,train\nb,GG,y,test\nc,T,y,dev\n", name="mine")
    loaded = dataset.load(tmp_path, dataset.save(original, tmp_path).name)
    assert same(loaded, original)
    assert (loaded.ids, loaded.classes, loaded.task) == (("a", "b", "c"), ("x", "y"), "binary")
    assert [loaded.sequence(i) for i in range(3)] == ["ACGTN", "GG", "T"]
    assert loaded.splits.tolist() == [0, 2, 1]
    assert loaded.counts() == {"x": 1, "y": 2}
    (listed,) = dataset.listing(tmp_path)
    assert listed["fingerprint"] == original.fingerprint
    assert (listed["name"], listed["records"], listed["bases"], listed["lengths"]) == ("mine", 3, 8, [1, 2, 5])


@given(datasets(), datasets())
def test_different_content_has_a_different_fingerprint(a, b):
    b_as_a = dataclasses.replace(b, name=a.name, notes=a.notes)
    assert (a.fingerprint == b.fingerprint) == same(a, b_as_a)


ORIGINAL = made("id,sequence,label,split\na,ACGT,x,train\nb,GGTT,y,test\n")
MEASURED = dataclasses.replace(ORIGINAL, task="regression", classes=(), labels=None, targets=np.array([1, 2], np.float32))


@pytest.mark.parametrize(
    ("original", "change"),
    [
        (ORIGINAL, {"ids": ("a", "c")}),
        (ORIGINAL, {"ids": ("ab", "")}),
        (ORIGINAL, {"codes": sequences.encode("ACGTGGTA")}),
        (ORIGINAL, {"offsets": np.array([0, 3, 8])}),
        (ORIGINAL, {"task": "multiclass"}),
        (ORIGINAL, {"classes": ("y", "x")}),
        (ORIGINAL, {"labels": np.array([1, 1], np.int32)}),
        (ORIGINAL, {"labels": None}),
        (ORIGINAL, {"splits": np.array([0, 1], np.int8)}),
        (ORIGINAL, {"splits": None}),
        (MEASURED, {"targets": np.array([1, 2.0000002], np.float32)}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_any_change_of_content_changes_the_fingerprint(original, change):
    assert dataclasses.replace(original, **change).fingerprint != original.fingerprint


def test_name_and_notes_are_no_content():
    assert dataclasses.replace(ORIGINAL, name="other", notes=("n",)).fingerprint == ORIGINAL.fingerprint
    assert len(ORIGINAL.fingerprint) == 16


def test_saving_again_writes_nothing(tmp_path):
    def stamps() -> dict[str, int]:
        return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}

    folder = dataset.save(ORIGINAL, tmp_path)
    before = stamps()
    assert set(before) == {"records.parquet", "dataset.json", "codes.npy"}
    assert dataset.save(dataclasses.replace(ORIGINAL, notes=("other",)), tmp_path) == folder
    assert stamps() == before


def test_two_tabs_may_save_the_same_dataset_at_once(tmp_path):
    errors: list[Exception] = []
    gate = threading.Barrier(4)

    def save() -> None:
        gate.wait()
        try:
            dataset.save(ORIGINAL, tmp_path)
        except OSError as error:
            errors.append(error)

    threads = [threading.Thread(target=save) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert same(dataset.load(tmp_path, ORIGINAL.fingerprint), ORIGINAL)


@pytest.mark.parametrize("fingerprint", ["0" * 16, "../secret", "", "a/b"])
def test_a_dataset_that_is_not_there_is_refused(tmp_path, fingerprint):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "dataset.json").write_text(json.dumps({}))
    (tmp_path / "datasets").mkdir()
    with pytest.raises(InputError, match=f'There is no dataset "{fingerprint}" in .*Add its file again'):
        dataset.load(tmp_path, fingerprint)


@pytest.mark.parametrize(
    ("given", "ordered"),
    [
        ("promoter non-promoter", "non-promoter promoter"),
        ("enhancer random", "random enhancer"),
        ("bound control", "control bound"),
        ("+ -", "- +"),
        ("1 0", "0 1"),
        ("1 -1", "-1 1"),
        ("10 9 2", "2 9 10"),
        ("active inactive", "inactive active"),
        ("negative none", "negative none"),  # both sound negative: in order of the alphabet
        ("EI IE N", "EI IE N"),
        ("x 3 1", "1 3 x"),
        ("only", "only"),
    ],
)
def test_classes_are_in_an_order_people_expect(given, ordered):
    assert labelling.class_order(set(given.split())) == tuple(ordered.split())


@pytest.mark.parametrize(
    ("labels", "task"),
    [
        (["x"] * 3, "unlabelled"),
        (["x", "y", "x"], "binary"),
        (["0", "1", "1"], "binary"),
        (["0.5", "1.5"], "binary"),
        (["x", "y", "z"], "multiclass"),
        ([str(n) for n in range(25)], "multiclass"),  # counted without a gap: names of classes
        ([str(n) for n in range(1, 26)], "multiclass"),
        ([str(3 * n) for n in range(25)], "regression"),
        (["a;b", "a", "b"], "multilabel"),
        ([f"{n}.5" for n in range(20)], "multiclass"),  # few different values
        ([f"{n}.5" for n in range(21)], "regression"),
        ([*(f"{n}.5" for n in range(21)), "low"], "multiclass"),
    ],
)
def test_the_task_follows_from_the_labels(labels, task):
    assert made(labelled(labels)).task == task
    assert dataset.build(*io.read(b">a\nAC\n", "x.fa")).task == "unlabelled"


def test_labels_count_in_the_order_of_the_classes():
    built = made(labelled(["promoter", "non", "promoter"]))
    assert (built.classes, built.labels.tolist(), built.labels.dtype) == (("non", "promoter"), [1, 0, 1], np.int32)


def test_targets_are_the_numbers():
    built = made(labelled(["1", "-2.5", "1e3"]), task="regression")
    assert (built.targets.tolist(), built.targets.dtype) == ([1.0, -2.5, 1000.0], np.float32)
    assert (built.classes, built.labels, built.counts()) == ((), None, {})


@pytest.mark.parametrize("text", ["NA", "NaN", "nan", "N/A", "null"])
def test_what_programs_write_for_a_missing_label_is_a_missing_label(text):
    with pytest.raises(InputError, match=r"record 2 .*line 3: the label is missing"):
        made(labelled(["x", text, "y"]))


@pytest.mark.parametrize("text", ["low", "inf", "1e39", "1,5"])
def test_regression_names_the_record_that_is_no_number(text):
    with pytest.raises(InputError, match=f'set.csv, record 2, line 3: "{text}" is not a number .*needs one for each record'):
        made(labelled(["1.5", f'"{text}"', "x"]), task="regression")


@pytest.mark.parametrize(
    ("labels", "task", "says"),
    [
        (["x", "y", "z"], "binary", "a binary task has two classes, but there are 3. Choose multiclass"),
        (["x", "x"], "binary", "a binary task has two classes, but there are 1"),
        ([f"gene{n}" for n in range(51)], "", "51 different labels for 51 records are too many for classes"),
    ],
)
def test_labels_that_do_not_fit_the_task_are_refused(labels, task, says):
    with pytest.raises(InputError, match=says):
        made(labelled(labels), task=task)


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_a_task_without_labels_is_refused(task):
    with pytest.raises(InputError, match=r"x.fa: .*Give a label column"):
        dataset.build(*io.read(b">a\nACGT\n", "x.fa"), task=task)


def test_an_unknown_task_lists_the_tasks():
    with pytest.raises(SettingError, match=r'"ranking" is no task. Tasks: binary, multiclass, multilabel, regression, unlabelled'):
        made(labelled(["x", "y"]), task="ranking")


@given(datasets(), st.data())
def test_some_of_the_records_are_those_records(whole, data):
    index = np.array(data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=5)), np.intp)
    codes, offsets = whole.flat(index)
    assert [sequences.decode(codes[a:b]) for a, b in itertools.pairwise(offsets)] == [whole.sequence(i) for i in index]
    rows = whole.rows(index, sequences.Layout(4, "left"))
    assert [sequences.decode(row) for row in rows] == [whole.sequence(i)[:4].ljust(4, "N") for i in index]


def test_a_decimal_comma_is_named():
    records, report = io.read(b"sequence;label\nACGTACGTAC;1,5\nACGTACGTAA;2,5\n", "excel.csv")
    with pytest.raises(InputError, match=r'excel.csv, record 1, line 2: "1,5" is not a number .* Write decimals with a point'):
        dataset.build(records, report, task="regression")
