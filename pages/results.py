"""Results: how good is it, and compared with what?"""

import json
from typing import Any

import pyarrow.parquet as pq
import streamlit as st

from genomics import disk, evaluation, lessons, recipe, runs, verdict, words
from genomics.architectures import ARCHITECTURES
from genomics.plots import curves, quality
from pages.ui import (
    beside,
    cautions,
    downloads,
    forming,
    launch,
    measures,
    parts,
    predicting,
    run_settings,
    shell,
    show,
    state,
    text,
    together,
)

shell.guard("results")
_ROWS = 2_000


def _predictions() -> dict[str, list[Any]]:
    """One row a record as columns, see `genomics.prediction.table`; of a group those of its test records."""
    return whole.columns if whole else pq.read_table(shown / "predictions.parquet").to_pydict()


folder = state.run()
if folder is None or runs.asked(folder)["kind"] != "predictor":
    finished = [f for f in state.recent(50, "predictor") if (f / "evaluation.json").exists()]
    folder = finished[0] if finished else None
if folder is None:
    st.title("Results", anchor=False)
    show.empty("Train a network first; its accuracy on sequences it has never seen will be here.", "Train a network", "train")
    st.stop()
if state.run() is None:
    state.choose(run=folder.name)

shown, asked = folder, recipe.from_json(runs.asked(folder))
now = runs.state(folder)
everyone = beside.members(folder)
alone = st.session_state.get("_alone") == folder.name
whole = together.whole(everyone if not alone else [])
members = everyone if whole else []
architectures = whole.answer["architecture"].split(", ") if whole else [asked.architecture]
titles = ", ".join(ARCHITECTURES[name].title for name in architectures)
st.title(f"{titles} on {show.literal(asked.dataset_name)}", anchor=False)
if whole:
    st.caption(together.what(whole.answer))
else:
    run_settings.line(folder)
measured = whole.measured if whole else disk.read_json(folder / "evaluation.json")
if everyone and alone and st.button(f"All {len(everyone)} runs of the group", icon=":material/arrow_back:", key="whole_group"):
    together.show_alone("")
if measured is None:
    show.badge(now)
    going = now in runs.LIVE
    show.empty("It is still training." if going else "This run has no results yet.", "Watch it" if going else "Resume", "train")
    st.stop()
if whole and whole.answer["state"] != "finished":
    left = sum(row["state"] != "finished" for row in whole.answer["members"])
    st.info(f"{left} of {len(members)} runs are not finished; these are the results so far.", icon=":material/pause_circle:")
elif not whole and now != "finished":
    st.info(f"The run is {now}; these are the results of its best epoch so far.", icon=":material/pause_circle:")

told = state.told(folder)
test = evaluation.from_json(measured["test"])
about = next((known for one in [folder, *members] if (known := disk.read_json(one / "model.json"))), {"classes": ()})
classes = tuple(about["classes"]) if asked.task != "multilabel" else ()
several = "Labels" if test.positives else "Targets" if test.parts else ""
shortcuts = whole.answer["shortcuts"] if whole else disk.read_json(folder / "shortcuts.json") or {}
best = verdict.best_shortcut(shortcuts)
tone, sentence = verdict.result(measured, classes, asked.task, shortcuts)
warned = st.container()
leaks = cautions.section([recipe.from_json(runs.asked(one)) for one in members or [folder]], test.records)
with warned:
    show.verdict("warn" if tone == "good" and leaks else tone, sentence)
if not whole:
    forming.sites(folder)
columns = list(st.columns(4))
if several == "Targets":
    with columns.pop():
        parts.weakest(test)
for column, name in zip(columns, measures.FIRST[asked.task], strict=False):
    with column:
        mean = "Mean " if several and name != "subset_accuracy" else ""
        show.metric(
            mean + (words.within(measures.title(name)) if mean else measures.title(name)),
            test.metrics[name],
            beside=measures.beside(name, test.baseline, best),
            percent=name in measures.PERCENT,
            help=measures.HELP[name] + (f" The mean over {several.lower()}." if mean else ""),
        )
guessed = {"multilabel": "how common each label is", "regression": "the mean"}.get(asked.task, "the most common class")
st.caption(
    f"{test.records:,} test sequences, not used in training{' of the fold that predicts them' if whole and asked.fold[1] else ''}; "
    f"ranges are 95 % intervals{words.drawn_over(test.drawn)}. Chance: always predicting {guessed}."
    + (f" {best['title']}: {best['sentence']}" if best else "")
)

