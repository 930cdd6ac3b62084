"""Overlapping words of k bases, each with a learned vector (the idea of dna2vec, Ng 2017, arXiv 1701.06279).

Rows are codes; the model numbers the words that start at each position, 1 to 4**k in lexicographic order and 0 for a
word with an unknown base, so that whatever changes the codes in training (the other strand, mutations) changes the words.
"""

from genomics.encoding.kind import Encoding
from genomics.encoding.one_hot import encode

ENCODING = Encoding(
    name="kmer_tokens",
    summary="overlapping words of k bases, each with a learned vector",
    encode=encode,
    shape=lambda layout, size: (layout.length,),
    dtype="uint8",
    codes=True,
)
