"""Training as it is written down, made up: histories of every kind of story, and run folders that hold them."""

from pathlib import Path
from typing import Any

import numpy as np

from genomics import runs
from genomics.dataset import Dataset
from genomics.history import History

STEPS = 20  # of an epoch
CHUNKS = 2  # events of an epoch


def shape(kind: str, epochs: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Training and validation loss by epoch, (epochs,) each.

    Args:
        kind: well, by_heart, stuck, diverging, jumping, slow, one_class or regression.
        epochs: how many.
        seed: of the noise.
    """
    rng, at = np.random.default_rng(seed), np.arange(1, epochs + 1)
    noise, quiet = rng.normal(0, 0.008, epochs), rng.normal(0, 0.002, epochs)
    fall = 0.2 + 0.49 * np.exp(-at / 6)
    if kind == "by_heart":
        return 0.69 * np.exp(-at / 8) + np.abs(quiet), 0.4 + 0.29 * np.exp(-at / 3) + np.clip(at - 8, 0, None) * 0.02 + noise
    if kind in ("stuck", "one_class"):
        return 0.693 + quiet, 0.693 + quiet[::-1]
    if kind == "diverging":
        return 0.7 * np.exp(at / 4), 0.7 * np.exp(at / 3)
    if kind == "jumping":
        return 0.6 + 0.2 * (-1.0) ** at + noise, 0.7 + 0.3 * (-1.0) ** at + noise
    if kind == "slow":
        return 0.69 - 0.003 * at + quiet / 10, 0.69 - 0.0028 * at + quiet / 10
    return fall + noise, fall * 1.08 + 0.02 + noise[::-1]


def events(kind: str = "well", epochs: int = 30, *, planned: int = 40, classes: int = 2, seed: int = 0) -> list[dict[str, Any]]:
    """What a run of that kind writes, without the states."""
    train, validation = shape(kind, epochs, seed)
    numbers = kind == "regression"
    measured = ["mse", "pearson", "spearman", "r2"] if numbers else ["accuracy", "balanced_accuracy", "mcc", "auroc", "auprc"]
    common = 1 / classes + 0.02
    made: list[dict[str, Any]] = [
        {
            "type": "setup",
            "parameters": 12_345,
            "precision": "float32",
            "steps": STEPS,
            "epochs": planned,
            "class_weights": [1.0, 1.0],
            "metrics": measured,
            "task": "regression" if numbers else "binary",
            "micro_batch": 0,
            "strands": "both",
            "loss": "mean_squared" if numbers else "cross_entropy",
        },
        {"type": "log", "message": "Drawn at random, <b>class</b> by class."},
    ]
    learned = np.full(epochs, common) if kind in ("stuck", "one_class", "diverging") else np.clip(1.02 - validation / 1.4, common, 0.99)
    for number in range(epochs):
        rate = 0.001
        for piece in range(CHUNKS):
            at = number + (piece + 1) / CHUNKS
            wobble = 1 + 0.15 * np.sin(37.0 * at + seed)
            row = {"at": at, "loss": float(train[number] * wobble), "throughput": 5000 + 300 * np.cos(at), "learning_rate": rate}
            norm = 2.0 * (1.2**number if kind == "diverging" else 1 / (1 + number / 10)) * wobble
            made.append({"type": "step", **row, "gradient_norm": norm, "mse" if numbers else "accuracy": float(learned[number])})
        value = float(learned[number])
        found = dict.fromkeys(measured, value)
        if not numbers:
            found |= {"mcc": 2 * value - 1, "auroc": 0.5 if value <= common else min(value + 0.04, 1.0)}
            share = 1.0 if kind == "one_class" else 0.55
            found |= {"share": share, "common": common}
        if numbers:
            found |= {"mse": float(validation[number])}
        made.append(
            {
                "type": "epoch",
                "epoch": number + 1,
                "loss": float(train[number]),
                "val_loss": float(validation[number]),
                "seconds": 1.5 * (number + 1),
                "best": bool(validation[number] <= validation[: number + 1].min()),
                "learning_rate": rate,
                "mse" if numbers else "accuracy": value,
                **{f"val_{name}": value for name, value in found.items()},
            }
        )
    return made


def history(kind: str = "well", epochs: int = 30, **more: Any) -> History:
    """The same, read back."""
    made = History()
    made.add(events(kind, epochs, **more))
    return made


def watching(dataset: Dataset, count: int = 8) -> dict[str, Any]:
    """Fixed sequences with what is true of them."""
    chosen = np.linspace(0, len(dataset) - 1, count).astype(int).tolist()
    if dataset.targets is not None:
        truth = [dataset.targets[row].tolist() for row in chosen]
    else:
        assert dataset.labels is not None
        truth = [dataset.classes[dataset.labels[row]] for row in chosen]
    records = zip(chosen, truth, strict=True)
    return {
        "type": "watching",
        "records": [{"id": dataset.ids[row], "truth": said, "sequence": dataset.sequence(row)[:60]} for row, said in records],
    }


def watched(dataset: Dataset, epoch: int, count: int = 8) -> dict[str, Any]:
    """What is said of them after so many epochs: ever surer, and right but for the first."""
    rng, sure = np.random.default_rng(epoch), 1 - np.exp(-epoch / 8)
    chosen = np.linspace(0, len(dataset) - 1, count).astype(int)
    if dataset.targets is not None:
        return {"type": "watched", "at": epoch, "said": (dataset.targets[chosen] * sure + rng.normal(0, 0.05, count)).tolist()}
    assert dataset.labels is not None
    right = np.eye(len(dataset.classes))[dataset.labels[chosen]]
    right[0] = np.roll(right[0], 1)
    said = sure * right + (1 - sure) / len(dataset.classes)
    return {"type": "watched", "at": epoch, "said": said.tolist()}


def kernels(epoch: int, filters: int = 32, size: int = 13) -> np.ndarray:
    """Filters of a first layer in which a TATA box and a GC box form, float32 (filters, size, 4)."""
    rng = np.random.default_rng(1)
    made = rng.normal(0, 0.12, (filters, size, 4))
    grown = 1 - np.exp(-epoch / 8)
    for number, motif in enumerate(("TATAAA", "GGGCGG", "CAATCT", "TTGACA", "TATAAT")):
        for place, base in enumerate(motif):
            made[3 * number + 1, 3 + place] += 0.8 * grown * (np.eye(4)["ACGT".index(base)] - 0.25)
    return made.astype(np.float32)


def write(folder: Path, dataset: Dataset, made: list[dict[str, Any]], *, state: str = "running", message: str = "") -> None:
    """Puts events into a run's folder, as its worker would, with filters and answers."""
    log = runs.Log(folder)
    log.write("state", state="running")
    log.write("rewind", at=0)
    last = 0
    for number, event in enumerate(made):
        log.write(event["type"], **{name: value for name, value in event.items() if name != "type"})
        if number == 1:
            log.write("watching", records=watching(dataset)["records"])
        if event["type"] == "epoch":
            last = event["epoch"]
            found = watched(dataset, last)
            log.write("watched", at=last, said=found["said"])
    if last:
        np.savez(folder / "filters.npz", kernels=kernels(last), epoch=last)
    if state != "running":
        if state == "finished":
            best = max(event["epoch"] for event in made if event.get("best"))
            log.write("best", epoch=best, monitor="loss", value=0.2, val_loss=0.2)
        log.write("state", state=state, message=message)
    log.close()
