"""Sequences with a network's predictions as bars, as HTML that is changed in place when it is drawn again."""

import html
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from genomics import words
from genomics.plots import style

_SHOWN = 4  # bars a sequence
_NAME = 24
STYLE = """
<style>
.answers { display: grid; grid-template-columns: minmax(4rem, 9rem) minmax(8rem, 1fr) minmax(15rem, 24rem); gap: 0.55rem 1.2rem; align-items: center; font-size: 0.85rem; }
.answers .id { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; opacity: 0.75; }
.answers .letters { font-family: var(--st-code-font, monospace); overflow-x: auto; scrollbar-width: thin; white-space: nowrap; letter-spacing: 0.03em; }
.answers .bar { display: grid; grid-template-columns: 7rem 1fr 3.6rem; gap: 0.5rem; align-items: center; line-height: 1.25; }
.answers .bar .what { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.answers .bar.true .what { font-weight: 650; }
.answers .track { position: relative; height: 0.55rem; border-radius: 0.3rem; background: color-mix(in srgb, currentColor 12%, transparent); }
.answers .fill { position: absolute; left: 0; top: 0; bottom: 0; border-radius: 0.3rem; }
.answers .dot { position: absolute; top: -0.1rem; width: 0.75rem; height: 0.75rem; margin-left: -0.375rem; border-radius: 50%; }
.answers .truth { position: absolute; top: -0.25rem; bottom: -0.25rem; width: 3px; margin-left: -1px; background: currentColor; }
.answers .value { text-align: right; font-variant-numeric: tabular-nums; }
@media (max-width: 900px) { .answers { grid-template-columns: 1fr; } .answers .id { margin-top: 0.6rem; } }
</style>
"""


def table(records: Sequence[dict[str, Any]], said: Sequence[Any], task: str, names: Sequence[str]) -> str:
    """One row a sequence: name, letters, and a bar for each class (or label), or a point for each number.

    Args:
        records: {"id", "truth", "sequence"} each, and, where known, the "start" of the sequence and the place in it to show first, "focus"; truth is a class name, a list of label names, a number or a list of numbers.
        said: for each record probabilities by class or label, or numbers.
        task: of the dataset.
        names: of classes, labels or targets; may be empty.
    """
    rows = zip(records, said, strict=False)
    if task == "regression":
        scale = _scale(records, said)
        bars = [_numbers(_listed(record["truth"]), _listed(answer), names, scale) for record, answer in rows]
    else:
        bars = [_classes(record["truth"], _listed(answer), names) for record, answer in rows]
    cells = "".join(
        f'<div class="id" title="{html.escape(str(record["id"]))}">{html.escape(str(record["id"])[:60])}</div>'
        f'<div class="letters" tabindex="0" title="{_place(record)}" data-focus="{int(record.get("focus", 0))}">'
        f"{_letters(str(record['sequence']))}</div><div>{bar}</div>"
        for record, bar in zip(records, bars, strict=False)
    )
    return f'<div class="answers">{cells}</div>'


def _classes(truth: Any, said: list[float], names: Sequence[str]) -> str:
    if len(said) == 1:  # of two classes the second alone
        said = [1 - said[0], said[0]]
    named = [names[place] if place < len(names) else f"class {place + 1}" for place in range(len(said))]
    true = {str(name) for name in truth} if isinstance(truth, list | tuple) else {str(truth)}
    order = range(len(said))
    if len(said) > _SHOWN:  # what is true always, then what is said most
        first = sorted(order, key=lambda place: (named[place] not in true, -said[place]))[:_SHOWN]
        order = sorted(first)  # type: ignore[assignment]
    return "".join(
        f'<div class="bar{" true" if named[place] in true else ""}"><span class="what">{"✓ " if named[place] in true else ""}'
        f'{html.escape(named[place][:_NAME])}</span><span class="track"><span class="fill" '
        f'style="width: {100 * min(max(said[place], 0), 1):.1f}%; background: {style.of_class(place)}"></span></span>'
        f'<span class="value">{said[place]:.0%}</span></div>'
        for place in order
    )


def _numbers(truth: list[float], said: list[float], names: Sequence[str], scale: list[tuple[float, float]]) -> str:
    made = []
    for place in range(min(len(said), _SHOWN)):
        low, high = scale[place]
        spot, wanted = (100 * (value - low) / (high - low) for value in (said[place], truth[place]))
        name = names[place] if place < len(names) else "said" if len(said) == 1 else f"target {place + 1}"
        made.append(
            f'<div class="bar"><span class="what">{html.escape(name[:_NAME])}</span><span class="track">'
            f'<span class="dot" style="left: {min(max(spot, 0), 100):.1f}%; background: {style.of_class(place)}"></span>'
            f'<span class="truth" style="left: {min(max(wanted, 0), 100):.1f}%"></span></span>'
            f'<span class="value">{words.number(said[place])}</span></div>'
        )
    return "".join(made)


def _scale(records: Sequence[dict[str, Any]], said: Sequence[Any]) -> list[tuple[float, float]]:
    """The ends of each number's axis: those of the truths, with some room, so that they stay where they are as answers move."""
    columns = list(zip(*(_listed(record["truth"]) for record in records), strict=False))
    ends = []
    for column in columns:
        room = (max(column) - min(column)) or 1.0
        ends.append((min(column) - 0.25 * room, max(column) + 0.25 * room))
    return ends


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _place(record: dict[str, Any]) -> str:
    start = int(record.get("start", 0))
    return f"Positions {start + 1:,} to {start + len(str(record['sequence'])):,}"


def _letters(sequence: str) -> str:
    parts = []
    for letter, run in groupby(sequence):
        text = html.escape(letter) * len(list(run))
        parts.append(f'<span style="color: {style.LETTERS.get(letter, style.LETTERS["N"])}">{text}</span>')
    return "".join(parts)
