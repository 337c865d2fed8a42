"""The structure that docs/architecture.md describes: doors of packages, private stores, unique names."""

import ast
import importlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import grimp
import pytest
from tests.support.catalog import the_platform

from platform_api.database.statements import Command, Query

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src"
PLATFORM = SOURCES / "platform_api"

PUBLIC_ROOMS = {
    "database": "units, columns and statements: each module is a tool of its own",
    "foundation": "values and small rules: each module is a tool of its own",
    "installation": "settings, keys, logs and the first start, for the programs above it",
    "lists": "pages of rows",
    "program": "commands and servers: only the entry points import it",
}
"""Packages without a door: others import their modules. Each with the reason."""

TOP = frozenset({"platform_api", "platform_api.__main__", "platform_api.app", "platform_api.wiring"})
"""Modules at the root. Nothing below imports them."""

KINDS = re.compile(r"sqlite|postgres|asyncpg|psycopg|pragma|rowid", re.IGNORECASE)
"""Words of one kind of database."""

PURE = frozenset({"errors", "facts", "messages", "rules", "settings", "time_zones", "values", "visibility", "wording"})
"""Names of modules without a database. They may be imported by pure modules of other packages, since a door leads to all."""

SAME_NAME: dict[str, str] = {}
"""Class names that stand twice, each with the reason."""


@cache
def graph() -> grimp.ImportGraph:
    """The imports between the modules of the platform."""
    return grimp.build_graph("platform_api", cache_dir=None)


def package_of(module: str) -> str:
    """The package that a module of the platform belongs to; empty for modules at the root."""
    return "" if module in TOP else module.split(".")[1]


def packages() -> list[str]:
    """The packages of the platform."""
    return sorted(path.parent.name for path in PLATFORM.glob("*/__init__.py"))


def doors() -> list[str]:
    """The packages that others import through their door."""
    return [package for package in packages() if package not in PUBLIC_ROOMS]


def role_of(module: str) -> str:
    """The name that tells what a module of a package holds: the part after the package."""
    return ".".join(module.split(".")[2:3])


def is_pure(role: str) -> bool:
    """Whether a module with this role depends on no database."""
    return role in PURE or role.endswith("_rules")


def may_import(importer: str, imported: str) -> bool:
    """Whether a module may import a module of another package."""
    role, target = role_of(importer), role_of(imported)
    if target in ("", "tables"):
        return True
    if target == "wiring":
        return role == "wiring" or importer in TOP
    if target == "settings" and (role == "wiring" or package_of(importer) == "installation"):
        return True
    return is_pure(target) and is_pure(role)


def modules(*, of_stores: bool | None = None) -> Iterator[tuple[str, ast.Module]]:
    """The modules of the platform outside `database/`, parsed; only those of stores, or none of these."""
    for path in sorted(PLATFORM.rglob("*.py")):
        parts = path.relative_to(SOURCES).with_suffix("").parts
        is_store = "store" in parts
        if parts[1] != "database" and of_stores in (None, is_store):
            yield ".".join(part for part in parts if part != "__init__"), ast.parse(path.read_text())


@pytest.mark.parametrize(
    ("expected", "importer", "imported"),
    [
        (True, "platform_api.accounts.services", "platform_api.contacts"),
        (True, "platform_api.accounts.store", "platform_api.contacts.tables"),
        (True, "platform_api.accounts.proof_rules", "platform_api.contacts.values"),
        (True, "platform_api.accounts.wiring", "platform_api.connections.wiring"),
        (True, "platform_api.wiring", "platform_api.connections.wiring"),
        (True, "platform_api.installation.settings.sections", "platform_api.accounts.settings"),
        (False, "platform_api.accounts.services", "platform_api.contacts.values"),
        (False, "platform_api.accounts.services", "platform_api.contacts.store"),
        (False, "platform_api.accounts.store", "platform_api.identity.store.users"),
        (False, "platform_api.accounts.proof_rules", "platform_api.identity.store"),
        (False, "platform_api.accounts.services", "platform_api.connections.wiring"),
        (False, "platform_api.accounts.services", "platform_api.identity.settings"),
        (False, "platform_api.wiring", "platform_api.accounts.services"),
    ],
)
def test_modules_that_another_package_may_import(expected: bool, importer: str, imported: str) -> None:
    """The door and the tables always; pure modules from pure modules; wiring and settings where packages are built."""
    assert expected is may_import(importer, imported)


def test_packages_are_imported_through_their_doors() -> None:
    """A package uses the door and the tables of another; pure modules use its pure modules; wiring uses its wiring."""
    found = {
        (importer, imported)
        for importer in graph().modules
        for imported in graph().find_modules_directly_imported_by(importer)
        if package_of(imported) in doors()
        and package_of(imported) != package_of(importer)
        and not may_import(importer, imported)
    }
    assert set() == found


