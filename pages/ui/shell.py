"""The frame round every page: navigation, title, and the guard that makes a deep link to a fresh server work."""

from contextvars import ContextVar
from pathlib import Path

import streamlit as st

from pages.ui import state, ticks

_ROUTED = ContextVar("routed", default=False)  # whether app.py runs the page: of this run alone, where a session may have two at once
_ROOT = Path(__file__).resolve().parents[2]
_ICON = str(Path(__file__).with_name("icon.svg"))
_PAGES = (
    ("start", "Start", "home"),
    ("data", "Data", "genetics"),
    ("train", "Train", "model_training"),
    ("results", "Results", "monitoring"),
    ("generate", "Generate", "auto_awesome"),
    ("runs", "Runs", "history"),
)
_STYLE = """
<style>
.stMainBlockContainer { max-width: 1320px; }
.bases { font-family: var(--st-code-font, monospace); white-space: pre; overflow-x: auto; font-size: 0.86rem; line-height: 1.55; letter-spacing: 0.04em; }
.bases .n { opacity: 0.7; } .bases .name { opacity: 0.8; }
/* Contrast of at least 4.5, where Streamlit's own colours have less: captions, code, axes, and the text of primary buttons in the dark theme. */
[data-testid="stCaptionContainer"] { opacity: 0.75 !important; } [data-testid="stCode"] .token { color: inherit !important; }
.stPlotlyChart :is(.xtick, .ytick, .g-xtitle, .g-ytitle, .legend, .colorbar) text { fill: currentColor !important; }
[data-testid="stBaseButton-primary"]:enabled, [data-testid="stBaseButton-primaryFormSubmit"]:enabled { color: light-dark(#FFFFFF, #12141C) !important; }
[data-testid="stLayoutWrapper"]:has(> .st-key-history_steps) { position: absolute; }
</style>
"""
# Streamlit adds a step to the browser's history whenever the query changes. Where that only completes an address (after a click on the
# navigation, or by a job in hand), Back would lead to the same page again: there the step replaces the one before it.
_HISTORY = """
<script>
history.pushState = (kept, title, url) => {
  const to = new URL(url, location.href), ids = (at) => ["data", "run"].map((id) => at.searchParams.get(id)).join();
  const completes = to.pathname === location.pathname && (!location.search || ids(to) === ids(new URL(location.href)));
  History.prototype[completes ? "replaceState" : "pushState"].call(history, kept, title, url);
};
</script>
"""


def pages() -> dict[str, st.Page]:
    """The pages by name, in the order of the navigation."""
    return {
        name: st.Page(_ROOT / "pages" / f"{name}.py", title=title, icon=f":material/{icon}:", url_path=name, default=name == "start")
        for name, title, icon in _PAGES
    }


def route() -> None:
    """Runs the page that was asked for; called by `app.py` alone."""
    ticks.drop_late()
    _configure()
    page = st.navigation(list(pages().values()), position="top")
    st.html(_STYLE)
    with st.container(key="history_steps"):
        st.html(_HISTORY, unsafe_allow_javascript=True)
    routed = _ROUTED.set(True)
    try:
        page.run()
        state.publish()
    finally:
        _ROUTED.reset(routed)


def _configure() -> None:
    # Without an icon of our own Streamlit makes one of the page's Material icon, with a request to the outside.
    st.set_page_config(page_title="Genomics Studio", page_icon=_ICON, layout="wide")


def guard(name: str) -> None:
    """The first line of each page. Where Streamlit ran the page alone (a deep link to a fresh server), goes through app.py.

    Args:
        name: of the page.
    """
    if _ROUTED.get():
        st.session_state.pop("_rerouted", None)
        state.sync()
        state.publish()
        if name != "train":
            state.start_fresh()
        return
    if st.session_state.get("_rerouted"):
        st.error("This page is a part of Genomics Studio. Start it with: streamlit run app.py")
        st.stop()
    st.session_state["_rerouted"] = True
    _configure()
    st.navigation(list(pages().values()), position="hidden")
    st.rerun()


def go(name: str) -> None:
    """Opens a page, keeping the dataset and the run in hand."""
    st.switch_page(pages()[name], query_params=state.query())
