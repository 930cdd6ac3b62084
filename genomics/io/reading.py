"""`read`: one file or text in any known format, recognised by content; `join`: several of them as one set."""

from pathlib import Path

import numpy as np

from genomics import sequences
from genomics.errors import InputError
from genomics.io import fasta, source, table
from genomics.io.report import Collector, Records, Report, shorten

SUFFIXES = ("fa", "fasta", "fna", "ffn", "csv", "tsv", "txt", "gz")
_PROTEIN_ONLY = np.frombuffer(b"EFILPQZefilpqz", np.uint8)


def read(data: str | Path | bytes, name: str = "", *, label: str = "", sequence: str = "") -> tuple[Records, Report]:
    """Reads FASTA, CSV or TSV, plain or gzip.

    Args:
        data: a path, or the content itself.
        name: what to call it in messages.
        label: a table's label column ("-" for none); for FASTA a rule for headers: a key of `fasta.HEADER_RULES`
            or a regular expression with one group. Empty: found by itself.
        sequence: a table's sequence column. Empty: found by itself.

    Returns:
        The records, in file order, and a report of every problem by file, record and line.

    Raises:
        InputError: the file as a whole cannot be used; the message says what to do.
    """
    name, content = source.load(data, name)
    collector = Collector(name)
    head = content.lstrip()[:1]
    is_fasta = head == b">" or (head == b";" and b"\n>" in content)  # a table may begin with ; too
    if is_fasta:
        parsed = fasta.parse(content, collector)
        ids = [fasta.record_id(header, number) for number, header in enumerate(parsed.headers, start=1)]
        found = None if label == "-" else fasta.labels(parsed.headers, label)
        if label not in ("", "-") and found is None:
            raise InputError(f'{name}: not every header has a label by the rule "{label}". Check the rule or the headers.')
        if found is not None:
            collector.notes.append(f"{name}: classes are read from the headers ({found[0]}).")
        labels, splits, lines, texts = (found and found[1]), None, parsed.lines, parsed.sequences
    else:
        rows = _table_or_lines(content, name, collector, sequence, label)
        ids, labels, splits, lines = rows.ids, rows.labels, rows.splits, rows.lines
        texts = ["".join(text.split()).encode("latin-1", "replace") for text in rows.sequences]

    joined = b"".join(texts)
    codes = sequences.encode(joined)
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=offsets[1:])
    _note_letters(np.frombuffer(joined, np.uint8), codes, collector)
    records = Records(
        files=[name],
        ids=ids,
        codes=codes,
        offsets=offsets,
        labels=labels,
        splits=splits,
        file_of=np.zeros(len(ids), np.int32),
        lines=np.array(lines, np.int64),
    )
    _note_invalid(records, joined, content if is_fasta else None, collector)
    return records, collector.report()


def join(parts: list[tuple[Records, Report]], *, file_labels: dict[str, str] | None = None) -> tuple[Records, Report]:
    """Several files as one set; where none has labels, each file is a class of its own.

    Args:
        parts: what `read` returned for each.
        file_labels: class by file name, where each file is one class; by default the name without its endings.

    Raises:
        InputError: some of the files have labels and some have not.
    """
    records = [part for part, _ in parts]
    labelled = [part.labels is not None for part in records]
    notes = [note for _, report in parts for note in report.notes]
    if any(labelled) and not all(labelled) and not file_labels:
        without = next(part.files[0] for part in records if part.labels is None)
        raise InputError(f"{without} has no labels, but another file has. Give all files labels, or none (then each file is a class).")

    per_file = file_labels or (None if any(labelled) or len(parts) == 1 else class_names([part.files[0] for part in records]))
    labels: list[str] | None = None
    if per_file:
        labels = [per_file[part.files[0]] for part in records for _ in range(len(part))]
        notes.append("Each file is one class: " + ", ".join(f"{file} = {shorten(label)}" for file, label in per_file.items()) + ".")
    elif all(labelled):
        labels = [label for part in records for label in part.labels or []]
    splits = [s for part in records for s in part.splits or []] if all(part.splits for part in records) else None

    shifts = np.cumsum([0] + [part.offsets[-1] for part in records])
    offsets = [part.offsets[1:] + shift for part, shift in zip(records, shifts, strict=False)]
    together = Records(
        files=[part.files[0] for part in records],
        ids=[id for part in records for id in part.ids],
        codes=np.concatenate([part.codes for part in records]),
        offsets=np.concatenate([np.zeros(1, np.int64), *offsets]),
        labels=labels,
        splits=splits,
        file_of=np.concatenate([np.full(len(part), number, np.int32) for number, part in enumerate(records)]),
        lines=np.concatenate([part.lines for part in records]),
    )
    counts: dict[str, int] = {}
    for _, report in parts:
        for code, count in report.counts.items():
            counts[code] = counts.get(code, 0) + count
    return together, Report([p for _, report in parts for p in report.problems], counts, notes)


