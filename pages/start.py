"""Start: what this is, the samples, one's own data, and what was done last."""

import streamlit as st

from genomics import recipe, results, samples, words
from genomics.plots import logo
from pages.ui import beside, intake, launch, pictures, shell, show, state

shell.guard("start")

st.title("Train a neural network on DNA", anchor=False)
st.write("Add sequences, watch a network learn, see how good it really is, and generate new sequences. Everything stays on this computer.")

with st.container(horizontal=True):
    if st.button("Upload my own sequences", type="primary", icon=":material/upload_file:"):
        state.choose(data="", run="", job="")
        shell.go("data")

st.header("Or begin with a sample", anchor=False)
cards = st.grid(3, min_column_width=250, gap="small")
for sample in samples.SAMPLES.values():
    with cards.container(border=True, height="stretch", vertical_alignment="distribute"):
        top, bottom = st.container(), st.container()
    with top:
        st.markdown(f"**{sample.title}**")
        heights = pictures.sample_heights(sample.name, consensus=True)
        show.chart(logo.figure(heights, bare=True, top=2.0), key=f"logo_{sample.name}", height=90, alt=f"Logo of {sample.title}")
        st.caption(f"{sample.records:,} sequences of {sample.length} bp · trains in about {sample.seconds} seconds")
        st.write(sample.learns)
        st.write(f"**What you will see:** {sample.expect}")
    with bottom:
        with st.expander("Story and source"):
            st.write(sample.story)
            st.caption(sample.source)
        if st.button(f"Use {sample.title}", key=f"use_{sample.name}", icon=":material/arrow_forward:", width="stretch"):
            intake.keep(samples.load(sample.name))

latest = state.recent(5, once=True)
if latest:
    st.header("Recent runs", anchor=False)
for folder in latest:
    row = results.brief(folder)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        show.badge(row["state"])
        together = beside.members(folder)
        several = f", {words.count(len(together))} runs" if together else ""
        title = show.literal(row["name"]) or recipe.find(row["architecture"]).title
        st.markdown(f"**{title}** on {show.literal(row['dataset'])}{several}", width="stretch")
        done = sum(beside.now(member) == "finished" for member in together)
        st.write(f"{done} of {len(together)} finished" if several else words.headline(row["metric"], row["value"]))
        if st.button("Open", key=f"open_{folder.name}"):
            launch.reopen(folder, row)
