"""`resume`: goes on from a run's last checkpoint, or lets a finished run train for longer."""

import argparse
from typing import Any

from genomics import groups, jobs, results, runs
from genomics.commands import data, follow
from genomics.errors import SettingError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    parser.add_argument(
        "run",
        metavar="RUN",
        help="a run's name, or a part of it that no other run has; or the name of a group, whose runs go on that have not finished",
    )
    parser.add_argument(
        "--epochs",
        type=int,
        metavar="N",
        help="epochs it may have in all, more than it has had (a generator: iterations); also after its end",
    )


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Starts the run again, or those of a group, and follows it."""
    folders = groups.named(data.workspace(options), options.run)
    if options.epochs is None:
        jobs.start(*([folder for folder in folders if runs.state(folder) != "finished"] or folders[:1]))  # which says what else can be done
    elif len(folders) > 1:
        raise SettingError(f'--epochs is for one run, not for the {len(folders)} of the group "{options.run}": name each of them in turn.')
    else:
        jobs.extend(folders[0], options.epochs)
    states = follow.until_done(folders)
    answer = groups.together([folders[states.index("stopped")]] if "stopped" in states else folders)
    return answer, results.as_text(answer)
