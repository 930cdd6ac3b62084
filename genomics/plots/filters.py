"""What the first layer's filters look for, as small logos while they form."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genomics.plots import logo, style
from genomics.sequences import BASES

SHOWN = 8
HEIGHT = 84  # of a logo, in pixels
_STEP = 16  # of a position


class Filters(NamedTuple):
    """The strongest filters of a layer.

    Attributes:
        numbers: which they are, counted from 1, ascending, so that they change places seldom.
        heights: float64 (filters, size, 4), order A C G T: what each base adds, more or less than the other bases.
        of: how many filters there are.
    """

    numbers: list[int]
    heights: NDArray[np.float64]
    of: int


def strongest(kernels: NDArray[np.float32], count: int = SHOWN) -> Filters:
    """The filters that tell bases apart most.

    Args:
        kernels: float32 (filters, size, 4), order A C G T.
        count: how many.
    """
    centred = kernels.astype(np.float64) - kernels.mean(2, keepdims=True, dtype=np.float64)  # a constant tells no base from another
    strength = np.square(centred).sum((1, 2))
    chosen = np.sort(np.argsort(-strength, kind="stable")[:count])
    return Filters((chosen + 1).tolist(), centred[chosen], len(kernels))


def svg(filters: Filters) -> str:
    """A small logo a filter, all on one scale; letters above the line speak for the pattern, those below it against it.

    Not a Plotly figure: hundreds of letters change every other second, and here each is one element that only changes its size. Drawn
    anew with the same number of filters, the text differs in numbers alone.

    Args:
        filters: as many as there shall be logos.

    Returns:
        `<div class="logos">` with one `<figure>` each; see `STYLE`.
    """
    above = max(float(np.clip(filters.heights, 0, None).sum(2).max(initial=0)), 1e-6)
    below = float(-np.clip(filters.heights, None, 0).sum(2).min(initial=0))
    scale = HEIGHT / (above + below)
    drawn = [
        f"<figure><figcaption>filter {number}</figcaption>{_logo(heights, scale, above * scale)}</figure>"
        for number, heights in zip(filters.numbers, filters.heights, strict=True)
    ]
    return f'<div class="logos">{_LETTERS}{"".join(drawn)}</div>'


def _logo(heights: NDArray[np.float64], scale: float, line: float) -> str:
    parts = []
    for position, column in enumerate(heights.tolist()):
        ends = {1: line, -1: line}
        for base in sorted(range(4), key=lambda base: abs(column[base])):
            sign, tall = (1 if column[base] >= 0 else -1), abs(column[base]) * scale
            top = ends[sign] - tall if sign > 0 else ends[sign]
            ends[sign] -= sign * tall
            parts.append((position, base, f"translate({position * _STEP}px,{top:.1f}px) scale({_STEP * 0.9:g},{max(tall, 0.01):.2f})"))
    parts.sort()  # the same letter in the same place each time, so that elements stay
    letters = "".join(f'<use href="#logo-{BASES[base]}" style="transform:{place}"/>' for _, base, place in parts)
    wide = len(heights) * _STEP
    axis = f'<path class="line" d="M0 {line:.1f}H{wide}"/>'
    return f'<svg viewBox="0 0 {wide} {HEIGHT}" preserveAspectRatio="xMidYMid meet">{axis}{letters}</svg>'


def _outline(base: str) -> str:
    """A letter in a square of one by one, from its top, in few numbers."""
    rings = [polygon[::2] if len(polygon) > 20 else polygon for polygon in logo.GLYPHS[base]]
    return "".join(f"M{'L'.join(f'{x:.2f} {1 - y:.2f}' for x, y in ring)}Z" for ring in rings)


_LETTERS = (
    '<svg class="letters" width="0" height="0"><defs>'
    + "".join(f'<path id="logo-{base}" fill="{style.BASES[base]}" d="{_outline(base)}"/>' for base in BASES)
    + "</defs></svg>"
)
STYLE = f"""
<style>
.logos {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(max(170px, 21%), 1fr)); gap: 0.6rem 1.6rem; }}
.logos figure {{ margin: 0; }} .logos figcaption {{ font-size: 0.78rem; opacity: 0.75; }}
.logos svg {{ width: 100%; height: {HEIGHT}px; overflow: visible; }}
.logos svg.letters {{ position: absolute; width: 0; height: 0; }}
.logos path {{ fill-rule: evenodd; }}
.logos .line {{ stroke: currentColor; stroke-opacity: 0.35; stroke-width: 1; }}
</style>
"""
