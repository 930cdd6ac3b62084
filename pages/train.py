"""Train: which model, and is it learning?"""

import streamlit as st

from genomics import planning, recipe, runs, words
from genomics.architectures import ARCHITECTURES
from pages.ui import choosing, controls, families, finder, fitting, launch, learning, repeating, run_settings, shell, show, state, steering

shell.guard("train")

folder = state.run()
if folder is not None and runs.asked(folder)["kind"] == "predictor":
    asked = recipe.from_json(runs.asked(folder))
    state.start_fresh()
    st.title(f"{ARCHITECTURES[asked.architecture].title} on {show.literal(asked.dataset_name)}", anchor=False)
    run_settings.line(folder)
    steering.origin(asked.base)
    learning.section(folder)
    launch.command(asked)
    st.stop()

dataset = state.dataset()
st.title("Train a network", anchor=False)
if dataset is None:
    show.empty("Choose sequences first; then pick an architecture here and watch it learn.", "Choose sequences", "data")
    families.preview()
    st.stop()
if dataset.task == "unlabelled":
    show.empty(
        "These sequences have one class only, so there is nothing to tell apart. A generator can learn to make more like them.",
        "Generate more like these",
        "generate",
    )
    st.stop()

st.write(f"On {show.literal(dataset.name)}: {words.dataset(dataset)}")
fitting.banner(dataset)
launch.warm()
left, right = choosing.sides()
with left:
    st.header("1. Architecture", anchor=False)
    name = families.choose()
    family = ARCHITECTURES[name]
    layout = launch.layout(dataset, "predictor", family.longest)
    usual = recipe.suggested(dataset, family, layout)
    said = f"{len(dataset):,} sequences of {layout.length:,} bp"

    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("2. Hyperparameters", anchor=False, width="stretch")
        resetting = st.container(width="content")
    fitting.note(family.Config, usual, said)
    config = controls.hyperparameters(family.Config, key=f"{name}_{dataset.fingerprint}", usual=usual)
    with st.expander("Training"):
        fitting.note(fitting.Fit, usual, said)
        finder.take(dataset)
        fit = fitting.settings(dataset, family, config, usual)
        finder.button(dataset)
        trial = st.container()
    with st.expander("Sequences and split"):
        chosen = launch.reading(dataset, "predictor", family.longest)
    with st.expander("Cross-validation and ensembles"):
        repeat = repeating.choose(dataset, name)
    with st.expander("Fine-tune an earlier run"):
        base, frozen = fitting.base(dataset)

with right:
    planned = launch.plan(dataset, name, config | fit | frozen, base=base, **chosen)
    if planned is not None:
        choosing.start(dataset, repeating.plans(dataset, planned, repeat, usual))
        choosing.drawing(dataset, planned)
        choosing.picture(dataset, planned)
if planned is None or any(planning.chosen(planned, usual)):
    with resetting:
        fitting.reset(dataset, name)
with trial:
    finder.trial(dataset, planned)
if planned is not None:
    seeds = repeating.seeds(planned, repeat) if repeat.seeds > 1 else ()
    launch.command(planned, seeds=seeds, folds=repeat.folds, others=repeat.others)
