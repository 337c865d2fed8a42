"""Interface for filling an empty database with the rows of another one."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import Connection, MetaData

from platform_api.database.engine import Engine

T = TypeVar("T")


class Loading(Protocol):
    """Bulk writes to one database, whose foreign keys are not checked before the end."""

    @property
    def engine(self) -> Engine:
        """The database."""

    def is_empty(self) -> bool:
        """Whether there are no tables."""

    def write(self, change: Callable[[Connection], T]) -> T:
        """Call `change` on a connection in one transaction, and commit it."""

    def begin(self, connection: Connection, tables: MetaData) -> None:
        """Prepare new tables for rows in any order."""

    def finish(self, connection: Connection, tables: MetaData) -> None:
        """Check foreign keys from now on, and number new rows after the loaded ones.

        Raises:
            DBAPIError, BrokenReferences: a row refers to a missing one.
        """


__all__ = ["Loading"]
