"""Results of each label or target: a picture of one metric, and a table of all."""

from typing import Any

import streamlit as st

from genomics import words
from genomics.evaluation import Evaluation
from genomics.plots import quality
from pages.ui import measures, show, text

_DRAWN = 40  # dots that can be told apart
_FEW = 6  # curves that can be told apart


def each(test: Evaluation, task: str) -> None:
    """Every label or target with its metrics; the picture has the strongest first."""
    what = "label" if task == "multilabel" else "target"
    names = list(next(iter(test.parts.values())))
    metric = st.segmented_control(
        "Metric", names, format_func=measures.title, default=names[0], required=True, key="part_metric", label_visibility="collapsed"
    )
    found = {name: cells[metric] for name, cells in test.parts.items()}
    order = sorted((name for name in found if found[name]["value"] is not None), key=lambda name: -float(found[name]["value"] or 0))
    if metric in ("log_loss", "brier", "rmse", "mae"):
        order.reverse()
    guesses = {guess for name in order if (guess := test.guesses[name][metric]) is not None}
    figure = quality.each({text.label(name): found[name] for name in order[:_DRAWN]}, measures.title(metric), _only(guesses))
    caption = f"The best {what}s first; lines are 95 % intervals{'' if _only(guesses) is None else ', the dotted line is chance'}."
    caption += f" The best {_DRAWN} of {len(order)} are drawn." if len(order) > _DRAWN else ""
    alt = f"{measures.title(metric)} of each {what} with its interval"
    show.chart(figure, key="parts", height=90 + 34 * min(len(order), _DRAWN), alt=alt, caption=caption)
    bar = st.column_config.ProgressColumn(format="%.3f", min_value=0, max_value=1, help=measures.HELP[names[0]])
    rows = [_row(test, name, names, what) for name in [*order, *(name for name in found if name not in order)]]
    show.table(rows, column_config={measures.title(names[0]): bar})


def _row(test: Evaluation, name: str, metrics: list[str], what: str) -> dict[str, Any]:
    cells = test.parts[name]
    row: dict[str, Any] = {what.capitalize(): name}
    if test.positives:
        row["Test records with it"] = test.positives[name]
    row |= {measures.title(metrics[0]): cells[metrics[0]]["value"], "95 % interval": words.interval(cells[metrics[0]])}
    for metric in metrics[1:]:
        row[measures.title(metric)] = measures.cell(cells[metric], metric)
        guess = test.guesses[name].get(metric)
        if metric in ("auprc", "accuracy", "rmse"):
            row[f"{measures.title(metric)}, chance"] = words.number(guess, percent=metric in measures.PERCENT)
    return row


def weakest(test: Evaluation) -> None:
    """The target that is predicted worst, as a number among those on top: a mean over targets hides it."""
    known = {name: cells["pearson"] for name, cells in test.parts.items()}
    name = min(known, key=lambda name: -1.0 if known[name]["value"] is None else float(known[name]["value"] or 0))
    show.metric(
        f"Weakest: {text.literal(name)}", known[name], beside="Pearson of this target alone", help="The target that is predicted worst."
    )


def chosen(test: Evaluation) -> Evaluation:
    """The same with the curves that the visitor wants to see, where there are too many for one picture."""
    if len(test.curves) <= _FEW:
        return test
    strongest = sorted(test.curves, key=lambda name: -float((test.parts.get(name) or {}).get("auroc", {}).get("value") or 0))
    picked = st.multiselect(
        "Curves of",
        list(test.curves),
        default=sorted(strongest[:3] + strongest[-2:], key=list(test.curves).index) if test.parts else list(test.curves)[:_FEW],
        key="curves_of",
        help="The three best and the two worst labels are drawn at first." if test.parts else None,
    )
    return test._replace(curves={name: points for name, points in test.curves.items() if name in picked})


def _only(guesses: set[float]) -> float | None:
    """What chance gives where it is the same for all."""
    return next(iter(guesses)) if len({round(guess, 6) for guess in guesses}) == 1 else None
