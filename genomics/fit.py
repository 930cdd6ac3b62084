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

    epochs: int = hyper.integer(40, 1, 2000, help="Passes through the training set, at most.")
    batch_size: int = hyper.integer(64, 1, 4096, log=True, unit="sequences", help="Sequences per gradient step.")
    learning_rate: float = hyper.real(
        0.001, 1e-6, 1.0, log=True, help="Size of each gradient step. Too high: training is unstable. Too low: training is slow."
    )
    patience: int = hyper.integer(
        10,
        0,
        1000,
        unit="epochs",
        help="Early stopping: stops when the monitored validation metric has not improved for this many epochs, and keeps the best epoch. 0 turns it off.",
    )
    monitor: str = hyper.choice(
        "loss", tuple(METRICS), advanced=True, help="The validation metric that chooses the best epoch and decides when to stop."
    )
    reverse_complement: str = hyper.choice(
        "auto",
        ("auto", "off", "augment", "average", "both"),
        help="How the reverse complement is used: as additional training data (augment), by averaging the predictions of both strands (average), or both. "
        "auto uses both where the training sequences look alike on both strands, and neither where they have a direction.",
    )
    shift: int = hyper.integer(
        0,
        0,
        1000,
        unit="bp",
        advanced=True,
        help="Shifts each training sequence by a random number of bases, up to this many, in every epoch.",
    )
    mutation: float = hyper.real(
        0.0, 0.0, 0.3, step=0.01, advanced=True, help="Share of bases replaced at random in training, different in every epoch."
    )
    evoaug: bool = hyper.flag(
        False,
        help="Evolution-inspired augmentation (deletions, insertions, inversions, translocations, mutations); the last epochs use unchanged sequences.",
        advanced=True,
    )
    class_weights: bool = hyper.flag(True, help="Gives rare classes a larger weight in the loss, by the square root of their rarity.")
    loss: str = hyper.choice(
        "auto",
        tuple(LOSSES),
        advanced=True,
        help="Loss function. auto: cross entropy for classes, mean squared error for regression. focal emphasises hard cases, huber is robust to outliers, poisson is for counts.",
    )
    label_smoothing: float = hyper.real(
        0.0, 0.0, 0.4, step=0.01, advanced=True, help="Softens the target labels, which helps when some labels are wrong."
    )
    optimizer: str = hyper.choice("adamw", ("adamw", "adam", "sgd", "rmsprop", "lion"), advanced=True, help="The optimisation algorithm.")
    schedule: str = hyper.choice(
        "constant",
        ("constant", "cosine", "plateau"),
        advanced=True,
        help="How the learning rate changes: not at all, gradually to zero (cosine), or halved when the validation metric stops improving (plateau).",
    )
    warmup: int = hyper.integer(
        0, 0, 100, unit="epochs", advanced=True, help="Epochs over which the learning rate rises from zero at the start."
    )
    weight_decay: float = hyper.real(
        0.0001,
        0.0,
        0.5,
        step=0.0001,
        advanced=True,
        when=("optimizer", ("adamw", "sgd", "rmsprop", "lion")),
        help="Regularisation: pulls all weights towards zero, against overfitting. Plain adam has none.",
    )
    gradient_clip: float = hyper.real(
        0.0, 0.0, 100.0, step=0.1, advanced=True, help="Clips gradients whose norm exceeds this, against unstable training; 0 turns it off."
    )
    average_weights: bool = hyper.flag(
        False, advanced=True, help="Uses an exponential moving average of the weights: smoother, and often slightly better."
    )
    freeze: str = hyper.choice(
        "nothing",
        ("nothing", "filters", "all_but_output"),
        advanced=True,
        help="Layers kept fixed when training starts from an earlier run. filters: the first layer; all_but_output: all except the last layer.",
    )
    precision: str = hyper.choice(
        "auto",
        ("auto", "float32", "bfloat16"),
        advanced=True,
        help="Number format. bfloat16 is faster where the processor supports it; auto detects this.",
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
