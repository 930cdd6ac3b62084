"""Does a filter look for a known site? Kernels against a consensus, on both strands and at every offset."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.sequences import encode

RARE = 0.01  # share of all words of the same length that may match as well
_LONGEST = 8  # bases of a site: 65,536 words to compare with

Floats = NDArray[np.float64]


class Match(NamedTuple):
    """The filter that is most like a site.

    Attributes:
        filter: its index.
        correlation: Pearson correlation of the kernel's columns and the site's, each centred over the four bases.
        chance: share of all words as long as the site that correlate as well with some filter, on either strand.
    """

    filter: int
    correlation: float
    chance: float

    @property
    def found(self) -> bool:
        """Whether few words match as well."""
        return self.chance <= RARE


def match(kernels: NDArray[np.floating], site: str) -> Match | None:
    """Compares filters with a site.

    Comparing columns by Pearson correlation follows Tomtom (Gupta 2007, doi 10.1186/gb-2007-8-2-r24). Its null model takes
    columns at random; here all words of the site's length take that place, which needs no assumption on how filters are
    distributed: for filters that have learned nothing, the site is one word among all, and `chance` is uniform.

    Args:
        kernels: (filters, size, 4), order A C G T.
        site: its consensus, 4 to 8 of the letters A, C, G, T.

    Returns:
        The best match; None where filters are narrower than the site, so that none can hold it.
    """
    width = len(site)
    if not 4 <= width <= _LONGEST:
        raise ValueError(f"site {site!r}: 4 to {_LONGEST} bases")
    if not len(kernels) or kernels.shape[1] < width:
        return None

    centred = kernels.astype(np.float64) - kernels.mean(2, keepdims=True, dtype=np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(centred, width, axis=1).swapaxes(2, 3)  # (filters, offsets, width, 4)
    flat = windows.reshape(-1, width * 4)
    flat = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-12)
    places = 4 ** np.arange(width)[::-1]
    words = np.arange(4**width)[:, None] // places % 4
    wanted = int(encode(site).astype(np.int64) @ places)
    other = ((3 - words[:, ::-1]) * places).sum(1)  # the number of each word's reverse complement
    letters = ((np.eye(4) - 0.25) / np.sqrt(0.75 * width))[words].reshape(len(words), -1)
    forward = (letters @ flat.T).reshape(len(words), *windows.shape[:2]).max(2)  # (words, filters)
    best = np.maximum(forward, forward[other])
    most = best.max(1)
    return Match(int(best[wanted].argmax()), float(most[wanted]), float((most >= most[wanted] - 1e-9).mean()))
