"""How chosen files are to be read: questions that fit what they seem to be."""

from collections.abc import Sequence
from typing import Any, BinaryIO

import streamlit as st

from genomics import labelling
from genomics.errors import InputError
from genomics.intake import AROUND, NEGATIVES
from genomics.io.headers import GROUP_RULES, LABEL_RULES
from genomics.io.joining import class_names
from genomics.io.peek import ANNOTATED, TABLES, Peek, header_labels
from pages.ui import meanings, prefilled, show

_PATTERN = "a pattern"
_SHOWN = 5
_NAMED = 20  # files that get a class name to edit
_RULES = {"": "Detect automatically", **{rule: f"By the rule {rule}" for rule in LABEL_RULES}, _PATTERN: "By a pattern", "-": "No labels"}
_GROUPS = {"": "Detect automatically", **{rule: f"By {rule}" for rule in GROUP_RULES}, _PATTERN: "By a pattern", "-": "No groups"}
_TOGETHER = "Records of one group, for instance a chromosome or a family, can be kept in the same part of the split."
_MADE = {
    "": "none",
    "inner": "other positions inside the same features",
    "shuffled": "the same sequences, shuffled",
    "genome": "other positions of the genome, matched by length and GC content",
}
_PLACE = {"start": "the start", "end": "the end", "body": "the whole feature"}
_RENAMES = {"": "Same as in the genome", "strip chr": "chr1 here is 1 in the genome", "add chr": "1 here is chr1 in the genome"}


def fields(peeks: Sequence[Peek], own: str) -> tuple[dict[str, Any], BinaryIO | None]:
    """Shows the questions.

    Args:
        peeks: what the files seem to be, at least one.
        own: what the widgets' keys begin with.

    Returns:
        Fields of a `genomics.intake.Request`, and the genome where one was given too.
    """
    forms = {seen.format for seen in peeks}
    chosen: dict[str, Any] = {}
    labels: list[str] = []
    reference = None
    if any(seen.needs_reference for seen in peeks):
        reference = st.file_uploader("Reference genome", key=f"{own}_reference", help="FASTA, 2bit, GenBank or EMBL.")
        chosen["rename"] = prefilled.choose(own, "rename", "Chromosome names", _RENAMES, "")
    if forms <= set(TABLES):
        columns, labels = _table(own, peeks[0])
        chosen |= columns
    elif len(peeks) > 1 and not forms & set(TABLES):
        chosen |= _several(own, peeks)
    elif forms <= {"fasta", "fastq"}:
        rules, labels = _headers(own, peeks[0])
        chosen |= rules
    elif forms <= {*ANNOTATED, "bed"}:
        chosen |= _places(own, peeks[0])
    if "fastq" in forms:
        help = "Phred; 20 is one error in 100 bases. Reads below it are left out."
        chosen["min_quality"] = float(prefilled.count(own, "quality", "Minimum mean quality", 0, 60, 0, help=help))
    if forms & {"fasta", "twobit", *ANNOTATED} and not chosen.get("feature"):
        with st.expander("Long sequences"):
            help = "0: sequences are kept whole. Otherwise a genome becomes many sequences of equal length."
            chosen["window"] = prefilled.count(own, "window", "Cut into windows of (bp)", 0, 1_000_000, 0, help=help)
            if chosen["window"]:
                help = "Distance between the starts of neighbouring windows. 0: the window's length, so that windows do not overlap."
                chosen["step"] = prefilled.count(own, "step", "Step (bp)", 0, 1_000_000, 0, help=help)
    return {**chosen, "task": meanings.task(own, labels), "policy": meanings.policy(own)}, reference


def _table(own: str, seen: Peek) -> tuple[dict[str, Any], list[str]]:
    if not seen.columns:
        st.caption("The columns are not known before the file is read; a field left empty is detected automatically.")
        sequence = prefilled.text(own, "sequence", "Sequence column")
        return {"sequence": sequence, "label": prefilled.text(own, "label", "Label column", help="- for none")}, []
    sequence = prefilled.choose(own, "sequence", "Sequence column", seen.columns, seen.sequence)
    help = "None: sequences without labels. Several: several labels or numbers each."
    picked = prefilled.several(own, "label", "Label columns", seen.columns, seen.labels, help=help)
    group = prefilled.choose(own, "group", "Group column", ["-", *seen.columns], seen.group or "-", words={"-": "none"}, help=_TOGETHER)
    if seen.split:
        st.caption(f":material/call_split: The split is taken from the column {show.literal(seen.split)}.")
    chosen = {
        "sequence": "" if sequence == seen.sequence else sequence,
        "label": "" if tuple(picked) == seen.labels and picked else ",".join(picked) or "-",
        "group": "" if group == seen.group else group,
    }
    values = [seen.column(name) for name in picked]
    return chosen, [labelling.SEPARATOR.join(row) for row in zip(*values, strict=True)]


