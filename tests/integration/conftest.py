"""Run of every integration test on each kind of database.

Marks name the exceptions: `sqlite_only`, `postgresql_only` and `no_database`.
"""

import os
from collections.abc import Iterator

import pytest
from tests.support.stores import Store, chosen, close_all, server_was_used, using

ON_EACH = [Store.SQLITE] if os.environ.get("HYPOTHESIS_PROFILE") == "mutants" else list(Store)
"""Kinds of database on which a test without a mark runs. Mutants of pure rules need one, since each has a process."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each kind of database."""
    marked = metafunc.definition.get_closest_marker
    if marked("no_database"):
        return
    only = {"sqlite_only": Store.SQLITE, "postgresql_only": Store.POSTGRESQL}
    stores = [store for name, store in only.items() if marked(name)] or ON_EACH
    metafunc.parametrize("store", stores, ids=[store.value for store in stores], indirect=True)


@pytest.fixture(autouse=True)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """The kind of database on which the test runs."""
    chooses_itself = request.node.get_closest_marker("postgresql_only") is not None  # may use a server of its own
    with using(getattr(request, "param", Store.SQLITE)):
        yield chosen()
        idle = chosen() is Store.POSTGRESQL and not server_was_used() and not chooses_itself
    assert not idle, "the test used no database on the server: make it use one, or mark it no_database or sqlite_only"


def pytest_sessionfinish() -> None:
    """Close the databases that were kept."""
    close_all()
