"""A page that is left while a part of it redraws itself every second."""

from playwright.sync_api import expect
from screen import press, settled, title
from stories import kept
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from toys import gc_classes, wait_for


class Line:
    """A line to the server on which ticks wait; once another page begins to run, the last of them goes out after each word of it."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []
        self.left = ""  # the page that is about to be left, by the server's name for it
        self.leaving = False

    def connect(self, ours) -> None:
        """What the browser opens is handed on, both ways."""
        server = ours.connect_to_server()
        ours.on_message(lambda sent: self._outwards(server, sent))
        server.on_message(lambda sent: self._inwards(ours, server, sent))

    def _outwards(self, server, sent: bytes) -> None:
        asked = BackMsg.FromString(sent).rerun_script
        if asked.is_auto_rerun:
            self.waiting.append(sent)
            self.left = asked.page_script_hash
        else:
            server.send(sent)

    def _inwards(self, ours, server, sent: bytes) -> None:
        told = ForwardMsg.FromString(sent)
        if told.WhichOneof("type") == "new_session" and self.left not in ("", told.new_session.page_script_hash):
            self.leaving = True
        if self.leaving:
            server.send(self.waiting[-1])
        ours.send(sent)


def test_a_tick_of_the_page_that_was_left_does_not_blank_the_next(server, tab):
    fingerprint = kept(server.workspace, gc_classes(1200, 60, seed=5))
    page, line = tab("about:blank"), Line()
    page.route_web_socket("**/_stcore/stream", line.connect)
    page.goto(f"{server.url}/data?data={fingerprint}")  # begins to inspect it, and tells how far it is every second
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    wait_for(lambda: page.wait_for_timeout(50) or bool(line.waiting), 30)
    press(page, "Train a network")
    title(page, "Train a network")
    page.get_by_role("button", name="Choose ").last.click()  # by the time this is answered, the ticks were too
    settled(page)
    assert line.leaving
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()
    title(page, "Train a network")
