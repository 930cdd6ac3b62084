"""Packed files opened while counting: gzip, bgzip and zip holding one file; a bomb costs no memory."""

import io
import os
import zipfile
import zlib

from genomics.errors import InputError, SettingError, TooLargeError
from genomics.io.wording import shorten

_CHUNK = 1 << 20
_PIECE = 1 << 16
_DEFAULT_LIMIT = 2_000_000_000
_MOST_LAYERS = 3
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, KeyError, IndexError)


def limit() -> int:
    """The most bytes one file may hold, packed or unpacked: `GENOMICS_MAX_BYTES`, by default 2 GB."""
    text = os.environ.get("GENOMICS_MAX_BYTES", "")
    if not text:
        return _DEFAULT_LIMIT
    if not text.isdecimal():
        raise SettingError(f'GENOMICS_MAX_BYTES = "{shorten(text)}" is not allowed: it is a whole number of bytes.')
    return int(text)


def unpack(data: bytes, name: str) -> bytes:
    """Takes gzip and zip off a file; what is neither, and a zip that is itself a format (Excel, Word), is left as it is.

    Raises:
        InputError: damaged, truncated, encrypted, or a zip of several files.
        TooLargeError: more than `limit()` unpacked.
    """
    for _ in range(_MOST_LAYERS):
        if data[:2] == b"\x1f\x8b":
            data = _gunzip(data, name)
        elif data[:4] in (b"PK\x03\x04", b"PK\x05\x06") and not office(data):
            data = _unzip(data, name)
        else:
            return data
    raise InputError(f"{name} is packed more than {_MOST_LAYERS} times over. Unpack it and give the file inside.")


def office(data: bytes) -> str:
    """Which office document a zip is: "excel", "word", or empty."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except _ZIP_ERRORS:
        return ""
    return next((kind for kind, part in (("excel", "xl/workbook.xml"), ("word", "word/document.xml")) if part in names), "")


def _gunzip(data: bytes, name: str) -> bytes:
    """Unpacks every gzip member in turn."""
    parts, total, at = [], 0, 0
    while at < len(data):
        stream = zlib.decompressobj(wbits=31)
        while True:
            piece = data[at : at + _PIECE]  # fed in pieces, because zlib copies whatever it has not consumed
            try:
                part = stream.decompress(piece, _CHUNK)
            except zlib.error:
                raise InputError(f"{name} is damaged: it is not whole gzip data. Pack it again or fetch it again.") from None
            at += len(piece) - len(stream.unconsumed_tail) - len(stream.unused_data)
            total += len(part)
            _check(total, name)
            parts.append(part)
            if stream.eof:
                break
            if not (part or piece):
                raise InputError(f"{name} is truncated: its gzip data end too early. Fetch it again.")
        while data[at : at + 1] == b"\0":  # padding after a member
            at += 1
    return b"".join(parts)


def _unzip(data: bytes, name: str) -> bytes:
    """Unpacks the one file of a zip; what macOS adds does not count."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")]
            if len(files) != 1:
                listed = ", ".join(shorten(info.filename, 30) for info in files[:3]) + (" ..." if len(files) > 3 else "")
                raise InputError(
                    f"{name} is a zip of {len(files):,} files ({listed}). Unpack it and give the files themselves."
                    if files
                    else f"{name} is a zip without a file. Choose one that holds sequences."
                )
            if files[0].flag_bits & 1:
                raise InputError(f"{name} is encrypted. Unpack it with its password and give the file inside.")
            parts, total = [], 0
            with archive.open(files[0]) as stream:
                while part := stream.read(_CHUNK):
                    total += len(part)
                    _check(total, name)
                    parts.append(part)
    except _ZIP_ERRORS:
        raise InputError(f"{name} is damaged: it is not a whole zip file. Pack it again or fetch it again.") from None
    return b"".join(parts)


def _check(total: int, name: str) -> None:
    if total > limit():
        raise TooLargeError(f"{name} unpacks to more than {limit() / 1e9:.3g} GB. Split the file, or raise GENOMICS_MAX_BYTES.")
