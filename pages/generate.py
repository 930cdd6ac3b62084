"""Generate: are the new sequences like real ones?"""

import streamlit as st

from genomics import disk, recipe, runs, words
from genomics.generators import GENERATORS
from genomics.plots import network
from pages.ui import adversarial, controls, follow, launch, prefilled, resemblance, run_settings, shell, show, state

shell.guard("generate")

folder = state.run()
if folder is not None and runs.asked(folder)["kind"] == "generator":
    asked = recipe.from_json(runs.asked(folder))
    of_class = f', class "{show.literal(asked.only)}"' if asked.only else ""
    st.title(f"{GENERATORS[asked.architecture].title} on {show.literal(asked.dataset_name)}{of_class}", anchor=False)
    run_settings.line(folder)
    follow.follow(folder, adversarial.panel)
    card = disk.read_json(folder / "scorecard.json")
    if card and runs.state(folder) not in runs.LIVE and not runs.alive(folder):  # once nothing redraws the page any more
        resemblance.results(folder, asked, card)
    launch.command(asked)
    st.stop()

dataset = state.dataset()
st.title("Generate new sequences", anchor=False)
if dataset is None:
    show.empty("Choose sequences first; a generator then learns to make new ones like them.", "Choose sequences", "data")
    st.stop()

st.write(f"From {show.literal(dataset.name)}: {words.dataset(dataset)}")
left, right = st.columns([3, 2], gap="large")
with left:
    name = next(iter(GENERATORS))
    family = GENERATORS[name]
    st.header(f"1. {family.title}", anchor=False)
    st.write(
        "Two networks learn from each other: a generator makes sequences from random numbers, a critic tells them from real ones. "
        f"Good when {family.good_when}."
    )
    only = ""
    if len(dataset.classes) > 1:
        kinds, words_of = ["", *dataset.classes], {"": "all sequences"}
        help = "A generator learns best from sequences of one kind."
        only = prefilled.choose("only", dataset.fingerprint, "Learn from", kinds, kinds[-1], words=words_of, help=help)
    st.header("2. Hyperparameters", anchor=False)
    settings = controls.hyperparameters(family.Config, key=name)
    with st.expander("Sequences"):
        chosen = launch.reading(dataset, "generator")

with right:
    planned = launch.plan(dataset, name, settings, only=only, **chosen)
    if planned is not None:
        st.header("3. Train", anchor=False)
        ready = launch.promise(dataset, [planned])
        if st.button("Train the generator", type="primary", icon=":material/play_arrow:", width="stretch", key="train", disabled=not ready):
            launch.begin(dataset, [planned])
        for title, drawn in family.layers(planned.config, planned.layout).items():
            st.markdown(f"**The {title}** learns {sum(layer.parameters for layer in drawn):,} numbers")
            show.chart(network.figure(drawn), key=f"network_{title}", height=44 * len(drawn) + 8, alt=f"Layers of the {title}")
        launch.command(planned)
