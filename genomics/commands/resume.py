"""`resume`: goes on from a run's last checkpoint."""

import argparse
from typing import Any

from genomics import jobs, results, runs
from genomics.commands import data, follow
from genomics.errors import RunError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    parser.add_argument("run", metavar="RUN", help="a run's name, or a part of it that no other run has")


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Starts the run again and follows it."""
    folder = runs.find(data.workspace(options), options.run)
    jobs.start(folder)
    state = follow.until_done(folder)
    if state in ("failed", "interrupted"):
        raise RunError(f"The run {folder.name} {state}. {runs.failure(runs.read_events(folder).events)}")
    answer = results.summary(folder)
    return answer, results.as_text(answer)
