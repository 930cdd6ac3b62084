"""Which part of a split a file says each record belongs to."""

from collections.abc import Sequence

from genomics.io.report import Collector, shorten

SPLITS = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
}


def parts(values: Sequence[str], collector: Collector, source: str = "the split column") -> list[str] | None:
    """Each record's part as "train", "validation" or "test"; None, with a note that says why, where they cannot be used.

    Args:
        values: what the file says, one a record; see `SPLITS`. Without a "train" the validation part is trained on.
        collector: takes up the note.
        source: what to call them.
    """
    known = [SPLITS.get(value.lower(), "") for value in values]
    if all(known) and "test" in known:
        if "train" not in known:
            known = ["train" if value == "validation" else value for value in known]
            collector.notes.append(f'{collector.file}: {source} has no "train"; its validation part is trained on.')
        return known
    odd = sorted({value for value, name in zip(values, known, strict=True) if not name})
    reason = f'it holds "{shorten(odd[0])}"' if odd else 'it has no "test" part'
    collector.notes.append(f"{collector.file}: {source} is not used, because {reason}. Allowed: train, validation (dev, val), test.")
    return None
