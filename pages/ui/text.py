"""Text that somebody else wrote (headers, labels, file names), made harmless where it is shown."""

import html
import re

_MARKS = "\\`*_{}[]()#+-!|<>$~:"


def literal(text: str) -> str:
    """Text that may hold anything, safe inside markdown."""
    for mark in _MARKS:
        text = text.replace(mark, f"\\{mark}")
    # Icons (:material/home:), emoji (:dog:) and links are looked for after the marks were read: a word joiner, which has no width, parts them.
    return re.sub(r":(?=\S)", ":\u2060", text)


def label(text: str) -> str:
    """The same inside a Plotly figure, which reads names as a kind of HTML."""
    return html.escape(text, quote=False)
