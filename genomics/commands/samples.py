"""`samples`: the built-in samples."""

import argparse
from pathlib import Path
from typing import Any

from genomics import samples


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="name and story of each")
    write = actions.add_parser("write", help="write one as FASTA (.fa) or as a table (.tsv, .tsv.gz)")
    write.add_argument("name", metavar="NAME")
    write.add_argument("path", metavar="PATH", type=Path)


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Lists or writes."""
    if options.action == "write":
        samples.write(options.name, options.path)
        return {"sample": options.name, "output": str(options.path)}, f"{options.name} is in {options.path}"
    rows = [{"name": s.name, "title": s.title, "story": s.story, "source": s.source} for s in samples.SAMPLES.values()]
    return {"samples": rows}, "\n\n".join(f"{row['name']}: {row['title']}\n  {row['story']}\n  Source: {row['source']}" for row in rows)
