"""What numbers mean, in sentences that a person would say."""

from typing import Any

import numpy as np

from genomics.dataset import Dataset
from genomics.history import History

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NAMES = ("Pearson", "Spearman", "R²")


def number(value: float | None, *, percent: bool = False) -> str:
    """Three significant digits, thousands separated; a dash where there is no number."""
    if value is None or not np.isfinite(value):
        return "-"
    if percent:
        return f"{100 * value:.3g} %"
    if abs(value) >= 999.5:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def interval(cell: dict[str, Any] | None, *, percent: bool = False) -> str:
    """A metric's 95 % interval, "0.72 to 0.89"; empty where there is none."""
    if not cell or cell.get("low") is None:
        return ""
    scale = 100 if percent else 1
    low, high = (f"{scale * cell[end]:.3g}" for end in ("low", "high"))
    return f"{low} to {high}{' %' if percent else ''}"


def within(title: str) -> str:
    """A title as it stands within a sentence: its first letter small, but for acronyms and names."""
    return title if title.split(" ")[0] in _NAMES or title[1:2].isupper() else title[:1].lower() + title[1:]


def duration(seconds: float | None) -> str:
    """Seconds as a person reads a clock: "45 s", "3 min 20 s", "1 h 5 min"."""
    if seconds is None:
        return "-"
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def dataset(given: Dataset) -> str:
    """How many sequences, of what, how long."""
    lengths = given.lengths
    shortest, longest = int(lengths.min()), int(lengths.max())
    size = f"{shortest:,} bp{' each' if len(given) > 1 else ''}" if shortest == longest else f"{shortest:,} to {longest:,} bp long"
    if given.task == "regression":
        several = given.targets is not None and given.targets.ndim == 2
        what = f"with {count(given.measured().shape[1])} numbers each" if several else "with a number each"
    elif len(given.classes) >= 2:
        what = f"in {count(len(given.classes))} classes" + (", some in several" if given.task == "multilabel" else "")
    else:
        what = "of one kind" if given.classes else "without labels"
    return f"{len(given):,} {'sequence' if len(given) == 1 else 'sequences'} {what}, {size}."


def flags(found: list[dict[str, Any]]) -> str:
    """The verdict of an audit: "Ready to train. 1 warning, 2 notes."."""
    named = {"stop": "error", "warn": "warning", "note": "note"}
    counts = {name: sum(flag["severity"] == severity for flag in found) for severity, name in named.items()}
    parts = [f"{number:,} {name}{'' if number == 1 else 's'}" for name, number in counts.items() if number]
    return f"{'Fix the errors before training' if counts['error'] else 'Ready to train'}. {', '.join(parts) or 'No problems found'}."


def baseline(row: dict[str, Any]) -> str:
    """A shortcut baseline's main number: "balanced accuracy 61 % (58 to 64 %)"."""
    percent = row["metric"] in ("accuracy", "balanced_accuracy")
    cell = row["metrics"].get(row["metric"]) or {"value": None}
    name = row["metric"].upper() if len(row["metric"]) < 6 else row["metric"].replace("_", " ")
    between = interval(cell, percent=percent)
    guess = ", a guess: it is the same for all" if "so this is a guess" in row.get("sentence", "") else ""
    return f"{name} {number(cell['value'], percent=percent)}{f' ({between})' if between else ''}{guess}"


def count(number: int) -> str:
    """Up to ten as a word, then in digits."""
    return _SMALL[number] if number < len(_SMALL) else f"{number:,}"


def drawn_over(groups: int) -> str:
    """Why intervals are wider than records alone would make them; empty where records were drawn."""
    return f"; drawn over {groups:,} groups, because records of a group are alike" if groups else ""


def headline(metric: str, value: float | None) -> str:
    """A run's main number in a few words: "test mcc 0.81", "gap closed 64 %"; empty where there is none."""
    if value is None:
        return ""
    if metric != "gap closed":
        part, _, name = metric.rpartition(" ")
        return f"{part} {name.upper() if len(name) < 6 else name} {number(value)}".strip()
    return f"{metric} {number(value, percent=True)}" if value >= -1 else "far from real sequences"


def generator(history: History) -> str:
    """What the losses and scores of a generator say so far."""
    if not history.scores:
        return "It has begun. The first comparison with real sequences comes after 100 iterations; at first it makes the commonest letter everywhere."
    last = history.scores[-1]
    parts = [gap(last["gap_closed"])]
    if last["score"]["unique"] < 0.99:
        parts.append(f"{1 - last['score']['unique']:.0%} of its sequences are repeats: it may be collapsing.")
    train_gap, held_gap = (last[name] - last["critic_generated"] for name in ("critic_train", "critic_validation"))
    if train_gap > 0 and held_gap < 0.5 * train_gap:
        parts.append("The critic tells training sequences from held-out ones: it memorises. More sequences or fewer iterations help.")
    else:
        parts.append("The critic's gap should shrink slowly; it never reaches zero.")
    return " ".join(parts)


def gap(closed: float | None) -> str:
    """The share of the gap closed, between the simplest chain (0) and real sequences (1); None where there is no gap."""
    if closed is None:
        return "Here even the simplest Markov chain has the words of real sequences: look at positions, GC content and copies instead."
    if closed < 0:
        return "Its words of four letters are still less natural than those of the simplest Markov chain."
    if closed >= 1:
        return "Its words of four letters are as natural as those of real sequences."
    return f"In words of four letters it is {closed:.0%} of the way from the simplest Markov chain to real sequences."


def card(scorecard: dict[str, Any]) -> tuple[str, str]:
    """The verdict on a generator, as (tone, sentence)."""
    made, rows = scorecard["generated"], scorecard["yardsticks"]
    if made["copied"] > max(0.1, 5 * rows["real"]["copied"]):
        return "bad", f"It copies: {made['copied']:.0%} of its 20-letter words stand in a training sequence. Train it for fewer iterations."
    if made["unique"] < 0.9:
        different = f"only {made['unique']:.0%} of its sequences are different"
        return "bad", f"It repeats itself: {different}. Start again with another seed or more sequences."
    sentence = gap(scorecard["gap_closed"])
    best = min(("markov_1", "markov_3", "markov_5"), key=lambda name: rows[name]["jsd"]["4"])
    if rows[best]["jsd"]["4"] < made["jsd"]["4"]:
        sentence += f" A Markov chain of order {best[-1]} is closer to real sequences in this respect, but knows nothing about positions."
    return ("good" if (scorecard["gap_closed"] or 0) > 0.5 else "warn"), sentence
