"""A run from its recipe to its results, all in its folder; what the worker's child calls, and a notebook may."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from genomics import dataset as datasets
from genomics import disk, estimate, evaluation, generating, history, prediction, requests, runs, scorecard, shortcuts
from genomics.dataset import Dataset
from genomics.prediction import Predictor
from genomics.recipe import Recipe, divide, from_json, generator
from genomics.split import PARTS, Split, by_itself, of_class
from genomics.training import checkpoint, generative, supervised
from genomics.training.session import Session, Stopped
from genomics.training.tables import Tables

FINAL_SCORED = 2000
SAMPLES_WRITTEN = 1000
_SAMPLING = 3  # seed of the samples written at the end


def train(folder: Path) -> str:
    """Carries a run out, from its checkpoint where it has one, and writes its results.

    Args:
        folder: a run folder made by `runs.create` in a workspace that holds the dataset.

    Returns:
        "finished" or "stopped".

    Raises:
        GenomicsError: the recipe does not fit the data.
        FloatingPointError: training diverged.
    """
    log = runs.Log(folder)
    root = folder.parent.parent
    try:
        recipe = from_json(runs.asked(folder))
        dataset = datasets.load(root, recipe.dataset)
        split = divide(dataset, recipe)
        log.write("state", state="running")
        for note in split.notes:
            log.write("log", message=note)
        session = Session(folder, log.write, lambda: runs.stop_requested(folder))
        try:
            carry = _generator if recipe.kind == "generator" else _predictor
            carry(recipe, dataset, split, session)
        except Stopped:
            log.write("state", state="stopped", message="Stopped. It can go on from here.")
            _leave_what_there_is(recipe, dataset, split, folder)
            return "stopped"
        estimate.learn(recipe, dataset, len(of_class(dataset, split, recipe.only).train), folder)
        log.write("state", state="finished")
        return "finished"
    finally:
        log.close()


def _predictor(recipe: Recipe, dataset: Dataset, split: Split, session: Session) -> None:
    model, tables = supervised.train(recipe, dataset, split, session)
    _write_predictor(recipe, dataset, split, session.folder, model, tables)


def _write_predictor(
    recipe: Recipe, dataset: Dataset, split: Split, folder: Path, model: keras.Model, tables: Tables, *, finished: bool = True
) -> None:
    predictor = Predictor(
        model,
        recipe,
        classes=dataset.classes if dataset.task != "regression" else (),
        scale=tables.scale,
        outputs=_outputs(dataset),
        link="log" if recipe.fit.loss == "poisson" else "identity",
        both_strands=history.read(folder).setup.get("strands") in ("average", "both"),
    )
    prediction.save(predictor, folder)
    results, said = evaluate_parts(predictor, dataset, split, folder)
    if finished:  # also where the audit has measured them: by how much the network differs is seen record by record
        cell = results["test"]["metrics"][shortcuts.MAIN[dataset.task]]
        measured = shortcuts.measure(dataset, split, seed=recipe.split_seed, network=(said, cell))
        disk.write_json(folder / "shortcuts.json", {name: shortcut._asdict() for name, shortcut in measured.items()})
    else:
        _copy_shortcuts(recipe, dataset, folder)


def _copy_shortcuts(recipe: Recipe, dataset: Dataset, folder: Path) -> None:
    """The baselines on the same split, if they are known from when the dataset was inspected."""
    root, ways = folder.parent.parent, {(recipe.split, recipe.split_seed)}
    if recipe.split == by_itself(dataset) and recipe.split_seed == 0:
        ways.add(("auto", 0))
    kept = [found for way in ways if recipe.fold == (0, 0) and (found := requests.found(root, dataset.fingerprint, *way))]
    if kept:
        disk.write_json(folder / "shortcuts.json", kept[0]["baselines"])


def _outputs(dataset: Dataset) -> tuple[str, ...]:
    """Names of several targets; empty for one, and for classes."""
    if dataset.targets is None or dataset.targets.ndim == 1:
        return ()
    return dataset.target_names or tuple(f"target {number + 1}" for number in range(dataset.targets.shape[1]))


def evaluate_parts(predictor: Predictor, dataset: Dataset, split: Split, folder: Path) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """Evaluates train, validation and test; writes `evaluation.json` and `predictions.parquet`; gives the test part's predictions."""
    parts = {part: split.part(part) for part in PARTS}
    said = prediction.predict(predictor, dataset, np.concatenate(list(parts.values())))
    found = np.split(said, np.cumsum([len(index) for index in parts.values()])[:-1])
    results, columns = {}, []
    for (part, index), answers in zip(parts.items(), found, strict=True):
        results[part] = evaluation.to_json(_evaluate(predictor, dataset, index, answers, split.train))
        columns.append(prediction.table(predictor, dataset, index, part, answers))
    together = {name: [value for table in columns for value in table[name]] for name in columns[0]}
    prediction.write_columns(folder / "predictions.parquet", together)
    disk.write_json(folder / "evaluation.json", results)
    return results, found[-1]


