"""How a predictor is trained, whatever its architecture: declared once, checked against the task."""

from dataclasses import dataclass

from genomics import hyper
from genomics.errors import SettingError

CLASSES = ("binary", "multiclass")
METRICS = {  # what can be watched, and the tasks that have it; "loss" is lower at its best, all others higher
    "loss": ("binary", "multiclass", "multilabel", "regression"),
    "accuracy": CLASSES,
    "balanced_accuracy": CLASSES,
    "mcc": CLASSES,
    "auroc": ("binary", "multiclass", "multilabel"),
    "auprc": ("binary", "multiclass", "multilabel"),
    "pearson": ("regression",),
    "spearman": ("regression",),
    "r2": ("regression",),
}
LOSSES = {
    "auto": ("binary", "multiclass", "multilabel", "regression"),
    "cross_entropy": ("binary", "multiclass", "multilabel"),
    "focal": ("binary", "multiclass", "multilabel"),
    "mean_squared": ("regression",),
    "huber": ("regression",),
    "poisson": ("regression",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a predictor is trained."""

    epochs: int = hyper.integer(40, 1, 2000, help="How many times it goes through all training sequences, at most.")
    batch_size: int = hyper.integer(
        64, 1, 4096, log=True, unit="sequences", help="How many sequences it looks at before each small correction."
    )
    learning_rate: float = hyper.real(
        0.001, 1e-6, 1.0, log=True, help="Size of each correction. Too large and it jumps about, too small and it crawls."
    )
    patience: int = hyper.integer(
        10,
        0,
        1000,
        unit="epochs",
        help="Stops when what is watched has not improved on validation for this long, and takes the best epoch. 0 never stops early.",
    )
    monitor: str = hyper.choice(
        "loss", tuple(METRICS), advanced=True, help="What is watched on the validation part to choose the best epoch and to stop early."
    )
    reverse_complement: str = hyper.choice(
        "auto",
        ("auto", "off", "augment", "average", "both"),
        help="What it makes of the other strand: trains on it too (augment), gives the mean of both strands' answers (average), or both. "
        "auto does both where the training sequences look alike on both strands, and neither where they have a direction.",
    )
    shift: int = hyper.integer(
        0, 0, 1000, unit="bp", advanced=True, help="Moves each training sequence by up to this many bases, anew each time."
    )
    mutation: float = hyper.real(
        0.0, 0.0, 0.3, step=0.01, advanced=True, help="Share of bases replaced at random in training, anew each time."
    )
    evoaug: bool = hyper.flag(
        False,
        help="Changes training sequences as evolution does (deletions, insertions, inversions, moves, mutations), and ends on unchanged ones.",
        advanced=True,
    )
    class_weights: bool = hyper.flag(True, help="Counts rare classes more, by the square root of how rare they are.")
    loss: str = hyper.choice(
        "auto",
        tuple(LOSSES),
        advanced=True,
        help="What an error costs. auto: cross entropy for classes, squared error for numbers. focal looks at hard cases, huber bears outliers, poisson is for counts.",
    )
    label_smoothing: float = hyper.real(
        0.0, 0.0, 0.4, step=0.01, advanced=True, help="Teaches it to be a little less than certain, against wrong labels."
    )
    optimizer: str = hyper.choice(
        "adamw", ("adamw", "adam", "sgd", "rmsprop", "lion"), advanced=True, help="The rule that turns errors into corrections."
    )
    schedule: str = hyper.choice(
        "constant",
        ("constant", "cosine", "plateau"),
        advanced=True,
        help="How the learning rate changes: not at all, slowly to zero (cosine), or halved whenever there is no improvement (plateau).",
    )
    warmup: int = hyper.integer(0, 0, 100, unit="epochs", advanced=True, help="Lets the learning rate rise slowly at the start.")
    weight_decay: float = hyper.real(
        0.0001,
        0.0,
        0.5,
        step=0.0001,
        advanced=True,
        when=("optimizer", ("adamw", "sgd", "rmsprop", "lion")),
        help="Pulls all weights towards zero a little, against learning by heart. Plain adam has none.",
    )
    gradient_clip: float = hyper.real(
        0.0, 0.0, 100.0, step=0.1, advanced=True, help="Shortens corrections that are longer than this, against jumps; 0 never does."
    )
    average_weights: bool = hyper.flag(
        False, advanced=True, help="Uses the running mean of the last weights: calmer, and often a little better."
    )
    freeze: str = hyper.choice(
        "nothing",
        ("nothing", "filters", "all_but_output"),
        advanced=True,
        help="When it begins from an earlier run: what of it stays as it is. filters: the first layer; all_but_output: only the last layer learns.",
    )
    precision: str = hyper.choice(
        "auto", ("auto", "float32", "bfloat16"), advanced=True, help="bfloat16 is faster where the processor has it; auto finds out."
    )


def check(fit: Fit, task: str) -> None:
    """Refuses what does not fit the task.

    Raises:
        SettingError: the metric or the loss is not one of this task.
    """
    for name, chosen, known in (("monitor", fit.monitor, METRICS), ("loss", fit.loss, LOSSES)):
        if task not in known[chosen]:
            fitting = [value for value, tasks in known.items() if task in tasks]
            raise SettingError(f"{name} = {chosen} does not fit a {task} task. Choose one of {', '.join(fitting)}.")
    if fit.label_smoothing and task == "regression":
        raise SettingError("label_smoothing is for classes; this task has numbers. Set it to 0.")


def check_encoding(fit: Fit, *, codes: bool) -> None:
    """Refuses changes of bases where a network reads counts of words.

    Args:
        fit: what is asked.
        codes: whether the network reads bases one by one, see `genomics.encoding.Encoding`.

    Raises:
        SettingError: shift, mutation or evoaug is asked for, and there are no bases to change.
    """
    asked = [name for name in ("shift", "mutation", "evoaug") if getattr(fit, name)]
    if asked and not codes:
        raise SettingError(
            f"{asked[0]} = {getattr(fit, asked[0])} changes bases, and this network reads counts of words. "
            f"Set {asked[0]} to {'false' if asked[0] == 'evoaug' else 0}, or choose an architecture that reads bases."
        )


def check_start(fit: Fit, base: str) -> None:
    """Refuses to keep layers as they are where they come from nowhere.

    Raises:
        SettingError: freeze without an earlier run to begin from.
    """
    if fit.freeze != "nothing" and not base:
        raise SettingError(
            f"freeze = {fit.freeze} keeps layers of an earlier run as they are. Choose a run to begin from, or set it to nothing."
        )
