"""Calling the command line as a person does, and what it said."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
QUICK = [
    "--set",
    "layers=1",
    "--set",
    "filters=8",
    "--set",
    "dense=8",
    "--set",
    "precision=float32",
    "--set",
    "learning_rate=0.01",
    "--epochs",
    "8",
    "--batch-size",
    "16",
]
GAN = [f"--set={pair}" for pair in ("iterations=30", "channels=8", "blocks=1", "batch_size=8", "critic_steps=1")]


class Said(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        return json.loads(self.out.splitlines()[-1])


def program(*words: object, **environment: str) -> Said:
    """Carries a command out as a person does."""
    line = [sys.executable, "-m", "genomics", *map(str, words)]
    done = subprocess.run(line, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=240)
    return Said(done.returncode, done.stdout, done.stderr)


class Trained(NamedTuple):
    """A small trained run of each kind, in one workspace, with the data they learned from."""

    workspace: Path
    data: Path
    predictor: Said
    generator: Said

    @property
    def run(self) -> str:
        return str(self.predictor.answer["run"])

    @property
    def generating_run(self) -> str:
        return str(self.generator.answer["run"])
