r"""Bytes from a path or an upload: sizes capped, packing taken off, text with `\n` line ends."""

import mmap
from pathlib import Path

from genomics.errors import InputError, TooLargeError
from genomics.io.packing import limit as limit
from genomics.io.packing import unpack
from genomics.io.wording import shorten

_HEAD = 1 << 20
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


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
    name, data = fetch(source, name)
    return name, plain_text(data, name)


def mapped(source: str | Path | bytes, mark: bytes) -> mmap.mmap | None:
    """A file that begins with a mark, mapped rather than read, of any size; None for all else."""
    if isinstance(source, bytes):
        return None
    try:
        with Path(source).open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if file.read(len(mark)) == mark else None
    except (OSError, ValueError):  # what is wrong is said by `fetch`
        return None


def fetch(source: str | Path | bytes, name: str = "") -> tuple[str, bytes]:
    """Fetches a file's bytes, unpacked: the same as `load`, but for formats that are not text."""
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
        except (OSError, ValueError) as error:  # ValueError: a path with a NUL
            reason = (isinstance(error, OSError) and error.strerror) or "its name is not allowed"
            raise InputError(f"{name} cannot be read: {reason}. Check its permissions.") from None
    return name, unpack(data, name)


def plain_text(data: bytes, name: str) -> bytes:
    r"""Text as bytes without a byte order mark and with `\n` line ends.

    Raises:
        InputError: empty, UTF-16, or not text.
    """
    if data[:2] in _UTF16:
        raise InputError(f"{name} is UTF-16 text, as some editors save it. Save it as UTF-8 or plain text.")
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
    if b"\0" in data[:_HEAD]:
        raise InputError(f"{name} is not a text file. Give FASTA, FASTQ, GenBank, CSV or TSV, plain or packed.")
    text = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data
    if (text[:_HEAD].isspace() and text.isspace()) or not text:
        raise InputError(f"{name} is empty. Choose a file that holds sequences.")
    return text


def _check_size(name: str, size: int) -> None:
    if size > limit():
        raise TooLargeError(
            f"{name} is {size / 1e9:.3g} GB; the most that is read is {limit() / 1e9:.3g} GB. "
            "Split the file, or raise GENOMICS_MAX_BYTES if the machine has the memory."
        )
