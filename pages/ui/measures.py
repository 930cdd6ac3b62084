"""Metrics on screen: what each is called, what it says, and which come first."""

from typing import Any

from genomics import words

HELP = {
    "accuracy": "Share of sequences for which it is right.",
    "balanced_accuracy": "The mean over classes of the share found; not fooled by rare classes.",
    "mcc": "Matthews correlation: 1 is perfect, 0 is guessing; not fooled by rare classes.",
    "sensitivity": "Share of positives that it finds (recall).",
    "specificity": "Share of negatives that it leaves alone.",
    "precision": "Share of its calls that are right.",
    "f1": "One number for precision and sensitivity together.",
    "auroc": "Chance that a positive is ranked above a negative: 1 is perfect, .5 is guessing.",
    "auprc": "Mean precision over all thresholds; guessing scores the share of positives.",
    "brier": "Mean squared error of its probabilities; 0 is perfect.",
    "ece": "How far its probabilities are from how often it is right; 0 is perfect.",
    "log_loss": "Penalty for being sure and wrong; 0 is perfect.",
    "subset_accuracy": "Share of sequences for which every label is right.",
    "pearson": "Correlation with the true numbers: 1 is perfect, 0 is none.",
    "spearman": "Correlation of the ranks.",
    "r2": "Share of the variance it explains.",
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


def cell(found: dict[str, Any], name: str) -> str:
    """A value with its interval for a table: "0.91  (0.88 to 0.93)"."""
    between = words.interval(found, percent=name in PERCENT)
    return words.number(found["value"], percent=name in PERCENT) + (f"  ({between})" if between else "")
