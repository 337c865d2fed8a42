"""Tests of the composition root: it builds every package, and nothing that packages add is lost."""

import pkgutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from tests.support.catalog import the_platform

import platform_api
from platform_api import wiring

ROOM = Path(platform_api.__file__).parent


def repeated(names: Iterable[object]) -> list[object]:
    """Return the values that occur more than once."""
    return [name for name, count in Counter(names).items() if count > 1]


def test_every_package_with_wiring_is_built() -> None:
    """The composition root imports the wiring of each package that has one."""
    found = {module.name for module in pkgutil.iter_modules([str(ROOM)]) if (ROOM / module.name / "wiring.py").exists()}
    imported = {
        value.__name__.split(".")[1] for value in vars(wiring).values() if isinstance(value, ModuleType) and value is not wiring
        and value.__name__.endswith(".wiring")
    }  # fmt: skip
    assert found == imported


def test_the_root_has_four_modules() -> None:
    """Everything else of the platform is in a package: the entries, and the composition root, are not."""
    modules = {module.name for module in pkgutil.iter_modules([str(ROOM)]) if not module.ispkg}
    assert {"__main__", "app", "wiring"} == modules


def test_no_two_packages_handle_one_request() -> None:
    """Each operation and each page is added once."""
    packages = the_platform().packages
    assert [] == repeated(request for each in packages for request in (*each.operations, *each.pages))


def test_periodic_units_have_names_of_their_own() -> None:
    """The schedule knows a unit by its name, so two of one name would be one."""
    assert [] == repeated(unit.name for each in the_platform().packages for unit in each.periodic_units)


def test_every_package_adds_something() -> None:
    """A package without operations, letters or periodic units needs no wiring."""
    idle = [
        each
        for each in the_platform().packages
        if not (each.operations or each.pages or each.letters or each.periodic_units or each.latest_instants)
    ]
    assert [] == idle
