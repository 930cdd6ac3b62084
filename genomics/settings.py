"""The settings of runs: what each was trained with, which of them differ, and what tells runs apart."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from genomics import hyper, words
from genomics.architectures import ARCHITECTURES, Architecture
from genomics.fit import Fit
from genomics.generators import GENERATORS, Generator
from genomics.hyper import Spec

Settings = Mapping[str, Any]

_FAMILIES: dict[str, Architecture | Generator] = {**ARCHITECTURES, **GENERATORS}

_OF_THE_RUN = {  # besides hyperparameters: the title, and the value where run.json has none
    "split": ("Split", "auto"),
    "split_seed": ("Split seed", 0),
    "fold": ("Fold", ""),
    "seed": ("Seed", 0),
    "length": ("Length read (bp)", 0),
    "anchor": ("Part kept of longer sequences", "left"),
    "watch": ("Validation set number", 0),
    "validation_fraction": ("Validation share", 0.0),
    "only": ("Class learned from", ""),
    "base": ("Started from the weights of", ""),
}


def of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a run by name: hyperparameters, training, data.

    Args:
        asked: what `run.json` holds; settings that this version does not know keep their values.

    Returns:
        Without those that have no effect: of a generator the training settings of predictors, and a k-mer length where
        single bases are read.
    """
    values = _mapping(asked.get("config")) | (_mapping(asked.get("fit")) if asked.get("kind") == "predictor" else {})
    for spec in specs(str(asked.get("architecture"))):
        if spec.when and spec.when[0] in values and values[spec.when[0]] not in spec.when[1]:
            values.pop(spec.name, None)
    given = {**asked, **_mapping(asked.get("layout"))}
    given["fold"] = "{} of {}".format(given["fold"][0] + 1, given["fold"][1]) if any(given.get("fold") or ()) else ""
    given.setdefault("split_seed", given.get("seed", 0))
    return values | {name: given.get(name, default) for name, (_, default) in _OF_THE_RUN.items()}


def _mapping(found: Any) -> dict[str, Any]:
    return dict(found) if isinstance(found, Mapping) else {}


@cache
def specs(architecture: str) -> tuple[Spec, ...]:
    """The declarations of an architecture's hyperparameters and of training; of training alone where it is unknown here."""
    family = _FAMILIES.get(architecture)
    ours = hyper.specs(family.Config) if family else []
    return tuple(ours) if architecture in GENERATORS else (*ours, *hyper.specs(Fit))


@cache
def title(name: str) -> str:
    """A setting's name for people with its unit, "Kernel size (bp)"; without one where architectures have unlike units."""
    if name in _OF_THE_RUN:
        return _OF_THE_RUN[name][0]
    known = [spec for family in _FAMILIES for spec in specs(family) if spec.name == name]
    unit = known[0].unit if len({spec.unit for spec in known}) == 1 else ""
    return Spec(name, "", 0, "").label() + (f" ({unit})" if unit else "")


def differing(rows: Sequence[Settings]) -> list[str]:
    """Names of the settings that have unlike values in those rows that have them, in order."""
    first = {name: value for row in reversed(rows) for name, value in row.items()}
    names = dict.fromkeys(name for row in rows for name in row)
    return [name for name in names if any(row.get(name, first[name]) != first[name] for row in rows)]


def common(rows: Sequence[Settings]) -> dict[str, Any]:
    """The settings that are the same wherever they are."""
    unlike = differing(rows)
    return {name: value for row in rows for name, value in row.items() if name not in unlike}


def phrase(name: str, value: Any) -> str:
    """A setting within a sentence: "kernel size 9", "class weights off"; empty for a fold, a class or a run where there is none."""
    said = "on" if value is True else "off" if value is False else f"{value:g}" if isinstance(value, float) else str(value)
    return f"{words.within(title(name)).partition(' (')[0]} {said}" if said else ""


def titles(architectures: str) -> str:
    """Architectures as people call them, "Convolutional network, recurrent network"; one that is unknown here by its name."""
    first, *more = [_FAMILIES[name].title if name in _FAMILIES else name for name in architectures.split(", ")]
    return ", ".join([first, *map(words.within, more)])


def labels(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Runs by what tells them apart, each label another.

    Args:
        rows: of `genomics.listing.gathered`.

    Returns:
        A run's name; where it has none, as many of architecture, dataset and settings as are needed: "Kernel size 9".
    """
    columns = [
        [titles(row["architecture"]) for row in rows],
        [f"on {row['dataset']}" for row in rows],
        [row["detail"] if len(row["runs"]) > 1 else "" for row in rows],
    ]
    unlike = differing([row["settings"] for row in rows])
    columns += [[phrase(name, row["settings"][name]) if name in row["settings"] else "" for row in rows] for name in unlike]
    made = [""] * len(rows)
    for column in columns:
        longer = [", ".join(filter(None, pair)) for pair in zip(made, column, strict=True)]
        made = longer if len(set(longer)) > len(set(made)) else made
    made = [row["name"] or text[:1].upper() + text[1:] or column for row, text, column in zip(rows, made, columns[0], strict=True)]
    for last in (4, 99):  # characters of the run's id
        if len(set(made)) < len(rows):
            made = [text if made.count(text) == 1 else f"{text} ({row['run'][-last:]})" for text, row in zip(made, rows, strict=True)]
    return made
