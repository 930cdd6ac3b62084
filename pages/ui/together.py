"""The runs of a group as one answer, and each alone."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from genomics import disk, evaluation, groups, results, words
from genomics.architectures import ARCHITECTURES
from genomics.plots import quality
from genomics.recipe import Recipe
from pages.ui import beside, measures, show, state

_DRAWN = 30


class Group(NamedTuple):
    """`genomics.groups.answer`; like a run's `evaluation.json`, with the mean over the runs for train and validation; pooled predictions."""

    answer: dict[str, Any]
    measured: dict[str, Any]
    columns: dict[str, list[Any]]


def whole(folders: list[Path]) -> Group | None:
    """The group measured as one; None where no member has results."""
    return _whole([(str(folder), _changed(folder)) for folder in folders]) if folders else None


@st.cache_data(max_entries=8, show_spinner="Evaluating the group")
def _whole(members: list[tuple[str, float]]) -> Group | None:
    folders = [Path(folder) for folder, _ in members]
    found = groups.pooled(folders)
    if found is None:
        return None
    each = [kept for folder in folders if (kept := disk.read_json(folder / "evaluation.json"))]
    parts = {part: {"metrics": {name: _mean(each, part, name) for name in found.test.metrics}} for part in ("train", "validation")}
    return Group(groups.answer(folders, found), {**parts, "test": evaluation.to_json(found.test)}, found.columns)


def _mean(each: list[dict[str, Any]], part: str, name: str) -> dict[str, float | None]:
    values = [one[part]["metrics"][name]["value"] for one in each if part in one]
    known = [value for value in values if value is not None]
    return {"value": float(np.mean(known)) if known else None, "low": None, "high": None}


def what(answer: dict[str, Any]) -> str:
    """What the numbers of a group are of, in a sentence."""
    runs, folds = len(answer["members"]), len({tuple(row["fold"]) for row in answer["members"]})
    if answer["kind"] == "ensemble":
        return f"The mean prediction of {runs} networks."
    mean = " (the mean prediction of its networks)" if answer["kind"] != "folds" else ""
    return f"{folds} folds together: each sequence is predicted by the fold{mean} that has not trained on it."


def section(answer: dict[str, Any], asked: Recipe) -> None:
    """Pooled value, mean and spread, and a row for each run; a click on a row shows that run."""
    main, rows = results.MAIN[asked.task], answer["members"]
    shown = measures.FIRST[asked.task]
    pooled, spread = answer["metrics"]["test"], answer["spread"]
    unlike = len({row["architecture"] for row in rows}) > 1
    measured = {label: row["metrics"][main] for label, row in zip(beside.labels(rows), rows, strict=True) if row["metrics"].get(main)}
    dots = {("Ensemble" if answer["kind"] == "ensemble" else "All folds"): pooled[main], **dict(list(measured.items())[:_DRAWN])}
    caption = f"Test set; lines are 95 % intervals{words.drawn_over(answer['drawn'])}."
    caption += f" The first {_DRAWN} runs." if len(measured) > _DRAWN else ""
    if main in spread:
        mean, sd = (measures.number(spread[main][name], main) for name in ("mean", "sd"))
        caption += f" Single runs: mean {mean}, standard deviation {sd}."
    alt = f"{measures.title(main)} of the group and of each run"
    show.chart(quality.each(dots, measures.title(main)), key="members", height=90 + 34 * len(dots), alt=alt, caption=caption)
    picked = show.table(
        [
            {
                "Run": row["run"],
                "State": row["state"],
                **({"Architecture": ARCHITECTURES[row["architecture"]].title} if unlike else {}),
                **({"Fold": f"{row['fold'][0] + 1} of {row['fold'][1]}"} if row["fold"][1] else {}),
                "Seed": row["seed"],
                **{measures.title(name): measures.cell(row["metrics"][name], name) for name in shown if row["metrics"]},
            }
            for row in rows
        ],
        select="single-row",
        key=f"members_{asked.group}",
    )
    st.caption("Select a run to see its own results.")
    for row in picked:
        show_alone(rows[row]["run"])


def show_alone(run: str) -> None:
    """Shows one run of a group by itself; an empty name shows the group."""
    st.session_state["_alone"] = run
    if run:
        state.choose(run=run)
    st.rerun()


def _changed(folder: Path) -> float:
    """When its results or its state last changed."""
    return max((path.stat().st_mtime for name in ("evaluation.json", "events.jsonl") if (path := folder / name).exists()), default=0.0)
