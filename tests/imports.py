"""Who imports whom, read from the source without running it."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

OURS = ("genomics", "pages", "app")
BY_NAME = "importlib.import_module"


class Import(NamedTuple):
    name: str  # a module of ours in full, the first part of another's, or BY_NAME
    where: str  # module, function or typing
    line: int

    @property
    def ours(self) -> bool:
        return self.name.split(".")[0] in OURS


class Module(NamedTuple):
    path: str
    lines: int
    imports: list[Import]


Project = dict[str, Module]


def project_of(sources: dict[str, str]) -> Project:
    """The modules of a project by name, from each file's path and text."""
    paths = {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in sources}
    return {
        name: Module(path, sources[path].count("\n"), list(_imports(name, path, ast.parse(sources[path]), set(paths))))
        for name, path in paths.items()
    }


def loads(project: Project, module: str) -> Iterator[str]:
    """The modules of ours that importing one imports at once; what lies in a package loads the package."""
    for name in {i.name for i in project[module].imports if i.where == "module" and i.ours}:
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            part = ".".join(parts[:end])
            if part in project and part != module and not module.startswith(part + "."):
                yield part


def reached(project: Project, start: str) -> dict[str, str]:
    """Every module of ours that importing one loads in the end, as a chain: each with the chain that leads to it."""
    found, waiting = {start: start}, [start]
    while waiting:
        module = waiting.pop()
        for name in loads(project, module):
            if name not in found:
                found[name] = f"{found[module]} -> {name}"
                waiting.append(name)
    return found


def circles(project: Project) -> Iterator[str]:
    """Modules that import themselves in the end, by depth-first search."""
    done: set[str] = set()

    def follow(module: str, way: list[str]) -> Iterator[str]:
        if module in way:
            yield " -> ".join([*way[way.index(module) :], module])
        elif module not in done:
            for name in sorted(loads(project, module)):
                yield from follow(name, [*way, module])
            done.add(module)

    for module in sorted(project):
        yield from follow(module, [])


def _imports(module: str, path: str, tree: ast.AST, known: set[str]) -> Iterator[Import]:
    package = module.split(".") if path.endswith("__init__.py") else module.split(".")[:-1]
    aliases: set[str] = set()

    def named(base: str, name: str = "") -> str:
        full = f"{base}.{name}" if name else base
        if full in known:
            return full
        return base if base.split(".")[0] in OURS else base.split(".")[0]

    def visit(node: ast.AST, where: str) -> Iterator[Import]:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                where = "function"
            case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
                where = "typing"
            case ast.Import(names=names):
                aliases.update(alias.asname or alias.name for alias in names if alias.name == "genomics")
                yield from (Import(named(alias.name), where, node.lineno) for alias in names)
            case ast.ImportFrom(names=names):
                above = package[: len(package) - node.level + 1] if node.level else []
                base = ".".join([*above, *filter(None, [node.module])])
                yield from (Import(named(base, alias.name), where, node.lineno) for alias in names)
            case ast.Attribute(value=ast.Name(id=name), attr=part) if name in aliases and f"genomics.{part}" in known:
                yield Import(f"genomics.{part}", "module", node.lineno)  # the package loads its parts on first use
            case ast.Attribute(attr="import_module") | ast.Name(id="import_module" | "__import__"):
                yield Import(BY_NAME, where, node.lineno)
            case ast.Call(func=ast.Name(id="discover")):  # see genomics.registry
                yield from (Import(name, "module", node.lineno) for name in known if name.rpartition(".")[0] == module)
        for child in ast.iter_child_nodes(node):
            yield from visit(child, where)

    return visit(tree, "module")
