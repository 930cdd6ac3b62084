"""Metrics on screen: what each is called, what it says, and which come first."""

from typing import Any

from genomics import words

HELP = {
    "accuracy": "Share of sequences that are classified correctly.",
    "balanced_accuracy": "The share found of each class, averaged over the classes; common classes count no more.",
    "mcc": "Matthews correlation coefficient: 1 is perfect, 0 is chance.",
    "sensitivity": "Share of positives that are found (recall).",
    "specificity": "Share of negatives that are not called positive.",
    "precision": "Share of predicted positives that are correct.",
    "f1": "The harmonic mean of precision and sensitivity.",
    "auroc": "Probability that a positive scores above a negative: 1 is perfect, 0.5 is chance.",
    "auprc": "Area under the precision-recall curve: 1 is perfect, the share of positives is chance.",
    "brier": "Mean squared error of the probabilities; 0 is perfect.",
    "ece": "Expected calibration error of the probabilities; 0 is perfect.",
    "log_loss": "Penalises confident errors most; 0 is perfect.",
    "subset_accuracy": "Share of sequences with all labels right.",
    "pearson": "Correlation with the measured values: 1 is perfect, 0 is none.",
    "spearman": "Correlation of the ranks.",
    "r2": "Share of the variance that is explained.",
    "rmse": "Typical error, in the targets' unit.",
    "mae": "Mean error, in the targets' unit.",
}
PERCENT = {"accuracy", "balanced_accuracy", "sensitivity", "specificity", "precision", "f1", "subset_accuracy"}
FIRST = {
    "binary": ("accuracy", "mcc", "auroc", "auprc"),
    "multiclass": ("accuracy", "balanced_accuracy", "mcc", "auroc"),
    "multilabel": ("auroc", "auprc", "f1", "subset_accuracy"),
    "regression": ("pearson", "spearman", "r2", "rmse"),
}
_SPELT = {"subset_accuracy": "All labels right", "brier": "Brier"}  # else short names are capitals


def title(name: str) -> str:
    """A metric's name for people: "AUROC", "Balanced accuracy"."""
    if name in _SPELT:
        return _SPELT[name]
    return name.replace("_", " ").upper() if len(name) < 6 else name.replace("_", " ").capitalize()


def number(value: float | None, name: str) -> str:
    """A metric's value: "0.91", "91 %"."""
    return words.number(value, percent=name in PERCENT)


def beside(name: str, chance: dict[str, Any], best: dict[str, Any] | None) -> str:
    """What to hold a metric against: "chance: 50 % · 4-mers: 94 %"; `best` is the row of the best baseline."""
    compared = {"chance": chance.get(name), words.within(best["title"]) if best else "": best["metrics"].get(name) if best else None}
    said = [f"{title}: {number(cell['value'], name)}" for title, cell in compared.items() if cell and cell["value"] is not None]
    return " · ".join(said)


def cell(found: dict[str, Any], name: str) -> str:
    """A value with its interval for a table: "0.91 (0.88 to 0.93)"."""
    between = words.interval(found, percent=name in PERCENT)
    return number(found["value"], name) + (f" ({between})" if between else "")
