"""Bulk writes to a SQLite file, whose foreign keys are checked at the end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, MetaData

from platform_api.database.sqlite.engine import SqliteEngine

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SqliteLoading:
    """Bulk writes to the file of `engine`."""

    engine: SqliteEngine

    def is_empty(self) -> bool:
        """Whether there is no file."""
        return not any(file.exists() for file in self.engine.files)

    def write(self, change: Callable[[Connection], T]) -> T:
        """Call `change` on a connection in one transaction, and commit it."""
        return self.engine.unchecked(change)

    def begin(self, connection: Connection, tables: MetaData) -> None:
        """Nothing to do: `write` checks no foreign keys."""

    def finish(self, connection: Connection, tables: MetaData) -> None:
        """Nothing to do: `alone` checks the foreign keys, and a number follows the largest one."""


__all__ = ["SqliteLoading"]
