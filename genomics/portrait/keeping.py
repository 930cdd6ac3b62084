"""A NamedTuple as one .npz file: arrays as they are, everything else as JSON, no pickles."""

import json
import zipfile
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import numpy as np

from genomics import disk
from genomics.errors import InputError
from genomics.io.report import shorten

Value = TypeVar("Value", bound=tuple[Any, ...])
_PLAIN = "plain"


def write(value: tuple[Any, ...], path: Path) -> None:
    """Writes a NamedTuple whose fields are arrays, numbers, texts, tuples of texts, or NamedTuples of these."""
    arrays, plain = _apart(value)
    named: dict[str, Any] = {_PLAIN: np.array(json.dumps(plain)), **arrays}
    with disk.replacing(path) as file:
        np.savez_compressed(file, **named)


def read(kind: type[Value], path: Path) -> Value:
    """Reads what `write` wrote.

    Raises:
        InputError: the file is missing or damaged, or holds something else.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files if name != _PLAIN}
            plain = json.loads(str(kept[_PLAIN]))
        return _together(kind, arrays, plain, "")
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise InputError(f'"{shorten(path.name)}" cannot be read as {kind.__name__.lower()}. Delete it, and it is made anew.') from error


def _apart(value: tuple[Any, ...], prefix: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """Arrays and plain values by name, "section.field"."""
    arrays: dict[str, Any] = {}
    plain: dict[str, Any] = {}
    for name, field in zip(_fields(value), value, strict=True):
        if isinstance(field, np.ndarray):
            arrays[prefix + name] = field
        elif _fields(field):
            inner = _apart(field, f"{prefix}{name}.")
            arrays |= inner[0]
            plain |= inner[1]
        else:
            plain[prefix + name] = field
    return arrays, plain


def _together(kind: type[Value], arrays: dict[str, Any], plain: dict[str, Any], prefix: str) -> Value:
    found: dict[str, Any] = {}
    for name, hint in get_type_hints(kind).items():
        key = prefix + name
        if _fields(hint):
            found[name] = _together(hint, arrays, plain, f"{key}.")
        elif key in arrays:
            found[name] = arrays[key]
        else:
            found[name] = tuple(plain[key]) if isinstance(plain[key], list) else plain[key]
    return kind(**found)


def _fields(value: Any) -> tuple[str, ...]:
    """The names of a NamedTuple's fields; none for anything else."""
    names: tuple[str, ...] = getattr(value, "_fields", ())
    return names
