"""Notifications between nodes: NOTIFY after commits, and a poll for lost ones.

A notification is not part of the transaction, because PostgreSQL would let transactions that notify commit only one after
the other. It is sent right after the commit, many at once, on the connection that also listens. A node that misses a
notification because a connection was lost detects the change at its next poll.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import asyncpg
import structlog

from platform_api.database.postgres.connecting import FIRST_PAUSE, LONGEST_PAUSE, connect

_log = structlog.get_logger(__name__)

CHANNEL: Final = "platform_api"

POLL_SECONDS: Final = 5.0
"""Interval at which every listener is woken, with or without notifications."""

_NOTIFY = "SELECT pg_notify($1, topic) FROM unnest($2::text[]) AS topic"


class Listening:
    """The listeners of one node.

    Args:
        url: address of the database.
        options: options of a connection.
    """

    def __init__(self, url: str, options: dict[str, Any]) -> None:
        self._url = url
        self._options = options
        self._listeners: dict[str, list[Callable[[], None]]] = {}
        self._unsent: set[str] = set()
        self._changed = asyncio.Event()

    def add(self, topic: str, wake: Callable[[], None]) -> None:
        """Call `wake` for each notification of `topic`."""
        self._listeners.setdefault(topic, []).append(wake)
        self._changed.set()

    def notify(self, topics: Iterable[str]) -> None:
        """Wake the listeners of this node now, and those of other nodes soon."""
        for topic in topics:
            self._wake(topic)
        self._unsent.update(topics)
        self._changed.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send and receive until the end of the `async with`."""
        task = asyncio.create_task(self._keep_connected())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _keep_connected(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                connection = await connect(self._url, self._options)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next attempt may succeed
                _log.warning("notifications are delayed", reason=str(error))
                self._wake_all()
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            pause = FIRST_PAUSE
            try:
                await connection.add_listener(CHANNEL, self._received)
                self._wake_all()  # notifications before this point were missed by this node
                await self._exchange(connection)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
                _log.warning("notifications are delayed", reason=str(error))
            finally:
                connection.terminate()

    async def _exchange(self, connection: "asyncpg.Connection[Any]") -> None:
        """Send queued notifications, and poll, until the connection is lost."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._changed.wait()
            self._changed.clear()
            if not self._unsent:
                await connection.execute("SELECT 1")  # raises when the connection is lost
                self._wake_all()
                continue
            topics, self._unsent = self._unsent, set()
            try:
                await connection.execute(_NOTIFY, CHANNEL, sorted(topics))
            except BaseException:
                self._unsent |= topics
                raise

    def _received(self, _connection: object, _pid: int, _channel: str, topic: object) -> None:
        self._wake(str(topic))

    def _wake(self, topic: str) -> None:
        for wake in self._listeners.get(topic, ()):
            wake()

    def _wake_all(self) -> None:
        for topic in self._listeners:
            self._wake(topic)


__all__ = ["CHANNEL", "POLL_SECONDS", "Listening"]
