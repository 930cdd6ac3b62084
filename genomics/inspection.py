"""Everything that can be said about a dataset before training, worked out once and kept with it.

`datasets/<fingerprint>/audit.json` and `portrait.npz`; for other splits than the one that is taken by itself,
`audit-<split>-<seed>.json` and `portrait-<split>-<seed>.npz`.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from genomics import audit, disk, portrait, requests, sequences, shortcuts, split
from genomics import dataset as datasets
from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.intake import Tick, silent


def inspect(
    dataset: Dataset, root: Path, how: str = "auto", seed: int = 0, *, problems: dict[str, int] | None = None, tick: Tick = silent
) -> dict[str, Any]:
    """Audits a dataset, measures the shortcut baselines, draws its portrait, and keeps all of it.

    Args:
        dataset: saved into the workspace if it is not there.
        root: the workspace.
        how: the split to look at it with, see `genomics.split.make`.
        seed: of the split.
        problems: what reading met, by code.
        tick: told what is being done and which share of it is done.

    Returns:
        What `audit --json` answers.
    """
    split.check(dataset, how)
    tick("Keeping the sequences", 0.0)
    folder = datasets.save(dataset, root)
    tick("Looking for repeats", 0.0)
    with ThreadPoolExecutor(1) as beside:  # the baselines take as long as all the rest; both leave Python for most of it
        measuring = beside.submit(_baselines, dataset, how, seed)
        found = audit.inspect(dataset, how, seed, tick=tick)
        datasets.keep_groups(dataset, root)
        tick("Drawing pictures", 0.0)
        audit_name, portrait_name = requests.names(how, seed)
        portrait.save(portrait.draw(dataset, found.split, seed), folder / portrait_name)
        tick("Measuring simple baselines", 0.0)
        baselines = measuring.result()
    answer = {
        "version": requests.VERSION,
        "dataset": dataset.fingerprint,
        **summary(dataset),
        "problems": problems or {},
        **found.to_json(),
        "baselines": baselines,
    }
    disk.write_json(folder / audit_name, answer)
    return answer


def _baselines(dataset: Dataset, how: str, seed: int) -> dict[str, Any]:
    """What is reached without a network; empty where the records cannot be divided."""
    try:
        divided = split.make(dataset, how, seed)
    except SettingError:
        return {}
    return {name: shortcut._asdict() for name, shortcut in shortcuts.measure(dataset, divided, seed=seed).items()}


def summary(dataset: Dataset) -> dict[str, Any]:
    """Counts and lengths."""
    of_gc, known = (int(sequences.count_codes(dataset.codes, dataset.offsets, codes).sum()) for codes in ((1, 2), (0, 1, 2, 3)))
    lengths = dataset.lengths
    return {
        "name": dataset.name,
        "records": len(dataset),
        "bases": int(dataset.offsets[-1]),
        "task": dataset.task,
        "classes": dataset.counts(),
        "groups": len(dataset.group_names),
        "lengths": {"min": int(lengths.min()), "median": float(np.median(lengths)), "max": int(lengths.max())},
        "gc": of_gc / known if known else None,
        "different": int(dataset.repeats.max()) + 1,
        "notes": list(dataset.notes),
        "parent": dataset.parent,
        "remedy": dataset.remedy,
    }
