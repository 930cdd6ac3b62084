"""HTML that is changed in place, so that what moves does not flash, and what is hovered over or selected stays so.

`st.html` throws the old elements away when its text changes; this components-v2 component changes only what differs, on elements that
stay. Nothing in it may have a CSS transition: with one, a browser without graphics hardware paints sixty times a second, and the
training beside it loses a sixth of the processor.
"""

from pathlib import Path

import streamlit as st

_draw = st.components.v2.component(
    "genomics_live_html",
    html='<div class="live-html"></div>',
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def live_html(body: str, *, key: str) -> None:
    """Draws HTML of our own; call it again with the same key and the same structure, and its texts, widths and colours change in place.

    Args:
        body: every text in it that somebody else wrote has gone through `html.escape`; it is not cleaned again.
        key: unique on the page.
    """
    _draw(key=key, data=body, height="content")
