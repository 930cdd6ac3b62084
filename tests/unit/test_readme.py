"""What README.md says is what the code does."""

import importlib
import re
import sys
from pathlib import Path

import pytest

import genomics
from genomics import hyper, recipe
from genomics.architectures import ARCHITECTURES, Architecture
from genomics.commands import architectures
from genomics.generators import GENERATORS
from genomics.sequences import Layout

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_table_of_architectures_is_the_generated_one():
    table = re.search(r"checked by a test -->\n\n(.*?)\n\n<!-- end of architectures", README, re.DOTALL)

    assert table is not None
    assert table.group(1) == architectures.markdown(), "run: python -m genomics architectures --markdown"
    assert all(f"| `{name}` |" in table.group(1) for name in [*ARCHITECTURES, *GENERATORS])


def test_the_notebook_session_plans_the_run_it_shows(tmp_path, monkeypatch):
    session = next(block for block in BLOCKS if "import genomics as gs" in block)
    monkeypatch.setenv("GENOMICS_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.chdir(tmp_path)
    genomics.samples.write("promoters", tmp_path / "promoters.tsv")
    before_training = session.split("gs.training.train")[0]
    names: dict[str, object] = {}

    exec(before_training, names)  # the README's own lines

    assert 8 <= len(session.strip().splitlines()) <= 12
    planned = recipe.from_json(genomics.runs.asked(names["folder"]))
    assert (planned.architecture, planned.fit.epochs, planned.config.kernel_size) == ("cnn", 20, 11)


@pytest.mark.parametrize("name", sorted(genomics.__dir__()))
def test_everything_the_package_offers_is_there(name):
    if name not in ("generating", "prediction", "training"):  # these load Keras: the notebook's training test does
        assert getattr(genomics, name) is not None


def test_the_architecture_of_the_readme_is_one_and_its_drawing_counts_right(tmp_path, monkeypatch):
    code = next(block for block in BLOCKS if "ARCHITECTURE = " in block)
    (tmp_path / "readme_tiny.py").write_text(code, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("readme_tiny")
    sys.modules.pop("readme_tiny")

    tiny = module.ARCHITECTURE
    config, layout = hyper.make(tiny.Config, {}), Layout(40, "left")
    model = tiny.build(config, (40,), 1)

    assert isinstance(tiny, Architecture)
    assert model.count_params() == sum(layer.parameters for layer in tiny.layers(config, layout, 1))


def test_every_file_it_points_to_is_there():
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)

    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
