"""`generate`: new sequences from a trained generator, as FASTA."""

import argparse
from pathlib import Path
from typing import Any

from genomics import disk, generating, runs
from genomics.commands import data
from genomics.errors import RunError, SettingError
from genomics.quiet import quiet
from genomics.recipe import from_json

_MOST = 1_000_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    parser.add_argument("run", metavar="RUN", help="a run's name, or a part of it that no other run has")
    parser.add_argument("-n", "--number", type=int, default=100, metavar="N", help="how many (default: 100)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="the same seed gives the same sequences (default: 0)")
    parser.add_argument("-o", "--output", metavar="OUT", help="a FASTA file (default: standard output)")


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Draws until there are as many sequences as asked for; empty ones do not count."""
    if not 1 <= options.number <= _MOST:
        raise SettingError(f"-n {options.number} is not allowed: choose 1 to {_MOST:,}.")
    if not 0 <= options.seed < 2**31:
        raise SettingError(f"--seed {options.seed} is not allowed: choose 0 to {2**31 - 1}.")
    folder = runs.find(data.workspace(options), options.run)
    recipe = from_json(runs.asked(folder))
    if recipe.kind != "generator":
        raise RunError(f'"{folder.name}" is a {recipe.architecture}: it predicts and makes no sequences. Use a run of wgan_gp.')
    with quiet():
        texts = generating.sequences(recipe, generating.load(folder), options.number, options.seed)
    fasta = generating.fasta(texts)
    answer = {"run": folder.name, "sequences": len(texts), "unique": len(set(texts)), "output": options.output}
    if options.output:
        disk.write_bytes(Path(options.output), fasta.encode())
        return answer, f"{len(texts):,} sequences ({len(set(texts)):,} different) in {options.output}"
    return answer, fasta.rstrip("\n")
