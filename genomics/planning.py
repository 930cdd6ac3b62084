"""The runs of one command: a recipe for each fold, seed and architecture, and what was chosen of a recipe by hand."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genomics import dataset as datasets
from genomics import estimate, hyper, inputs, machine, recipe, runs, similarity, turns
from genomics.dataset import Dataset
from genomics.errors import GenomicsError, SettingError
from genomics.fit import Fit
from genomics.generators import GENERATORS, check_enough
from genomics.recipe import Recipe

ONCE = ((0, 0),)


def plans(
    dataset: Dataset,
    architectures: Sequence[str],
    *,
    settings: Mapping[str, Any] | None = None,
    seeds: Sequence[int] = (0,),
    folds: Sequence[tuple[int, int]] = ONCE,
    watch: int = 0,
    base: str = "",
    **asked: Any,
) -> list[Recipe]:
    """One recipe for each run, fold by fold; those of one fold answer together, and each watches another part.

    Args:
        dataset: what to learn from.
        architectures: by name; several predictors, or one generator.
        settings: by name, for each architecture that has it; "cnn.filters" is for that architecture alone.
        seeds: each architecture is trained with each of these.
        folds: (which, of how many) of each.
        watch: the validation part of the first; the next watch the next. A generator watches none.
        base: the run whose weights a single architecture begins with.
        asked: the rest, as for `recipe.plan`.

    Raises:
        SettingError: see `recipe.plan`; or a setting that none of them has, or several where one is allowed.
    """
    given = shared(architectures, settings or {})
    if len(given) > 1 and base:
        raise SettingError(f"An earlier run has one architecture: begin from it with that one alone, not with {', '.join(given)}.")
    members = [(name, seed) for name in given for seed in seeds]
    return [
        recipe.plan(
            dataset,
            name,
            settings=given[name],
            seed=seed,
            fold=fold,
            watch=watch + (0 if name in GENERATORS else number),
            base=base,
            **asked,
        )
        for fold in folds
        for number, (name, seed) in enumerate(members)
    ]


def shared(architectures: Sequence[str], settings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The settings of each architecture.

    Raises:
        SettingError: one that none of them has; or a generator among several.
    """
    names = list(dict.fromkeys(architectures))
    if len(names) == 1:
        prefix = f"{recipe.find(names[0]).name}."
        return {names[0]: {name.removeprefix(prefix): value for name, value in settings.items()}}  # `recipe.plan` refuses what is unknown
    known = {name: [spec.name for spec in (*hyper.specs(recipe.predictor(name).Config), *hyper.specs(Fit))] for name in names}
    given: dict[str, dict[str, Any]] = {name: {} for name in names}
    for said, value in sorted(settings.items(), key=lambda item: "." in item[0]):  # what is meant for one comes last and counts
        one, dot, setting = said.rpartition(".")
        having = [name for name in ([one] if dot else names) if setting in known.get(name, ())]
        if not having:
            every = dict.fromkeys(setting for name in names for setting in known[name])
            raise SettingError(
                f'"{said}" is no setting of {", ".join(names)}. A setting is given to each that has it; "{names[0]}.NAME=VALUE" is for {names[0]} '
                f"alone. Settings: {', '.join(every)}."
            )
        for name in having:
            given[name][setting] = value
    return given


