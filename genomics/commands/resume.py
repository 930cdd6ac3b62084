"""`resume`: goes on from a run's last checkpoint, or lets a finished run train for longer."""

import argparse
from typing import Any

from genomics import jobs, results, runs
from genomics.commands import data, follow
from genomics.errors import RunError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    parser.add_argument("run", metavar="RUN", help="a run's name, or a part of it that no other run has")
    parser.add_argument(
        "--epochs",
        type=int,
        metavar="N",
        help="epochs it may have in all, more than it has had (a generator: iterations); also after its end",
    )


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Starts the run again and follows it."""
    folder = runs.find(data.workspace(options), options.run)
    if options.epochs is None:
        jobs.start(folder)
    else:
        jobs.extend(folder, options.epochs)
    state = follow.until_done(folder)
    if state in ("failed", "interrupted"):
        raise RunError(f"The run {folder.name} {state}. {runs.failure(runs.read_events(folder).events)}")
    answer = results.summary(folder)
    return answer, results.as_text(answer)
