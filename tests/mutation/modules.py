"""The modules under mutation testing and their tests: `[tool.mutants]` in pyproject.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Module:
    """A module and its own tests.

    Attributes:
        path: path relative to the root of the project.
        tests: test files, or directories of them, that must detect every change of the module.
    """

    path: str
    tests: tuple[str, ...]


def modules(root: Path) -> list[Module]:
    """Return every module under mutation testing, by path."""
    return [Module(path, tuple(tests)) for path, tests in sorted(_settings(root)["tests"].items())]


def parts(root: Path) -> int:
    """Return the number of parts into which the modules are divided; `make check` tests one part a day."""
    return int(_settings(root)["parts"])


def part_of(found: list[Module], number: int, count: int, root: Path) -> list[Module]:
    """Return the modules of one part, counted from 1. The largest modules are assigned first, each to the smallest part."""
    dealt: list[list[Module]] = [[] for _ in range(count)]
    sizes = [0] * count
    for module in sorted(found, key=lambda each: (-_size(each, root), each.path)):
        smallest = sizes.index(min(sizes))
        dealt[smallest].append(module)
        sizes[smallest] += _size(module, root)
    return dealt[number - 1]


def _size(module: Module, root: Path) -> int:
    return (root / module.path).stat().st_size


def _settings(root: Path) -> dict[str, Any]:
    pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return dict(pyproject["tool"]["mutants"])


__all__ = ["Module", "modules", "part_of", "parts"]
