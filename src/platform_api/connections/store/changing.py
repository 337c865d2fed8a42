"""Guarded updates: a row changes only while it is as it was read."""

from typing import Any, Protocol

from sqlalchemy import Table, bindparam, update

from platform_api.database.statements import Command
from platform_api.database.transaction import Transaction
from servicehost.contract.scalars import Guid


class Versioned(Protocol):
    """A value of a row with a status and a version."""

    @property
    def id(self) -> Guid:
        """The key of the row."""

    @property
    def status(self) -> str:
        """The state of the row in its life cycle."""

    @property
    def version(self) -> int:
        """A number that grows with each change of the row."""


class GuardedUpdate:
    """An UPDATE of some columns of one row, which has an effect only if status and version are as they were read.

    Attributes:
        command: the statement.
    """

    def __init__(self, table: Table, *columns: str) -> None:
        self._columns = columns
        self.command = Command(
            update(table)
            .where(
                table.c.id == bindparam("id_"),
                table.c.status == bindparam("status_before"),
                table.c.version == bindparam("version_before"),
            )
            .values({name: bindparam(name) for name in columns})
        )

    async def run(self, tx: Transaction, before: Versioned, after: Versioned) -> bool:
        """Write the columns of a row as they are in `after`; False if the row was changed after `before` was read."""
        values: dict[str, Any] = {name: getattr(after, name) for name in self._columns}
        touched = await tx.execute(
            self.command, id_=before.id, status_before=before.status, version_before=before.version, **values
        )
        return touched == 1


__all__ = ["GuardedUpdate"]
