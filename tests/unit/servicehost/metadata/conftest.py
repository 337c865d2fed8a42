"""The documentation that the tests of this room read."""

import pytest
from tests.support.documented import Site


@pytest.fixture(scope="session")
def site() -> Site:
    """The documentation of a small service."""
    return Site()
