"""What people wrote, in a form fit for a message."""


def shorten(text: str, length: int = 60) -> str:
    """A hostile or long name in a form fit for one line of a message: printable, and cut."""
    printable = "".join(c if c.isprintable() else " " for c in text[: length + 1])
    return printable if len(printable) <= length else printable[: length - 3] + "..."
