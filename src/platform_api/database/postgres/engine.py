"""The PostgreSQL database of an installation."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from platform_api.database.addresses import without_password
from platform_api.database.clock import Clock
from platform_api.database.engine import LOCK_SECONDS
from platform_api.database.postgres.connecting import connect
from platform_api.database.postgres.database import PoolSettings, PostgresDatabase, connect_options
from platform_api.database.postgres.dialect import prepare
from platform_api.database.postgres.refusals import refusal
from platform_api.foundation.refusals import Refusal

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
        return without_password(self.url)

    @property
    def files(self) -> tuple[Path, ...]:
        """Files of the database on this machine: none, since a server stores it."""
        return ()

    def open(self) -> AbstractAsyncContextManager[PostgresDatabase]:
        """Open the database until the end of the `async with` block."""
        return self._open()

    def exists(self) -> bool:
        """Whether the database has a schema."""
        return _finish(self._has_schema())

    def alone(self, change: Callable[[Connection], T]) -> T:
        """Call `change` on a connection in one transaction that no other change of the schema shares."""
        return _finish(self._alone(change))

    def snapshot(self, look: Callable[[Connection], T]) -> T:
        """Call `look` on a connection in one REPEATABLE READ transaction."""
        return _finish(self._snapshot(look))

    def command(self, text: str) -> None:
        """Run a statement that must not be part of a transaction."""
        _finish(self._command(text))

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[PostgresDatabase]:
        async with AsyncExitStack() as opened:
            with self._refused():
                database = await opened.enter_async_context(
                    PostgresDatabase.open(self.url, self.pool, clock=self.clock)
                )
            yield database

    async def _has_schema(self) -> bool:
        connection = await self._connect()
        try:
            return bool(await connection.fetchval(_HAS_SCHEMA))
        finally:
            await connection.close()

    async def _alone(self, change: Callable[[Connection], T]) -> T:
        engine = self._connecting()
        try:
            with self._refused(connecting=False):
                return await self._changed(engine, change)
        finally:
            await engine.dispose()

    def _connecting(self, **options: Any) -> AsyncEngine:
        """SQLAlchemy's engine. Guids and JSON stay text, which the column types convert."""
        return create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self._prepared,
            poolclass=NullPool,
            json_deserializer=str,
            **options,
        )

    async def _changed(self, engine: AsyncEngine, change: Callable[[Connection], T]) -> T:
        async with engine.begin() as connection:
            await connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            await connection.exec_driver_sql(_LOCK)
            return await connection.run_sync(change)

    async def _snapshot(self, look: Callable[[Connection], T]) -> T:
        engine = self._connecting(isolation_level="REPEATABLE READ")
        try:
            with self._refused(connecting=False):
                return await self._looked(engine, look)
        finally:
            await engine.dispose()

    async def _looked(self, engine: AsyncEngine, look: Callable[[Connection], T]) -> T:
        async with engine.connect() as connection:
            await connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            await connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            return await connection.run_sync(look)

    async def _command(self, text: str) -> None:
        connection = await self._connect()
        try:
            with self._refused(connecting=False):
                await connection.execute(text)
        finally:
            await connection.close()

    async def _prepared(self) -> "asyncpg.Connection[Any]":
        connection = await self._connect()
        await prepare(connection)
        return connection

    async def _connect(self) -> "asyncpg.Connection[Any]":
        with self._refused():
            return await connect(self.url, connect_options(self.pool))

    @contextmanager
    def _refused(self, *, connecting: bool = True) -> Iterator[None]:
        """Turn errors of the server into `UnusableDatabase`; faults of statements stay what they are."""
        try:
            yield
        except Refusal:
            raise
        except Exception as error:
            refused = refusal(self.name, error, connecting=connecting)
            if refused is None:
                raise
            raise refused from error


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
