"""What a click does about a finding: each remedy makes a new dataset, says what it did, and records where it came from.

Nothing is changed in place: the dataset that was there stays, which is also how a remedy is undone.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from genomics import audit, split
from genomics.dataset import Dataset
from genomics.errors import SettingError
from genomics.io.report import shorten
from genomics.remedies import changing, leaving_out
from genomics.split import Split


class Remedy(NamedTuple):
    """One way to mend a dataset.

    Attributes:
        title: what the button says.
        done: what was done, which is added to the name of the dataset; empty where `apply` names it.
        apply: (dataset, split, seed) to a new dataset whose last note says what was done.
    """

    title: str
    done: str
    apply: Callable[[Dataset, Split | None, int], Dataset]


REMEDIES = {
    "keep_one_of_each": Remedy("Keep one of each", "duplicates removed", leaving_out.keep_one_of_each),
    "drop_conflicts": Remedy("Leave them out", "conflicting labels removed", leaving_out.drop_conflicts),
    "drop_leaks_from_train": Remedy("Leave them out of train", "test duplicates removed from training", leaving_out.drop_leaks_from_train),
    "split_by_similarity": Remedy("Divide by similarity", "split by similarity", changing.split_by_similarity),
    "number_identifiers": Remedy("Number them", "identifiers numbered", changing.number_identifiers),
    "equalise_lengths": Remedy("Cut to one length", "cut to one length", changing.equalise_lengths),
    "match_gc": Remedy("Match GC contents", "GC content matched", leaving_out.match_gc),
    "balance_classes": Remedy("Make classes equally large", "classes balanced", leaving_out.balance_classes),
    "drop_tiny_classes": Remedy("Leave these classes out", "small classes removed", leaving_out.drop_tiny_classes),
    "drop_unknown": Remedy("Leave these records out", "records with unknown bases removed", leaving_out.drop_unknown),
    "drop_low_complexity": Remedy("Leave them out", "low-complexity records removed", leaving_out.drop_low_complexity),
    "strip_padding": Remedy("Cut the runs off", "padding removed", changing.strip_padding),
    "trim_adapters": Remedy("Cut them off", "adapters removed", changing.trim_adapters),
    "forget_case": Remedy("Forget the case", "letter case ignored", changing.forget_case),
    "forget_split": Remedy("Divide anew", "split again at random", changing.forget_split),
    "add_shuffled_negatives": Remedy("Add shuffled negatives", "", changing.add_shuffled_negatives),
}
_NEED_SPLIT = {"drop_leaks_from_train"}


def mend(dataset: Dataset, name: str, how: str = "auto", seed: int = 0) -> Dataset:
    """Carries out one remedy.

    Args:
        dataset: stays as it is.
        name: a key of `REMEDIES`, or a code of a finding that has one.
        how: the split that the finding was made with.
        seed: of that split, and of every draw.

    Returns:
        A new dataset; `parent` and `remedy` say where it comes from.

    Raises:
        SettingError: no such remedy, or nothing would be left.
    """
    if name not in REMEDIES and name in audit.CODES:
        found = [finding for finding in audit.inspect(dataset, how, seed).findings if finding.code == name]
        if not found:
            raise SettingError(f'"{name}" was not found in {dataset.name}, so there is nothing to mend.')
        if not found[0].action:
            raise SettingError(f'"{name}" cannot be mended here. {found[0].remedy}')
        name = found[0].action
    if name not in REMEDIES:
        raise SettingError(f'"{shorten(name)}" is no remedy. Remedies: {", ".join(REMEDIES)}.')
    divided = split.make(dataset, how, seed) if name in _NEED_SPLIT else None
    made = REMEDIES[name].apply(dataset, divided, seed)
    if not len(made):
        raise SettingError(f'"{REMEDIES[name].title}" would leave no record of {dataset.name}. Nothing was changed.')
    return replace(made, name=", ".join(filter(None, (made.name, REMEDIES[name].done))), parent=dataset.fingerprint, remedy=name)
