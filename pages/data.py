"""Data: can I trust these sequences?"""

import shlex

import numpy as np
import streamlit as st

from genomics import split, words
from genomics.errors import GenomicsError
from genomics.plots import composition, logo
from pages.ui import intake, pictures, shell, show, state, text

shell.guard("data")

left, right = st.columns([1, 3], gap="large")
with left:
    intake.column()
with right:
    if intake.problems():
        st.stop()
    dataset = state.dataset()
    if dataset is None:
        st.title("Your sequences", anchor=False)
        st.write(
            "Drop files on the left, paste sequences, or pick a sample. What will be here: how many there are, of which classes, how long, what they are made of, and what to know before training."
        )
        st.stop()

    root, fingerprint = str(state.root()), dataset.fingerprint
    st.title(show.literal(dataset.name), anchor=False)
    st.markdown(f"##### {words.dataset(dataset)}")
    st.write(show.literal(words.next_for(dataset)))
    overall = pictures.gc(root, fingerprint, -1)
    known = overall[np.isfinite(overall)]
    for column, (label, value, help) in zip(
        st.columns(4),
        (
            ("Sequences", f"{len(dataset):,}", ""),
            ("Classes", f"{len(dataset.classes)}" if dataset.task != "regression" else "numbers", "What the sequences are labelled with."),
            ("Length", f"{int(np.median(dataset.lengths)):,} bp", "The median: half of the sequences are shorter, half longer."),
            ("GC content", f"{known.mean():.1%}" if len(known) else "-", "Share of G and C among all known bases."),
        ),
        strict=True,
    ):
        column.metric(label, value, help=help or None, border=True)
    with st.container(horizontal=True):
        if dataset.task != "unlabelled" and st.button("Train a network", type="primary", icon=":material/model_training:"):
            shell.go("train")
        if st.button(
            "Generate more like these", type="primary" if dataset.task == "unlabelled" else "secondary", icon=":material/auto_awesome:"
        ):
            shell.go("generate")

    overview, makeup, parts, records = st.tabs(["Overview", "Composition", "Split", "Records"], on_change="rerun", key="data_tabs")
    groups = {name: number for number, name in enumerate(dataset.classes)} if len(dataset.classes) > 1 else {"all": -1}
    if overview.open:
        with overview:
            for note in dataset.notes:
                st.caption(f":material/info: {show.literal(note)}")
            one, two = st.columns(2)
            with one:
                if dataset.task == "regression" and dataset.targets is not None:
                    st.markdown("**Numbers**")
                    show.chart(
                        composition.histogram({"target": dataset.targets}, x="Target"),
                        key="targets",
                        height=280,
                        alt="Histogram of the targets",
                    )
                elif dataset.counts():
                    st.markdown("**Class balance**")
                    show.chart(
                        composition.classes({text.label(name): count for name, count in dataset.counts().items()}),
                        key="classes",
                        height=280,
                        alt="Sequences by class",
                    )
            with two:
                st.markdown("**GC content**")
                gc = {text.label(name): pictures.gc(root, fingerprint, label) for name, label in groups.items()}
                show.chart(
                    composition.histogram(gc, x="GC content", share=True),
                    key="gc",
                    height=280,
                    alt="GC content by class",
                    caption="Where classes differ here, a network may learn GC content and nothing else.",
                )
            if len(np.unique(dataset.lengths)) > 1:
                st.markdown("**Lengths**")
                lengths = {text.label(name): dataset.lengths[pictures.members(dataset, label)] for name, label in groups.items()}
                show.chart(
                    composition.histogram(lengths, x="Length (bp)", share=True),
                    key="lengths",
                    height=260,
                    alt="Lengths by class",
                    caption="Where classes differ here, length alone may give the answer away.",
                )
    if makeup.open:
        with makeup:
            name = st.selectbox("Class", list(groups)) if len(groups) > 1 else "all"
            table = pictures.position_frequencies(root, fingerprint, groups[name])
            st.markdown("**Share of each base by position**")
            show.chart(
                composition.by_position(table),
                key="by_position",
                height=300,
                alt="Base frequencies by position",
                caption="Flat lines: no position is special. A bump is a position where this class prefers a base.",
            )
            shown = min(len(table), 120)
            st.markdown(f"**Sequence logo**{f' (first {shown} positions)' if shown < len(table) else ''}")
            show.chart(
                logo.figure(logo.information(table[:shown])),
                key="logo",
                height=240,
                alt="Sequence logo",
                caption="The taller a letter, the more this position is decided: 2 bits is always the same base, 0 is any.",
            )
    if parts.open:
        with parts:
            try:
                made = split.make(dataset)
            except GenomicsError as error:
                show.problem(error)
            else:
                for note in made.notes:
                    st.write(show.literal(note))
                rows = []
                for part in split.PARTS:
                    index = made.part(part)
                    row = {"Part": part, "Sequences": len(index)}
                    if dataset.labels is not None and dataset.task != "unlabelled":
                        counts = {name: int((dataset.labels[index] == number).sum()) for name, number in groups.items()}
                        row |= {f"{name} (class)" if name in row else name: count for name, count in counts.items()}
                    rows.append(row)
                st.dataframe(rows, hide_index=True)
                st.caption("A network learns from train; validation decides when to stop; test is asked once, at the end.")
    if records.open:
        with records:
            count = min(len(dataset), 500)
            st.dataframe(
                [
                    {
                        "Name": dataset.ids[i],
                        "Label": dataset.classes[dataset.labels[i]]
                        if dataset.labels is not None
                        else (float(dataset.targets[i]) if dataset.targets is not None else None),
                        "Length (bp)": int(dataset.lengths[i]),
                        "Sequence": dataset.sequence(i)[:300],
                    }
                    for i in range(count)
                ],
                hide_index=True,
                height=420,
            )
            st.caption(f"The first {count:,} of {len(dataset):,}." if count < len(dataset) else "All records.")
            show.bases([dataset.sequence(i)[:400] for i in range(min(8, len(dataset)))], dataset.ids[:8])
    name = "wgan_gp" if dataset.task == "unlabelled" else "cnn"
    show.terminal(f"python -m genomics train {shlex.quote(str(state.root() / 'datasets' / fingerprint))} --architecture {name}")