def _headers(own: str, seen: Peek) -> tuple[dict[str, Any], list[str]]:
    rule = prefilled.choose(own, "rule", "Class of each record, from its header", _RULES, "")
    if rule == _PATTERN:
        rule = prefilled.text(own, "pattern", "Pattern", r"_(\w+)$", help="A regular expression with the class in parentheses.")
    found: list[str] = []
    try:
        found = header_labels(seen.headers, rule)
    except InputError as error:
        st.caption(f":material/error: {show.literal(str(error))}")
    if found and rule != "-":
        pairs = list(zip(seen.headers, found, strict=True))[:_SHOWN]
        st.dataframe([{"Header": title[:80], "Class": label or None} for title, label in pairs], hide_index=True)
        st.caption(_counted(found, rule))
    with st.expander("Keep together in the split (optional)"):
        group = prefilled.choose(own, "group", "Group of each record", _GROUPS, "", help=_TOGETHER)
        if group == _PATTERN:
            group = prefilled.text(own, "group_pattern", "Pattern of the group", r"^(\w+)\|")
    return {"label": rule, "group": group}, found if all(found) else []


def _counted(found: list[str], rule: str) -> str:
    """How many different classes the first headers hold."""
    different, without = len(set(filter(None, found))), found.count("")
    if not different:
        return "No header has a class by this rule." if rule else "No class is found in the headers: the sequences have no labels."
    said = f"{different:,} different {'class' if different == 1 else 'classes'} in the first {len(found):,} headers"
    return f"{said}; {without:,} have none." if without else f"{said}."


def _several(own: str, peeks: Sequence[Peek]) -> dict[str, Any]:
    in_headers = all(any(header_labels(seen.headers)) for seen in peeks)
    options = {"files": "Each file is one class", "": "From the headers", "-": "No classes"}
    where = prefilled.choose(own, "where", "Where the classes come from", options, "" if in_headers else "files")
    if where != "files":
        return {"label": where}
    try:
        named = class_names([seen.name for seen in peeks])
    except InputError as error:
        show.problem(error)
        return {"label": "-"}
    for number, (file, short) in enumerate(list(named.items())[:_NAMED]):
        named[file] = prefilled.text(own, f"class_{number}", f"Class of {show.literal(file)}", short) or short
    return {"label": "-", "file_labels": named}


def _places(own: str, seen: Peek) -> dict[str, Any]:
    """Of an annotated genome, or of places on one: what is cut out, and what it is held against."""
    chosen: dict[str, Any] = {}
    ways = {"windows": "Windows around features", "whole": "Each feature as it is" if seen.needs_reference else "Whole records"}
    if seen.features and prefilled.choose(own, "cut", "What becomes a sequence", ways, "windows") == "windows":
        usual = next((kind for kind in ("CDS", "gene") if kind in seen.features), next(iter(seen.features)))
        counts = {kind: f"{kind} ({count:,})" for kind, count in seen.features.items()}
        chosen["feature"] = prefilled.choose(own, "feature", "Kind of feature", counts, usual)
        chosen["around"] = prefilled.choose(own, "around", "Centred on", AROUND, "start", words=_PLACE)
        if chosen["around"] != "body":
            one, two = st.columns(2)
            with one:
                chosen["before"] = prefilled.count(own, "before", "Bases before", 0, 1_000_000, 60)
            with two:
                chosen["after"] = prefilled.count(own, "after", "Bases after", 0, 1_000_000, 40)
    if chosen or seen.needs_reference:
        inner = chosen.get("around", "body") != "body"
        made = {way: _MADE[way] for way in ("", *NEGATIVES) if way != "inner" or inner}
        help = "What a network learns to distinguish them from."
        chosen["negatives"] = prefilled.choose(own, "negatives", "Create a negative class", made, "inner" if inner else "", help=help)
        if chosen["negatives"] == "shuffled":
            help = "2: dinucleotide counts are preserved."
            chosen["words"] = prefilled.count(own, "words", "k-mer counts preserved (k)", 1, 4, 2, help=help)
    return chosen
