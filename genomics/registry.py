"""Finding the siblings of a package that declare a constant: adding an architecture is adding a file."""

import importlib
import pkgutil
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def discover(package: str, path: Iterable[str], constant: str, kind: type[T]) -> dict[str, T]:
    """Imports every module of a package and collects what each calls `constant`.

    Args:
        package: its dotted name.
        path: its `__path__`.
        constant: the name to look for; modules without it are passed over.
        kind: what the constant must be; it has a `name`.

    Returns:
        The constants by name, sorted by their `rank` where they have one, then by name.

    Raises:
        TypeError: a constant of another kind.
        ValueError: two constants of the same name.
    """
    found: dict[str, T] = {}
    for module_info in sorted(pkgutil.iter_modules(list(path)), key=lambda info: info.name):
        module = importlib.import_module(f"{package}.{module_info.name}")
        value = getattr(module, constant, None)
        if value is None:
            continue
        if not isinstance(value, kind):
            raise TypeError(f"{module.__name__}.{constant} is not {kind.__name__}")
        name = str(getattr(value, "name"))  # noqa: B009 - T has no bound that names it
        if name in found:
            raise ValueError(f'{module.__name__}.{constant} is called "{name}", and so is another one')
        found[name] = value
    return dict(sorted(found.items(), key=lambda item: (getattr(item[1], "rank", 0), item[0])))
