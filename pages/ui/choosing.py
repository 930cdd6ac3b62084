"""The right side of the Train page while one chooses: what will be trained, how long it takes, what it looks like."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genomics import recipe, sequences
from genomics.dataset import Dataset
from genomics.encoding import ENCODINGS
from genomics.plots import composition, network
from genomics.recipe import Recipe
from pages.ui import launch, repeating, show
from pages.ui.live_chart import live_chart

_STYLE = """
<style>
.st-key-choice h2 { font-size: 1.125rem; padding: 0 0 0.75rem; }
.st-key-choice h3 { font-size: 1rem; padding: 0 0 0.75rem; }
@media (min-width: 1000px) {
  [data-testid="stLayoutWrapper"]:has(> .st-key-choice_side) { position: sticky; top: 4.2rem; }
  .st-key-choice_side { max-height: calc(100vh - 5rem); overflow-y: auto; }
}
@media (max-width: 999px) {
  .st-key-choice > [data-testid="stHorizontalBlock"], .st-key-choice > div > [data-testid="stHorizontalBlock"] { flex-wrap: wrap; }
  .st-key-choice > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"],
  .st-key-choice > div > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"] { min-width: 100%; }
  [data-testid="stColumn"]:has(.st-key-choice_side) { order: -1; }
  .st-key-choice_side { max-height: 24rem; overflow-y: auto; }
}
</style>
"""


def sides() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Two columns: choices, which may be long, and what comes of them, which stays in sight."""
    st.html(_STYLE)
    with st.container(key="choice"):
        left, right = st.columns([3, 2], gap="large")
    return left, right.container(key="choice_side")


def start(dataset: Dataset, plans: list[Recipe]) -> None:
    """Time, memory, and the button."""
    st.header("3. Train", anchor=False)
    ready = bool(plans) and launch.promise(dataset, plans)
    if len(plans) > repeating.AT_ONCE:
        st.caption(":material/terminal: So many runs are started from a terminal: see the command below.")
        ready = False
    label = f"Train {len(plans):,} networks" if len(plans) > 1 else "Train"
    if st.button(label, type="primary", icon=":material/play_arrow:", width="stretch", key="train", disabled=not ready):
        launch.begin(dataset, plans)


def drawing(dataset: Dataset, planned: Recipe) -> None:
    """The network, over one of the sequences it will read."""
    drawn = recipe.predictor(planned.architecture).layers(planned.config, planned.layout, recipe.outputs(dataset))
    st.subheader(f"{sum(layer.parameters for layer in drawn):,} parameters", anchor=False)
    example = sequences.decode(dataset.rows(np.array([0]), planned.layout)[0])
    figure = network.figure(drawn, sequence=example, length=planned.layout.length)
    alt = "The network's layers from the sequence to the prediction, and how much of the sequence each of them sees"
    live_chart(figure, key="network", height=network.height(drawn, example), alt=alt)
    st.caption("Each block is a layer, with the shape of its output at the right; the bar under it shows how much of the sequence it sees.")


def picture(dataset: Dataset, planned: Recipe) -> None:
    """For networks that look at pictures: one of the sequences as such a picture."""
    name, side = recipe.predictor(planned.architecture).encoding(planned.config)
    if name != "chaos_image":
        return
    st.subheader("A sequence as this network reads it", anchor=False)
    which = st.select_slider("Sequence", range(min(len(dataset), 50)), key="pictured", format_func=lambda i: f"{i + 1}")
    image = ENCODINGS[name].encode(*dataset.flat(np.array([which])), planned.layout, side)[0, :, :, 0]
    caption = "Each pixel counts one k-mer; k-mers that end alike lie close together."
    show.chart(composition.picture(image), key="picture", height=300, alt="Chaos game picture of one sequence", caption=caption)
    show.bases([dataset.sequence(which)[:200]])
