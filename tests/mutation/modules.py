"""The modules whose tests are judged by mutation, and the tests that judge each of them: `[tool.mutants]` in pyproject.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Module:
    """A module and its own tests.

    Attributes:
        path: its path from the root of the project.
        tests: paths of the test files, or directories of them, that must notice every change of it.
    """

    path: str
    tests: tuple[str, ...]


def modules(root: Path) -> list[Module]:
    """Every module that mutation testing covers, by path."""
    return [Module(path, tuple(tests)) for path, tests in sorted(_settings(root)["tests"].items())]


def parts(root: Path) -> int:
    """The number of parts into which the modules are divided; `make check` tests one of them a day."""
    return int(_settings(root)["parts"])


def part_of(found: list[Module], number: int, count: int, root: Path) -> list[Module]:
    """The modules of one part, from 1. The largest modules are dealt out first, each to the smallest part."""
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
