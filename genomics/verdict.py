"""The verdict on a predictor: whether it is good, doubtful or bad, in sentences with their numbers."""

from typing import Any

from genomics.words import count, interval, number, within

_SAID = {  # how a value is said in a comparison, and whether as a percentage
    "accuracy": ("{} correct", True),
    "balanced_accuracy": ("balanced accuracy {}", True),
    "mcc": ("MCC {}", False),
    "auroc": ("{} ranked correctly", True),
    "pearson": ("correlation {}", False),
}
_COMPARED = {"mcc": ("accuracy", "balanced_accuracy", "mcc")}  # the first that agrees with the main metric about who is better


def result(measured: dict[str, Any], classes: tuple[str, ...], task: str, shortcuts: dict[str, Any] | None = None) -> tuple[str, str]:
    """The verdict on a predictor, as (tone, sentence); tones are good, warn and bad.

    Args:
        measured: `evaluation.json`.
        classes: names; of two, the second is the one to be found.
        task: of the dataset.
        shortcuts: `shortcuts.json`, the baselines; None where nobody measured them.
    """
    tone, sentence = _result(measured, classes, task)
    best = best_shortcut(shortcuts or {})
    if tone == "bad" or best is None:
        return tone, sentence
    better, compared = _compared(best, measured["test"]["metrics"])
    return tone if better else "warn", f"{sentence} {compared}".strip()


def best_shortcut(shortcuts: dict[str, Any]) -> dict[str, Any] | None:
    """The baseline with the best main metric; None where there is none."""
    known = [row for row in shortcuts.values() if row["metrics"].get(row["metric"], {}).get("value") is not None]
    return max(known, key=lambda row: row["metrics"][row["metric"]]["value"], default=None)


def _compared(best: dict[str, Any], metrics: dict[str, Any]) -> tuple[bool, str]:
    """Whether the network is better than the best baseline (beyond chance, where the paired difference is known), in a sentence."""
    main, apart = best["metric"], best.get("difference") or {"low": None, "high": None}
    ahead = _ahead(best, metrics, main)
    if ahead is None:
        return True, ""
    name = next((name for name in _COMPARED.get(main, (main,)) if (_ahead(best, metrics, name) or 0) * ahead > 0), main)
    text, percent = _SAID[name]
    mine, theirs = (text.format(number(cells[name]["value"], percent=percent)) for cells in (metrics, best["metrics"]))
    baseline = f"the best baseline without a neural network ({within(best['title'])})"
    if ahead == 0:
        return False, f"But {baseline} is just as good: {theirs}."
    if ahead < 0:
        surely = apart["high"] is None or apart["high"] < 0
        return False, f"But {baseline} is {'better' if surely else 'at least as good'}: {theirs}, the network {mine}."
    if apart["low"] is not None and apart["low"] <= 0:
        return False, f"It is not clearly better than {baseline}: {theirs}, the network {mine}; the difference may be chance."
    return True, f"It is better than {baseline}: {theirs}, the network {mine}."


def _ahead(best: dict[str, Any], metrics: dict[str, Any], name: str) -> float | None:
    mine, theirs = ((cells.get(name) or {}).get("value") for cells in (metrics, best["metrics"]))
    return None if mine is None or theirs is None else float(mine - theirs)


def _result(measured: dict[str, Any], classes: tuple[str, ...], task: str) -> tuple[str, str]:
    test, train = measured["test"], measured["train"]
    records = f"{test['records']:,} test sequence{'' if test['records'] == 1 else 's'}"
    if task == "multilabel":
        return _labels(test, train, records)
    if task == "regression":
        return _targets(test, records) if test.get("parts") else _target(test["metrics"]["pearson"], records)

    accuracy, guess = test["metrics"]["accuracy"], test["baseline"]["accuracy"]["value"]
    chance = test["metrics"]["balanced_accuracy"]
    common = f"always predicting the most common class gives {number(guess, percent=True)}"
    if chance["low"] is not None and chance["low"] <= 1 / len(classes):
        return "bad", (
            f"Not clearly better than chance on {records}: balanced accuracy {number(chance['value'], percent=True)} "
            f"({interval(chance, percent=True)}); chance is {number(1 / len(classes), percent=True)}. Add sequences, or try another architecture."
        )
    right = (
        f"{number(accuracy['value'], percent=True)} of {records} are classified correctly ({interval(accuracy, percent=True)}); {common}."
    )
    if chance["low"] is None and accuracy["low"] <= guess:  # a class is missing from the test set
        return "bad", f"Not clearly better than chance: {right} Add sequences."
    if len(classes) == 2:
        row = test["confusion"][1]
        right = f'It finds {row[1]:,} of {sum(row):,} "{classes[1]}" ({interval(test["metrics"]["sensitivity"], percent=True)}). {right}'
    return _overfitting(train["metrics"]["accuracy"]["value"], accuracy["value"], 0.15, right, "is correct")


