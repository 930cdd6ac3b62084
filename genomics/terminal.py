"""The same from a terminal: a recipe as the command that carries it out."""

import shlex

from genomics import hyper
from genomics.fit import Fit
from genomics.recipe import Recipe, find


def command_line(recipe: Recipe, data: str) -> str:
    """The command that carries the same recipe out from a terminal.

    Args:
        recipe: what is asked.
        data: the file, the folder of a dataset in a workspace, or "sample:NAME".
    """
    family = find(recipe.architecture)
    words = ["python -m genomics train", shlex.quote(data), "--architecture", recipe.architecture]
    for config, kind in ((recipe.config, family.Config), (recipe.fit, Fit)):
        for spec in hyper.specs(kind):
            value = getattr(config, spec.name)
            if value != spec.default:
                words += ["--set", f"{spec.name}={str(value).lower() if isinstance(value, bool) else value}"]
    words += ["--length", str(recipe.layout.length)]
    for option, chosen, default in (
        ("--anchor", recipe.layout.anchor, "left"),
        ("--split", recipe.split, "auto"),
        ("--only", recipe.only, ""),
        ("--seed", recipe.seed, 0),
    ):
        if chosen != default:
            words += [option, shlex.quote(str(chosen))]
    return " ".join(words)
