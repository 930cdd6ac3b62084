"""Train: which model, and is it learning?"""

import numpy as np
import streamlit as st

from genomics import recipe, runs, sequences, words
from genomics.architectures import ARCHITECTURES
from genomics.encoding import ENCODINGS
from genomics.fit import Fit
from genomics.plots import composition, network
from pages.ui import controls, follow, launch, shell, show, state

shell.guard("train")

folder = state.run()
if folder is not None and runs.asked(folder)["kind"] == "predictor":
    asked = recipe.from_json(runs.asked(folder))
    st.title(f"{ARCHITECTURES[asked.architecture].title} on {show.literal(asked.dataset_name)}", anchor=False)
    follow.follow(folder, follow.predictor)
    if (folder / "evaluation.json").exists() and st.button("See the results", type="primary", icon=":material/monitoring:"):
        shell.go("results")
    launch.command(asked)
    st.stop()

dataset = state.dataset()
st.title("Train a network", anchor=False)
if dataset is None:
    show.empty("Choose sequences first; then pick an architecture here and watch it learn.", "Choose sequences", "data")
    st.stop()
if dataset.task == "unlabelled":
    show.empty(
        "These sequences have one class only, so there is nothing to tell apart. A generator can learn to make more like them.",
        "Generate more like these",
        "generate",
    )
    st.stop()

st.write(f"On {show.literal(dataset.name)}: {words.dataset(dataset)}")
left, right = st.columns([3, 2], gap="large")
with left:
    st.markdown("##### 1. Architecture")
    names = list(ARCHITECTURES)
    picked = st.session_state.setdefault("architecture", names[0])
    for column, name in zip(st.columns(len(names)), names, strict=True):
        family = ARCHITECTURES[name]
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{family.title}**")
            st.caption(f"Good when {family.good_when}.")
            if st.button(
                "Chosen" if name == picked else "Choose",
                key=f"choose_{name}",
                disabled=name == picked,
                icon=":material/check:" if name == picked else None,
                width="stretch",
            ):
                st.session_state["architecture"] = name
                st.rerun()
    family = ARCHITECTURES[picked]
    st.markdown("##### 2. Its hyperparameters")
    settings = controls.hyperparameters(family.Config, key=picked, advanced=False)
    if controls.has_advanced(family.Config):
        with st.expander("More"):
            settings |= controls.hyperparameters(family.Config, key=picked, advanced=True)
    with st.expander("Training", expanded=False):
        settings |= controls.hyperparameters(Fit, key="fit", advanced=False)
        settings |= controls.hyperparameters(Fit, key="fit", advanced=True)
    with st.expander("Sequences and split"):
        chosen = launch.reading(dataset, "predictor")

with right:
    planned = launch.plan(dataset, picked, settings, **chosen)
    if planned is not None:
        st.markdown("##### 3. Train")
        drawn = family.layers(planned.config, planned.layout, recipe.outputs(dataset))
        ready = launch.promise(dataset, planned)
        if st.button("Train", type="primary", icon=":material/play_arrow:", width="stretch", key="train", disabled=not ready):
            launch.begin(dataset, planned)
        st.markdown(f"**The network** learns {sum(layer.parameters for layer in drawn):,} numbers")
        show.chart(
            network.figure(drawn), key="network", height=44 * len(drawn) + 8, alt="The network's layers from the sequence to the answer"
        )
        if picked == "image_cnn":
            st.markdown("**A sequence as this network sees it**")
            name, size = family.encoding(planned.config)
            which = st.select_slider("Sequence", range(min(len(dataset), 50)), key="pictured", format_func=lambda i: f"{i + 1}")
            image = ENCODINGS[name].encode(*dataset.flat(np.array([which])), planned.layout, size)[0, :, :, 0]
            show.chart(
                composition.picture(image),
                key="picture",
                height=300,
                alt="Chaos game picture of one sequence",
                caption="Each pixel counts one word of bases; words that end alike lie close together.",
            )
            show.bases([dataset.sequence(which)[:200]])
        elif dataset.lengths.max() <= 200:
            st.caption("Two of the sequences it will read:")
            show.bases(
                [sequences.decode(row) for row in dataset.rows(np.array([0, len(dataset) - 1]), planned.layout)],
                [dataset.ids[0][:16], dataset.ids[-1][:16]],
            )
        launch.command(planned)
