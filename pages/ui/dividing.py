"""How a dataset would be divided into train, validation and test, looked at before it is chosen."""

from typing import Any

import streamlit as st

from genomics.dataset import Dataset
from genomics.plots import division
from genomics.portrait import Portrait
from genomics.portrait.division import PLACES
from pages.ui import inspecting, launch, pictures, prefilled, reading, shell, show


def tab(dataset: Dataset) -> None:
    """Choose, look, use."""
    options, key = launch.splits(dataset), dataset.fingerprint
    with st.container(horizontal=True, vertical_alignment="bottom"):
        how = launch.choose_split(dataset, "look")
        wanted = how, 0 if how == "file" else prefilled.count("look", f"seed_{key}", "Seed", 0, launch.LARGEST_SEED, 0, width=140)
        known = _known(wanted, options)
        looked = pictures.found(key, *known)
        if looked is None and st.button("Analyse this split", icon=":material/search:"):
            reading.begin({"dataset": key, "split": known[0], "split_seed": known[1]})
    looked = looked or inspecting.found(key, *known, at_once=False)
    drawn = pictures.portrait(key, *known)
    if looked is None or drawn is None:
        st.caption("This computes which sequences cross the split, and how well simple baselines do on it.")
        return
    _shown(dataset, looked, drawn, pictures.found(key), *wanted)


def _known(wanted: tuple[str, int], options: list[str]) -> tuple[str, int]:
    """The name under which an inspection of that split is kept: that of the way taken by itself is "auto"."""
    return ("auto", 0) if wanted == (options[0], 0) else wanted


def _shown(dataset: Dataset, looked: dict[str, Any], portrait: Portrait, usual: dict[str, Any] | None, how: str, seed: int) -> None:
    divided = looked["split"]
    if divided is None:
        reason = next(
            (flag["message"] for flag in looked["flags"] if flag["code"] == "no_split"), "The records cannot be split in this way."
        )
        st.error(show.literal(reason), icon=":material/error:")
        return
    for note in divided["notes"]:
        st.write(show.literal(note))
    st.markdown(f"**{leak(looked, usual)}**")
    found = portrait.division
    rows = []
    for place, name in enumerate(PLACES):
        if found.records[place]:
            by_class = {
                f"{text} (class)" if text in ("Part", "Sequences") else text: int(n)
                for text, n in zip(portrait.classes, found.by_class[place], strict=True)
            }
            rows.append({"Part": name, "Sequences": int(found.records[place]), **(by_class if len(portrait.classes) > 1 else {})})
    whole = st.column_config.NumberColumn(format="localized")
    st.dataframe(rows, hide_index=True, column_config={name: whole for name in rows[0] if name != "Part"})
    st.caption(
        "The network is trained on the training set; the validation set decides when to stop; the test set is used once, at the end."
    )
    if len(portrait.classes) > 1:
        show.chart(division.figure(portrait), key="division", height=260, alt="Sequences by part and class")
    if found.groups:
        st.markdown(
            "**Groups**"
            + (f", the {len(found.groups)} largest of {found.groups_in_all:,}" if found.groups_in_all > len(found.groups) else "")
        )
        show.chart(
            division.groups(portrait), key="groups", height=max(220, 22 * len(found.groups) + 100), alt="Sequences by group and part"
        )
    if dataset.task == "unlabelled":
        return
    if st.button("Use this split for training", icon=":material/check:"):
        launch.use_split(dataset, how, seed)
        shell.go("train")


def leak(looked: dict[str, Any], usual: dict[str, Any] | None) -> str:
    """How much of the test part is known from outside it, beside the split that is taken by itself."""
    here = _sharing(looked)
    if usual is None or not usual["split"] or usual["split"]["how"] == looked["split"]["how"]:
        return f"{here[:1].upper()}{here[1:]}."
    return f"With this split {here}; with the default ({launch.SPLIT_WORDS[usual['split']['how']].lower()}) {_sharing(usual)}."


def _sharing(looked: dict[str, Any]) -> str:
    count, of = looked["split"]["sharing_a_word"], looked["split"]["records"]["test"]
    some = f"{count:,} of {of:,}" if count else f"none of {of:,}"
    return f"{some} test sequences {'shares' if count == 1 else 'share'} a 20-base k-mer with the training or validation set"
