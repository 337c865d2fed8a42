"""The documentation for the tests of this folder."""

import pytest
from tests.support.documented import Site


@pytest.fixture(scope="session")
def site() -> Site:
    """Return the documentation of a small service."""
    return Site()
