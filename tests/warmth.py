"""The process kept warm, for tests that train: they then begin in a tenth of a second instead of five."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toys import wait_for

from genomics import jobs, spares

SECONDS = 120  # for anything that is waited for; a quiet machine needs a tenth


def there(process: int) -> bool:
    """Whether a process lives; one that nobody has waited for yet does not."""
    try:
        return not Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].startswith(" Z")
    except FileNotFoundError:
        return False


def spare_of(root: Path) -> int:
    """The number of the workspace's spare process, as soon as it can serve."""
    return wait_for(lambda: spares.about(root).get("ready") and spares.about(root)["pid"], SECONDS)


@contextmanager
def kept_warm(root: Path) -> Iterator[None]:
    """A workspace with a spare process, of which nothing is left."""
    root.mkdir(parents=True, exist_ok=True)
    jobs.warm(root)
    try:
        yield
    finally:
        left = spares.about(root).get("pid")
        spares.dismiss(root)
        wait_for(lambda: not left or not there(left), SECONDS)
