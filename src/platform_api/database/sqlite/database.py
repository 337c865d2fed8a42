"""The embedded database: one SQLite file, in WAL mode, durable at every commit.

- Writes run on one thread that commits them in groups (`writer`), which makes full durability affordable.
- Short reads run directly on the event loop: an indexed read costs less than handing it to a thread.
- Long reads (exports) run on a few separate threads.
- Several processes may use one file: a writer waits for another's transaction, and listeners detect each other's commits.
"""

import asyncio
import functools
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from platform_api.database.clock import Clock
from platform_api.database.errors import DatabaseClosed, UnitMisused
from platform_api.database.figures import Figures
from platform_api.database.sqlite.transaction import SqliteTransaction, connect, run_unit, translated
from platform_api.database.sqlite.writer import Writer
from platform_api.database.transaction import Unit

T = TypeVar("T")

LONG_READERS = 2
"""Threads for long reads."""


class SqliteDatabase:
    """A `Database` in one SQLite file. Belongs to the event loop on which it was opened."""

    def __init__(self, path: Path, busy_timeout: float, clock: Clock) -> None:
        self._path = path
        self._busy_timeout = busy_timeout
        self._clock = clock
        self._figures = Figures()
        self._reader = connect(path, busy_timeout, read_only=True)
        self._listeners: dict[str, list[Callable[[], None]]] = {}
        self._long_readers = ThreadPoolExecutor(LONG_READERS, thread_name_prefix="sqlite-reader")
        self._writer = Writer(path, asyncio.get_running_loop(), self._clock, self._wake, busy_timeout, self._figures)
        self._thread = threading.get_ident()
        self._closed = False

    @classmethod
    @asynccontextmanager
    async def open(
        cls, path: str | Path, *, busy_timeout: float = 5.0, clock: Clock | None = None
    ) -> AsyncIterator["SqliteDatabase"]:
        """Open the database in the file `path`, creating it if needed, until the end of the `async with` block.

        Args:
            path: the file. `migrations` maintains its schema.
            busy_timeout: seconds to wait for another process that writes, before `DatabaseBusy`.
            clock: source of the transactions' time; by default the machine's clock.
        """
        database = cls(Path(path), busy_timeout, clock or Clock())
        database._writer.start()
        try:
            yield database
        finally:
            await database.close()

    @property
    def figures(self) -> Figures:
        """Counts of what it did since it was opened."""
        return self._figures

    async def write(self, unit: Unit[T]) -> T:
        """Run a unit that may write; return its result after its commit. An error rolls it back and is raised.

        Raises:
            DatabaseBusy: another process held the file for too long.
            CommitFailed: the disk reported an error; nothing was stored.
            DatabaseClosed: it has been closed.
        """
        self._check()
        result: T = await self._writer.submit(unit)
        return result

    async def read(self, unit: Unit[T]) -> T:
        """Run a short unit that only reads, on one consistent state, directly on the event loop."""
        self._check()
        self._figures.reads += 1
        return self._read_on(self._reader, unit)

    async def read_long(self, unit: Unit[T]) -> T:
        """Run a unit that reads a lot, on one consistent state, without blocking the event loop."""
        self._check()
        self._figures.reads += 1
        call = functools.partial(self._read_apart, unit)
        return await asyncio.get_running_loop().run_in_executor(self._long_readers, call)

    def listen(self, topic: str, wake: Callable[[], None]) -> None:
        """Call `wake` on the event loop after each commit that notified `topic`, and sometimes without need.

        Commits of other processes are detected within about 50 ms, whatever topics they notified.
        """
        self._listeners.setdefault(topic, []).append(wake)
        self._writer.watching = True

    async def close(self) -> None:
        """Finish pending work, and close the file cleanly. Closing twice has no further effect."""
        if self._closed:
            return
        self._closed = True
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self._writer.finish)
        await loop.run_in_executor(None, self._long_readers.shutdown)
        self._reader.close()

    def _check(self) -> None:
        """Reject a unit after closing, or from inside a unit: it would wait for itself, or read another state."""
        if self._closed:
            raise DatabaseClosed
        if threading.get_ident() != self._thread or self._reader.in_transaction:
            raise UnitMisused("a unit cannot run another; it awaits only its transaction")

    def _read_apart(self, unit: Unit[T]) -> T:
        connection = connect(self._path, self._busy_timeout, read_only=True)
        try:
            return self._read_on(connection, unit)
        finally:
            connection.close()

    def _read_on(self, connection: sqlite3.Connection, unit: Unit[T]) -> T:
        cursor = connection.cursor()
        try:
            cursor.execute("BEGIN")
        except sqlite3.Error as error:
            raise translated(error) from error
        try:
            return run_unit(unit, SqliteTransaction(cursor, self._clock.now()))
        finally:
            cursor.execute("ROLLBACK")
            cursor.close()

    def _wake(self, topics: set[str] | None) -> None:
        for topic in self._listeners if topics is None else topics:
            for wake in self._listeners.get(topic, ()):
                wake()


__all__ = ["LONG_READERS", "SqliteDatabase"]
