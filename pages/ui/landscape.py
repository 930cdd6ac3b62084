"""How sequences are related: a map by their words, equal ones, families."""

from collections.abc import Sequence
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
    colour = next(iter(ways), "class")
    if len(ways) > 1:
        colour = st.segmented_control("Coloured by", ways, default=colour, required=True, key="map_colour", format_func=str.capitalize)
    figure = atlas.figure(portrait, [dataset.ids[i] for i in found.record.tolist()], colour)
    mapped = len(found.record)
    some = f"{mapped:,} of {portrait.records:,}" if mapped < portrait.records else f"All {mapped:,}"
    caption = f"{some} sequences; those made of like words of four bases lie near each other. Drag over points to list them."
    alt = "Map of the sequences by shares of four-letter words"
    picked = show.chart(figure.update_layout(dragmode="select"), key="map", height=520, alt=alt, caption=caption, select=True)
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
        rows = _groups(dataset, portrait, found.sizes, found.records[:, 0], found.by_part, found.by_class)
        for at in show.table(rows, select="single-row", column_config=_COLUMNS, key="repeats_table")[:1]:
            members = [int(i) for i in found.records[at] if i >= 0]
            show.bases([pictures.beginning(dataset, i, _WIDE) for i in members], [dataset.ids[i][:24] for i in members])
        st.caption("Select a group to see its sequences; some may be the reverse complement of the others.")
    if len(found.largest):
        st.markdown("**Families**: sequences linked by shared 20-base words")
        rows = _groups(dataset, portrait, found.largest, found.largest_record, found.largest_by_part, found.largest_by_class)
        show.table(rows, column_config=_COLUMNS)
        st.caption(
            f"{int(found.families.sum()):,} families in all. A family on both sides of the split makes a test too easy; the similarity split keeps each whole."
        )


def _groups(dataset: Dataset, portrait: Portrait, *columns: Any) -> list[dict[str, Any]]:
    """Rows of a table; `columns` are the size of each group, its first record, and its records by part and by class."""
    return [
        {
            "Records": int(size),
            "Parts": _counted(PLACES, by_part),
            "Classes": _counted(portrait.classes, by_class),
            "First": dataset.ids[int(first)],
            "Sequence": pictures.beginning(dataset, int(first), 80),
        }
        for size, first, by_part, by_class in zip(*columns, strict=True)
    ]


def _counted(names: Sequence[str], counts: Any) -> str:
    return ", ".join(f"{name}: {n:,}" for name, n in zip(names, counts.tolist(), strict=True) if n)