predicting.section(folder, members)

pictures = {
    "multilabel": ["Labels", "Curves", "Calibration"],
    "regression": [*(["Targets"] if several else []), "Predicted against true"],
}.get(asked.task, ["Curves", "Confusion", "Calibration"])
names = [*pictures, *(["Runs"] if whole else []), "All metrics", *([] if whole else ["Training"]), "Records"]
view, tab = show.tabs(names, key="result_tabs")
with tab:
    if view == several:
        parts.each(test, asked.task)
    elif view == "Curves":
        drawn = parts.chosen(test)
        drawn = drawn._replace(curves={text.label(name): points for name, points in drawn.curves.items()})
        positive = sum(test.confusion[1]) / max(test.records, 1) if len(classes) == 2 else None
        one, two = st.columns(2)
        with one:
            st.header("ROC", anchor=False)
            caption = "The closer to the upper left corner, the better; the diagonal is chance."
            show.chart(quality.roc(drawn), key="roc", height=380, alt="ROC curve", caption=caption)
        with two:
            st.header("Precision and recall", anchor=False)
            caption = f"Precision at each recall{'; the dotted line is chance' if positive is not None else ''}."
            show.chart(quality.precision_recall(drawn, positive), key="pr", height=380, alt="Precision-recall curve", caption=caption)
    elif view == "Confusion":
        figure = quality.confusion(test.confusion, tuple(map(text.label, classes)))
        caption = "Rows: true class; columns: predicted class; correct ones lie on the diagonal."
        show.chart(figure, key="confusion", height=max(340, 60 * len(classes) + 120), alt="Confusion matrix", caption=caption)
    elif view == "Calibration":
        caption = "On the dotted line, predictions are correct as often as their probability says; below it, the network is overconfident."
        caption = "All labels together. " + caption if several else caption
        show.chart(quality.calibration(test), key="calibration", height=380, alt="Reliability diagram", caption=caption)
    elif view == "Predicted against true":
        target = st.selectbox("Target", list(test.scatters), key="target_shown") if several else ""
        caption = "Each point is a test sequence; on the dotted line the prediction is perfect."
        figure = quality.scatter(test, target or "")
        show.chart(figure, key="scatter", height=420, alt="Predicted against true values", caption=caption)
    elif view == "Runs" and whole:
        together.section(whole.answer, asked)
    elif view == "All metrics":
        rows = [row for name, row in shortcuts.items() if name not in ("majority", "mean")]  # these are chance
        show.table(
            [
                {
                    "Metric": measures.title(name),
                    "Meaning": measures.HELP[name],
                    **{part.capitalize(): measures.cell(measured[part]["metrics"][name], name) for part in ("test", "validation", "train")},
                    "Chance": measures.number(test.baseline[name]["value"], name),
                    **{row["title"]: measures.number(row["metrics"].get(name, {}).get("value"), name) for row in rows},
                }
                for name in test.metrics
            ]
        )
        st.caption(
            "Chance and the baselines without a neural network are measured on the test set."
            + (" Training and validation: the mean over the runs." if whole else "")
        )
    elif view == "Training":
        figure = curves.figure(curves.losses(told), x="Epoch", y="Loss", best=told.best.get("epoch"))
        show.chart(figure, key="history", height=340, alt="Loss by epoch", caption=lessons.training(told))
        for note in told.log:
            st.caption(f":material/info: {show.literal(note)}")
    elif view == "Records":
        table = _predictions()
        st.dataframe({name: values[:_ROWS] for name, values in table.items()}, hide_index=True, height=420)
        st.caption(f"Prediction for each sequence{f', the first {_ROWS:,}' if len(table['id']) > _ROWS else ''}.")

chosen, name = members or [folder], asked.group if whole else folder.name
with st.container(horizontal=True):
    downloads.button("Predictions (TSV)", lambda: downloads.delimited(_predictions()), f"{name}-predictions.tsv")
    downloads.button("Metrics (JSON)", lambda: json.dumps(measured), f"{name}-metrics.json")
    downloads.everything(name, *chosen)
seeds = sorted({row["seed"] for row in whole.answer["members"]}) if whole else []
launch.command(asked, seeds=seeds if len(seeds) > 1 else (), others=[other for other in architectures if other != asked.architecture])
