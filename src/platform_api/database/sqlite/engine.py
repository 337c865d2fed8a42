"""The SQLite file of an installation."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError

from platform_api.database.clock import Clock
from platform_api.database.engine import LOCK_SECONDS, BrokenReferences, UnusableDatabase
from platform_api.database.sqlite.database import SqliteDatabase

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SqliteEngine:
    """The database in the file `path`, which is created by the first change of the schema."""

    path: Path
    clock: Clock | None = None

    @property
    def name(self) -> str:
        """Path of the file."""
        return str(self.path)

    @property
    def files(self) -> tuple[Path, ...]:
        """The file and its companions."""
        return tuple(self.path.with_name(f"{self.path.name}{suffix}") for suffix in ("", "-wal", "-shm"))

    def open(self) -> AbstractAsyncContextManager[SqliteDatabase]:
        """Open the database until the end of the `async with` block."""
        return self._open()

    def exists(self) -> bool:
        """Whether the file exists and has a schema."""
        if not self.path.exists():
            return False
        with self.refused(), closing(sqlite3.connect(self.path, timeout=LOCK_SECONDS)) as connection:
            found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        return found is not None

    def alone(self, change: Callable[[Connection], T]) -> T:
        """Call `change` on a connection in one transaction that no other writer shares; foreign keys are checked last.

        A new file is readable by its owner only.
        """
        self.path.touch(mode=0o600)
        with self._connected("BEGIN IMMEDIATE") as connection, connection.begin():
            result = change(connection)
            if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                raise BrokenReferences(self.name, len(broken))
            return result

    def unchecked(self, change: Callable[[Connection], T]) -> T:
        """Call `change` like `alone`, without a check of foreign keys."""
        with self._connected("BEGIN IMMEDIATE") as connection, connection.begin():
            return change(connection)

    def snapshot(self, look: Callable[[Connection], T]) -> T:
        """Call `look` on a connection in one transaction that reads."""
        with self._connected("BEGIN") as connection:
            return look(connection)

    @contextmanager
    def _connected(self, begin: str) -> Iterator[Connection]:
        """A connection whose transaction starts with `begin`."""
        engine = create_engine(f"sqlite:///{self.path}", connect_args={"timeout": LOCK_SECONDS})
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        try:
            with self.refused(), engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[SqliteDatabase]:
        async with AsyncExitStack() as opened:
            with self.refused():
                database = await opened.enter_async_context(SqliteDatabase.open(self.path, clock=self.clock))
            yield database

    @contextmanager
    def refused(self) -> Iterator[None]:
        """Turn errors of the file into `UnusableDatabase`; errors of statements stay what they are."""
        try:
            yield
        except (sqlite3.Error, DBAPIError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if type(cause) not in (sqlite3.OperationalError, sqlite3.DatabaseError):
                raise
            raise UnusableDatabase(f"{self.path} cannot be used: {cause}.") from error


def _leave_transactions_to_us(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None


__all__ = ["SqliteEngine"]
