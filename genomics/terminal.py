"""The same from a terminal: a recipe as the command that carries it out."""

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from genomics import hyper
from genomics.fit import Fit
from genomics.recipe import Recipe, find

MOST_FOLDS = 50  # by number; more are one for each record


def command_line(recipe: Recipe, data: str, *, usual: Mapping[str, Any] | None = None, seeds: Sequence[int] = (), folds: str = "") -> str:
    """The command that carries the same recipe out from a terminal.

    Args:
        recipe: what is asked.
        data: the file, the folder of a dataset in a workspace, or "sample:NAME".
        usual: what is taken for this dataset where nothing is said, see `genomics.recipe.suggested`; None where nobody
            knows: then every setting is spelled out.
        seeds: train once for each of these.
        folds: train once for each of so many folds; or "leave-one-out", "given".
    """
    family = find(recipe.architecture)
    words = ["python -m genomics train", shlex.quote(data), "--architecture", recipe.architecture]
    for config, kind in ((recipe.config, family.Config), (recipe.fit, Fit)):
        if kind is Fit and recipe.kind != "predictor":
            continue
        for spec in hyper.specs(kind):
            value = getattr(config, spec.name)
            if usual is None or value != usual.get(spec.name, spec.default):
                words += ["--set", f"{spec.name}={str(value).lower() if isinstance(value, bool) else value}"]
    words += ["--length", str(recipe.layout.length)]
    for option, chosen, default in (
        ("--anchor", recipe.layout.anchor, "left"),
        ("--split", recipe.split, "auto"),
        ("--only", recipe.only, ""),
        ("--folds", folds or _folds(recipe.fold[1]), ""),
        ("--seeds", ",".join(map(str, seeds)), ""),
        ("--seed", 0 if seeds else recipe.seed, 0),
        ("--split-seed", recipe.split_seed, 0 if seeds else recipe.seed),
        ("--watch", 0 if seeds else recipe.watch, 0),
        ("--from", recipe.base, ""),
    ):
        if chosen != default:
            words += [option, shlex.quote(str(chosen))]
    return " ".join(words)


def _folds(of: int) -> str:
    return "leave-one-out" if of > MOST_FOLDS else str(of or "")