@pytest.mark.parametrize("package", doors())
def test_each_door_lists_its_names(package: str) -> None:
    """A docstring says what the package is for, and `__all__` lists what others may use: values, functions, no statements."""
    door = importlib.import_module(f"platform_api.{package}")
    assert door.__doc__
    assert [] == [name for name in door.__all__ if isinstance(getattr(door, name), Query | Command | ModuleType)]


def test_only_listed_names_are_used_through_doors() -> None:
    """`journal.append` is in `__all__` of the package; `journal.store` is not."""
    found = {
        f"{module}: {use}"
        for module, tree in modules()
        for use in _uses_of_doors(tree)
        if use.split(".")[0] != package_of(module) and not _is_listed(use)
    }
    assert set() == found


def _uses_of_doors(tree: ast.Module) -> Iterator[str]:
    """`package.name` for each name that is used through a door."""
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "platform_api":
            aliases |= {each.asname or each.name: each.name for each in node.names if each.name in doors()}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.count(".") == 1:
            package = node.module.split(".")[1]
            if package in doors():
                yield from (f"{package}.{each.name}" for each in node.names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
            yield f"{aliases[node.value.id]}.{node.attr}"


def _is_listed(use: str) -> bool:
    package, name = use.split(".")
    return name in importlib.import_module(f"platform_api.{package}").__all__ or name in ("tables", "wiring")


def test_statements_are_made_in_stores_only() -> None:
    """No other module outside `database/` imports `Query` or `Command`."""
    found = {
        module
        for module, tree in modules(of_stores=False)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        and any(each.name in ("Query", "Command", "platform_api.database.statements") for each in node.names)
    }
    assert set() == found


def test_statements_are_run_in_stores_only() -> None:
    """`tx.one`, `tx.all` and `tx.execute` are called nowhere else outside `database/`."""
    found = {
        f"{module}:{node.lineno}"
        for module, tree in modules(of_stores=False)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("one", "all", "execute")
        and isinstance(node.value, ast.Name)
        and node.value.id == "tx"
    }
    assert set() == found


def test_statements_stay_in_their_stores() -> None:
    """Names of statements begin with an underscore, and no module imports such a name from another."""
    found = {
        f"{module.__name__}.{name}"
        for module in _stores()
        for name, value in vars(module).items()
        if isinstance(value, Query | Command) and not name.startswith("_")
    }
    taken = {
        f"{module}: {node.module}.{each.name}"
        for module, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and "store" in (node.module or "").split(".")
        for each in node.names
        if each.name.startswith("_")
    }
    assert (set(), set()) == (found, taken)


def _stores() -> Iterator[ModuleType]:
    for name, _tree in modules(of_stores=True):
        yield importlib.import_module(name)


def test_periodic_units_are_made_in_upkeep_only() -> None:
    """Each package has them in `upkeep.py`, made by `periodic_units`; the schedule itself has one, the repair."""
    places = {
        (package_of(module), role_of(module), function.name)
        for module, tree in modules()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "PeriodicUnit"
    }
    units = [unit.name for package in the_platform().packages for unit in package.periodic_units]
    packages = {package for package, *_ in places} - {"schedule"}
    assert {("schedule", "repair", "repair")} | {(each, "upkeep", "periodic_units") for each in packages} == places
    assert len(set(units)) == len(units) >= len(packages)


def test_the_architecture_lists_every_package_in_the_order_of_imports() -> None:
    """A package has a row in docs/architecture.md, which stands where the import contract has its layer."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if "platform_api.foundation" in each.get("layers", ()))
    rows = re.findall(r"^\| `(\w+)/` \|", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE)
    listed = [row for row in rows if row in packages()]
    ordered = [layer.removeprefix("platform_api.") for layer in reversed(layers)]
    assert (packages(), [each for each in ordered if each in packages()]) == (sorted(listed), listed)


def test_class_names_are_unique() -> None:
    """A class has one name and a name one class, in both packages. Private classes are local to their file."""
    places = defaultdict(list)
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path.relative_to(SOURCES)))
    assert {} == {name: found for name, found in places.items() if len(found) > 1 and name not in SAME_NAME}


def test_nothing_above_the_database_names_a_kind_of_database() -> None:
    """No source outside `database/` has a word of either database: neither code nor comments nor templates."""
    sources = [path for path in PLATFORM.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    above = [path for path in sources if not path.is_relative_to(PLATFORM / "database")]
    found = [
        f"{path.relative_to(PLATFORM)}: {word}" for path in above for word in KINDS.findall(path.read_text("utf-8"))
    ]

    assert [] == found
    assert len(above) > 100
