"""The world that tests of the life cycle happen in."""

from collections.abc import AsyncIterator

import pytest
from tests.support.world import World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A small world, new for each test."""
    small = World()
    yield small
    small.close()