def chosen(planned: Recipe, usual: Mapping[str, Any] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs from what is taken where nothing is said: settings of the architecture, and of training, by name.

    Args:
        planned: what is asked.
        usual: what is suggested, see `recipe.suggested`; None where nobody knows: then every setting counts as chosen.
    """

    def differing(config: Any) -> dict[str, Any]:
        values = {spec.name: (getattr(config, spec.name), spec.default) for spec in hyper.specs(config)}
        return {name: value for name, (value, default) in values.items() if usual is None or value != usual.get(name, default)}

    return differing(planned.config), differing(planned.fit) if planned.kind == "predictor" else {}


def check(plans: Sequence[Recipe], dataset: Dataset, records: int, watched: int) -> None:
    """Refuses what cannot be carried out here, before anything begins.

    Args:
        plans: one for each run.
        dataset: what they learn from.
        records: in the training part.
        watched: in the validation part.

    Raises:
        SettingError: too few records for a generator, or a network that takes too much memory, see `estimate.check_memory`.
    """
    for planned in _unlike(plans):
        if planned.kind == "generator":
            check_enough(records, watched)
        else:
            estimate.check_memory(planned, recipe.outputs(dataset), len(dataset))


def costs(plans: Sequence[Recipe], dataset: Dataset) -> list[str]:
    """What is done to the sequences so that they are equally long, each sentence once; see `inputs.cost`."""
    return [said for said in dict.fromkeys(inputs.cost(planned, dataset) for planned in _unlike(plans)) if said]


def known(plans: Sequence[Recipe], dataset: Dataset, root: Path) -> str:
    """A warning where the run that these begin with has met sequences that are tested here; empty where it has not.

    Args:
        plans: one for each run; all of them begin with the same, or with nothing.
        dataset: what they learn from.
        root: the workspace that holds the earlier run, and those that it began with itself. Of a dataset that is not there
            any more nothing is known.
    """
    met = np.zeros(len(dataset), bool)
    for earlier in _begun_with(plans[0].base, root):
        if earlier.dataset == dataset.fingerprint:
            met[_met(dataset, earlier)] = True
        elif (root / "datasets" / earlier.dataset / "dataset.json").exists():
            other = datasets.load(root, earlier.dataset)
            there = similarity.digests(other.codes, other.offsets)[_met(other, earlier)]
            met |= np.isin(similarity.digests(dataset.codes, dataset.offsets), there)
    if not met.any():
        return ""
    tested = np.concatenate([recipe.divide(dataset, planned).test for planned in {divided(planned): planned for planned in plans}.values()])
    count = int(met[tested].sum())
    if not count:
        return ""
    return (
        f"{count:,} of the {len(tested):,} sequences that are tested here were learned from or watched by the run that this one begins with, so "
        "that the results will flatter it. Take the same sequences, split, seed of the split and fold as that run; or begin afresh."
    )


def divided(planned: Recipe) -> tuple[str, int, tuple[int, int]]:
    """What says which records a run is tested on."""
    return planned.split, planned.split_seed, planned.fold


def _begun_with(name: str, root: Path) -> Iterator[Recipe]:
    """A run, the one that it began with itself, and so on, as far as they are there and can be read."""
    while name and (root / "runs" / name / "run.json").exists():
        try:
            earlier = recipe.from_json(runs.asked(root / "runs" / name))
        except GenomicsError:
            return
        yield earlier
        name = earlier.base


def _met(dataset: Dataset, earlier: Recipe) -> NDArray[np.intp]:
    parts = recipe.divide(dataset, earlier)
    return np.concatenate([parts.train, parts.validation])


def create(plans: Sequence[Recipe], dataset: Dataset, root: Path) -> list[Path]:
    """Makes the folders of the runs, in order. Several share a group, and know how many of them may train at a time."""
    several = {"group": token_hex(4), "together": together(plans, dataset)} if len(plans) > 1 else {}
    return [runs.create(root, {**planned.to_json(), **several}) for planned in plans]


def together(plans: Sequence[Recipe], dataset: Dataset) -> int:
    """How many of the runs train at a time: as many as there are slots, or fewer where what is free just now would not hold them."""
    needed, there = _memory(plans, dataset), machine.free()
    most = min(turns.slots(), len(plans))
    return next((count for count in range(most, 1, -1) if sum(needed[:count]) <= there), 1)


def effort(plans: Sequence[Recipe], dataset: Dataset, records: int, root: Path) -> str:
    """How many networks are trained on how many sequences, and how long that takes, as the beginning of a sentence."""
    count = together(plans, dataset)
    low, high, most = estimate.seconds(plans, dataset, records, root, count)
    takes = estimate.in_words(low, high)
    if any(map(estimate.may_stop, plans)):
        takes += f", up to {estimate.in_words(most, most)} without early stopping" if most > 1.2 * high else ", less with early stopping"
    if len(plans) == 1:
        return f"Trains on {records:,} sequences; takes {takes}"
    how = "one after the other" if count == 1 else "two at a time" if count == 2 else f"{count} at a time"
    return f"{len(plans):,} networks, {how}, train on {records:,} sequences each; they take {takes}"


def memory(plans: Sequence[Recipe], dataset: Dataset) -> float:
    """Bytes that the predictors take at most while they are trained, as many of them at a time as `together` says; see `estimate.memory`."""
    return sum(_memory(plans, dataset)[: together(plans, dataset)])


def _memory(plans: Sequence[Recipe], dataset: Dataset) -> list[float]:
    """Bytes that each takes, the largest first; 0 for a generator, of which nobody knows."""
    one = {planned.architecture: planned for planned in _unlike(plans) if planned.kind == "predictor"}
    takes = {name: estimate.memory(planned, recipe.outputs(dataset), len(dataset)) for name, planned in one.items()}
    return sorted((takes.get(planned.architecture, 0.0) for planned in plans), reverse=True)


def _unlike(plans: Sequence[Recipe]) -> list[Recipe]:
    """One recipe of each architecture: seeds and folds change neither memory nor what is read."""
    return list({planned.architecture: planned for planned in plans}.values())
