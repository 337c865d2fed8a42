"""Guarded updates: a row changes only while it is as it was read."""

from typing import Any, Protocol

from sqlalchemy import Table, bindparam, update

from platform_api.database.statements import Command
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
    """An UPDATE of some columns of one row, which has an effect only if status and version are as they were.

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

    def parameters(self, before: Versioned, after: Versioned) -> dict[str, Any]:
        """The parameters of the statement: the row as it was read, and the columns as they are in `after`."""
        parameters: dict[str, Any] = {name: getattr(after, name) for name in self._columns}
        parameters["id_"] = before.id
        parameters["status_before"] = before.status
        parameters["version_before"] = before.version
        return parameters


__all__ = ["GuardedUpdate"]
