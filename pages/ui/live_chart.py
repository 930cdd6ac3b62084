"""A Plotly chart that is redrawn in place, so that zoom, pan, hover and hidden traces survive new data.

`st.plotly_chart` builds its chart anew whenever the data change; this components-v2 component calls `Plotly.react` on one and the same
element instead, and a tick sends only the figure. Plotly's JavaScript (4.8 MB) is served from the installed plotly package by
`streamlit.components.v1.declare_component`, which is never mounted: of the public ways it alone serves a folder that lies outside the
project, under the plain `streamlit run app.py` and without configuration, and the browser fetches the file once a tab by ordinary HTTP.
Streamlit's other ways do not fit: static serving needs a folder `static/` beside app.py, a v2 `asset_dir` an installed package of our
own, `st.App` routes a second script beside app.py, the media manager is private and forgets its files, and inline JavaScript would
travel over the websocket at each tick.
"""

import json
from pathlib import Path

import plotly
import plotly.graph_objects as go
import streamlit as st
import streamlit.components.v1 as components_v1
from plotly.utils import PlotlyJSONEncoder

PLOTLY_FOLDER = Path(plotly.__file__).parent / "package_data"
PLOTLY_FILE = "plotly.min.js"

_draw = st.components.v2.component(
    "genomics_live_chart",
    html='<div class="live-chart" role="figure"></div>',
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    # Plotly listens on the document while the mouse drags; inside a shadow root it would see the host instead of its own elements.
    isolate_styles=False,
)


def live_chart(figure: go.Figure, *, key: str, height: int = 380, alt: str) -> None:
    """Draw a figure that keeps what the reader did to it while its data grow.

    Call it in a fragment that ticks, with the same key each time. Zoom, pan, hover and traces hidden in the legend are kept as long as
    the traces keep their order and the layout its `uirevision`, where it has one; a double click returns to the whole. Background, font and grid follow the Streamlit theme in light and
    in dark: the figure's template is not sent, colours set on traces and axes are kept. Where the plotly package lacks its JavaScript
    file, `st.plotly_chart` draws the figure, and the zoom is lost at each tick.

    Args:
        figure: Left unchanged. Its width, height, background and font colour are not used. Text in it, such as the name of a trace,
            is read by Plotly as pseudo-HTML (bold, links to http); escape names that come from a user's file.
        key: Unique on the page; also the name of the file when the picture is downloaded.
        height: Pixels. The width is that of the container and follows it.
        alt: One sentence for those who cannot see the chart, read out by a screen reader.

    Example:
        ```
        @st.fragment(run_every=1)
        def curve():
            live_chart(figure(read_losses(run)), key="curve", alt="Training and validation loss by epoch")
        ```
    """
    if not (PLOTLY_FOLDER / PLOTLY_FILE).is_file():
        st.plotly_chart(figure, key=key, height=height, alt=alt)
        return

    # Bytes reach the browser as they are; a dict would be turned into JSON once more, with NaN in it, which the browser refuses.
    _draw(key=key, data=_message(figure, key=key, height=height, alt=alt), height=height)


def _message(figure: go.Figure, *, key: str, height: int, alt: str) -> bytes:
    """What one tick sends: JSON without blanks, NaN as null, NumPy arrays as base64 of their own bytes (4 a value for float32)."""
    content = figure.to_plotly_json()
    # Plotly's standard template is 7 kB at every tick, and its colours are for a light page only; ours is made in the browser.
    content["layout"].pop("template", None)
    message = {"figure": content, "name": key, "height": height, "alt": alt, "library": _library_url()}
    return json.dumps(message, cls=PlotlyJSONEncoder, separators=(",", ":")).encode()


def _library_url() -> str:
    """The address of Plotly's JavaScript on this server; with the version, so that no browser keeps an older one."""
    # Declared at each call: it is a dictionary entry in the running server, which may not be the one that first imported this module.
    library = components_v1.declare_component("plotly", path=PLOTLY_FOLDER)
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    prefix = f"/{base}" if base else ""
    return f"{prefix}/component/{library.name}/{PLOTLY_FILE}?v={plotly.__version__}"
