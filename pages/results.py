"""Results: how good is it, and compared with what?"""

import json

import pyarrow.parquet as pq
import streamlit as st

from genomics import disk, evaluation, lessons, recipe, runs, verdict, words
from genomics.architectures import ARCHITECTURES
from genomics.plots import curves, quality
from pages.ui import downloads, forming, launch, measures, parts, shell, show, state, text, together

shell.guard("results")


def _beside(name: str, guess: str) -> str:
    """What to hold a metric against: guessing, and the best that is reached without a network."""
    cell = (best or {"metrics": {}})["metrics"].get(name)
    return f"guessing: {guess}" + (
        f" · {words.within(best['title'])}: {words.number(cell['value'], percent=name in measures.PERCENT)}" if best and cell else ""
    )


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

shown = folder
asked = recipe.from_json(runs.asked(folder))
now = runs.state(folder)
st.title(f"{ARCHITECTURES[asked.architecture].title} on {show.literal(asked.dataset_name)}", anchor=False)
measured = disk.read_json(folder / "evaluation.json")
if measured is None:
    show.badge(now)
    going = now in runs.LIVE
    show.empty("It is still training." if going else "This run has no results yet.", "Watch it" if going else "Go on with it", "train")
    st.stop()
if now != "finished":
    st.info(f"The run is {now}; these are the results of its best epoch so far.", icon=":material/pause_circle:")

told = state.told(folder)
test = evaluation.from_json(measured["test"])
about = disk.read_json(folder / "model.json")
classes = tuple(about["classes"]) if asked.task != "multilabel" else ()
several = "Labels" if test.positives else "Targets" if test.parts else ""
members = together.members(asked)
shortcuts = disk.read_json(folder / "shortcuts.json") or {}
best = verdict.best_shortcut(shortcuts)
show.verdict(*verdict.result(measured, classes, asked.task, shortcuts))
forming.sites(folder)
columns = list(st.columns(4))
if several == "Targets":
    with columns.pop():
        parts.weakest(test)
for column, name in zip(columns, measures.FIRST[asked.task], strict=False):
    with column:
        percent = name in measures.PERCENT
        guess = words.number(test.baseline[name]["value"], percent=percent)
        show.metric(
            f"Mean {measures.title(name)}" if several and name != "subset_accuracy" else measures.title(name),
            test.metrics[name],
            beside=_beside(name, guess),
            percent=percent,
            help=measures.HELP[name] + (f" The mean over {several.lower()}." if several and name != "subset_accuracy" else ""),
        )
guessed = {"multilabel": "how common each label is in", "regression": "the mean of"}.get(asked.task, "the commonest class of")
st.caption(
    f"Measured on {test.records:,} test sequences that it never learned from; ranges are 95 % intervals{words.drawn_over(test.drawn)}. "
    f"Guessing means: always {guessed} the training part."
    + (f" {best['title']}: {best['sentence']}" if best else "")
    + (f" This is one of {len(members)} runs of a group." if members else "")
)

pictures = {
    "multilabel": ["Labels", "Curves", "Calibration"],
    "regression": [*(["Targets"] if several else []), "Predicted against true"],
}.get(asked.task, ["Curves", "Confusion", "Calibration"])
names = [*pictures, *(["All runs of this group"] if members else []), "All metrics", "Training", "Records"]
tabs = dict(zip(names, st.tabs(names, on_change="rerun", key="result_tabs"), strict=True))
if several and tabs[several].open:
    with tabs[several]:
        parts.each(test, asked.task)
if "Curves" in tabs and tabs["Curves"].open:
    with tabs["Curves"]:
        drawn = parts.chosen(test)
        drawn = drawn._replace(curves={text.label(name): points for name, points in drawn.curves.items()})
        positive = sum(test.confusion[1]) / max(test.records, 1) if len(classes) == 2 else None
        one, two = st.columns(2)
        with one:
            st.markdown("**ROC**")
            show.chart(
                quality.roc(drawn),
                key="roc",
                height=380,
                alt="ROC curve",
                caption="The closer to the upper left corner, the better; the diagonal is guessing.",
            )
        with two:
            st.markdown("**Precision and recall**")
            show.chart(
                quality.precision_recall(drawn, positive),
                key="pr",
                height=380,
                alt="Precision-recall curve",
                caption="How pure its calls are when it is asked to find more and more of the positives.",
            )
if "Confusion" in tabs and tabs["Confusion"].open:
    with tabs["Confusion"]:
        show.chart(
            quality.confusion(test.confusion, tuple(map(text.label, classes))),
            key="confusion",
            height=max(340, 60 * len(classes) + 120),
            alt="Confusion matrix",
            caption="Rows are what is true, columns what it said; the diagonal is right.",
        )
if "Calibration" in tabs and tabs["Calibration"].open:
    with tabs["Calibration"]:
        show.chart(
            quality.calibration(test),
            key="calibration",
            height=380,
            alt="Reliability diagram",
            caption="All labels together. On the dotted line a label is there as often as the network says; below it, it is too sure of itself."
            if several
            else "On the dotted line it is right as often as it says; below it, it is too sure of itself.",
        )
if "Predicted against true" in tabs and tabs["Predicted against true"].open:
    with tabs["Predicted against true"]:
        target = st.selectbox("Target", list(test.scatters), key="target_shown") if several else ""
        show.chart(
            quality.scatter(test, target or ""),
            key="scatter",
            height=420,
            alt="Predicted against true values",
            caption="Each point is a test sequence; on the dotted line the prediction is perfect.",
        )
if members and tabs["All runs of this group"].open:
    with tabs["All runs of this group"]:
        together.section(members, folder, asked)
if tabs["All metrics"].open:
    with tabs["All metrics"]:
        st.dataframe(
            [
                {
                    "Metric": name.replace("_", " "),
                    **{
                        part: f"{words.number(cell['value'])}  ({words.interval(cell)})" if cell["value"] is not None else "-"
                        for part in ("train", "validation", "test")
                        for cell in [measured[part]["metrics"][name]]
                    },
                    "guessing (test)": words.number(test.baseline[name]["value"]),
                    **{
                        f"{row['title']} (test)": words.number(row["metrics"][name]["value"])
                        for row in shortcuts.values()
                        if name in row["metrics"]
                    },
                    "What it says": measures.HELP[name],
                }
                for name in test.metrics
            ],
            hide_index=True,
        )
if tabs["Training"].open:
    with tabs["Training"]:
        show.chart(
            curves.figure(curves.losses(told), x="Epoch", y="Loss", best=told.best.get("epoch")),
            key="history",
            height=340,
            alt="Loss by epoch",
            caption=lessons.training(told),
        )
        for note in told.log:
            st.caption(f":material/info: {show.literal(note)}")
if tabs["Records"].open:
    with tabs["Records"]:
        table = pq.read_table(folder / "predictions.parquet")
        st.dataframe(table.slice(0, 2000).to_pandas(), hide_index=True, height=420)
        st.caption(f"What it said of each record{', the first 2,000' if table.num_rows > 2000 else ''}.")

with st.container(horizontal=True):
    downloads.button(
        "Predictions (TSV)",
        lambda: pq.read_table(shown / "predictions.parquet").to_pandas().to_csv(sep="\t", index=False),
        f"{folder.name}-predictions.tsv",
    )
    downloads.button("Metrics (JSON)", lambda: json.dumps(measured), f"{folder.name}-metrics.json")
    downloads.everything(folder.name, shown)
launch.command(asked)
