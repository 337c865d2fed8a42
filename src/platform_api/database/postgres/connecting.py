"""Connections to a server: each checked, and after a failure tried again at growing intervals."""

import asyncio
import random
from collections.abc import Callable
from typing import Any, Final

import asyncpg
import structlog

from platform_api.database.errors import DatabaseAway

_log = structlog.get_logger(__name__)

OLDEST: Final = 15
"""Oldest major version of PostgreSQL that has everything that the statements need."""

FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 2.0
"""Seconds between two attempts to connect."""


class ServerTooOld(Exception):
    """The server has a version of PostgreSQL before `OLDEST`."""

    def __init__(self, major: int) -> None:
        super().__init__(f"PostgreSQL {major}")
        self.major = major


class BackOff:
    """Pauses between attempts: each failure makes the next pause twice as long, up to a limit.

    Failures of attempts that ran at the same time count once.

    Args:
        clock: monotonic seconds.
        chance: a number from 0 to 1, which spreads the attempts of many nodes.
    """

    def __init__(self, clock: Callable[[], float], chance: Callable[[], float] = random.random) -> None:
        self._clock = clock
        self._chance = chance
        self._pause = FIRST_PAUSE
        self._until = 0.0

    @property
    def remaining(self) -> float:
        """Seconds until the next attempt; 0 if one may begin now."""
        return max(0.0, self._until - self._clock())

    def failed(self) -> bool:
        """Begin a pause, unless one has begun since the attempt; whether it has begun one."""
        if self.remaining:
            return False
        self._until = self._clock() + self._pause * (1 + self._chance()) / 2
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        return True

    def succeeded(self) -> None:
        """End the pause, and begin with the shortest one next time."""
        self._pause, self._until = FIRST_PAUSE, 0.0


async def connect(url: str | None, options: dict[str, Any]) -> "asyncpg.Connection[Any]":
    """Connect to the server at `url`, of several hosts to the one that accepts writes.

    Raises:
        ServerTooOld: the server has an old version.
        OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError: the connection
            failed.
    """
    connection: asyncpg.Connection[Any] = await asyncpg.connect(url, **options)
    try:
        check_version(connection.get_server_version().major)
    except ServerTooOld:
        await connection.close()
        raise
    return connection


def check_version(major: int) -> None:
    """Refuse an old server.

    Raises:
        ServerTooOld: it is older than `OLDEST`.
    """
    if major < OLDEST:
        raise ServerTooOld(major)


class Connector:
    """Makes the connections of a pool. During a pause after a failure it refuses at once, without an attempt."""

    def __init__(self) -> None:
        self._back_off = BackOff(asyncio.get_running_loop().time)

    async def __call__(self, dsn: str | None = None, **options: Any) -> "asyncpg.Connection[Any]":
        """Connect to the server at the address `dsn`.

        Raises:
            DatabaseAway: the attempt failed, or has to wait for the pause after an earlier one; its cause says why.
        """
        if self._back_off.remaining:
            raise DatabaseAway
        try:
            connection = await connect(dsn, options)
        except Exception as error:
            if self._back_off.failed():
                _log.warning("the database cannot be reached", reason=str(error) or type(error).__name__)
            raise DatabaseAway from error
        self._back_off.succeeded()
        return connection


__all__ = [
    "FIRST_PAUSE",
    "LONGEST_PAUSE",
    "OLDEST",
    "BackOff",
    "Connector",
    "ServerTooOld",
    "check_version",
    "connect",
]
