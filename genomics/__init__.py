"""Deep learning on DNA: read, check, train, evaluate, generate.

Example:
    >>> import genomics as gs
    >>> gs.sequences.reverse_complement_text("AACG")
    'CGTT'

Submodules load on first use, so that `import genomics` stays cheap: the dashboard's server and the
worker's parent process must never pull in Keras or TensorFlow.
"""

import importlib
from types import ModuleType

__version__ = "0.1.0"

_PUBLIC = frozenset(
    (
        "architectures",
        "audit",
        "dataset",
        "encoding",
        "errors",
        "estimate",
        "evaluation",
        "export",
        "generating",
        "generators",
        "history",
        "hyper",
        "inspection",
        "intake",
        "io",
        "jobs",
        "kmers",
        "labelling",
        "lessons",
        "markov",
        "metrics",
        "negatives",
        "plots",
        "portrait",
        "prediction",
        "recipe",
        "remedies",
        "requests",
        "results",
        "runs",
        "samples",
        "scorecard",
        "sequences",
        "shortcuts",
        "similarity",
        "split",
        "tiling",
        "training",
        "words",
        "writing",
    )
)


def __getattr__(name: str) -> ModuleType:
    if name in _PUBLIC:
        return importlib.import_module(f"genomics.{name}")
    raise AttributeError(f"module 'genomics' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(_PUBLIC | {"__version__"})
