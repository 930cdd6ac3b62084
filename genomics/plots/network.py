"""A network as a row of blocks, from the sequence to the answer."""

import plotly.graph_objects as go

from genomics.architectures.drawing import Layer
from genomics.plots import style

_COLOURS = {"input": "#8A90A2", "convolution": "#4477AA", "recurrent": "#AA3377", "pooling": "#66A5AD", "dense": "#228833"}
_STEP = 1.0


def figure(layers: list[Layer]) -> go.Figure:
    """One block a layer, top to bottom: what it does, the shape it hands on, how many numbers it learns."""
    made = go.Figure()
    for row, layer in enumerate(layers):
        y = -row * _STEP
        colour = _COLOURS.get(layer.kind, "#8A90A2")
        made.add_shape(type="rect", x0=0, x1=1, y0=y - 0.32, y1=y + 0.32, fillcolor=colour, opacity=0.16, line={"width": 0})
        made.add_shape(type="rect", x0=0, x1=0.012, y0=y - 0.32, y1=y + 0.32, fillcolor=colour, line={"width": 0})
        made.add_annotation(x=0.035, y=y, text=f"<b>{layer.title}</b>", showarrow=False, xanchor="left")
        learned = f"{layer.parameters:,} learned" if layer.parameters else ""
        made.add_annotation(x=0.66, y=y, text=learned, showarrow=False, xanchor="right", opacity=0.75)
        made.add_annotation(x=0.975, y=y, text=" × ".join(f"{side:,}" for side in layer.shape), showarrow=False, xanchor="right")
    style.frame(made, legend=False)
    made.add_trace(go.Scatter(x=[0, 1], y=[0.4, -(len(layers) - 1) * _STEP - 0.4], mode="markers", opacity=0, hoverinfo="skip"))
    made.update_xaxes(visible=False, range=[-0.01, 1.01], fixedrange=True)
    made.update_yaxes(visible=False, range=[-(len(layers) - 1) * _STEP - 0.45, 0.45], fixedrange=True)
    return made.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0})
