"""All runs of the group that a run belongs to: what they reach together, and each alone."""

from pathlib import Path
from typing import Any

import streamlit as st

from genomics import groups, results, words
from genomics.architectures import ARCHITECTURES
from genomics.plots import quality
from genomics.recipe import Recipe
from pages.ui import beside, measures, show, state
from pages.ui.text import literal

_DRAWN = 30


def members(asked: Recipe) -> list[Path]:
    """The runs of the group; empty where the run is alone."""
    found = groups.members(state.root(), asked.group) if asked.group else []
    return found if len(found) > 1 else []


def section(folders: list[Path], shown: Path, asked: Recipe) -> None:
    """Pooled value, mean and spread, and a row for each run; a click on a row shows that run."""
    answer = _answer([(str(folder), _changed(folder)) for folder in folders])
    main = results.MAIN[asked.task]
    st.markdown(literal(words.together(answer, main)))
    pooled, spread = answer["metrics"].get("test", {}), answer["spread"]
    unlike = len({row["architecture"] for row in answer["members"]}) > 1
    labels = beside.labels(answer["members"])
    measured = {label: row["metrics"][main] for label, row in zip(labels, answer["members"], strict=True) if row["metrics"].get(main)}
    if pooled:
        dots = {("Ensemble" if answer["kind"] == "ensemble" else "All together"): pooled[main], **dict(list(measured.items())[:_DRAWN])}
        show.chart(
            quality.each(dots, measures.title(main)),
            key="members",
            height=90 + 34 * len(dots),
            alt=f"{measures.title(main)} of all runs together and of each",
            caption=f"On the test part; lines are 95 % intervals{words.drawn_over(answer['drawn'])}."
            + (f" The first {_DRAWN} runs." if len(measured) > _DRAWN else ""),
        )
        st.dataframe(
            [
                {
                    "Metric": measures.title(name),
                    "Together": measures.cell(cell, name),
                    "Mean of the runs": _number(spread.get(name, {}).get("mean"), name),
                    "Standard deviation": _number(spread.get(name, {}).get("sd"), name),
                }
                for name, cell in pooled.items()
            ],
            hide_index=True,
        )
    picked = st.dataframe(
        [
            {
                "Run": row["run"],
                "State": row["state"],
                **({"Architecture": ARCHITECTURES[row["architecture"]].title} if unlike else {}),
                **({"Fold": f"{row['fold'][0] + 1} of {row['fold'][1]}"} if row["fold"][1] else {}),
                "Seed": row["seed"],
                **{
                    measures.title(name): measures.cell(row["metrics"][name], name) for name in measures.FIRST[asked.task] if row["metrics"]
                },
                "": "shown here" if row["run"] == shown.name else "",
            }
            for row in answer["members"]
        ],
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"members_{asked.group}_{shown.name}",
    )
    st.caption("Select a row to see that run.")
    for row in picked.selection.rows:
        if answer["members"][row]["run"] != shown.name:
            state.choose(run=answer["members"][row]["run"])
            st.rerun()


@st.cache_data(max_entries=8, show_spinner="Measuring the runs together")
def _answer(members: list[tuple[str, float]]) -> dict[str, Any]:
    return groups.answer([Path(folder) for folder, _ in members])


def _changed(folder: Path) -> float:
    """When its results or its state last changed."""
    return max((path.stat().st_mtime for name in ("evaluation.json", "events.jsonl") if (path := folder / name).exists()), default=0.0)


def _number(value: float | None, name: str) -> str:
    return words.number(value, percent=name in measures.PERCENT)
