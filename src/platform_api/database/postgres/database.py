"""PostgreSQL: units on pooled connections, serialisable, run again when they conflict.

- Each unit that writes runs in a SERIALIZABLE transaction, so that units on any number of nodes behave as if they ran
  one after the other, as they do on SQLite. A unit that conflicts with another is undone and run again.
- Each unit that reads runs on one snapshot (REPEATABLE READ, READ ONLY) and never waits for writers.
- The time of a transaction is that of the server, so that all nodes have one clock.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeAlias, TypeVar

import asyncpg
import structlog
from asyncpg import Connection
from asyncpg.pool import PoolConnectionProxy

from platform_api.database.clock import Clock
from platform_api.database.errors import CommitUncertain, DatabaseAway, DatabaseBusy, DatabaseClosed, UnitMisused
from platform_api.database.figures import Figures, PoolState
from platform_api.database.postgres.connecting import Connector
from platform_api.database.postgres.dialect import prepare
from platform_api.database.postgres.failures import RUN_AGAIN, Conflicted, is_lost, translated
from platform_api.database.postgres.listening import Listening
from platform_api.database.postgres.transaction import PostgresTransaction
from platform_api.database.transaction import Unit
from servicehost.contract.errors import ServiceUnavailable

T = TypeVar("T")

_log = structlog.get_logger(__name__)

ATTEMPTS: Final = 12
"""Runs of one unit at most; each conflict makes the pause before the next one longer."""

FIRST_PAUSE: Final = 0.002
"""Seconds; the pause before the second run is half of this to all of this, by chance."""

LONGEST_PAUSE: Final = 0.25
"""Seconds between two runs at most."""

_BEGIN_WRITE = "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"
_BEGIN_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_NAME = "platform-api"
_MILLISECONDS = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
_PREPARE_TIME = f"PREPARE report_time AS SELECT set_config('application_name', '{_NAME} ' || {_MILLISECONDS}, false)"
_TIME = "EXECUTE report_time"
"""Makes the server report its time beside the answer to BEGIN: the driver returns no rows of several commands."""

Session: TypeAlias = "PoolConnectionProxy[Any]"
"""A connection of the pool."""

_running: ContextVar[bool] = ContextVar("a unit is running", default=False)


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """The connections of one node.

    Attributes:
        size: connections at most, beside one for notifications.
        wait: how long a unit waits for a free connection before it is refused.
        statement_timeout: how long one statement of a short unit may take.
        connect_timeout: how long one attempt to connect may take.
    """

    size: int = 10
    wait: timedelta = timedelta(seconds=5)
    statement_timeout: timedelta = timedelta(seconds=15)
    connect_timeout: timedelta = timedelta(seconds=3)


class _Connection(Connection):
    """A connection that is given back as it is: every transaction is ended, and no unit changes the session."""

    def get_reset_query(self) -> str:
        """Return an empty text, so that giving a connection back costs no round trip."""
        return ""


class PostgresDatabase:
    """A `Database` on a PostgreSQL server. Belongs to the event loop on which it was opened."""

    def __init__(self, pool: "asyncpg.Pool[Any]", settings: PoolSettings, clock: Clock, listening: Listening) -> None:
        self._pool = pool
        self._wait = settings.wait.total_seconds()
        self._clock = clock
        self._listening = listening
        self._figures = Figures(connections=self._connections)
        self._closed = False

    @classmethod
    @asynccontextmanager
    async def open(
        cls, url: str, settings: PoolSettings | None = None, *, clock: Clock | None = None
    ) -> AsyncIterator["PostgresDatabase"]:
        """The database at `url`, until the end of the `async with`.

        Args:
            url: `postgresql://user:password@host:port/name`; several hosts are separated by commas.
            settings: the connections.
            clock: keeps the time of transactions from going back.

        Raises:
            DatabaseAway: there is no connection to a server that accepts writes; the cause says why.
        """
        chosen = settings or PoolSettings()
        options = connect_options(chosen)
        listening = Listening(url, options)
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=chosen.size,
            connect=Connector(),
            connection_class=_Connection,
            init=_prepare,
            **options,
        )
        database = cls(pool, chosen, clock or Clock(), listening)
        try:
            async with listening.running():
                yield database
        finally:
            await database.close()

    @property
    def figures(self) -> Figures:
        """Counts of what it did since it was opened."""
        return self._figures

    async def write(self, unit: Unit[T]) -> T:
        """Run a unit that may write; its result is given after its commit. An error undoes it and is raised.

        Raises:
            DatabaseBusy: no connection was free in time, or the unit conflicted with others every time.
            DatabaseAway: the server cannot be reached; nothing was done.
            CommitUncertain: the connection was lost during the commit.
            DatabaseClosed: it has been closed.
        """
        self._check()
        pause = FIRST_PAUSE
        known: set[str] = set()
        for _ in range(ATTEMPTS):
            try:
                return await self._write_once(unit, known)
            except ServiceUnavailable as error:
                self._figures.lose(error.message)
                raise
            except Conflicted:
                self._figures.reruns += 1
                await asyncio.sleep(pause * (1 + random.random()) / 2)  # noqa: S311 - spreads the next runs
                pause = min(pause * 2, LONGEST_PAUSE)
        raise DatabaseBusy

    async def read(self, unit: Unit[T]) -> T:
        """Run a short unit that only reads, on one consistent state."""
        self._check()
        self._figures.reads += 1
        async with self._connection() as connection:
            transaction = await self._begin(connection, _BEGIN_READ, None)
            try:
                return await _run(unit, transaction)
            finally:
                await _roll_back(connection)

    async def read_long(self, unit: Unit[T]) -> T:
        """Run a unit that reads much, on one consistent state, however long its statements take."""
        self._check()
        self._figures.reads += 1
        async with self._connection() as connection:
            transaction = await self._begin(connection, f"{_BEGIN_READ}; SET LOCAL statement_timeout = 0", None)
            try:
                return await _run(unit, transaction)
            finally:
                await _roll_back(connection)

    def listen(self, topic: str, wake: Callable[[], None]) -> None:
        """Call `wake` on the event loop after each commit that notified `topic`, on any node, and sometimes without need."""
        self._listening.add(topic, wake)

    async def close(self) -> None:
        """Finish what was begun and give the connections back. Closing twice does nothing more."""
        if self._closed:
            return
        self._closed = True
        await self._pool.close()

    async def _write_once(self, unit: Unit[T], known: set[str]) -> T:
        self._figures.writes += 1
        async with self._connection() as connection:
            transaction = await self._begin(connection, _BEGIN_WRITE, set(), known)
            try:
                result = await _run(unit, transaction)
            except Exception as error:
                self._figures.failed += 1
                await _roll_back(connection)
                if transaction.run_again:
                    raise Conflicted from error
                raise
            except BaseException:
                await _roll_back(connection)
                raise
            await self._commit(connection)
        self._figures.committed(1)
        if transaction.topics:
            self._listening.notify(transaction.topics)
        return result

    async def _commit(self, connection: Session) -> None:
        try:
            await connection.execute("COMMIT")
        except RUN_AGAIN as error:
            raise Conflicted from error
        except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError) as error:
            raise CommitUncertain from error
        except asyncpg.PostgresError as error:
            raise translated(error, writing=True) from error

    async def _begin(
        self, connection: Session, begin: str, topics: set[str] | None, known: set[str] | None = None
    ) -> PostgresTransaction:
        try:
            await connection.execute(f"{begin}; {_TIME}")
        except Exception as error:
            raise translated(error, writing=topics is not None, lost=is_lost(connection)) from error
        milliseconds = int(connection.get_settings().application_name.removeprefix(_NAME))
        return PostgresTransaction(connection, self._clock.at(milliseconds), topics, known)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Session]:
        """A connection from the pool."""
        try:
            connection = await self._pool.acquire(timeout=self._wait)
        except TimeoutError as error:
            raise DatabaseBusy from error
        except DatabaseAway:
            raise
        except Exception as error:
            raise translated(error, writing=True, lost=True) from error
        try:
            yield connection
        finally:
            await self._pool.release(connection)

    def _connections(self) -> PoolState:
        size, idle = self._pool.get_size(), self._pool.get_idle_size()
        return PoolState(size - idle, idle, self._pool.get_max_size())

    def _check(self) -> None:
        if self._closed:
            raise DatabaseClosed
        if _running.get():
            raise UnitMisused("a unit cannot run another; it awaits only its transaction")


def connect_options(settings: PoolSettings) -> dict[str, Any]:
    """How every connection is made."""
    milliseconds = round(settings.statement_timeout.total_seconds() * 1000)
    return {
        "timeout": settings.connect_timeout.total_seconds(),
        "target_session_attrs": "read-write",
        "statement_cache_size": 1024,
        "max_cached_statement_lifetime": 0,
        "server_settings": {
            "application_name": _NAME,
            "statement_timeout": str(milliseconds),
            "idle_in_transaction_session_timeout": str(4 * milliseconds),
            "timezone": "UTC",
            "jit": "off",
            "enable_seqscan": "off",  # a scan of a whole table conflicts with every write to it
        },
    }


async def _prepare(connection: "asyncpg.Connection[Any]") -> None:
    await prepare(connection)
    await connection.execute(_PREPARE_TIME)


async def _run(unit: Unit[T], transaction: PostgresTransaction) -> T:
    token = _running.set(True)
    try:
        result = await unit(transaction)
    finally:
        _running.reset(token)
    if transaction.failure is not None:
        raise UnitMisused("a unit cannot go on after an error; use attempt where a row may exist") from (
            transaction.failure
        )
    return result


async def _roll_back(connection: Session) -> None:
    if is_lost(connection):
        return
    try:
        await connection.execute("ROLLBACK")
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        if not is_lost(connection):
            connection.terminate()


__all__ = ["ATTEMPTS", "PoolSettings", "PostgresDatabase", "connect_options"]
