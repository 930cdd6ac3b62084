"""Drawing sequences from a trained generator, and writing them down."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from genomics.errors import RunError
from genomics.recipe import Recipe, generator
from genomics.scorecard import Flat
from genomics.sequences import Codes, decode

if TYPE_CHECKING:
    import keras

_TRIES = 20
_LINE = 80


def sequences(recipe: Recipe, network: "keras.Model", n: int, seed: int) -> list[str]:
    """Draws n sequences; empty ones are drawn again.

    Raises:
        RunError: the generator makes hardly anything but empty sequences.
    """
    draw = generator(recipe.architecture).draw
    found: list[str] = []
    for attempt in range(_TRIES):
        found += [text for text in texts(draw(network, n - len(found), seed + attempt)) if text]
        if len(found) == n:
            return found
    raise RunError(f"The generator makes hardly any sequence that is not empty: {len(found):,} of {n:,}. Train it longer.")


def load(folder: Path) -> "keras.Model":
    """A run's generator.

    Raises:
        RunError: the run has none yet.
    """
    if not (folder / "model.keras").exists():
        raise RunError(f'The run "{folder.name}" has no trained network yet. Let it finish, or resume it.')
    import keras

    return keras.models.load_model(folder / "model.keras", compile=False)


def texts(rows: Codes) -> list[str]:
    """Generated rows, uint8 (n, length) with 4 after the end, as text."""
    return [decode(row[row < 4]) for row in rows]


def flat(rows: Codes) -> Flat:
    """Generated rows as a flat set, without their ends; empty sequences are left out."""
    rows = rows[rows[:, 0] < 4]
    inside = rows < 4
    return Flat(rows[inside], np.concatenate([[0], np.cumsum(inside.sum(1))]).astype(np.int64))


def fasta(sequences: list[str]) -> str:
    """Sequences as FASTA, 80 letters a line."""
    lines = []
    for number, text in enumerate(sequences, start=1):
        lines.append(f">generated_{number}")
        lines += [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return "\n".join(lines) + "\n"
