"""The transaction that a unit sees on a connection to PostgreSQL."""

from datetime import datetime
from typing import Any, TypeVar

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from platform_api.database.errors import UnitMisused
from platform_api.database.postgres.dialect import DIALECT
from platform_api.database.postgres.failures import translated
from platform_api.database.statements import Command, Query

Row = TypeVar("Row")


class PostgresTransaction:
    """An open transaction as a unit sees it.

    Attributes:
        now: time of the transaction.
        topics: notified topics; None for a transaction that only reads.
        failure: error that ended the transaction, even if the unit caught it.
    """

    __slots__ = ("_connection", "failure", "now", "topics")

    def __init__(self, connection: "PoolConnectionProxy[Any]", now: datetime, topics: set[str] | None = None) -> None:
        self._connection = connection
        self.now = now
        self.topics = topics
        self.failure: Exception | None = None

    async def one(self, query: Query[Row], **parameters: Any) -> Row | None:
        """The first row, or None."""
        compiled, reader = query.form(DIALECT)
        arguments = compiled.arguments(parameters)
        self._check()
        try:
            row = await self._connection.fetchrow(compiled.text, *arguments)
        except Exception as error:
            raise self._failed(error) from error
        return None if row is None else reader.one(tuple(row))

    async def all(self, query: Query[Row], **parameters: Any) -> list[Row]:
        """Every row, in the query's order."""
        compiled, reader = query.form(DIALECT)
        arguments = compiled.arguments(parameters)
        self._check()
        try:
            rows = await self._connection.fetch(compiled.text, *arguments)
        except Exception as error:
            raise self._failed(error) from error
        return reader.all(rows)

    async def execute(self, command: Command, **parameters: Any) -> int:
        """Run an INSERT, UPDATE or DELETE; how many rows it touched."""
        compiled = command.form(DIALECT)
        arguments = compiled.arguments(parameters)
        self._check()
        try:
            return _touched(await self._connection.execute(compiled.text, *arguments))
        except Exception as error:
            raise self._failed(error) from error

    async def attempt(self, command: Command, **parameters: Any) -> int:
        """Run a command inside a savepoint, so that the unit may go on after a `UniqueViolation`."""
        compiled = command.form(DIALECT)
        arguments = compiled.arguments(parameters)
        self._check()
        try:
            await self._connection.execute("SAVEPOINT attempt")
            touched = _touched(await self._connection.execute(compiled.text, *arguments))
            await self._connection.execute("RELEASE attempt")
        except asyncpg.IntegrityConstraintViolationError as error:
            await self._connection.execute("ROLLBACK TO attempt; RELEASE attempt")
            raise translated(error, writing=True) from error
        except Exception as error:
            raise self._failed(error) from error
        return touched

    def notify(self, topic: str) -> None:
        """Wake the listeners of `topic` after the commit."""
        if self.topics is None:
            raise UnitMisused("a unit that reads cannot notify; run it with write")
        self.topics.add(topic)

    def _check(self) -> None:
        if self.failure is not None:
            raise UnitMisused("a unit cannot go on after an error; use attempt where a row may exist")

    def _failed(self, error: Exception) -> Exception:
        self.failure = error
        return translated(error, writing=self.topics is not None, lost=self._connection.is_closed())


def _touched(status: str) -> int:
    """The number of rows in a status such as `UPDATE 3` or `INSERT 0 1`."""
    return int(status.rpartition(" ")[2])


__all__ = ["PostgresTransaction"]
