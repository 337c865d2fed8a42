"""The transaction that a unit sees on a connection to PostgreSQL."""

from datetime import datetime
from typing import Any, TypeVar

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from platform_api.database.errors import UnitMisused
from platform_api.database.postgres.dialect import DIALECT
from platform_api.database.postgres.failures import RUN_AGAIN, is_lost, translated
from platform_api.database.statements import Command, Query

Row = TypeVar("Row")


class PostgresTransaction:
    """An open transaction as a unit sees it.

    Args:
        connection: the connection.
        now: time of the transaction.
        topics: set to which notified topics are added; None for a transaction that only reads.
        known: violations of unique keys in earlier runs of the unit; those of this run are added.

    Attributes:
        now: time of the transaction.
        topics: notified topics; None for a transaction that only reads.
        failure: error that ended the transaction, even if the unit caught it.
        run_again: whether the failure is due to concurrent transactions, so that a new run may succeed.
    """

    __slots__ = ("_connection", "_known", "failure", "now", "run_again", "topics")

    def __init__(
        self,
        connection: "PoolConnectionProxy[Any]",
        now: datetime,
        topics: set[str] | None = None,
        known: set[str] | None = None,
    ) -> None:
        self._connection = connection
        self._known = set() if known is None else known
        self.now = now
        self.topics = topics
        self.failure: Exception | None = None
        self.run_again = False

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
        """Run an INSERT, UPDATE or DELETE; returns the number of rows that it touched."""
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
            if self._is_new(error):
                raise self._failed(error) from error
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

    def _is_new(self, error: Exception) -> bool:
        """Whether it is a violation of a unique key that no earlier run of the unit has met.

        The other row may be newer than the state that the unit reads, so that the unit could not find it. A further run
        reads a state that has the row, or meets the same violation again.
        """
        return isinstance(error, asyncpg.UniqueViolationError) and _key(error) not in self._known

    def _failed(self, error: Exception) -> Exception:
        self.failure = error
        self.run_again = isinstance(error, RUN_AGAIN) or self._is_new(error)
        if isinstance(error, asyncpg.UniqueViolationError):
            self._known.add(_key(error))
        return translated(error, writing=self.topics is not None, lost=is_lost(self._connection))


def _key(error: asyncpg.UniqueViolationError) -> str:
    """The key and the values that exist already."""
    return f"{error.constraint_name} {error.detail}"


def _touched(status: str) -> int:
    """The number of rows in a status such as `UPDATE 3` or `INSERT 0 1`."""
    return int(status.rpartition(" ")[2])


__all__ = ["PostgresTransaction"]
