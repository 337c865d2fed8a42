"""The interface of units of work for everything above `database/`, independent of the kind of database."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Protocol, TypeVar

from platform_api.database.figures import Figures
from platform_api.database.statements import Command, Query

T = TypeVar("T")
Row = TypeVar("Row")


class Transaction(Protocol):
    """One open transaction. A unit awaits nothing else, and has effects only through it."""

    @property
    def now(self) -> datetime:
        """The transaction's time, UTC, the same throughout.

        Never before that of an earlier transaction of this process, unless the clock was set back by more than a
        minute. So bound every wait with `platform_api.foundation.waiting`.
        """

    async def one(self, query: Query[Row], **parameters: Any) -> Row | None:
        """The first row, or None."""

    async def all(self, query: Query[Row], **parameters: Any) -> list[Row]:
        """Every row, in the query's order."""

    async def execute(self, command: Command, **parameters: Any) -> int:
        """Run an INSERT, UPDATE or DELETE; returns the number of rows that it touched.

        Raises:
            UniqueViolation: a row with the same unique key exists. The transaction has ended: a unit that wants to go
                on uses `attempt`.
        """

    async def attempt(self, command: Command, **parameters: Any) -> int:
        """Run a command after which the unit goes on even if it fails, because nothing else of the unit is undone.

        It costs more than `execute`: use it only where the error is caught.

        Raises:
            UniqueViolation: a row with the same unique key exists. The unit may catch it and go on.
            ConstraintViolation: the database refused the row for another reason. The unit may catch it and go on.
        """

    def notify(self, topic: str) -> None:
        """Wake the listeners of `topic` on any node, after the commit and only then."""


Unit = Callable[[Transaction], Coroutine[Any, Any, T]]
"""A unit of work: code of one transaction. It may run more than once, so it has effects only through its transaction."""


class Database(Protocol):
    """Runs units of work."""

    @property
    def figures(self) -> Figures:
        """Counts of what it did since it was opened."""

    async def write(self, unit: Unit[T]) -> T:
        """Run a unit that may write; return its result after its commit. An error rolls it back and is raised."""

    async def read(self, unit: Unit[T]) -> T:
        """Run a short unit that only reads, on one consistent state."""

    async def read_long(self, unit: Unit[T]) -> T:
        """Run a unit that reads a lot (an export), on one consistent state, without delaying others."""

    def listen(self, topic: str, wake: Callable[[], None]) -> None:
        """Call `wake` on the event loop after each commit that notified `topic`, on any node, and sometimes without need."""


__all__ = ["Database", "Row", "Transaction", "Unit"]
