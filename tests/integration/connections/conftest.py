"""Fixtures for tests of connections."""

from collections.abc import AsyncIterator

import pytest
from tests.support.world import World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A small installation, new for each test."""
    small = World()
    yield small
    small.close()
