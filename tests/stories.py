"""What a visitor may find in a workspace: datasets of every kind, and runs in every state, made by hand."""

from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from streamlit.testing.v1 import AppTest
from toys import dataset_of, gc_classes, random_rows, run_of

from genomics import dataset as datasets
from genomics import disk, evaluation, runs, scorecard, split
from genomics.dataset import Dataset
from genomics.scorecard import Flat

HOSTILE = (
    "<script>alert(1)</script>",
    "**bold**",
    "../../x",
    "$x^2$",
    ":material/x:",
    ":red[x]",
    "a|b",
    "`code`",
    "[x](http://x.y)",
    "# one",
)
ROOT = Path(__file__).resolve().parents[1]
PAGES = ("start", "data", "train", "results", "generate", "runs")
STATES = ("queued", "starting", "running", "stopping", "stopped", "finished", "failed", "interrupted", "new")


def turn(app: AppTest, page: str) -> AppTest:
    """Goes to another page as a link does; fails where the page does."""
    app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
    assert not app.exception, (page, app.exception)
    app._page_hash = ""  # or the next click would lead back to this page, wherever the visitor is by then
    return app


def said(app: AppTest) -> str:
    """Everything on the page that is text."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.text, app.error, app.warning, app.info, app.success)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def press(app: AppTest, label: str) -> AppTest:
    """Presses the one button of that name; fails where the page does."""
    (button,) = [button for button in app.button if button.label == label]
    button.click().run()
    assert not app.exception, app.exception
    return app


def labels(app: AppTest) -> list[str]:
    """What the buttons say."""
    return [button.label for button in app.button]


def kept(root: Path, dataset: Dataset) -> str:
    """The fingerprint of a dataset that is now in the workspace."""
    root.mkdir(parents=True, exist_ok=True)
    datasets.save(dataset, root)
    return dataset.fingerprint


def zoo() -> dict[str, Dataset]:
    """One small dataset of each kind that behaves differently."""
    rng = np.random.default_rng(0)
    unequal = [rng.integers(0, 4, length) for length in rng.integers(5, 60, 60)]
    hostile_rows = random_rows(60, 30)
    return {
        "two classes": gc_classes(60),
        "three classes": dataset_of(random_rows(60, 30), np.arange(60) % 3),
        "unequal lengths": dataset_of(unequal, np.arange(60) % 2),
        "one class": dataset_of(random_rows(60, 30), np.zeros(60, int), task="unlabelled"),
        "no labels": dataset_of(random_rows(60, 30)),
        "numbers": dataset_of(random_rows(60, 30), targets=rng.normal(size=60)),
        "hostile": dataset_of(
            hostile_rows,
            np.arange(60) % len(HOSTILE),
            name="<b>x</b> **y** :material/x:",
            classes=HOSTILE,
            task="multiclass",
            ids=tuple(HOSTILE[number % len(HOSTILE)] for number in range(60)),
            notes=HOSTILE,
        ),
        "classes named as columns": dataset_of(random_rows(60, 30), np.arange(60) % 2, classes=("Part", "Sequences")),
        "rare class": dataset_of(random_rows(60, 30), (np.arange(60) < 6).astype(int)),
        "unknown bases only": dataset_of(np.full((60, 30), 4), np.arange(60) % 2),
        "one record": dataset_of(random_rows(1, 30)),
        "one base": dataset_of(random_rows(60, 1), np.arange(60) % 2),
        "several labels": dataset_of(
            random_rows(60, 30),
            task="multilabel",
            classes=("AT_rich", "<b>box</b>", "rare"),
            members=np.stack([np.arange(60) % 2, np.arange(60) // 2 % 2, np.arange(60) % 7 == 0], 1).astype(np.uint8),
        ),
        "several numbers": dataset_of(random_rows(60, 30), targets=rng.normal(size=(60, 2)), target_names=("<b>up</b>", "down")),
        "own split": dataset_of(random_rows(60, 30), np.arange(60) % 2, splits=(np.arange(60) // 2 % 3).astype(np.int8)),
    }


@contextmanager
def going(folder: Path):
    """While it lasts, a worker seems to hold the run."""
    lock = runs.try_lock(folder / "lock")
    assert lock is not None
    try:
        yield folder
    finally:
        lock.close()


def predictor(root: Path, dataset: Dataset, *, state: str = "finished", epochs: int = 6, right: float = 0.9, **plan) -> Path:
    """A run of a predictor as its worker would have left it; a live state needs `going` as well."""
    folder = run_of(root, dataset, **plan)
    log = runs.Log(folder)
    if state in ("queued", "starting"):
        log.write("state", state=state)
    elif state != "new":
        _trained(log, dataset, epochs)
    if state in ("stopped", "finished"):
        _measured(folder, dataset, right)
    _end(folder, log, state)
    return folder


def generator(root: Path, dataset: Dataset, *, state: str = "finished", **plan) -> Path:
    """The same of a generator."""
    folder = run_of(root, dataset, "wgan_gp", **plan)
    log = runs.Log(folder)
    parts = split.make(dataset)
    train, test = (Flat(*dataset.flat(index)) for index in (parts.train, parts.test))
    yardsticks = scorecard.yardsticks(test, train, 20)
    score = scorecard.score(train.first(20), test, train)
    if state in ("queued", "starting"):
        log.write("state", state=state)
    elif state != "new":
        log.write("state", state="running")
        log.write("setup", parameters=100, iterations=200, training=len(train), precision="float32")
        log.write("yardsticks", rows={name: row._asdict() for name, row in yardsticks.items()})
        for at in range(25, 201, 25):
            log.write("step", at=at, critic_gap=4.0 / at, generator_loss=0.5, seconds=at / 10)
            log.write("samples", at=at, sequences=["ACGT" * 5, "GGCC" * 5])
        for at in (100, 200):
            watched = {"critic_train": 2.0, "critic_validation": 1.9, "critic_generated": 0.5}
            log.write("score", at=at, score=score._asdict(), gap_closed=at / 250, best=True, **watched)
    if state in ("stopped", "finished"):
        card = {"generated": score._asdict(), "yardsticks": {name: row._asdict() for name, row in yardsticks.items()}}
        disk.write_json(folder / "scorecard.json", {**card, "gap_closed": 0.8, "held_out": len(test)})
        samples = "".join(f">sample_{index}\n{dataset.sequence(index)}\n" for index in parts.train[:20])
        (folder / "samples.fasta").write_text(samples)
    _end(folder, log, state)
    return folder


def _trained(log: runs.Log, dataset: Dataset, epochs: int) -> None:
    name = "mse" if dataset.task == "regression" else "accuracy"
    log.write("state", state="running")
    log.write("log", message="Drawn at random, <b>class</b> by class.")
    log.write("setup", parameters=1234, epochs=10, training=42, precision="float32")
    for epoch in range(1, epochs + 1):
        log.write("step", at=epoch - 0.5, loss=1 / epoch)
        log.write("step", at=epoch, loss=0.9 / epoch)
        values = {"loss": 0.9 / epoch, "val_loss": 1 / epoch, name: 0.8, f"val_{name}": 0.7}
        log.write("epoch", epoch=epoch, seconds=2.0 * epoch, **values)
    log.write("best", epoch=epochs)


def _measured(folder: Path, dataset: Dataset, right: float) -> None:
    parts, rng, found = split.make(dataset), np.random.default_rng(1), {}
    guess = {"multilabel": _labels_guessed, "regression": _numbers_guessed}.get(dataset.task, _classes_guessed)
    columns: dict[str, list] = {}
    for part in split.PARTS:
        index = parts.part(part)
        found[part], said = guess(dataset, index, parts.train, right, rng)
        said = {"id": [dataset.ids[number] for number in index], "part": [part] * len(index), **said}
        for name, values in said.items():
            columns.setdefault(name, []).extend(values)
    disk.write_json(folder / "evaluation.json", {part: evaluation.to_json(value) for part, value in found.items()})
    disk.write_json(folder / "model.json", {"classes": dataset.classes, "scale": [0, 1], "outputs": dataset.target_names})
    pq.write_table(pa.table(columns), folder / "predictions.parquet")


def _classes_guessed(dataset, index, train, right, rng):
    truth = dataset.labels[index]
    wins = np.where(rng.random(len(index)) < right, truth, (truth + 1) % len(dataset.classes))
    guess = np.full((len(index), len(dataset.classes)), 0.3 / len(dataset.classes))
    guess[np.arange(len(index)), wins] += 0.7
    said = {
        "truth": [dataset.classes[number] for number in truth],
        "prediction": [dataset.classes[number] for number in wins],
        **{f"probability {name}": guess[:, number].tolist() for number, name in enumerate(dataset.classes)},
    }
    return evaluation.of_classes(guess, truth, dataset.classes, dataset.labels[train]), said


def _labels_guessed(dataset, index, train, right, rng):
    truth = dataset.members[index]
    guess = np.abs(truth - 0.2 - 0.6 * (rng.random(truth.shape) > right)) + rng.random(truth.shape) / 10
    joined = {
        kind: [";".join(np.array(dataset.classes)[row]) for row in has]
        for kind, has in (("truth", truth == 1), ("prediction", guess > 0.5))
    }
    said = {**joined, **{f"probability {name}": guess[:, number].tolist() for number, name in enumerate(dataset.classes)}}
    return evaluation.of_labels(guess, truth, dataset.classes, dataset.members[train]), said


def _numbers_guessed(dataset, index, train, right, rng):
    truth = dataset.targets[index]
    guess = truth + rng.normal(0, 1 - right, truth.shape)
    measured = evaluation.of_numbers(guess, truth, dataset.targets[train], names=dataset.target_names)
    if not dataset.target_names:
        return measured, {"truth": truth.tolist(), "prediction": guess.tolist()}
    return measured, {
        f"{kind} {name}": numbers[:, column].tolist()
        for kind, numbers in (("truth", truth), ("prediction", guess))
        for column, name in enumerate(dataset.target_names)
    }


def _end(folder: Path, log: runs.Log, state: str) -> None:
    if state in ("stopped", "finished", "failed"):
        log.write("state", state=state, message="It ended with **status 1**." if state == "failed" else "")
    if state == "stopping":
        runs.request_stop(folder)
    log.close()