def class_names(files: list[str]) -> dict[str, str]:
    """A class name for each file: its name without endings; the whole name where two would be equal."""
    short = [file.split(".")[0] or file for file in files]
    if len(set(files)) < len(files):
        twice = next(file for file in files if files.count(file) > 1)
        raise InputError(f'Two files are called "{twice}". Rename one, so that each class has a name of its own.')
    return dict(zip(files, short if len(set(short)) == len(short) else files, strict=True))


def _table_or_lines(content: bytes, name: str, collector: Collector, sequence: str, label: str) -> table.Parsed:
    """A table; or, as pasted text often is, bare sequences, one a line."""
    rows = content.split(b"\n")
    if not any(mark in content[:100_000] for mark in (b",", b"\t", b";")) and not sequence:
        bare = [(number, row.strip()) for number, row in enumerate(rows, start=1) if row.strip()]
        if bare[0][1].decode("latin-1").lower() in table.SEQUENCE_NAMES:  # a table of one column
            return table.parse(content, collector, sequence=sequence, label=label)
        letters = sequences.encode(b"".join(row for _, row in bare[:100]))
        if len(letters) and (letters < sequences.INVALID).mean() > 0.5:
            collector.notes.append(f"{name}: each line is taken as one sequence.")
            texts = [row.decode("latin-1") for _, row in bare]
            ids = [f"line_{number}" for number, _ in bare]
            return table.Parsed(ids, texts, None, None, [number for number, _ in bare], [])
        raise InputError(f"{name}: no sequence found. Give FASTA (lines that begin with >), or a CSV or TSV table with a sequence column.")
    return table.parse(content, collector, sequence=sequence, label=label)


def _note_letters(letters: np.ndarray, codes: np.ndarray, collector: Collector) -> None:
    counts = np.bincount(letters, minlength=256)
    lower = int(counts[97:123].sum())
    uracil = int(counts[ord("U")] + counts[ord("u")])
    unknown = int((codes == sequences.UNKNOWN).sum())
    total = max(len(codes), 1)
    if lower:
        collector.notes.append(f"{collector.file}: {lower:,} letters ({lower / total:.1%}) are lower case; case is ignored.")
    if uracil:
        collector.notes.append(f"{collector.file}: {uracil:,} U are read as T.")
    if unknown:
        collector.notes.append(
            f"{collector.file}: {unknown:,} bases ({unknown / total:.2%}) are unknown (N or another IUPAC letter); they encode as zeros."
        )


def _note_invalid(records: Records, letters: bytes, content: bytes | None, collector: Collector) -> None:
    bad = np.flatnonzero(records.codes == sequences.INVALID)
    if not len(bad):
        return
    raw = np.frombuffer(letters, np.uint8)
    if np.isin(raw, _PROTEIN_ONLY).mean() > 0.1:
        raise InputError(
            f"{collector.file} looks like protein: it holds letters such as E, F, I, L, P, Q, which are no bases. Give DNA sequences."
        )
    owners, first = np.unique(np.searchsorted(records.offsets, bad, side="right") - 1, return_index=True)
    for owner, position in zip(owners, bad[first], strict=True):
        line = int(records.lines[owner])
        if content is not None and len(collector.problems) < 200:
            line = fasta.line_of(content, line, int(position - records.offsets[owner]))
        letter = chr(raw[position])
        shown = f"'{letter}'" if letter.isprintable() else f"character {ord(letter)}"
        collector.add(
            "not_a_base", int(owner) + 1, records.ids[owner], line, f"{shown} is not a base.", 'Remove it, or choose "treat as N".'
        )
