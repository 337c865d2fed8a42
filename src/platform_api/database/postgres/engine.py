"""The PostgreSQL database of an installation."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from platform_api.database.clock import Clock
from platform_api.database.engine import LOCK_SECONDS
from platform_api.database.postgres.database import PoolSettings, PostgresDatabase, connect_options

T = TypeVar("T")

_LOCK = "SELECT pg_advisory_xact_lock(7230117064553185)"
"""The number is any that no other program uses in the same database."""

_HAS_SCHEMA = "SELECT to_regclass('alembic_version') IS NOT NULL"


@dataclass(frozen=True, slots=True)
class PostgresEngine:
    """The database at `url`. It must exist; its schema is created by the first change."""

    url: str
    pool: PoolSettings = field(default_factory=PoolSettings)
    clock: Clock | None = None

    @property
    def name(self) -> str:
        """Address without the password."""
        parts = urlsplit(self.url)
        user, at, hosts = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}{at}{hosts}", query=""))

    def open(self) -> AbstractAsyncContextManager[PostgresDatabase]:
        """Open the database until the end of the `async with` block."""
        return PostgresDatabase.open(self.url, self.pool, clock=self.clock)

    def exists(self) -> bool:
        """Whether the database has a schema."""
        return _finish(self._has_schema())

    def alone(self, change: Callable[[Connection], T]) -> T:
        """Call `change` on a connection in one transaction that no other change of the schema shares."""
        return _finish(self._alone(change))

    async def _has_schema(self) -> bool:
        connection = await self._connect()
        try:
            return bool(await connection.fetchval(_HAS_SCHEMA))
        finally:
            await connection.close()

    async def _alone(self, change: Callable[[Connection], T]) -> T:
        engine = create_async_engine("postgresql+asyncpg://", async_creator=self._connect, poolclass=NullPool)
        try:
            async with engine.begin() as connection:
                await connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
                await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                await connection.exec_driver_sql(_LOCK)
                return await connection.run_sync(change)
        finally:
            await engine.dispose()

    async def _connect(self) -> "asyncpg.Connection[Any]":
        connection: asyncpg.Connection[Any] = await asyncpg.connect(self.url, **connect_options(self.pool))
        return connection


def _finish(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return the result of a coroutine, run on a separate event loop: callers may or may not run on one."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(asyncio.run(coroutine))
        except BaseException as error:  # noqa: BLE001 - raised by the caller
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


__all__ = ["PostgresEngine"]
