"""A run read back: in one line, as a JSON answer, pooled over folds and seeds, as text."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from genomics import disk, history, runs, settings, words

MAIN = {"binary": "mcc", "multiclass": "accuracy", "multilabel": "auroc", "regression": "pearson"}
PARTS = ("train", "validation", "test")
_MOST_ROWS = 60  # labels or targets in a text


def summary(folder: Path) -> dict[str, Any]:
    """What `train --json` answers: run, state, seconds, parameters, and metrics by part (generators: a scorecard).

    Of several labels or targets "metrics" are means, and "parts" holds those of each on the test part.
    """
    told = history.read(folder)
    asked = runs.asked(folder)
    measured = disk.read_json(folder / "evaluation.json") or {}
    answer = {
        "run": folder.name,
        "state": runs.state(folder),
        "architecture": asked["architecture"],
        "dataset": asked["dataset_name"],
        "seconds": _seconds(told),
        "parameters": told.setup.get("parameters"),
        "epochs": len(told.epochs),
        "best": {key: value for key, value in told.best.items() if key not in ("type", "time")},
        "metrics": {part: measured[part]["metrics"] for part in PARTS if part in measured},
        "baseline": {part: measured[part]["baseline"] for part in PARTS if part in measured},
        "tested": measured.get("test", {}).get("records"),
    }
    more = {name: disk.read_json(folder / f"{name}.json") for name in ("shortcuts", "scorecard")}
    return answer | {name: value for name, value in {"parts": measured.get("test", {}).get("parts"), **more}.items() if value}


def brief(folder: Path) -> dict[str, Any]:
    """A run in one row: its name and note, state, architecture, dataset, main metric with interval, time, curve, settings."""
    asked = runs.asked(folder)
    told = history.read(folder)
    row: dict[str, Any] = {
        "run": folder.name,
        **runs.about(folder),
        "state": runs.state(folder),
        "kind": asked["kind"],
        "architecture": asked["architecture"],
        "dataset": asked["dataset_name"],
        "fingerprint": asked["dataset"],
        "detail": _detail(asked),
        "group": asked.get("group", ""),
        "seed": asked.get("seed", 0),
        "fold": asked.get("fold") or [0, 0],
        "metric": "",
        "value": None,
        "low": None,
        "high": None,
        "created": asked["created"],
        "seconds": _seconds(told),
        "curve": [row["val_loss"] for row in told.epochs] or [row["score"]["jsd"]["4"] for row in told.scores],
        "settings": settings.of(asked),
    }
    measured = disk.read_json(folder / "evaluation.json")
    if measured:
        metric = MAIN[asked["task"]]
        return row | {"metric": f"test {metric}", **measured["test"]["metrics"][metric]}
    card = disk.read_json(folder / "scorecard.json")
    return row | ({"metric": "gap closed", "value": card["gap_closed"]} if card else {})


def _detail(asked: dict[str, Any]) -> str:
    """What tells runs of one command apart: fold, seed, class learned from."""
    which, of = asked.get("fold") or (0, 0)
    parts = [f"fold {which + 1} of {of}"] if of else []
    parts += [f"seed {asked['seed']}"] if asked.get("seed") else []
    return ", ".join(parts + ([f"only {asked['only']}"] if asked.get("only") else []))


def as_text(answer: dict[str, Any]) -> str:
    """An answer for people: a headline and a table of the metrics with their intervals."""
    head = "  ".join(str(answer[key]) for key in ("run", "group", "state", "architecture", "dataset", "data") if answer.get(key))
    lines = [head]
    parts = list(answer.get("metrics", {}))
    if parts:
        names = answer["metrics"][parts[0]]
        lines += _table([("", parts), *((name, [_with_interval(answer["metrics"][part][name]) for part in parts]) for name in names)])
    lines += _each(answer.get("parts") or {}, "each" if answer.get("data") else "each, on the test part")
    if answer.get("shortcuts"):
        lines.append("Baselines without a neural network, on the same test set:")
        lines += [f"{row['title']:<34}{words.baseline(row)}" for row in answer["shortcuts"].values()]
    if answer.get("spread"):
        lines.append(f"{'':<20}{'mean of the runs':>24}{'standard deviation':>24}")
        lines += [f"{name:<20}{row['mean']:>24.3f}{row['sd']:>24.3f}" for name, row in answer["spread"].items()]
    card = answer.get("scorecard")
    if card:
        rows = {"generated": card["generated"], **card["yardsticks"]}
        lines.append(f"{'':<20}{'4-mer divergence':>20}{'6-mer r':>12}{'GC distance':>14}{'different':>12}")
        lines += [
            f"{name:<20}{row['jsd']['4']:>20.4f}{row['pearson']['6']:>12.3f}{row['gc_ks']:>14.3f}{row['unique']:>12.1%}"
            for name, row in rows.items()
        ]
        lines.append(f"gap closed: {words.number(card['gap_closed'], percent=True)}")
    return "\n".join(lines)


def _each(parts: dict[str, Any], head: str) -> list[str]:
    """Labels or targets one below the other, with their first four metrics."""
    if not parts:
        return []
    names = list(next(iter(parts.values())))[:4]
    wide = max(len(head) + 2, *(len(title) + 2 for title in parts))
    rows = [(title, [_with_interval(cells[name]) for name in names]) for title, cells in list(parts.items())[:_MOST_ROWS]]
    return _table([(head, names), *rows], wide) + (
        [f"and {len(parts) - _MOST_ROWS:,} more, in evaluation.json"] if len(parts) > _MOST_ROWS else []
    )


def comparison(answers: list[dict[str, Any]], differing: Mapping[str, list[Any]] | None = None) -> str:
    """Several runs, or groups of runs, side by side, a column each: settings that differ, if they are given, and test metrics."""
    measured = [answer["metrics"].get("test", {}) for answer in answers]
    names = dict.fromkeys(name for metrics in measured for name in metrics)
    rows = [("", [(answer.get("name") or answer.get("run") or answer["group"])[-24:] for answer in answers])]
    rows += [(name, ["-" if value in (None, "") else str(value) for value in values]) for name, values in (differing or {}).items()]
    rows += [(name, [_with_interval(metrics[name]) if name in metrics else "-" for metrics in measured]) for name in names]
    return "\n".join(_table(rows, other=26))


def _table(rows: list[tuple[str, list[str]]], first: int = 20, other: int = 24) -> list[str]:
    return [f"{name:<{first}}" + "".join(f"{cell:>{other}}" for cell in cells) for name, cells in rows]


def _with_interval(cell: dict[str, Any]) -> str:
    if cell["value"] is None:
        return "-"
    if cell["low"] is None:
        return f"{cell['value']:.3f}"
    return f"{cell['value']:.3f} ({cell['low']:.3f}, {cell['high']:.3f})"


def _seconds(told: history.History) -> float | None:
    rows = told.epochs or [row for row in told.steps if "seconds" in row]
    return round(rows[-1]["seconds"], 2) if rows else None
