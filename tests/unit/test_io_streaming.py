"""Files larger than memory: their sequences are gone through piece by piece, from Parquet to the dataset's folder."""

import subprocess
import sys
import textwrap

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from genomics import io
from genomics.io import letters, sheets


@pytest.mark.parametrize(("rows", "letters_at_once"), [(70, 10**9), (10**9, 1000), (10**9, 1)])
def test_a_parquet_of_many_bases_is_streamed_and_read_as_any_other(tmp_path, monkeypatch, rows, letters_at_once):
    rng = np.random.default_rng(0)
    texts = ["".join(row) for row in rng.choice(list("ACGTn"), (300, 40))]
    texts[7], texts[250] = "ACG!", ""
    path = tmp_path / "many.parquet"
    columns = {"sequence": texts, "label": ["a", "b"] * 150, "id": [f"s{number}" for number in range(300)]}
    pq.write_table(pa.table(columns), path, row_group_size=64)
    whole, told = io.read(path)
    monkeypatch.setattr(sheets, "_STREAMED", 0)
    monkeypatch.setattr(sheets, "_BATCH_BYTES", 2000)
    monkeypatch.setattr(letters, "_MAPPED", 0)
    monkeypatch.setattr(letters, "_ROWS", rows)
    monkeypatch.setattr(letters, "_BLOCK", letters_at_once)
    streamed, told_again = io.read(path)
    assert isinstance(streamed.codes, np.memmap)
    np.testing.assert_array_equal(streamed.codes, whole.codes)
    np.testing.assert_array_equal(streamed.offsets, whole.offsets)
    np.testing.assert_array_equal(streamed.lower, whole.lower)
    assert (streamed.ids, streamed.labels, told_again) == (whole.ids, whole.labels, told)
    assert [problem.code for problem in told.problems] == ["empty", "not_a_base"]


def test_no_more_letters_are_translated_at_once_than_there_is_room_for(monkeypatch):
    """However long they are: some long ones, many short ones, and one that is longer than all the room."""
    lengths = [400] * 20 + [3] * 300 + [2500] + [400] * 20
    monkeypatch.setattr(letters, "_BLOCK", 1000)
    pieces, gather = [], letters.gather
    monkeypatch.setattr(letters, "gather", lambda source, *places: pieces.append(len(source)) or gather(source, *places))
    found = letters.of_texts(["A" * length for length in lengths])
    assert np.diff(found.offsets).tolist() == lengths
    assert max(piece for piece in pieces if piece != 2500) <= 1000
    assert (pieces.count(2500), sum(pieces)) == (1, sum(lengths))


@pytest.mark.parametrize(("length", "most"), [(500, 2), (10, 110), (5000, 1)])
def test_as_many_rows_of_a_column_are_read_at_once_as_there_is_room_for(tmp_path, monkeypatch, length, most):
    rng = np.random.default_rng(0)
    rows = ["".join(row) for row in rng.choice(list("ACGT"), (230, length))]
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"t": rows}), path, use_dictionary=False)
    monkeypatch.setattr(sheets, "_BATCH_BYTES", 1100)
    read, texts = [], sheets._texts
    monkeypatch.setattr(sheets, "_texts", lambda column, *names: read.append(len(column)) or texts(column, *names))
    assert list(sheets.Streamed(pq.ParquetFile(path), "t", "rows.parquet")) == rows
    assert most * 0.5 <= max(read) <= most
    assert sum(read) == len(rows)


def test_streamed_texts_are_those_of_the_column_in_any_order(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "_BATCH", 3)
    path = tmp_path / "texts.parquet"
    texts = [f"{number}" for number in range(10)]
    pq.write_table(pa.table({"t": texts}), path)
    column = sheets.Streamed(pq.ParquetFile(path), "t", "texts.parquet")
    assert list(column) == texts
    assert column[2:9] == texts[2:9]
    assert [column[at] for at in (9, 0, 4, 3)] == ["9", "0", "4", "3"]
    with pytest.raises(IndexError):
        column[10]


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_a_parquet_of_a_billion_bases_becomes_a_dataset_in_a_fraction_of_its_size(tmp_path):
    """Pages of files do not count: the system takes them back when others need the memory."""
    path = tmp_path / "large.parquet"
    length, count = 2_000, 5_000
    rng = np.random.default_rng(0)
    with pq.ParquetWriter(path, pa.schema({"sequence": pa.string(), "label": pa.string()})) as writer:
        for _ in range(100):
            rows = np.frombuffer(b"ACGT", np.uint8)[rng.integers(0, 4, (count, length))]
            texts = pa.StringArray.from_buffers(
                count, pa.py_buffer(np.arange(count + 1, dtype=np.int32) * length), pa.py_buffer(rows.tobytes())
            )
            writer.write_table(pa.table({"sequence": texts, "label": pa.array(["a", "b"] * (count // 2))}))
    script = f"""
        import threading, time
        from pathlib import Path
        from genomics import dataset, io
        highest, done = 0, threading.Event()
        def held():
            return int(next(line for line in open("/proc/self/status") if line.startswith("RssAnon")).split()[1]) * 1024
        def watch():
            global highest
            while not done.wait(0.02):
                highest = max(highest, held())
        before = held()
        watcher = threading.Thread(target=watch)
        watcher.start()
        made = dataset.build(*io.read(Path({str(path)!r})))
        dataset.save(made, Path({str(tmp_path)!r}))
        done.set()
        watcher.join()
        print(len(made), int(made.offsets[-1]), highest - before)
    """
    told = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True, check=True).stdout
    records, bases, held = map(int, told.split())
    assert (records, bases) == (500_000, 1_000_000_000)
    print(f"held {held / 1e6:.0f} MB for {bases / 1e6:.0f} MB")
    assert held < 600e6
