"""Tests that the table of error codes is complete, in the code and on its page."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import platform_api
import servicehost
from platform_api.foundation.error_codes import ErrorCode
from servicehost.contract.errors import ServiceError, ServiceUnavailable

PAGE = Path(__file__).parents[4] / "docs" / "errors.md"


def errors_of(kind: type[ServiceError]) -> Iterator[type[ServiceError]]:
    """An error class and all classes derived from it."""
    yield kind
    for derived in kind.__subclasses__():
        yield from errors_of(derived)


def test_every_error_of_the_code_is_in_the_table() -> None:
    """Each error class has a code of the table, with the status of the table."""
    for package in (servicehost, platform_api):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)

    ours = [each for each in errors_of(ServiceError) if each.__module__.startswith(("servicehost.", "platform_api."))]
    known = {each.name: each.status for each in ErrorCode}
    assert {} == {each.__name__: each.code for each in ours if known.get(each.code) != each.status}


def test_every_unavailability_says_when_to_try_again() -> None:
    """Each error with status 503 has a Retry-After header."""
    unavailable = [each for each in errors_of(ServiceError) if each.status == 503]
    made = [each("Try again.") if each is ServiceUnavailable else each() for each in unavailable]  # type: ignore[call-arg]

    assert {"DatabaseBusy", "CommitFailed", "DatabaseClosed"} <= {each.__name__ for each in unavailable}
    assert [] == [type(error).__name__ for error in made if int(error.headers.get("Retry-After", 0)) < 1]


def test_every_code_is_on_the_page() -> None:
    """The page has one row for each code and no other rows."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]

    assert [f"| `{each.name}` | {each.status} | {each.when} |" for each in ErrorCode] == rows
