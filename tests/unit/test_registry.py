"""Finding what the modules of a package declare."""

import sys

import pytest

from genomics.registry import discover

KIND = "from typing import NamedTuple\nclass Kind(NamedTuple):\n    name: str\n    rank: int = 0\n"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A function that writes a package and returns its name, path and kind; the package is forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)

    def write(**modules: str):
        folder = tmp_path / "siblings"
        folder.mkdir()
        (folder / "__init__.py").write_text("")
        (folder / "kind.py").write_text(KIND)
        for name, text in modules.items():
            (folder / f"{name}.py").write_text(f"from siblings.kind import Kind\n{text}\n")
        import siblings.kind

        return "siblings", [str(folder)], siblings.kind.Kind

    yield write
    for name in set(sys.modules) - before:
        if name.split(".")[0] == "siblings":
            del sys.modules[name]


def found(package: tuple) -> dict:
    name, path, kind = package
    return discover(name, path, "THING", kind)


def test_every_module_that_declares_one_is_found_and_others_are_passed_over(package):
    things = found(package(one="THING = Kind('one')", two="THING = Kind('two')", inner="OTHER = 3"))
    assert list(things) == ["one", "two"]
    assert things["one"].name == "one"


def test_order_is_by_rank_then_name(package):
    things = found(package(a="THING = Kind('z', 1)", b="THING = Kind('b')", c="THING = Kind('a', 1)"))
    assert list(things) == ["b", "a", "z"]


def test_a_name_taken_twice_is_refused_and_the_second_module_named(package):
    with pytest.raises(ValueError, match=r'siblings.two.THING is called "same", and so is another one'):
        found(package(one="THING = Kind('same')", two="THING = Kind('same')"))


def test_a_constant_of_another_kind_is_refused(package):
    with pytest.raises(TypeError, match=r"siblings.one.THING is not Kind"):
        found(package(one="THING = 'one'"))


def test_a_package_without_any_gives_none(package):
    assert found(package()) == {}
