"""The layer table of the design, asserted on the source: who may import whom, and which library where.

Each rule turns a project into sentences about what breaks it. Each is also tried on a small project that breaks it.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.imports import BY_NAME, Project, circles, project_of, reached

ROOT = Path(__file__).resolve().parent.parent
ROWS = (
    "sequences kmers similarity hyper errors registry locks machine disk versions quiet",
    "dataset labelling io runs jobs turns requests detached spares",
    "architectures generators encoding split dealing audit motifs markov metrics samples recipe layouts fit estimate history inputs"
    " negatives tiling remedies intake writing portrait planning",
    "training evaluation interpretation scorecard design prediction applying generating shortcuts",
    "__main__ worker commands results terminal sweep report export plots words verdict lessons inspection groups listing cautions settings",
)
ROW_OF = {name: row for row, names in enumerate(ROWS) for name in names.split()}
NEW, UI, PAGE, APP = 4, 5, 6, 7
NETWORK = {"keras", "tensorflow"}
NOT_IN_THE_SERVER = NETWORK | {"sklearn"}
STANDARD_ONLY = {
    f"genomics.{name}"
    for name in ("runs", "disk", "jobs", "turns", "spares", "requests", "locks", "worker.__main__", "worker.line", "errors", "hyper")
}
BY_NAME_ALLOWED = ("genomics", "genomics.registry", "genomics.__main__")  # on first use; siblings; the one command asked for
MOST_LINES = 300

Rule = Callable[[Project], Iterator[str]]


def row_of(module: str) -> int:
    parts = module.split(".")
    if parts[0] == "app":
        return APP
    if parts[0] == "pages":
        return UI if parts[1:2] == ["ui"] else PAGE
    return ROW_OF.get(parts[1], NEW) if len(parts) > 1 else 0


def has_a_row(project: Project) -> Iterator[str]:
    for name in project:
        parts = name.split(".")
        if parts[0] == "genomics" and len(parts) > 1 and parts[1] not in ROW_OF:
            yield f"{name}: give it a row in test_layers.py"


def points_down(project: Project) -> Iterator[str]:
    for name, module in project.items():
        for i in module.imports:
            if i.ours and row_of(i.name) > row_of(name):
                yield f"{module.path}, line {i.line}: row {row_of(name)} imports {i.name} of row {row_of(i.name)}"


def imports_at_the_top(project: Project) -> Iterator[str]:
    for name, module in project.items():
        for i in module.imports:
            if i.ours and i.where == "function":
                yield f"{module.path}, line {i.line}: imports {i.name} inside a function"
            if i.name == BY_NAME and name not in BY_NAME_ALLOWED:
                yield f"{module.path}, line {i.line}: imports by name; give the reason in test_layers.py"


def has_no_circles(project: Project) -> Iterator[str]:
    yield from circles(project)


def has_each_library_in_its_place(project: Project) -> Iterator[str]:
    for name, module in project.items():
        for i in module.imports:
            if not i.ours and not _allowed(name, i.name, i.where):
                yield f"{module.path}, line {i.line}: {i.name} has no place in this file"


def _allowed(module: str, library: str, where: str) -> bool:
    place = module.split(".")[1] if module.startswith("genomics.") else ""
    row = row_of(module)
    if library == "streamlit":
        return row >= UI
    if library in NETWORK:
        in_function = where != "module" and place in ("architectures", "generators", "prediction", "generating")
        return place == "training" or module == "genomics.worker.child" or in_function
    if library in ("sklearn", "scipy"):
        later = module in ("genomics.similarity", "genomics.portrait.enrichment") and (library, where) == ("scipy", "function")
        return row == 3 or module == "genomics.worker.spare" or later
    if library == "plotly":
        return place == "plots" or row == UI
    if library == "optuna":
        return place == "sweep"
    if library == "Bio":
        return place == "io"
    if library == "pyarrow":
        return place in ("io", "dataset") or row >= 3
    return module not in STANDARD_ONLY or library.split(".")[0] in sys.stdlib_module_names


def is_light_where_it_must_be(project: Project) -> Iterator[str]:
    for start in sorted(STANDARD_ONLY & set(project)):
        yield from _heavy(project, start, lambda library: library.split(".")[0] not in sys.stdlib_module_names)


def keeps_networks_out_of_the_server(project: Project) -> Iterator[str]:
    for start in sorted(name for name in project if row_of(name) >= UI):
        yield from _heavy(project, start, NOT_IN_THE_SERVER.__contains__)


def _heavy(project: Project, start: str, unwanted: Callable[[str], bool]) -> Iterator[str]:
    for name, chain in reached(project, start).items():
        for i in project[name].imports:
            if i.where == "module" and not i.ours and unwanted(i.name):
                yield f"{chain} imports {i.name}"


def has_short_files(project: Project) -> Iterator[str]:
    for module in project.values():
        if module.lines > MOST_LINES:
            yield f"{module.path} has {module.lines} lines; one idea a file, at most {MOST_LINES}"


RULES = (
    has_a_row,
    points_down,
    imports_at_the_top,
    has_no_circles,
    has_each_library_in_its_place,
    is_light_where_it_must_be,
    keeps_networks_out_of_the_server,
    has_short_files,
)


@pytest.fixture(scope="module")
def project() -> Project:
    files = [*ROOT.glob("app.py"), *ROOT.glob("pages/**/*.py"), *ROOT.glob("genomics/**/*.py")]
    return project_of({path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in files})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_project(rule, project):
    assert len(project) > 20
    broken = "\n".join(rule(project))
    assert not broken, broken


def test_what_a_page_may_import_loads_no_network_library(project):
    by_pages = {name for start in project if row_of(start) >= UI for name in reached(project, start)}
    below = {name for name in project if row_of(name) < 3 or name.startswith("genomics.plots")}
    modules = sorted(name for name in by_pages | below if name.startswith("genomics"))
    assert "genomics.split" in modules
    check = f"import sys, {', '.join(modules)}; print(*sorted({NETWORK!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.stderr) == ("", "")


TOY = {
    "app.py": "import streamlit\n",
    "pages/train.py": "import streamlit\nfrom pages.ui import shell\nfrom genomics import jobs, architectures\n",
    "pages/ui/shell.py": "import streamlit, plotly\n",
    "genomics/__init__.py": "import importlib\n",
    "genomics/errors.py": "",
    "genomics/runs.py": "import os\nfrom genomics.errors import RunError\n",
    "genomics/jobs.py": "from genomics import runs\n",
    "genomics/registry.py": "import importlib\n",
    "genomics/architectures/__init__.py": "from genomics.registry import discover\nALL = discover(__name__, __path__)\n",
    "genomics/architectures/cnn.py": "if TYPE_CHECKING:\n    import keras\ndef build():\n    import keras\n",
    "genomics/training/__init__.py": "from .loop import go\n",
    "genomics/training/loop.py": "import keras\nfrom genomics import architectures\n",
    "genomics/worker/child.py": "import tensorflow\nfrom genomics.training import train\n",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_small_project(rule):
    assert list(rule(project_of(TOY))) == []


@pytest.mark.parametrize(
    ("rule", "path", "text", "says"),
    [
        (has_a_row, "genomics/utils.py", "", "genomics.utils: give it a row in test_layers.py"),
        (points_down, "genomics/runs.py", "from genomics import training", "row 1 imports genomics.training of row 3"),
        (points_down, "genomics/jobs.py", "def f():\n    from pages.ui import shell", "row 1 imports pages.ui.shell of row 5"),
        (points_down, "pages/ui/shell.py", "import app", "row 5 imports app of row 7"),
        (imports_at_the_top, "genomics/jobs.py", "def f():\n    from . import runs", "imports genomics.runs inside a function"),
        (imports_at_the_top, "genomics/jobs.py", "def f():\n    importlib.import_module('x')", "line 2: imports by name"),
        (has_no_circles, "genomics/runs.py", "from . import jobs", "genomics.jobs -> genomics.runs -> genomics.jobs"),
        (has_no_circles, "genomics/architectures/cnn.py", "import genomics.training.loop", "genomics.architectures.cnn -> "),
        (has_each_library_in_its_place, "genomics/jobs.py", "import streamlit.runtime", "line 1: streamlit has no place"),
        (has_each_library_in_its_place, "genomics/runs.py", "def f():\n    import numpy as np", "line 2: numpy has no place"),
        (has_each_library_in_its_place, "genomics/architectures/cnn.py", "from keras import layers", "keras has no place"),
        (has_each_library_in_its_place, "pages/train.py", "import plotly.express", "plotly has no place"),
        (has_each_library_in_its_place, "genomics/split.py", "from sklearn import cluster", "sklearn has no place"),
        (has_each_library_in_its_place, "genomics/split.py", "import pyarrow", "pyarrow has no place"),
        (has_each_library_in_its_place, "genomics/dataset.py", "import Bio.Seq", "Bio has no place"),
        (has_each_library_in_its_place, "genomics/report.py", "import optuna", "optuna has no place"),
        (
            is_light_where_it_must_be,
            "genomics/errors.py",
            "import numpy",
            "genomics.jobs -> genomics.runs -> genomics.errors imports numpy",
        ),
        (keeps_networks_out_of_the_server, "app.py", "import genomics as gs\ngs.training", "genomics.training.loop imports keras"),
        (keeps_networks_out_of_the_server, "pages/new.py", "import genomics.training.new", "genomics.training.loop imports keras"),
        (
            keeps_networks_out_of_the_server,
            "genomics/architectures/rnn.py",
            "import keras",
            "pages.train -> genomics.architectures -> genomics.architectures.rnn imports keras",
        ),
        (has_short_files, "genomics/jobs.py", "\n" * 301, "genomics/jobs.py has 301 lines"),
    ],
)
def test_a_broken_project(rule, path, text, says):
    assert any(says in sentence for sentence in rule(project_of(TOY | {path: text})))
