"""The Train page before the start: how to open it, find its controls and read the command it shows."""

from stories import kept, zoo


def command(app) -> str:
    """The same from a terminal."""
    return app.code[-1].value


def ready(visit, own_workspace, kind="two classes"):
    return visit("train", data=kept(own_workspace, zoo()[kind]))


def key(prefix: str, setting: str, kind: str = "two classes") -> str:
    return f"{prefix}_{zoo()[kind].fingerprint}_{setting}"


def widgets(app) -> set[str]:
    """The keys of what can be set on the page."""
    kinds = (app.slider, app.select_slider, app.number_input, app.toggle, app.segmented_control, app.selectbox)
    return {widget.key for kind in kinds for widget in kind}


def choose(app, widget: str, value: str) -> None:
    """Picks one of a few words, however they are offered."""
    (found,) = [w for kind in (app.segmented_control, app.selectbox) for w in kind if w.key == widget]
    found.set_value(value).run()
    assert not app.exception
