"""Tests of notifications between nodes on PostgreSQL."""

import asyncio

import pytest
from tests.support import postgres

from platform_api.database.postgres.database import PoolSettings, connect_options
from platform_api.database.postgres.listening import Listening

pytestmark = pytest.mark.postgresql_only(reason="tests of the PostgreSQL room")


async def test_a_notification_right_before_the_end_does_not_delay_it() -> None:
    """Sending stops when it is told to, although a notification has just come in."""
    listening = Listening(postgres.server_url(), connect_options(PoolSettings()))
    woken: asyncio.Queue[None] = asyncio.Queue()
    listening.add("notes", lambda: woken.put_nowait(None))
    async with asyncio.timeout(20), listening.running():
        await woken.get()  # connected
        await woken.get()  # polled once, and waiting for a notification
        listening.notify(["notes"])
