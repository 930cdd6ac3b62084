"""`audit`: what is wrong with a set of sequences, and what one gets without a network."""

import argparse
import textwrap
from typing import Any

from genomics import inspection, remedies, words
from genomics.commands import data
from genomics.split import HOW

_WIDTH = 110
_MARKS = {"stop": "STOP", "warn": "WARN", "note": "note"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what the command takes."""
    data.arguments(parser)
    parser.add_argument("--split", default="auto", metavar="HOW", help=f"how to divide the records: {', '.join(HOW)} (default: auto)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of every draw (default: 0)")
    parser.add_argument("--mend", default="", metavar="CODE,CODE", help="carry out the remedies of these findings first, in this order")


def carry_out(options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Reads, mends where asked, inspects, and keeps what was found in the workspace."""
    dataset = data.load(options)
    for code in filter(None, options.mend.split(",")):
        dataset = remedies.mend(dataset, code.strip(), options.split, options.seed)
    answer = inspection.inspect(dataset, data.workspace(options), options.split, options.seed, tick=data.said)
    data.quiet()
    return answer, as_text(answer)


def as_text(answer: dict[str, Any]) -> str:
    """An audit for people."""
    lines = [f"{answer['name']}: {answer['records']:,} sequences, {answer['bases']:,} bases, {answer['task']}"]
    lines += [f"  {name}: {count:,}" for name, count in answer["classes"].items()]
    lines += [f"  {note}" for note in answer["notes"]]
    lines.append(words.flags(answer["flags"]))
    for flag in answer["flags"]:
        mend = f" (--mend {flag['code']})" if flag["action"] else ""
        text = f"{flag['message']} {flag['meaning']} Remedy: {flag['remedy']}{mend}"
        lines.append(
            textwrap.fill(text, _WIDTH, initial_indent=f"  {_MARKS[flag['severity']]} {flag['code']}: ", subsequent_indent="       ")
        )
    if answer["split"]:
        parts = ", ".join(f"{count:,} {part}" for part, count in answer["split"]["records"].items())
        lines.append(
            f"Split ({answer['split']['how']}): {parts}; {answer['split']['sharing_a_word']:,} test records share a 20-base word with the others."
        )
    if answer["baselines"]:
        lines.append("Without a network, on the same split:")
        lines += [f"  {row['title']:<34}{words.baseline(row)}" for row in answer["baselines"].values()]
    return "\n".join(lines)
