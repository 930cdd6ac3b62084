"""The command line, in this process or in one of its own, on small files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from calling import GAN, QUICK, Said, Trained, program
from toys import gc_classes
from warmth import kept_warm

from genomics.__main__ import main

_MINUTES = "20"  # longer than the suite takes


@pytest.fixture
def command(capfd) -> Callable[..., Said]:
    """Carries a command out in this process."""

    def run(*words: object) -> Said:
        capfd.readouterr()
        try:
            status = main([str(word) for word in words])
        except SystemExit as end:  # argparse
            status = int(end.code or 0)
        return Said(status, *capfd.readouterr())

    return run


@pytest.fixture(scope="session")
def queue(tmp_path_factory) -> Iterator[Path]:
    """Where runs wait for their turn, with a process kept warm that is there for every workspace which has this queue."""
    root = tmp_path_factory.mktemp("warm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENOMICS_SPARE_MINUTES", _MINUTES)
        with kept_warm(root):
            patch.undo()  # other files have no such process
            yield root / "queue"


@pytest.fixture(autouse=True)
def begins_warm(queue, tmp_path, monkeypatch) -> None:
    """What trains in the folder of a test begins at once."""
    monkeypatch.setenv("GENOMICS_SPARE_MINUTES", _MINUTES)
    (tmp_path / "queue").symlink_to(queue)


@pytest.fixture(scope="session")
def trained(tmp_path_factory) -> Trained:
    """Begun cold, as the first command of a person does."""
    folder = tmp_path_factory.mktemp("cli")
    data, workspace = folder / "toy.tsv", folder / "workspace"
    toy = gc_classes(400)
    rows = [f"{id}\t{toy.sequence(i)}\t{toy.classes[toy.labels[i]]}" for i, id in enumerate(toy.ids)]
    data.write_text("\n".join(["id\tsequence\tlabel", *rows]) + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GENOMICS_WORKSPACE", raising=False)
        patch.setenv("GENOMICS_SPARE_MINUTES", "0")
        predictor = program("train", data, "--architecture", "cnn", *QUICK, "--workspace", workspace, "--json")
        generator = program("train", data, "--architecture", "wgan_gp", *GAN, "--only", "class 1", "--workspace", workspace, "--json")
    assert predictor.status == generator.status == 0, predictor.err + generator.err
    return Trained(workspace, data, predictor, generator)
