"""Several runs side by side: settings that differ, curves, test metrics; predictors with predictors, generators with generators."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from genomics import disk, listing, settings, words
from pages.ui import curving, measures, resemblance, run_settings, show, state, together
from pages.ui.text import literal

Row = dict[str, Any]
_TITLES = {"predictor": "Predictors", "generator": "Generators"}


def folders(row: Row) -> list[Path]:
    """The runs that a row of `listing.gathered` stands for, in the order they were made."""
    return [state.root() / "runs" / name for name in reversed(row["runs"])]


def section(chosen: Sequence[Row], every: bool) -> None:
    """The comparison; `every`: with the settings that are the same."""
    kinds = {kind: [row for row in chosen if row["kind"] == kind] for kind in _TITLES}
    mixed = all(kinds.values())
    if mixed:
        st.info("Predictors and generators have no metric in common, so each kind is compared on its own.", icon=":material/info:")
    for kind, rows in kinds.items():
        labelled = dict(zip(settings.labels(rows), rows, strict=True))
        if rows:
            st.header(_TITLES[kind] if mixed else "Comparison", anchor=False)
            _tests(labelled)
            _settings(labelled, every)
            (_predictors if kind == "predictor" else _generators)(labelled)


def _tests(rows: Mapping[str, Row]) -> None:
    """A warning where the runs were not tested on the same records."""
    generators = {label: tuple(str(row["settings"].get(name)) for name in ("split", "split_seed", "only")) for label, row in rows.items()}
    found = {
        label: listing.tested(folders(row)) if row["kind"] == "predictor" else frozenset({(row["fingerprint"], *generators[label])})
        for label, row in rows.items()
    }
    known = {label: records for label, records in found.items() if records}
    if len(set(known.values())) < 2:
        return
    shared = len(frozenset.intersection(*known.values()))
    sizes = "; ".join(f"{label}: {len(records):,} records of {rows[label]['dataset']}" for label, records in known.items())
    counted = f" They share {shared:,} test records. {sizes}." if next(iter(rows.values()))["kind"] == "predictor" else ""
    st.warning(
        literal(f"These runs have different test sets, so a difference between their metrics may come from the test sets.{counted}")
        + " Train them on one dataset with the same split, split seed and folds to compare them.",
        icon=":material/warning:",
    )


def _settings(rows: Mapping[str, Row], every: bool) -> None:
    of = {
        label: {"architecture": settings.titles(row["architecture"]), "dataset": row["dataset"], **row["settings"]}
        for label, row in rows.items()
    }
    names = list(dict.fromkeys(name for one in of.values() for name in one)) if every else settings.differing(list(of.values()))
    if not names:
        st.caption("Their settings are the same.")
        return
    st.subheader("All settings" if every else "Settings that differ", anchor=False)
    show.table(
        [
            {"": settings.title(name)}
            | {label: run_settings.value(rows[label]["architecture"], name, one[name]) for label, one in of.items() if name in one}
            for name in names
        ],
        placeholder="",
    )


def _predictors(rows: Mapping[str, Row]) -> None:
    st.subheader("Learning curves", anchor=False)
    curving.overlaid({label: folders(row) for label, row in rows.items()})
    cells: dict[str, dict[str, Any]] = {}
    for label, row in rows.items():
        with show.problems():  # of a group with a run of another version
            cells[label] = _metrics(folders(row))
    names = list(dict.fromkeys(name for one in cells.values() for name in one))
    if names:
        st.subheader("Test metrics", anchor=False)
        lines = [{label: measures.cell(one[name], name) for label, one in cells.items() if one.get(name)} for name in names]
        show.table([{"": measures.title(name)} | line for name, line in zip(names, lines, strict=True)], placeholder="", height="content")
        st.caption("With 95 % intervals.")


def _metrics(members: list[Path]) -> dict[str, Any]:
    whole = together.whole(members) if len(members) > 1 else None
    measured = whole.measured if whole else disk.read_json(members[0] / "evaluation.json") or {}
    return dict(measured.get("test", {}).get("metrics", {}))


def _generators(rows: Mapping[str, Row]) -> None:
    cards = {label: [disk.read_json(folder / "scorecard.json") for folder in folders(row)] for label, row in rows.items()}
    st.subheader("Generated sequences against real ones", anchor=False)
    show.table(
        [
            {"Generator": label if len(found) == 1 else f"{label}, {number}"}
            | ({"Gap closed": words.number(card["gap_closed"], percent=True), **resemblance.numbers(card["generated"])} if card else {})
            for label, found in cards.items()
            for number, card in enumerate(found, 1)
        ],
        placeholder="",
    )
