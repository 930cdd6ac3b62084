"""From a path or bytes to text: sizes, packing, encodings."""

import gzip
import io as streams
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from genomics.errors import InputError, SettingError, TooLargeError
from genomics.io import packing, source

FASTA = b">a\nACGT\n"


def test_a_path_and_its_bytes_give_the_same(tmp_path):
    path = tmp_path / "some.fa"
    path.write_bytes(FASTA)
    assert source.load(path) == source.load(str(path)) == source.load(FASTA, "some.fa") == ("some.fa", FASTA)


def test_what_is_pasted_is_called_that():
    assert source.load(FASTA)[0] == "pasted text"


def test_a_name_is_made_fit_for_a_message():
    name, _ = source.load(FASTA, "a\x1b[31m\n" + "x" * 100)
    assert name.isprintable()
    assert len(name) == 60


@given(st.binary(min_size=1, max_size=5000), st.integers(1, 4), st.integers(0, 20))
def test_gzip_members_and_padding_unpack_as_python_unpacks_them(data, members, zeros):
    assume(not data.startswith((b"\x1f\x8b", b"PK")))  # what looks packed itself is unpacked in turn
    packed = b"".join(gzip.compress(data) for _ in range(members)) + b"\0" * zeros
    assert packing.unpack(packed, "x") == gzip.decompress(packed)


def test_a_file_larger_than_any_piece_unpacks_whole():
    data = bytes(range(256)) * 20_000  # 5 MB
    packed = gzip.compress(data, 0) + gzip.compress(data, 9)
    assert packing.unpack(packed, "x") == data * 2


@given(st.integers(1, 400))
def test_a_truncated_gzip_file_is_refused_wherever_it_is_cut(cut):
    packed = gzip.compress(FASTA * 300 + bytes(range(1, 256)))
    with pytest.raises(InputError, match=r"x.fa.gz is truncated: its gzip data end too early. Fetch it again."):
        source.load(packed[: max(2, len(packed) - cut)], "x.fa.gz")


@pytest.mark.parametrize("at", [2, 100, -5])  # method, data, checksum
def test_damaged_gzip_is_refused(at):
    packed = bytearray(gzip.compress(FASTA * 30 + bytes(range(1, 256))))
    packed[at] ^= 0xFF
    with pytest.raises(InputError, match=r"x.fa.gz is damaged: it is not whole gzip data. Pack it again or fetch it again."):
        source.load(bytes(packed), "x.fa.gz")


def test_something_else_after_the_gzip_data_is_refused():
    with pytest.raises(InputError, match=r"is damaged"):
        source.load(gzip.compress(FASTA) + b"more", "x.fa.gz")


def test_a_bomb_is_refused_without_being_unpacked(monkeypatch):
    bomb = gzip.compress(b"\n" * 200_000_000, 9)
    assert len(bomb) < 300_000
    monkeypatch.setenv("GENOMICS_MAX_BYTES", "3000000")
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError, match=r"bomb.gz unpacks to more than 0.003 GB. Split the file, or raise GENOMICS_MAX_BYTES"):
            source.load(bomb, "bomb.gz")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


def test_a_zip_bomb_is_refused_whatever_size_it_claims(monkeypatch):
    packed = streams.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", b"\n" * 50_000_000)
    monkeypatch.setenv("GENOMICS_MAX_BYTES", "3000000")
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError, match=r"bomb.zip unpacks to more than 0.003 GB"):
            source.load(packed.getvalue(), "bomb.zip")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 15_000_000


@given(st.binary(min_size=1, max_size=2000))
def test_zip_unpacks_as_python_unpacks_it(data):
    packed = streams.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("__MACOSX/._x", b"junk")
        archive.writestr("x", data)
    if data[:2] in (b"\x1f\x8b", b"PK"):
        return
    assert packing.unpack(packed.getvalue(), "x") == data


def test_a_huge_file_is_refused_at_once_without_being_read(tmp_path):
    path = tmp_path / "genome.fa"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)  # sparse: takes no room on the disk
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError, match=r"genome.fa is 3 GB; the most that is read is 2 GB. Split the file, or raise"):
            source.load(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000


def test_the_limit_holds_for_uploads_too_and_is_inclusive(monkeypatch):
    monkeypatch.setenv("GENOMICS_MAX_BYTES", str(len(FASTA)))
    assert source.load(FASTA)[1] == FASTA
    with pytest.raises(TooLargeError):
        source.load(FASTA + b"A")


def test_the_limit_is_two_gigabytes_unless_set(monkeypatch):
    monkeypatch.delenv("GENOMICS_MAX_BYTES", raising=False)
    assert source.limit() == 2_000_000_000
    monkeypatch.setenv("GENOMICS_MAX_BYTES", "7")
    assert source.limit() == 7


@pytest.mark.parametrize("text", ["2GB", "-1", "1e9", "²"])
def test_a_limit_that_is_no_number_is_refused(monkeypatch, text):
    monkeypatch.setenv("GENOMICS_MAX_BYTES", text)
    with pytest.raises(SettingError, match=f'GENOMICS_MAX_BYTES = "{text}" is not allowed: it is a whole number of bytes'):
        source.limit()


def test_a_path_that_is_missing_or_a_folder_or_closed_is_named(tmp_path):
    with pytest.raises(InputError, match=r'There is no file "/nowhere/x.fa". Check the path.'):
        source.load("/nowhere/x.fa")
    with pytest.raises(InputError, match=r'" is a folder. Give the files in it.'):
        source.load(tmp_path)
    with pytest.raises(InputError, match=r"cannot be read: File name too long"):
        source.load(tmp_path / ("x" * 300))


def test_a_path_through_a_file_is_named(tmp_path):
    Path(tmp_path / "file").write_bytes(FASTA)
    with pytest.raises(InputError, match=r"cannot be read: Not a directory"):
        source.load(tmp_path / "file" / "x.fa")