def _overfitting(train: float | None, test: float, most: float, sentence: str, what: str) -> tuple[str, str]:
    """Good, unless the training set does so much better than the test set."""
    if (train or 0) - test <= most:
        return "good", sentence
    seen, new = number(train, percent=True), number(test, percent=True)
    return "warn", f"{sentence} It overfits: {seen} of the training set {what}, but only {new} of the test set."


def _labels(test: dict[str, Any], train: dict[str, Any], records: str) -> tuple[str, str]:
    """The verdict where a record may have several labels."""
    cell, whole, parts = test["metrics"]["auroc"], test["metrics"]["subset_accuracy"], test["parts"]
    if cell["low"] is None or cell["low"] <= 0.5:
        found = f": mean AUROC over labels {number(cell['value'])} ({interval(cell)}); chance is 0.5" if cell["low"] is not None else ""
        return "bad", f"Not clearly better than chance on {records}{found}. Add sequences, or try another architecture."
    sentence = (
        f"Over {count(len(parts))} labels, a sequence with the label gets a higher probability than one without it {number(cell['value'], percent=True)} "
        f"of the time ({interval(cell, percent=True)}; chance is 50 %). All labels are right for {number(whole['value'], percent=True)} of {records}."
    )
    unknown = [name for name, cells in parts.items() if cells["auroc"]["low"] is None]
    weak = [name for name, cells in parts.items() if name not in unknown and cells["auroc"]["low"] <= 0.5]
    if unknown:
        sentence += f" {_named(unknown)} cannot be judged: no test sequence has it, or all have."
    if weak:
        return "warn", f"{sentence} {_named(weak)} {'is' if len(weak) == 1 else 'are'} not clearly better than chance."
    return _overfitting(train["metrics"]["auroc"]["value"], cell["value"], 0.1, sentence, "is ranked correctly")


def _target(cell: dict[str, Any], records: str) -> tuple[str, str]:
    if cell["value"] is None or cell["low"] <= 0:
        return "bad", f"Predictions do not correlate with the measured values on {records}."
    return "good", (
        f"Predictions correlate with the measured values on {records}: {number(cell['value'])} ({interval(cell)}; 1 is perfect, 0 is none)."
    )


def _targets(test: dict[str, Any], records: str) -> tuple[str, str]:
    """The verdict on several numbers a record."""
    known = {name: cells["pearson"] for name, cells in test["parts"].items()}
    held = {name: cell for name, cell in known.items() if cell["low"] is not None and cell["low"] > 0}
    if not held:
        return "bad", f"Predictions of none of the {count(len(known))} targets correlate with the measured values on {records}."
    best, mean = max(held, key=lambda name: held[name]["value"]), test["metrics"]["pearson"]
    sentence = (
        f"Predictions of {count(len(known))} targets correlate with the measured values on {records}: mean correlation {number(mean['value'])} "
        f'({interval(mean)}; 1 is perfect, 0 is none), best for "{best}" ({number(held[best]["value"])}).'
    )
    if len(held) < len(known):
        return "warn", f"{sentence} Not for {_named([name for name in known if name not in held])}."
    return "good", sentence


def _named(names: list[str]) -> str:
    """Up to three names in quotes, and how many more."""
    shown = ", ".join(f'"{name}"' for name in names[:3])
    return f"{shown} and {count(len(names) - 3)} more" if len(names) > 3 else shown
