"""Bytes from a path or an upload: sizes capped, gzip opened while counting, text decoded."""

import os
import zlib
from pathlib import Path

from genomics.errors import InputError, SettingError, TooLargeError
from genomics.io.report import shorten

_CHUNK = 1 << 20
_PIECE = 1 << 16
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DEFAULT_LIMIT = 2_000_000_000


def limit() -> int:
    """The most bytes one file may hold, packed or unpacked: `GENOMICS_MAX_BYTES`, by default 2 GB."""
    text = os.environ.get("GENOMICS_MAX_BYTES", "")
    if not text:
        return _DEFAULT_LIMIT
    if not text.isdecimal():
        raise SettingError(f'GENOMICS_MAX_BYTES = "{shorten(text)}" is not allowed: it is a whole number of bytes.')
    return int(text)


def load(source: str | Path | bytes, name: str = "") -> tuple[str, bytes]:
    r"""Fetches a file's text as bytes: unpacked, without a byte order mark, with `\n` line ends.

    Args:
        source: a path, or the content itself.
        name: what to call it in messages; by default the path's last part.

    Returns:
        The name and the content.

    Raises:
        InputError: missing, empty, truncated, or not text.
        TooLargeError: more than `limit()`, before or after unpacking.
    """
    if isinstance(source, bytes):
        name, data = shorten(name or "pasted text"), source
        _check_size(name, len(data))
    else:
        path = Path(source)
        name = shorten(name or path.name)
        try:
            _check_size(name, path.stat().st_size)
            data = path.read_bytes()
        except FileNotFoundError:
            raise InputError(f'There is no file "{shorten(str(source), 200)}". Check the path.') from None
        except IsADirectoryError:
            raise InputError(f'"{shorten(str(source), 200)}" is a folder. Give the files in it.') from None
        except OSError as error:
            raise InputError(f"{name} cannot be read: {error.strerror}. Check its permissions.") from None

    if data[:2] == b"\x1f\x8b":
        data = _gunzip(data, name)
    text = _plain_text(data, name)
    if not text.strip():
        raise InputError(f"{name} is empty. Choose a file that holds sequences.")
    return name, text


def _check_size(name: str, size: int) -> None:
    if size > limit():
        raise TooLargeError(
            f"{name} is {size / 1e9:.3g} GB; the most that is read is {limit() / 1e9:.3g} GB. "
            "Split the file, or raise GENOMICS_MAX_BYTES if the machine has the memory."
        )


def _gunzip(data: bytes, name: str) -> bytes:
    """Unpacks every gzip member in turn and stops at the limit, so that a bomb costs no memory."""
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
            if total > limit():
                raise TooLargeError(f"{name} unpacks to more than {limit() / 1e9:.3g} GB. Split the file, or raise GENOMICS_MAX_BYTES.")
            parts.append(part)
            if stream.eof:
                break
            if not (part or piece):
                raise InputError(f"{name} is truncated: its gzip data end too early. Fetch it again.")
        while data[at : at + 1] == b"\0":  # padding after a member
            at += 1
    return b"".join(parts)


def _plain_text(data: bytes, name: str) -> bytes:
    if data[:2] in _UTF16:
        raise InputError(f"{name} is UTF-16 text, as some editors save it. Save it as UTF-8 or plain text.")
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
    if b"\0" in data[:_CHUNK]:
        raise InputError(f"{name} is not a text file. Give FASTA, CSV or TSV, plain or gzip.")
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data
