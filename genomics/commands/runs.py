"""`runs`: what was done, and what came of it."""

import argparse
import json
from pathlib import Path
from typing import Any

from genomics import disk, export, results, runs, words
from genomics.commands import data


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="every run, newest first")
    actions.add_parser("show", help="everything about one run").add_argument("run", metavar="RUN")
    actions.add_parser("compare", help="the test metrics of several runs side by side").add_argument("run", nargs="+", metavar="RUN")
    pack = actions.add_parser("export", help="pack a run as one zip file")
    pack.add_argument("run", metavar="RUN")
    pack.add_argument("output", metavar="OUT.zip", type=Path)
    actions.add_parser("delete", help="remove a run for good").add_argument("run", metavar="RUN")


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Lists, shows, compares, exports or deletes."""
    root = data.workspace(options)
    if options.action == "list":
        rows = [results.brief(folder) for folder in runs.everything(root)]
        return {"runs": rows}, "\n".join(_line(row) for row in rows) or f"No runs in {root} yet."
    if options.action == "compare":
        answers = [results.summary(runs.find(root, run)) for run in options.run]
        return {"runs": answers}, results.comparison(answers)

    folder = runs.find(root, options.run)
    if options.action == "show":
        answer = {**results.summary(folder), "asked": runs.asked(folder)}
        return answer, results.as_text(answer) + "\n" + json.dumps(answer["asked"], indent=1)
    if options.action == "export":
        disk.write_bytes(options.output, export.bundle(folder))
        return {"run": folder.name, "output": str(options.output)}, f"{folder.name} is in {options.output}"
    runs.delete(folder)
    return {"deleted": folder.name}, f"{folder.name} is deleted."


def _line(row: dict[str, Any]) -> str:
    return f"{row['run']:<36}{row['state']:<13}{row['dataset'][:30]:<32}{row['detail']:<24}{words.headline(row['metric'], row['value'])}"
