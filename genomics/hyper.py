"""Hyperparameters declared once: a frozen dataclass whose field metadata says what is allowed.

From that one declaration come validation, JSON, the page's controls, the command line's `--set`, and the tests.

Example:
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, slots=True, kw_only=True)
    ... class Config:
    ...     filters: int = integer(32, 4, 512, help="How many patterns the layer looks for.")
    >>> make(Config, {"filters": "64"})
    Config(filters=64)
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, field, fields
from typing import Any, NamedTuple, TypeVar

from genomics.errors import SettingError

C = TypeVar("C")
Value = bool | int | float | str


class Spec(NamedTuple):
    """What one hyperparameter may be."""

    name: str
    kind: str  # integer, real, choice or flag
    default: Value
    help: str
    low: float = -math.inf
    high: float = math.inf
    step: float | None = None
    log: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()
    advanced: bool = False
    when: tuple[str, tuple[Value, ...]] | None = None  # shown only where the named field has one of these values

    def allowed(self) -> str:
        """What is allowed, in words."""
        if self.kind == "flag":
            return "true or false"
        if self.kind == "choice":
            return "one of " + ", ".join(self.choices)
        noun = "a whole number" if self.kind == "integer" else "a number"
        return f"{noun} from {self.low:g} to {self.high:g}{self.unit and ' ' + self.unit}"

    def label(self) -> str:
        """The name as a person writes it: `kernel_size` becomes "Kernel size"."""
        text = self.name.replace("_", " ")
        return text[:1].upper() + text[1:]


def integer(default: int, low: int, high: int, *, help: str, **more: Any) -> Any:
    """A whole number between two bounds, both allowed."""
    return _declare(kind="integer", default=default, low=low, high=high, help=help, **more)


def real(default: float, low: float, high: float, *, help: str, **more: Any) -> Any:
    """A number between two bounds, both allowed."""
    return _declare(kind="real", default=default, low=low, high=high, help=help, **more)


def choice(default: str, choices: Sequence[str], *, help: str, **more: Any) -> Any:
    """One of a few words."""
    return _declare(kind="choice", default=default, choices=tuple(choices), help=help, **more)


def flag(default: bool, *, help: str, **more: Any) -> Any:
    """Yes or no."""
    return _declare(kind="flag", default=default, help=help, **more)


def _declare(*, default: Value, **spec: Any) -> Any:
    return field(default=default, metadata={"default": default, **spec})


def specs(config: Any) -> list[Spec]:
    """The declarations of a config class (or of an instance), in the order written."""
    return [Spec(name=f.name, **f.metadata) for f in fields(config)]


def make(config: type[C], values: Mapping[str, Any]) -> C:
    """Validates values from a page, a file or a command line and builds the config.

    Args:
        config: the dataclass.
        values: name to value; text is converted ("64", "true"), what is missing takes its default.

    Raises:
        SettingError: an unknown name (the message lists the known ones) or a value that is not allowed.
    """
    known = {spec.name: spec for spec in specs(config)}
    unknown = [name for name in values if name not in known]
    if unknown:
        raise SettingError(f'"{unknown[0]}" is not a setting here. Settings: {", ".join(known)}.')

    return config(**{name: _checked(known[name], value) for name, value in values.items()})


def to_json(config: Any) -> dict[str, Value]:
    """Turns a config into plain JSON, from which `make` builds an equal one."""
    return asdict(config)


def parse(assignments: Sequence[str]) -> dict[str, str]:
    """Takes texts of the form `name=value` apart, as given to `--set`."""
    pairs = [text.partition("=") for text in assignments]
    for name, equals, _ in pairs:
        if not (name and equals):
            raise SettingError(f'"{name}" is not of the form name=value, for instance --set filters=64.')
    return {name.strip(): value.strip() for name, _, value in pairs}


def _checked(spec: Spec, value: Any) -> Value:
    def refuse() -> SettingError:
        return SettingError(f"{spec.name} = {value!r} is not allowed: {spec.name} is {spec.allowed()}.")

    if spec.kind == "choice":
        if str(value) not in spec.choices:
            raise refuse()
        return str(value)
    if spec.kind == "flag":
        text = str(value).lower()
        if text not in ("true", "false", "1", "0", "yes", "no"):
            raise refuse()
        return text in ("true", "1", "yes")
    if isinstance(value, bool):
        raise refuse()

    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise refuse() from None
    if not spec.low <= number <= spec.high:  # also refuses NaN
        raise refuse()
    if spec.kind == "integer":
        if number != int(number):
            raise refuse()
        return int(number)
    return number
