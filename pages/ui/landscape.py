"""How sequences are related: a map by their words, equal ones, families."""

from typing import Any

import streamlit as st

from genomics.dataset import Dataset
from genomics.plots import atlas
from genomics.portrait import Portrait
from genomics.portrait.division import PLACES
from pages.ui import pictures, show

_SELECTED = 40
_WIDE = 400
_COLUMNS = {"Records": st.column_config.NumberColumn(format="localized")}


def scattered(dataset: Dataset, portrait: Portrait) -> None:
    """The map; what is selected on it is listed below."""
    found = portrait.atlas
    if not len(found.record):
        st.caption("No sequence has a word of four known bases, so that there is nothing to map.")
        return
    ways = [way for way, known in (("class", len(portrait.classes) > 1), ("part", (found.part >= 0).any())) if known]
    colour = (
        st.segmented_control("Coloured by", ways, default=ways[0], required=True, key="map_colour", format_func=str.capitalize)
        if len(ways) > 1
        else None
    )
    figure = atlas.figure(portrait, [dataset.ids[i] for i in found.record.tolist()], colour or (ways[0] if ways else "class"))
    mapped = len(found.record)
    some = f"{mapped:,} of {portrait.records:,}" if mapped < portrait.records else f"All {mapped:,}"
    picked = show.chart(
        figure.update_layout(dragmode="select"),
        key="map",
        height=520,
        alt="Map of the sequences by shares of four-letter words",
        caption=f"{some} sequences; those made of like words of four bases lie near each other. Drag over points to list them.",
        select=True,
    )
    chosen = [int(point["customdata"][0]) for point in picked.selection.points if point.get("customdata")] if picked else []
    chosen = [index for index in chosen if 0 <= index < len(dataset)]
    if chosen:
        st.markdown(f"**{len(chosen):,} selected**")
        show.bases([pictures.beginning(dataset, i, _WIDE) for i in chosen[:_SELECTED]], [dataset.ids[i][:24] for i in chosen[:_SELECTED]])
        if len(chosen) > _SELECTED:
            st.caption(f"The first {_SELECTED} of them.")


def repeats(dataset: Dataset, portrait: Portrait) -> None:
    """Equal sequences, and families that share long words."""
    found = portrait.repeats
    if not found.repeated:
        st.write("No sequence is there more than once, on either strand.")
    else:
        st.write(f"{found.repeated:,} different sequences are there more than once (either strand): {found.copies:,} records.")
        st.markdown("**Equal sequences**, the largest groups first")
        tables = (found.by_part, found.by_class)
        picked = st.dataframe(
            [_group(dataset, portrait, found.sizes, found.records[:, 0], tables, at) for at in range(len(found.sizes))],
            hide_index=True,
            column_config=_COLUMNS,
            on_select="rerun",
            selection_mode="single-row",
            key="repeats_table",
        )
        for at in picked.selection.rows[:1]:
            members = [int(i) for i in found.records[at] if i >= 0]
            show.bases([pictures.beginning(dataset, i, _WIDE) for i in members], [dataset.ids[i][:24] for i in members])
        st.caption("Select a group to see its sequences; some may be the reverse complement of the others.")
    if len(found.largest):
        st.markdown("**Families**: sequences linked by shared 20-base words")
        tables = (found.largest_by_part, found.largest_by_class)
        st.dataframe(
            [_group(dataset, portrait, found.largest, found.largest_record, tables, at) for at in range(len(found.largest))],
            hide_index=True,
            column_config=_COLUMNS,
        )
        st.caption(
            f"{int(found.families.sum()):,} families in all. A family on both sides of the split makes a test too easy; the similarity split keeps each whole."
        )


def _group(dataset: Dataset, portrait: Portrait, sizes: Any, first: Any, tables: tuple[Any, Any], at: int) -> dict[str, Any]:
    by_part, by_class = tables[0][at], tables[1][at]
    parts = ", ".join(f"{PLACES[i]}: {n:,}" for i, n in enumerate(by_part.tolist()) if n)
    classes = ", ".join(f"{name}: {n:,}" for name, n in zip(portrait.classes, by_class.tolist(), strict=True) if n)
    member = int(first[at])
    return {
        "Records": int(sizes[at]),
        "Parts": parts,
        "Classes": classes,
        "First": dataset.ids[member],
        "Sequence": pictures.beginning(dataset, member, 80),
    }
