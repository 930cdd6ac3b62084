"""`runs`: what was done, and what came of it."""

import argparse
import json
from pathlib import Path
from typing import Any

from genomics import disk, export, groups, results, runs, words
from genomics.commands import data


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="every run, newest first")
    actions.add_parser("show", help="everything about one run; of a group, what its runs reach together").add_argument("run", metavar="RUN")
    actions.add_parser("compare", help="the test metrics of several runs or groups side by side").add_argument(
        "run", nargs="+", metavar="RUN"
    )
    pack = actions.add_parser("export", help="pack a run, or all of a group, as one zip file")
    pack.add_argument("run", metavar="RUN")
    pack.add_argument("output", metavar="OUT.zip", type=Path)
    actions.add_parser("delete", help="remove a run, or all of a group, for good").add_argument("run", metavar="RUN")


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Lists, shows, compares, exports or deletes."""
    root = data.workspace(options)
    if options.action == "list":
        rows = [results.brief(folder) for folder in runs.everything(root)]
        return {"runs": rows}, "\n".join(_line(row) for row in rows) or f"No runs in {root} yet."
    if options.action == "compare":
        answers = [groups.together(groups.named(root, run)) for run in options.run]
        return {"runs": answers}, results.comparison(answers)

    folders = groups.named(root, options.run)
    name = options.run if len(folders) > 1 else folders[0].name
    if options.action == "show":
        answer = groups.together(folders) | {"asked": runs.asked(folders[0])}
        return answer, results.as_text(answer) + "\n" + json.dumps(answer["asked"], indent=1)
    if options.action == "export":
        with disk.replacing(options.output) as file:
            export.write(file, *folders)
        return {"run": name, "output": str(options.output)}, f"{name} is in {options.output}"
    groups.delete(folders)
    return {"deleted": name}, f"{name} is deleted."


def _line(row: dict[str, Any]) -> str:
    line = (
        f"{row['run']:<36}{row['state']:<13}{row['dataset'][:30]:<32}{row['detail']:<24}{words.headline(row['metric'], row['value']):<24}"
    )
    return f"{line}{row['group'] and 'group ' + row['group']}".rstrip()
