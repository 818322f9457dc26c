"""The program as a building: a package imports from those below it, and no module in a circle."""

from __future__ import annotations

import ast
from pathlib import Path

from support import ROOT

PROGRAM = ROOT / "explainer"
CORE = ["problems", "project", "memo", "workers"]
FLOORS = [
    "command", "starter", "preview", "site", "checks", "pages", "output", "figures", "charts",
    "notes", "voice", "text", "data", "core",
]  # fmt: skip
"""From the top down, as CONTRIBUTING.md draws them."""


def name_of(path: Path) -> str:
    parts = path.relative_to(PROGRAM).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def floor(module: str) -> str:
    first = module.split(".")[0]
    return "core" if first in CORE else first


def imports() -> dict[str, set[str]]:
    """What each module imports of ours, also where it does so late."""
    modules = {name_of(path): path for path in PROGRAM.rglob("*.py")}
    found: dict[str, set[str]] = {}
    for module, path in modules.items():
        named: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("explainer"):
                within = (node.module or "").removeprefix("explainer").lstrip(".")
                for alias in node.names:
                    whole = f"{within}.{alias.name}".lstrip(".")
                    named.add(whole if whole in modules else within)
        found[module] = named - {module, ""}
    return found


def test_a_package_imports_only_from_those_below_it() -> None:
    upward = [
        f"{module} imports {other}"
        for module, others in imports().items()
        for other in others
        if module and FLOORS.index(floor(other)) < FLOORS.index(floor(module))
    ]
    assert not upward


def test_no_module_is_imported_in_a_circle() -> None:
    graph = imports()
    done: set[str] = set()

    def visit(module: str, trail: list[str]) -> None:
        assert module not in trail, " → ".join([*trail[trail.index(module) :], module])
        if module not in done:
            for other in sorted(graph.get(module, ())):
                visit(other, [*trail, module])
            done.add(module)

    for module in graph:
        visit(module, [])


def test_nothing_else_stands_beside_the_packages() -> None:
    alone = {path.stem for path in PROGRAM.glob("*.py")}
    assert alone == {"__init__", "command", "site", *CORE}
    drawn = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for package in (path for path in PROGRAM.iterdir() if (path / "__init__.py").is_file()):
        assert f"    {package.name}/ " in drawn
