"""Rows of measurements as a Markdown table, and how fast the machine is just now."""

import time
from collections.abc import Sequence


def show(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Prints a titled Markdown table."""
    print(f"\n### {title}\n\n| {' | '.join(header)} |\n|{'---|' * len(header)}")
    for row in rows:
        print("| " + " | ".join(f"{cell:,.3g}" if isinstance(cell, float) else str(cell) for cell in row) + " |")
    print(flush=True)


def pace() -> float:
    """Seconds that ten million additions in a plain loop take: on a machine shared with others, times are read beside it."""
    began = time.perf_counter()
    total = 0
    for number in range(10_000_000):
        total += number
    return time.perf_counter() - began


def paced(*measured: float) -> tuple[str, str, str]:
    """The row that tells it."""
    return "ten million additions in a Python loop meanwhile, least and most", f"{min(measured):.2f} s / {max(measured):.2f} s", ""
