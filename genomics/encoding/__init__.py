"""How sequences become a network's input. One file an encoding; each declares one `ENCODING`.

`ENCODINGS["one_hot"].encode(codes, offsets, layout, settings)` gives an array with one row a sequence. Arrays stay
small integers; what is large (one-hot, embeddings) is made inside the model, batch by batch.
"""

from genomics.encoding.kind import Encoding
from genomics.registry import discover

ENCODINGS: dict[str, Encoding] = discover(__name__, __path__, "ENCODING", Encoding)

__all__ = ["ENCODINGS", "Encoding"]
