"""Everything a run is asked to do, as one checked value. Page, notebook and command line make it with `plan`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from genomics import fit as fits
from genomics import hyper, versions
from genomics.architectures import ARCHITECTURES, Architecture
from genomics.dataset import Dataset
from genomics.encoding import ENCODINGS
from genomics.errors import RunError, SettingError
from genomics.fit import Fit
from genomics.generators import GENERATORS, Generator
from genomics.layouts import default_layout
from genomics.sequences import ANCHORS, Layout
from genomics.split import HOW, Split, check_fraction, make


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What `run.json` holds.

    Attributes:
        kind: "predictor" or "generator".
        architecture: a key of `ARCHITECTURES` or `GENERATORS`.
        config: an instance of that architecture's `Config`.
        fit: how a predictor is trained; a generator has all of it in its config.
        dataset: fingerprint.
        dataset_name: for people.
        task: of the dataset.
        layout: how sequences become equally long.
        split: see `genomics.split.HOW`.
        only: for a generator, the one class it learns from; empty for all.
        seed: of the weights, the order of records, augmentation and dropout.
        split_seed: of the division into parts.
        watch: which validation part, see `genomics.split.make`.
        validation_fraction: how large it is, likewise; 0 for the usual.
        group: what runs of one command share; empty for a single run.
        fold: (which, of how many) where the run is one of k folds; (0, 0) otherwise.
        base: the run whose weights it begins with; empty for a fresh start.
    """

    kind: str
    architecture: str
    config: Any
    fit: Fit
    dataset: str
    dataset_name: str
    task: str
    layout: Layout
    split: str = "auto"
    only: str = ""
    seed: int = 0
    split_seed: int = 0
    watch: int = 0
    validation_fraction: float = 0.0
    group: str = ""
    fold: tuple[int, int] = (0, 0)
    base: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, with the versions of what will carry it out."""
        return {
            **asdict(self),
            "config": hyper.to_json(self.config),
            "layout": self.layout._asdict(),
            "fold": list(self.fold),
            "versions": versions.installed(),
        }


def from_json(asked: dict[str, Any]) -> Recipe:
    """The recipe in a `run.json`; what else the file holds is passed over.

    Raises:
        RunError: the file is of another version, or damaged.
    """
    try:
        return _recipe(asked)
    except (KeyError, TypeError, IndexError) as error:
        raise RunError(f"run.json has no usable {error}: another version of the program wrote it. Train anew.") from None


def _recipe(asked: dict[str, Any]) -> Recipe:
    family = find(asked["architecture"])
    return Recipe(
        **{name: asked[name] for name in ("kind", "architecture", "dataset", "dataset_name", "task", "split", "only", "seed", "group")},
        config=hyper.make(family.Config, asked["config"]),
        fit=hyper.make(Fit, asked["fit"]),
        layout=Layout(**asked["layout"]),
        split_seed=asked.get("split_seed", asked["seed"]),  # runs of before these two were told apart
        watch=asked.get("watch", 0),
        validation_fraction=asked.get("validation_fraction", 0.0),
        fold=(asked["fold"][0], asked["fold"][1]),
        base=asked.get("base", ""),
    )


def find(name: str) -> Architecture | Generator:
    """An architecture or a generator by name.

    Raises:
        SettingError: there is none; the message lists all.
    """
    known: dict[str, Architecture | Generator] = {**ARCHITECTURES, **GENERATORS}
    if name not in known:
        raise SettingError(f'There is no architecture "{name}". Architectures: {", ".join(known)}.')
    return known[name]


def predictor(name: str) -> Architecture:
    """An architecture that predicts, by name; see `find`."""
    family = find(name)
    if not isinstance(family, Architecture):
        raise SettingError(f"{name} makes sequences and predicts nothing. Architectures that predict: {', '.join(ARCHITECTURES)}.")
    return family


def generator(name: str) -> Generator:
    """A generator by name; see `find`."""
    family = find(name)
    if not isinstance(family, Generator):
        raise SettingError(f"{name} predicts and makes no sequences. Generators: {', '.join(GENERATORS)}.")
    return family


def plan(
    dataset: Dataset,
    architecture: str,
    *,
    settings: Mapping[str, Any] | None = None,
    split: str = "auto",
    length: int = 0,
    anchor: str = "",
    only: str = "",
    seed: int = 0,
    split_seed: int | None = None,
    watch: int = 0,
    validation_fraction: float = 0.0,
    group: str = "",
    fold: tuple[int, int] = (0, 0),
    base: str = "",
) -> Recipe:
    """Checks what is asked, fills in the rest, and returns the whole.

    Args:
        dataset: what to learn from.
        architecture: see `find`.
        settings: hyperparameters of the architecture and, for a predictor, of `Fit`, by name; what is missing takes
            what the architecture suggests for so many and so long sequences, see `suggested`.
        split: one of `genomics.split.HOW`.
        length: bases each sequence is cropped or filled to; 0 chooses (see `default_layout`).
        anchor: "left", "centre" or "right"; empty for left.
        only: for a generator, one class to learn from.
        seed: 0 to 2**31 - 1.
        split_seed: likewise, of the division into parts; None for the same as `seed`.
        watch: likewise, which validation part.
        validation_fraction: share of what is not tested that is watched, see `genomics.split.make`.
        group: what runs of one command share.
        fold: (which, of how many).
        base: the id of the run whose weights it begins with.

    Raises:
        SettingError: anything that does not fit, with what is allowed.
    """
    family = find(architecture)
    kind = "predictor" if isinstance(family, Architecture) else "generator"
    chosen = default_layout(dataset, kind, family.longest if isinstance(family, Architecture) else 0)
    layout = Layout(length or chosen.length, anchor or chosen.anchor)
    usual = suggested(dataset, family, layout) if isinstance(family, Architecture) else {}
    ours, training = _sort_settings(family, kind, {**usual, **(settings or {})})
    config: Any = hyper.make(family.Config, ours)
    if kind == "predictor" and dataset.task == "unlabelled":
        one = f"one class only ({dataset.classes[0]})" if dataset.classes else "no labels"
        raise SettingError(
            f"{dataset.name} has {one}; {architecture} needs at least two classes, or numbers. A generator (wgan_gp) can learn from it."
        )
    if only and (kind == "predictor" or only not in dataset.classes):
        raise SettingError(f'"{only}" is no class to learn from here. Classes: {", ".join(dataset.classes) or "none"} (generators only).')
    if split not in HOW:
        raise SettingError(f'"{split}" is no way to split. Ways: {", ".join(HOW)}.')
    if anchor not in ("", *ANCHORS):
        raise SettingError(f'"{anchor}" is no anchor. Anchors: {", ".join(ANCHORS)}.')
    if kind == "generator" and anchor not in ("", "left"):
        raise SettingError(f'{architecture} reads sequences from their first base: the anchor is left, not "{anchor}".')
    if not 0 <= length <= 1_000_000:
        raise SettingError(f"length = {length} is not allowed: it is a whole number from 1 to 1,000,000, or 0 to choose by itself.")
    for name, value in (("seed", seed), ("split seed", seed if split_seed is None else split_seed), ("watch", watch)):
        if not 0 <= value < 2**31:
            raise SettingError(f"{name} = {value} is not allowed: it is a whole number from 0 to {2**31 - 1}.")

    check_fraction(validation_fraction)
    made = hyper.make(Fit, training)
    family.check(config, layout)
    if isinstance(family, Architecture):
        fits.check(made, dataset.task)
        fits.check_encoding(made, codes=ENCODINGS[family.encoding(config)[0]].codes)
        fits.check_start(made, base)
    return Recipe(
        kind=kind,
        architecture=architecture,
        config=config,
        fit=made,
        dataset=dataset.fingerprint,
        dataset_name=dataset.name,
        task=dataset.task,
        layout=layout,
        split=split,
        only=only,
        seed=seed,
        split_seed=seed if split_seed is None else split_seed,
        watch=watch,
        validation_fraction=validation_fraction,
        group=group,
        fold=fold,
        base=base,
    )


def divide(dataset: Dataset, planned: Recipe) -> Split:
    """The parts that a run learns from, watches and tests, see `genomics.split.make`."""
    return make(dataset, planned.split, planned.split_seed, planned.fold, planned.watch, planned.validation_fraction)


def suggested(dataset: Dataset, family: Architecture, layout: Layout) -> dict[str, Any]:
    """Settings that suit so many and so long sequences, where they differ from the declared defaults; by name."""
    return family.suggest(len(dataset), layout)


def _sort_settings(family: Architecture | Generator, kind: str, settings: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Settings of the architecture, and those of `Fit`."""
    ours = [spec.name for spec in hyper.specs(family.Config)]
    training = [spec.name for spec in hyper.specs(Fit)] if kind == "predictor" else []
    unknown = [name for name in settings if name not in ours + training]
    if unknown:
        hint = f" {family.name} counts iterations, not epochs." if unknown[0] == "epochs" else ""
        raise SettingError(f'"{unknown[0]}" is no setting of {family.name}.{hint} Settings: {", ".join(ours + training)}.')
    return {name: settings[name] for name in settings if name in ours}, {name: settings[name] for name in settings if name in training}


def outputs(dataset: Dataset) -> int:
    """Numbers a predictor gives for one sequence: one; one a class where there are more than two; one a label or target."""
    if dataset.task in ("multiclass", "multilabel"):
        return len(dataset.classes)
    return dataset.targets.shape[1] if dataset.targets is not None and dataset.targets.ndim == 2 else 1
