"""Networks that predict. One file an architecture; each declares a `Config` and one `ARCHITECTURE`.

Importing this package costs nothing: Keras is imported inside `build`, which only training processes call.
"""

from genomics.architectures.kind import Architecture
from genomics.registry import discover

ARCHITECTURES: dict[str, Architecture] = discover(__name__, __path__, "ARCHITECTURE", Architecture)

__all__ = ["ARCHITECTURES", "Architecture"]
