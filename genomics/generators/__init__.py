"""Networks that make new sequences. One file a generator; each declares a `Config` and one `GENERATOR`.

Importing this package costs nothing: TensorFlow is imported inside `make`, which only training processes call.
"""

from genomics.generators.kind import FEWEST, Generator, Learner, check_enough
from genomics.registry import discover

GENERATORS: dict[str, Generator] = discover(__name__, __path__, "GENERATOR", Generator)

__all__ = ["FEWEST", "GENERATORS", "Generator", "Learner", "check_enough"]
