"""`architectures`: what can be trained, and with which hyperparameters."""

import argparse
from typing import Any

from genomics import hyper
from genomics.architectures import ARCHITECTURES, Architecture
from genomics.fit import Fit
from genomics.generators import GENERATORS, Generator
from genomics.recipe import find

_ALL: list[Architecture | Generator] = [*ARCHITECTURES.values(), *GENERATORS.values()]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="show this one with its hyperparameters")
    parser.add_argument("--markdown", action="store_true", help="as the table of the README")


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """All of them, a line each; or one with everything that can be set."""
    if options.markdown:
        return {"markdown": markdown()}, markdown()
    families = [find(options.name)] if options.name else _ALL
    rows: list[dict[str, Any]] = [
        {
            "name": family.name,
            "title": family.title,
            "good_when": family.good_when,
            "reference": family.reference,
            "hyperparameters": [_row(spec) for spec in hyper.specs(family.Config)],
            "training": [_row(spec) for spec in hyper.specs(Fit)] if family.name in ARCHITECTURES else [],
        }
        for family in families
    ]
    lines = _aligned([[row["name"], f"{row['title']}. Good when {row['good_when']}."] for row in rows])
    if options.name:
        specs = rows[0]["hyperparameters"] + rows[0]["training"]
        lines.append(families[0].reference)
        lines += _aligned([["", spec["name"], str(spec["default"]), f"{spec['allowed']}. {spec['help']}"] for spec in specs])
    return {"architectures": rows}, "\n".join(lines)


def _aligned(rows: list[list[str]]) -> list[str]:
    """Rows as lines, their columns one below the other with two spaces between."""
    widths = [max(map(len, column)) + 2 for column in zip(*rows, strict=True)]
    return ["".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def markdown() -> str:
    """Every architecture with its hyperparameters and their ranges, as a Markdown table."""
    lines = ["| name | what it is | good when | hyperparameters (default; range) | reference |", "|---|---|---|---|---|"]
    for family in _ALL:
        settings = ", ".join(f"`{spec.name}` ({spec.default}; {_range(spec)})" for spec in hyper.specs(family.Config))
        lines.append(f"| `{family.name}` | {family.title} | {family.good_when} | {settings} | {family.reference} |")
    return "\n".join(lines)


def _range(spec: hyper.Spec) -> str:
    return " / ".join(spec.choices) if spec.kind == "choice" else "yes or no" if spec.kind == "flag" else f"{spec.low:g} to {spec.high:g}"


def _row(spec: hyper.Spec) -> dict[str, Any]:
    return {"name": spec.name, "default": spec.default, "allowed": spec.allowed(), "help": spec.help}