def _evaluate(
    predictor: Predictor, dataset: Dataset, index: NDArray[np.intp], found: NDArray[np.float64], train: NDArray[np.intp]
) -> evaluation.Evaluation:
    groups = None if dataset.groups is None else dataset.groups[index]
    if dataset.members is not None:
        return evaluation.of_labels(found, dataset.members[index], predictor.classes, dataset.members[train], groups=groups)
    if predictor.classes:
        labels = dataset.labelled()
        return evaluation.of_classes(found, labels[index], predictor.classes, labels[train], groups=groups)
    targets = dataset.measured()
    return evaluation.of_numbers(found, targets[index], targets[train], names=predictor.outputs, groups=groups)


def _generator(recipe: Recipe, dataset: Dataset, split: Split, session: Session) -> None:
    network = generative.train(recipe, dataset, split, session)
    _write_generator(recipe, dataset, split, session.folder, network)


def _write_generator(recipe: Recipe, dataset: Dataset, split: Split, folder: Path, network: keras.Model) -> None:
    network.save(folder / "model.keras")
    index, _, test = generative.parts(recipe, dataset, split)
    training, held = (generative.cropped(recipe, dataset, part) for part in (index, test))
    rows = generator(recipe.architecture).draw(network, FINAL_SCORED, _SAMPLING)
    made = generating.flat(rows)
    if len(held) and len(made):
        n = min(len(made), len(training))
        yardsticks = scorecard.yardsticks(held, training, n, recipe.seed)
        found = scorecard.score(made.first(n), held, training)
        disk.write_json(
            folder / "scorecard.json",
            {
                "generated": found._asdict(),
                "yardsticks": {name: row._asdict() for name, row in yardsticks.items()},
                "gap_closed": scorecard.gap_closed(found, yardsticks),
                "held_out": len(held),
            },
        )
    disk.write_bytes(
        folder / "samples.fasta", generating.fasta([text for text in generating.texts(rows) if text][:SAMPLES_WRITTEN]).encode()
    )


def _leave_what_there_is(recipe: Recipe, dataset: Dataset, split: Split, folder: Path) -> None:
    """After a stop: the best network so far with its results, so that nothing has to be resumed to be used."""
    if recipe.kind == "predictor":
        so_far = supervised.load_best(recipe, dataset, split, folder)
        if so_far is not None:
            _write_predictor(recipe, dataset, split, folder, *so_far, finished=False)
        return
    stored = checkpoint.read(folder)
    if stored is None or "best" not in stored[0]:
        return
    rows, _, _ = generative.real_sequences(recipe, dataset, split)
    learner = generator(recipe.architecture).make(recipe.config, rows, recipe.seed)
    checkpoint.assign(learner.best, stored[0]["best"])
    _write_generator(recipe, dataset, split, folder, learner.networks["generator"])
