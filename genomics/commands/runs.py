"""`runs`: what was done, and what came of it."""

import argparse
import json
from pathlib import Path
from typing import Any

from genomics import disk, export, groups, listing, results, runs, settings, words
from genomics.commands import data
from genomics.errors import RunError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="every run, newest first")
    actions.add_parser("show", help="everything about one run; of a group, what its runs reach together").add_argument("run", metavar="RUN")
    compare = actions.add_parser("compare", help="several runs or groups side by side: settings that differ, and test metrics")
    compare.add_argument("run", nargs="+", metavar="RUN")
    rename = actions.add_parser("rename", help="give a run, or all of a group, a name or a note; an empty text removes it")
    rename.add_argument("run", metavar="RUN")
    rename.add_argument("--name", metavar="TEXT")
    rename.add_argument("--note", metavar="TEXT")
    pack = actions.add_parser("export", help="pack a run, or all of a group, as one zip file")
    pack.add_argument("run", metavar="RUN")
    pack.add_argument("output", metavar="OUT.zip", type=Path)
    actions.add_parser("delete", help="remove a run, or all of a group, for good").add_argument("run", metavar="RUN")


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Lists, shows, compares, renames, exports or deletes."""
    root = data.workspace(options)
    if options.action == "list":
        everything = runs.everything(root)
        rows = [results.brief(folder) for folder in everything if listing.readable(folder)]
        lines = [_line(row) for row in rows]
        lines += [f"{folder.name:<36}run.json cannot be read" for folder in everything if not listing.readable(folder)]
        return {"runs": rows}, "\n".join(lines) or f"No runs in {root} yet."
    if options.action == "compare":
        return _compared([groups.named(root, run) for run in options.run])

    folders = groups.named(root, options.run)
    name = options.run if len(folders) > 1 else folders[0].name
    if options.action == "show":
        answer = groups.together(folders) | {"asked": runs.asked(folders[0])}
        return answer, results.as_text(answer) + "\n" + json.dumps(answer["asked"], indent=1)
    if options.action == "export":
        with disk.replacing(options.output) as file:
            export.write(file, *folders)
        return {"run": name, "output": str(options.output)}, f"{name} is in {options.output}"
    if options.action == "rename":
        given = {key: value for key in ("name", "note") if (value := getattr(options, key)) is not None}
        if not given:
            raise RunError("Nothing to change: give --name TEXT, --note TEXT, or both.")
        for folder in folders:
            runs.describe(folder, **given)
        about = runs.about(folders[0])
        return {"run": name, **about}, f'{name}: name "{about["name"]}", note "{about["note"]}".'
    groups.delete(folders)
    return {"deleted": name}, f"{name} is deleted."


def _compared(chosen: list[list[Path]]) -> tuple[dict[str, Any], str]:
    """The settings that differ, and the test metrics; a column for each run or group."""
    answers = [groups.together(folders) for folders in chosen]
    rows = [listing.gathered([results.brief(folder) for folder in reversed(folders)])[0] for folders in chosen]
    differing = {name: [row["settings"].get(name) for row in rows] for name in settings.differing([row["settings"] for row in rows])}
    named = [answer | {"name": row["name"]} for answer, row in zip(answers, rows, strict=True)]
    return {"runs": named, "differing": differing}, results.comparison(named, differing)


def _line(row: dict[str, Any]) -> str:
    line = (
        f"{row['run']:<36}{row['state']:<13}{row['dataset'][:30]:<32}{row['detail']:<24}{words.headline(row['metric'], row['value']):<24}"
    )
    return f"{line}{row['group'] and 'group ' + row['group'] + '  '}{row['name']}".rstrip()
