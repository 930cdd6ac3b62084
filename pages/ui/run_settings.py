"""The settings of a run on its page: what was changed, in one line, and all of them on demand."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from genomics import layouts, recipe, runs, settings, split
from genomics.recipe import Recipe
from pages.ui import controls, launch, state
from pages.ui.text import literal


def value(architecture: str, name: str, found: Any) -> str:
    """A setting's value as the controls write it."""
    if isinstance(found, bool):
        return "on" if found else "off"
    chosen = any(spec.name == name and spec.kind == "choice" for spec in settings.specs(architecture)) or name in ("split", "anchor")
    return controls.plain(str(found)) if chosen else f"{found:g}" if isinstance(found, float) else str(found)


def line(folder: Path) -> None:
    """The run's name and note, the settings that differ from what is suggested, and all settings in a popover."""
    asked, about = runs.asked(folder), runs.about(folder)
    mine, suggested = settings.of(asked), _suggested(recipe.from_json(asked))
    with st.container(horizontal=True, vertical_alignment="center"):
        name = f"**{literal(about['name'])}** · " if about["name"] else ""
        st.markdown(name + literal(_changed(mine, suggested)), width="content")
        with st.popover("All settings", type="tertiary", icon=":material/tune:", key="all_settings", on_change="rerun") as popover:
            if popover.open:
                columns = {"Value": mine, "Suggested": suggested}
                rows = [
                    {"Setting": settings.title(key)}
                    | {title: value(asked["architecture"], key, of[key]) for title, of in columns.items() if key in of}
                    for key in mine
                ]
                st.dataframe(rows, hide_index=True, width=520, placeholder="")
    if about["note"]:
        st.caption(literal(about["note"]))


def _suggested(planned: Recipe) -> dict[str, Any]:
    """Every setting as suggested for the run's dataset; empty where that was deleted."""
    dataset = state.find(planned.dataset)
    if dataset is None:
        return {}
    layout = layouts.default_layout(dataset, planned.kind, getattr(recipe.find(planned.architecture), "longest", 0))
    way = planned.split if planned.split == "auto" else split.by_itself(dataset)
    own = {"split": way, "length": layout.length, "anchor": layout.anchor}
    declared = {spec.name: spec.default for spec in settings.specs(planned.architecture)}
    return settings.of({}) | declared | dict(launch.usual(planned) or {}) | own


def _changed(mine: Mapping[str, Any], suggested: Mapping[str, Any]) -> str:
    """What differs from what is suggested, as a sentence."""
    if not suggested:
        return "Its dataset was deleted, so the suggested settings are unknown."
    differ = [settings.phrase(name, found) for name, found in mine.items() if found != suggested[name]]
    text = ", ".join(differ)
    return f"{text[:1].upper()}{text[1:]}; everything else as suggested." if differ else "All settings as suggested."
