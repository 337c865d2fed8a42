"""The public interface of `servicehost`: names listed by its packages, documented, cheap to import and sufficient for the examples."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from tests.support.documentation import ROOT

import servicehost

FOLDER = Path(servicehost.__file__).parent
PAGE = (ROOT / "docs" / "servicehost.md").read_text(encoding="utf-8")
EXAMPLES = sorted((ROOT / "examples").rglob("*.py"))

INTERNAL = {"servicehost.binding"}
"""Packages without public names."""

ROOMS = sorted(f"servicehost.{folder.name}" for folder in FOLDER.iterdir() if (folder / "__init__.py").exists())


def listed(room: str) -> set[str]:
    """Return the names that a package lists."""
    return set(importlib.import_module(room).__all__)


def documented(room: str) -> set[str]:
    """Return the names that the page lists for a package, in the first column of its table."""
    section = PAGE.partition("## Public names\n")[2].partition(f"### `{room}`\n")[2].partition("\n### ")[0]
    rows = [row.split("|")[1] for row in section.splitlines() if row.startswith("| `")]
    return set(re.findall(r"`(\w+)`", " ".join(rows)))


@pytest.mark.parametrize("room", ["servicehost", *ROOMS])
def test_listed_names_can_be_imported(room: str) -> None:
    """Every listed name exists, is listed once, and is not private."""
    module = importlib.import_module(room)
    names = list(module.__all__)

    assert len(set(names)) == len(names)
    assert [] == [name for name in names if name.startswith("_") or not hasattr(module, name)]


@pytest.mark.parametrize("room", ROOMS)
def test_the_page_has_the_names_of_each_room(room: str) -> None:
    """The page lists exactly the public names."""
    assert listed(room) == documented(room)
    assert (room in INTERNAL) == (listed(room) == set())


def test_the_page_has_the_names_of_the_package() -> None:
    """The page lists the names of `servicehost` itself."""
    paragraph = PAGE.partition("## Public names\n")[2].partition("\n### ")[0].partition("most services need:")[2]

    assert listed("servicehost") == set(re.findall(r"`(\w+)`", paragraph))


def test_the_package_lists_names_of_its_rooms() -> None:
    """Each name of `servicehost` is the same object in exactly one package."""
    for name in servicehost.__all__:
        rooms = [importlib.import_module(room) for room in ROOMS if name in listed(room)]

        assert [getattr(servicehost, name)] == [getattr(room, name) for room in rooms], name


@pytest.mark.parametrize("room", ROOMS)
def test_public_classes_and_functions_have_docstrings(room: str) -> None:
    """Every public class, function and method has a docstring."""
    module = importlib.import_module(room)
    public = [(name, getattr(module, name)) for name in module.__all__]
    parts = [(name, thing) for name, thing in public if inspect.isclass(thing) or inspect.isfunction(thing)]
    methods = [
        (f"{name}.{attribute}", value)
        for name, thing in parts
        if inspect.isclass(thing)
        for attribute, value in vars(thing).items()
        if inspect.isfunction(value) and not attribute.startswith("_") and thing.__module__.startswith("servicehost")
    ]

    assert [] == [name for name, thing in [*parts, *methods] if not inspect.getdoc(thing)]


def test_an_unknown_name() -> None:
    """An unknown name of the package is the usual error."""
    with pytest.raises(AttributeError, match="module 'servicehost' has no attribute 'Hots'"):
        getattr(servicehost, "Hots")  # noqa: B009 - a type checker knows that there is none


def loaded(program: str) -> set[str]:
    """Return the modules that a Python process has loaded after running a program."""
    printing = f"{program}; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", printing], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_host_needs_no_database() -> None:
    """No part of `servicehost` imports the platform, or a database or mail library."""
    modules = loaded("; ".join(f"import {room}" for room in ["servicehost", *ROOMS]))

    assert "servicehost.http.app" in modules
    assert set() == modules & {"platform_api", "sqlalchemy", "sqlite3", "alembic", "aiosmtplib"}


def test_declaring_messages_loads_no_host() -> None:
    """The host and the server are imported on first use."""
    assert set() == loaded("import servicehost.contract") & {"servicehost.http", "servicehost.server", "jinja2"}
    assert {"servicehost.http", "servicehost.server"} <= loaded("from servicehost import Host, serve")


@pytest.mark.parametrize("program", EXAMPLES, ids=lambda path: path.name)
def test_examples_use_public_names_alone(program: Path) -> None:
    """Examples import only listed names of `servicehost`, and nothing private."""
    tree = ast.parse(program.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and _is_host(node.module)]
    private = [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _is_private_of_others(node)]

    assert set() == {alias.name for node in imports for alias in node.names} - _public(imports)
    assert {node.module for node in imports} <= {"servicehost", *ROOMS}
    assert [] == private


def _is_host(module: str | None) -> bool:
    return module is not None and module.split(".")[0] == "servicehost"


def _is_private_of_others(node: ast.Attribute) -> bool:
    own = isinstance(node.value, ast.Name) and node.value.id == "self"
    return node.attr.startswith("_") and not node.attr.startswith("__") and not own


def _public(imports: list[ast.ImportFrom]) -> set[str]:
    modules: list[ModuleType] = [importlib.import_module(node.module or "") for node in imports]
    return {name for module in modules for name in module.__all__}


def test_the_greeter_has_two_messages_and_one_handler() -> None:
    """The first example has two classes, one function and at most thirty lines that are not blank."""
    text = (ROOT / "examples" / "greeter" / "greeter.py").read_text(encoding="utf-8")
    body = ast.parse(text).body

    assert ["HelloResponse", "Hello"] == [node.name for node in body if isinstance(node, ast.ClassDef)]
    assert ["hello"] == [node.name for node in body if isinstance(node, ast.AsyncFunctionDef)]
    assert len([line for line in text.splitlines() if line.strip()]) <= 30
