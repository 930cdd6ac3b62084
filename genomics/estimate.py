"""How long training will take: the work of the drawing, divided by the speed this machine has shown."""

from pathlib import Path

from genomics import runs
from genomics.recipe import Recipe, generator, predictor

# Multiplications a second, measured with the defaults on two cores of a 2023 server; replaced by what this machine shows.
_FIRST_GUESS = {"cnn": 6e10, "image_cnn": 2.5e10, "rnn": 6e9, "wgan_gp": 4e10}
_START_SECONDS = 6.0
_FORWARD_AND_BACKWARD = 3


def work(recipe: Recipe, outputs: int, records: int) -> float:
    """Multiplications of a whole run, if it is not stopped early.

    Args:
        recipe: what is asked.
        outputs: numbers the predictor gives.
        records: in the training part.
    """
    if recipe.kind == "generator":
        return float(generator(recipe.architecture).work(recipe.config, recipe.layout)) * recipe.config.iterations
    family = predictor(recipe.architecture)
    once = sum(layer.work for layer in family.layers(recipe.config, recipe.layout, outputs))
    return float(once) * records * _FORWARD_AND_BACKWARD * recipe.fit.epochs


def seconds(recipe: Recipe, outputs: int, records: int, root: Path) -> float:
    """The time a run will take here, at most; early stopping makes it shorter."""
    shown = (runs.read_json(root / "speed.json") or {}).get(recipe.architecture)
    return _START_SECONDS + work(recipe, outputs, records) / (shown or _FIRST_GUESS.get(recipe.architecture, 1e10))


def learn(recipe: Recipe, outputs: int, records: int, share: float, took: float, root: Path) -> None:
    """Remembers the speed that a run has shown.

    Args:
        recipe: what was asked.
        outputs: as for `work`.
        records: as for `work`.
        share: of the run's whole work that was done.
        took: seconds of training alone.
        root: the workspace.
    """
    if took < 1:
        return
    known = runs.read_json(root / "speed.json") or {}
    runs.write_json(root / "speed.json", {**known, recipe.architecture: work(recipe, outputs, records) * share / took})


def in_words(value: float) -> str:
    """Seconds as a person says them."""
    if value < 90:
        return f"about {max(5, round(value / 5) * 5):.0f} seconds"
    if value < 5400:
        return f"about {value / 60:.0f} minutes"
    return f"about {value / 3600:.1f} hours"
