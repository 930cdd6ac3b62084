"""What labels are taken for, and what is done with odd letters: questions that every kind of file has."""

import streamlit as st

from genomics import labelling
from genomics.io.policy import LETTER_WAYS, RECORD_WAYS, Policy
from pages.ui import prefilled, show

_WAYS = {
    "refuse": "stop and list them",
    "n": "count as unknown (N)",
    "remove": "remove, join the rest",
    "split": "cut the record there",
    "drop": "exclude the record",
}
_ODD = {
    "iupac": "Unknown bases (N, R, Y and so on)",
    "gap": "Gaps (- and .)",
    "stop": "Stops (*)",
    "other": "Other letters",
    "missing": "Records without sequence or label",
}


def task(own: str, labels: list[str]) -> str:
    """What the labels are; where they are numbers, what will be assumed, with the choice beside it.

    Args:
        own: what the widgets' keys begin with.
        labels: the first ones, where they are known.
    """
    said = assumed(labels)
    if said:
        st.caption(f":material/info: {show.literal(said)}")
    words = {"": "Detect automatically", **{name: name.capitalize() for name in labelling.TASKS}}
    with st.expander("What the labels are", expanded=bool(said)):
        return prefilled.choose(own, "task", "Task", words, "")


def assumed(labels: list[str]) -> str:
    """A sentence on labels that could mean something else; empty where they are names, all equal, or unknown."""
    values = sorted(set(filter(None, labels)))
    try:
        [float(part) for value in values for part in value.split(labelling.SEPARATOR)]
    except ValueError:
        return ""
    if len(values) < 2:
        return ""
    named = ", ".join(values[:6])
    if labelling.infer_task(labels) == "regression":
        return f"The labels are numbers ({named} and so on) and will be taken as measurements. If they are classes, choose multiclass."
    return f"The labels are {named}{' and more' if len(values) > 6 else ''} and will be taken as classes. If they are measurements, choose regression."


def policy(own: str) -> str:
    """What to do with odd letters, kind by kind, as `genomics.io.parse_policy` reads it."""
    usual = Policy()
    with st.expander("Letters other than A, C, G, T"):
        ways = {}
        for kind, title in _ODD.items():
            known = RECORD_WAYS if kind == "missing" else LETTER_WAYS
            ways[kind] = prefilled.choose(own, f"odd_{kind}", title, known, getattr(usual, kind), words=_WAYS)
    return ",".join(f"{kind}={way}" for kind, way in ways.items() if way != getattr(usual, kind)) or "refuse"
