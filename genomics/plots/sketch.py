"""A network as a tiny picture: one mark a layer, as SVG. Drawn from the same layers as the large one."""

from math import log2

from genomics.architectures.drawing import Layer
from genomics.plots import style
from genomics.plots.network import colour, places

WIDTH, HEIGHT = 132, 40
_MOST = 9  # marks; deeper networks are cut in the middle
_GAP = 4.0


def svg(layers: list[Layer]) -> str:
    """Marks from left (the sequence) to right (the answer): as high as a layer is long, in the colour of its kind.

    Args:
        layers: from the input to the answer.

    Returns:
        An `<svg>` that stands alone, without any text, legible on white and on near-black.
    """
    placed = places(layers)
    rows = placed[-1].row + 1
    cut = rows > _MOST
    shown = [row for row in range(rows) if not cut or row < _MOST - 3 or row >= rows - 3]
    step, longest = WIDTH / len(shown), max(layers[0].shape[0], 2)
    marks = []
    for layer, place in zip(layers, placed, strict=True):
        if place.row in shown:
            mark = _mark(layer, shown.index(place.row) * step, step - _GAP, longest)
            share = place.right - place.left  # branches lie above each other
            squeezed = f'<g transform="translate(0 {HEIGHT * place.left:.1f}) scale(1 {share:.2f})">{mark}</g>'
            marks.append(mark if share > 0.99 else squeezed)
    if cut:
        x = (_MOST - 3) * step - _GAP / 2
        marks.append(f'<path d="M{x:.1f} 4V{HEIGHT - 4}" stroke="#8A90A2" stroke-dasharray="2 3"/>')
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(marks)}</svg>'


def _mark(layer: Layer, x: float, width: float, longest: int) -> str:
    ink, middle = colour(layer.kind), HEIGHT / 2
    length = layer.shape[0] if len(layer.shape) > 1 else 0
    high = max(10.0, (HEIGHT - 4) * log2(1 + length) / log2(1 + longest)) if length else 12.0
    top, low = middle - high / 2, middle + high / 2
    box = f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{high:.1f}" rx="2" fill="{ink}"'
    if layer.kind == "input":
        cells = max(3, round(high / 6))
        return "".join(
            f'<rect x="{x:.1f}" y="{top + row * high / cells:.1f}" width="{width:.1f}" height="{high / cells - 1.2:.1f}" fill="{base}"/>'
            for row, base in zip(range(cells), [*style.BASES.values()] * cells, strict=False)
        )
    if layer.kind == "convolution" and len(layer.shape) == 3:  # a picture: planes one behind the other
        side = min(high, width + 10)
        return "".join(
            f'<rect x="{x + 3 * plane:.1f}" y="{middle - side / 2 + 3 * plane:.1f}" width="{max(width - 4, 3):.1f}" height="{max(side - 6, 6):.1f}" '
            f'rx="1" fill="{ink}" fill-opacity="{0.45 + 0.25 * plane:.2f}"/>'
            for plane in range(2)
        )
    if layer.kind == "recurrent":
        arrow = f"M{x + 1:.1f} {low - 8:.1f}V{top + 7:.1f}l-2.5 4m2.5-4l2.5 4M{x + width - 1:.1f} {top + 8:.1f}V{low - 7:.1f}l-2.5-4m2.5 4l2.5-4"
        return box + f' fill-opacity=".28"/><path d="{arrow}" fill="none" stroke="{ink}" stroke-width="1.6"/>'
    if layer.kind == "attention":
        ends = [top + 3 + spot * (high - 6) / 3 for spot in range(4)]
        lines = "".join(f"M{x:.1f} {a:.1f}L{x + width:.1f} {b:.1f}" for a in ends for b in ends)
        return box + f' fill-opacity=".16"/><path d="{lines}" stroke="{ink}" stroke-width=".8"/>'
    if layer.kind == "pooling":
        points = f"{x:.1f},{top - 3:.1f} {x + width:.1f},{top + 2:.1f} {x + width:.1f},{low - 2:.1f} {x:.1f},{low + 3:.1f}"
        return f'<polygon points="{points}" fill="{ink}" fill-opacity=".55"/>'
    if layer.kind == "joining":
        lines = f"M{x:.1f} {top:.1f}L{x + width:.1f} {middle:.1f}L{x:.1f} {low:.1f}"
        return f'<path d="{lines}" fill="none" stroke="{ink}" stroke-width="2"/>'
    if layer.kind == "dense":
        units = 1 if layer.shape[0] == 1 else 4
        return "".join(
            f'<circle cx="{x + width / 2:.1f}" cy="{middle + (spot - (units - 1) / 2) * 8:.1f}" r="3" fill="{ink}"/>'
            for spot in range(units)
        )
    return box + "/>"
