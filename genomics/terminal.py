"""The same from a terminal: a recipe as the command that carries it out."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from genomics import planning
from genomics.recipe import Recipe

MOST_FOLDS = 50  # by number; more are one for each record


def command_line(
    recipe: Recipe,
    data: str,
    *,
    usual: Mapping[str, Any] | None = None,
    seeds: Sequence[int] = (),
    folds: str = "",
    others: Sequence[str] = (),
) -> str:
    """The command that carries the same recipe out from a terminal.

    Args:
        recipe: what is asked.
        data: the file, the folder of a dataset in a workspace, or "sample:NAME".
        usual: what is taken for this dataset where nothing is said, see `genomics.recipe.suggested`; None where nobody
            knows: then every setting is spelled out.
        seeds: train once for each of these.
        folds: train once for each of so many folds; or "leave-one-out", "given".
        others: architectures that are trained as well, to answer together with it.
    """
    words = ["python -m genomics train", shlex.quote(data), "--architecture", ",".join([recipe.architecture, *others])]
    ours, training = planning.chosen(recipe, usual)
    mine = f"{recipe.architecture}." if others else ""
    for name, value in {**{mine + name: value for name, value in ours.items()}, **training}.items():
        words += ["--set", f"{name}={str(value).lower() if isinstance(value, bool) else value}"]
    words += ["--length", str(recipe.layout.length)]
    for option, chosen, default in (
        ("--anchor", recipe.layout.anchor, "left"),
        ("--split", recipe.split, "auto"),
        ("--only", recipe.only, ""),
        ("--folds", folds or ("leave-one-out" if recipe.fold[1] > MOST_FOLDS else str(recipe.fold[1] or "")), ""),
        ("--seeds", ",".join(map(str, seeds)), ""),
        ("--seed", 0 if seeds else recipe.seed, 0),
        ("--split-seed", recipe.split_seed, 0 if seeds else recipe.seed),
        ("--watch", 0 if seeds else recipe.watch, 0),
        ("--validation-fraction", f"{recipe.validation_fraction:g}", "0"),
        ("--from", recipe.base, ""),
    ):
        if chosen != default:
            words += [option, shlex.quote(str(chosen))]
    return " ".join(words)
