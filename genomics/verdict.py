"""The verdict on a predictor: whether it is good, doubtful or bad, in a sentence with its numbers."""

from typing import Any

from genomics.words import baseline, count, interval, number, within


def result(measured: dict[str, Any], classes: tuple[str, ...], task: str, shortcuts: dict[str, Any] | None = None) -> tuple[str, str]:
    """The verdict on a predictor, as (tone, sentence); tones are good, warn and bad.

    Args:
        measured: `evaluation.json`.
        classes: names; of two, the second is the one to be found.
        task: of the dataset.
        shortcuts: `shortcuts.json`, what is reached without a network; None where nobody measured.
    """
    tone, sentence = _result(measured, classes, task)
    best = best_shortcut(shortcuts or {})
    if tone == "bad" or best is None:
        return tone, sentence
    reached = measured["test"]["metrics"].get(best["metric"], {}).get("value")
    if reached is None:
        return tone, sentence
    name = within(best["title"])
    if reached <= best["metrics"][best["metric"]]["value"]:
        return "warn", f"{sentence} But without a network, {name} alone reaches as much: {baseline(best)}, the network {number(reached)}."
    return tone, f"{sentence} Without a network, {name} alone reaches {baseline(best)}; the network {number(reached)}."


def best_shortcut(shortcuts: dict[str, Any]) -> dict[str, Any] | None:
    """The row of the shortcut with the best main metric; None where there is none."""
    known = [row for row in shortcuts.values() if row["metrics"].get(row["metric"], {}).get("value") is not None]
    return max(known, key=lambda row: row["metrics"][row["metric"]]["value"], default=None)


def _result(measured: dict[str, Any], classes: tuple[str, ...], task: str) -> tuple[str, str]:
    test, train = measured["test"], measured["train"]
    if task == "multilabel":
        return _labels(test, train)
    if task == "regression" and test.get("parts"):
        return _targets(test)
    if task == "regression":
        cell = test["metrics"]["pearson"]
        if cell["value"] is None or cell["low"] <= 0:
            return "bad", "It has learned nothing that holds: on new sequences its numbers do not go with the true ones."
        return (
            "good",
            f"On {test['records']:,} new sequences its numbers go with the true ones: correlation {number(cell['value'])} ({interval(cell)}; 1 is perfect, 0 is none).",
        )

    accuracy, guess = test["metrics"]["accuracy"], test["baseline"]["accuracy"]["value"]
    chance = test["metrics"]["balanced_accuracy"]
    if chance["low"] is not None and chance["low"] <= 1 / len(classes):
        return "bad", (
            f"Not clearly better than guessing on {test['records']:,} new sequences: balanced accuracy "
            f"{number(chance['value'], percent=True)} ({interval(chance, percent=True)}), guessing has {number(1 / len(classes), percent=True)}. "
            "Add sequences, or try another architecture."
        )
    if chance["low"] is None and accuracy["low"] <= guess:  # a class is missing from the test part
        return "bad", (
            f"Not clearly better than guessing on {test['records']:,} new sequences: it is right for {number(accuracy['value'], percent=True)} "
            f"({interval(accuracy, percent=True)}), always guessing the commonest class for {number(guess, percent=True)}. Add sequences."
        )
    right = f"It is right for {number(accuracy['value'], percent=True)} of {test['records']:,} new sequences ({interval(accuracy, percent=True)}); always guessing the commonest class would be right for {number(guess, percent=True)}."
    if len(classes) == 2:
        row = test["confusion"][1]
        right = f'It finds {row[1]:,} of {sum(row):,} "{classes[1]}" ({interval(test["metrics"]["sensitivity"], percent=True)}). ' + right
    if train["metrics"]["accuracy"]["value"] - accuracy["value"] > 0.15:
        return "warn", right + " It does much better on the sequences it learned from: it has learned some of them by heart."
    return "good", right


def _labels(test: dict[str, Any], train: dict[str, Any]) -> tuple[str, str]:
    """The verdict where a record may have several labels."""
    cell, whole, parts = test["metrics"]["auroc"], test["metrics"]["subset_accuracy"], test["parts"]
    if cell["low"] is None or cell["low"] <= 0.5:
        found = f": mean AUROC over labels {number(cell['value'])} ({interval(cell)}), guessing has 0.5" if cell["low"] is not None else ""
        return "bad", (
            f"Not clearly better than guessing on {test['records']:,} new sequences{found}. Add sequences, or try another architecture."
        )
    sentence = (
        f"Over {count(len(parts))} labels it ranks a sequence that has the label above one without it {number(cell['value'], percent=True)} "
        f"of the time ({interval(cell, percent=True)}; guessing: 50 %). For {number(whole['value'], percent=True)} of {test['records']:,} new "
        f"sequences every label is right."
    )
    unknown = [name for name, cells in parts.items() if cells["auroc"]["low"] is None]
    weak = [name for name, cells in parts.items() if name not in unknown and cells["auroc"]["low"] <= 0.5]
    if unknown:
        sentence += f" {_named(unknown)} cannot be judged: no test sequence has it, or all have."
    if weak:
        return "warn", f"{sentence} {_named(weak)} {'is' if len(weak) == 1 else 'are'} no better than guessed."
    if (train["metrics"]["auroc"]["value"] or 0) - cell["value"] > 0.1:
        return "warn", f"{sentence} It does much better on the sequences it learned from: it has learned some of them by heart."
    return "good", sentence


def _targets(test: dict[str, Any]) -> tuple[str, str]:
    """The verdict on several numbers a record."""
    known = {name: cells["pearson"] for name, cells in test["parts"].items()}
    held = {name: cell for name, cell in known.items() if cell["low"] is not None and cell["low"] > 0}
    if not held:
        return "bad", "It has learned nothing that holds: on new sequences none of its numbers go with the true ones."
    best, mean = max(held, key=lambda name: held[name]["value"]), test["metrics"]["pearson"]
    sentence = (
        f"On {test['records']:,} new sequences its {count(len(known))} numbers go with the true ones: mean correlation "
        f'{number(mean["value"])} ({interval(mean)}; 1 is perfect, 0 is none), best for "{best}" ({number(held[best]["value"])}).'
    )
    if len(held) < len(known):
        return "warn", f"{sentence} Nothing that holds was learned of {_named([name for name in known if name not in held])}."
    return "good", sentence


def _named(names: list[str]) -> str:
    """Up to three names in quotes, and how many more."""
    shown = ", ".join(f'"{name}"' for name in names[:3])
    return f"{shown} and {count(len(names) - 3)} more" if len(names) > 3 else shown
