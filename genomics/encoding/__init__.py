"""How sequences become a network's input. One file an encoding; each declares one `ENCODING`.

`ENCODINGS["one_hot"].encode(codes, offsets, layout, size)` gives an array with one row a sequence. Arrays stay small
integers of two kinds: the codes of a laid-out sequence, from which the model itself makes one-hot, words or properties
of pairs, batch by batch; and counts of the words of a whole sequence.
"""

from genomics.encoding.kind import Encoding
from genomics.registry import discover

ENCODINGS: dict[str, Encoding] = discover(__name__, __path__, "ENCODING", Encoding)

__all__ = ["ENCODINGS", "Encoding"]
