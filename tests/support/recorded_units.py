"""Transactions and databases that record the statements of their units."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from platform_api.database.figures import Figures
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Database, Transaction, Unit

T = TypeVar("T")


class RecordedTransaction:
    """A transaction that records its statements.

    Args:
        tx: the transaction.
        statements: list to which they are added; None to record nothing.
        topics: set to which notified topics are added.
    """

    def __init__(self, tx: Transaction, statements: list[object] | None, topics: set[str]) -> None:
        self._tx = tx
        self._statements = statements
        self._topics = topics

    @property
    def now(self) -> datetime:
        """Time of the transaction."""
        return self._tx.now

    async def one(self, query: Query[T], **parameters: Any) -> T | None:
        """Return the first row."""
        self._note(query)
        return await self._tx.one(query, **parameters)

    async def all(self, query: Query[T], **parameters: Any) -> list[T]:
        """Return every row."""
        self._note(query)
        return await self._tx.all(query, **parameters)

    async def execute(self, command: Command, **parameters: Any) -> int:
        """Run a command."""
        self._note(command)
        return await self._tx.execute(command, **parameters)

    async def attempt(self, command: Command, **parameters: Any) -> int:
        """Run a command after which the unit may go on."""
        self._note(command)
        return await self._tx.attempt(command, **parameters)

    def notify(self, topic: str) -> None:
        """Record a topic."""
        self._topics.add(topic)

    def _note(self, statement: object) -> None:
        if self._statements is not None:
            self._statements.append(statement)


class RecordedDatabase:
    """A database that records its units.

    Args:
        database: the database.

    Attributes:
        steps: the begin, the statements and the end of each unit, in the order in which they ran.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.steps: list[object] = []

    @property
    def figures(self) -> Figures:
        """The counts of the database."""
        return self._database.figures

    async def write(self, unit: Unit[T]) -> T:
        """Run a unit that may write."""
        return await self._database.write(self._recorded("write", unit))

    async def read(self, unit: Unit[T]) -> T:
        """Run a unit that reads."""
        return await self._database.read(self._recorded("read", unit))

    async def read_long(self, unit: Unit[T]) -> T:
        """Run a long unit that reads."""
        return await self._database.read_long(self._recorded("read long", unit))

    def listen(self, topic: str, wake: Callable[[], None]) -> None:
        """Call `wake` after each notification of the topic."""
        self._database.listen(topic, wake)

    def _recorded(self, kind: str, unit: Unit[T]) -> Unit[T]:
        async def recorded(tx: Transaction) -> T:
            self.steps.append(f"begin {kind}")
            result = await unit(RecordedTransaction(tx, self.steps, set()))
            self.steps.append("end")
            return result

        return recorded


__all__ = ["RecordedDatabase", "RecordedTransaction"]
