"""What is asked of a script while it runs: ticks of a page that was left, which would blank the next, and clicks that wait.

A fragment that redraws itself every second is asked for by the browser. Where a click leads to another page by
`st.switch_page`, the browser still asks for it until it hears of the new page. Such a request waits for the new page's
script to end, and is then run as a run of the old page, without the fragment, which is gone: the browser takes it for a
change of pages and clears what it shows (seen with Streamlit 1.67; links in the navigation are not concerned, since the
browser stops its clocks itself where it changes the page). So a waiting request for fragments of another page than the
one that has just run is put down.
"""

from functools import cache

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequest, ScriptRequests, ScriptRequestType


@cache
def drop_late() -> None:
    """Makes this server drop them; once is enough, more often does no harm."""
    asked_next = ScriptRequests.on_scriptrunner_ready

    def ready(self: ScriptRequests) -> ScriptRequest:
        request = asked_next(self)
        return asked_next(self) if _late(request) else request

    ScriptRequests.on_scriptrunner_ready = ready  # type: ignore[method-assign]


def _late(request: ScriptRequest) -> bool:
    """Whether fragments are asked for of another page than the one that this thread has just run, if it has run any."""
    if request.type is not ScriptRequestType.RERUN or not request.rerun_data.fragment_id_queue:
        return False
    context = get_script_run_ctx(suppress_warning=True)
    here = context.page_script_hash if context is not None else ""
    return bool(here) and request.rerun_data.page_script_hash != here


def clicked() -> bool:
    """Whether something was clicked since this script began to run, and waits for its end; ticks do not count."""
    context = get_script_run_ctx(suppress_warning=True)
    requests = context.script_requests if context is not None else None
    if requests is None or requests._state is not ScriptRequestType.RERUN:
        return False
    asked = requests._rerun_data
    widgets = asked.widget_states.widgets if asked.widget_states is not None else ()
    return not asked.is_auto_rerun or any(widget.trigger_value for widget in widgets)  # a tick since then has joined the click
