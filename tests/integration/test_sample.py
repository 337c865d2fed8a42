"""Tests of the sample data."""

import asyncio
from pathlib import Path

import pytest
from tests.support.stores import database_settings
from tests.support.world import ALL_CONNECTIONS, ALL_REQUESTS

from platform_api.identity.settings import SignIn
from platform_api.installation import first_start
from platform_api.installation.opening import open_database
from platform_api.installation.operators import NotPrepared
from platform_api.installation.settings import Keys, Settings
from platform_api.program import sample

CHEAP = SignIn(argon2_memory_kib=8, argon2_time_cost=1)


def settings_in(folder: Path) -> Settings:
    """Settings of an installation in a folder."""
    return Settings(database=database_settings(folder / "data.sqlite3"), keys=Keys(path=folder / "keys"), sign_in=CHEAP)


async def prepared(folder: Path) -> Settings:
    """An installation after its first start."""
    settings = settings_in(folder)
    await asyncio.to_thread(first_start.prepare, settings)
    return settings


async def test_the_sample_creates_its_connections(tmp_path: Path) -> None:
    """Every connection and request of the sample is created, and the password is printed."""
    settings = await prepared(tmp_path)

    told = await sample.make(settings)

    async with open_database(settings) as database:
        connections = await database.read(lambda tx: tx.all(ALL_CONNECTIONS))
        requests = await database.read(lambda tx: tx.all(ALL_REQUESTS))
    made = len(sample.ACTIVE) + len(sample.PENDING) + 1
    assert (made, made) == (len(connections), len(requests))
    assert "password" in told


async def test_the_sample_is_made_once(tmp_path: Path) -> None:
    """The second time, the error says how to reset a password, and nothing changes."""
    settings = await prepared(tmp_path)
    await sample.make(settings)

    with pytest.raises(sample.SampleExists):
        await sample.make(settings)


async def test_the_sample_needs_a_database(tmp_path: Path) -> None:
    """Before the first start, the error says what to do."""
    with pytest.raises(NotPrepared):
        await sample.make(settings_in(tmp_path))
