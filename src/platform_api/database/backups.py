"""Interface of backups: what `platform-api backup` needs of each kind of database."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Connection, column, func, inspect, select, table

from platform_api.database.engine import Engine
from platform_api.foundation.refusals import Refusal

Progress = Callable[[int, int], None]
"""Called with the finished part of a step and the whole, in units of its own."""

VERSION_TABLE: Final = "alembic_version"
"""The table that holds the revision of the schema."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of a database at one moment.

    Attributes:
        revision: revision of its schema.
        rows: number of rows of each table.
    """

    revision: str
    rows: Mapping[str, int]


class NotEmpty(Refusal):
    """The place where a database is to be restored is in use."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(f"{name} contains a database. A backup is never restored over one: {remedy}")


class NoDatabase(Refusal):
    """There is no database to be copied."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no database at {name}. Name one by --set database.path=FILE or --set database.url=ADDRESS."
        )


class ToolFailed(Refusal):
    """A program that the database requires for backups is missing or failed."""


class Backups(Protocol):
    """Backups of one database, given by its address."""

    @property
    def kind(self) -> str:
        """Name of the kind of database. A backup is restored to the same kind."""

    @property
    def engine(self) -> Engine:
        """The database."""

    def save(self, file: Path, progress: Progress) -> Contents:
        """Write a consistent copy to `file`, which exists and is empty, and return the contents of the copy.

        Other connections may write meanwhile; the copy does not have their changes.

        Raises:
            NoDatabase: there is none.
            ToolFailed: a program that this requires is missing or failed.
        """

    def restore(self, unpack: Callable[[Path], None], finish: Callable[[Connection], None]) -> None:
        """Create the database from a copy. An error leaves no database that a server would start with.

        Args:
            unpack: writes the copy to a file.
            finish: called on the restored database before it becomes usable.

        Raises:
            NotEmpty: there is a database.
            ToolFailed: a program that this requires is missing or failed.
        """

    def scratch(self) -> AbstractContextManager["Backups"]:
        """A temporary place of the same kind to restore to, removed at the end of the `with` block."""

    def faults(self) -> list[str]:
        """Report damage of the stored data, in the words of the database; empty if there is none."""


def contents_of(connection: Connection) -> Contents:
    """Return the contents of a connection's database."""
    names = set(inspect(connection).get_table_names()) - {VERSION_TABLE}
    rows = {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in sorted(names)}
    revision = connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))
    return Contents(str(revision), rows)


__all__ = [
    "VERSION_TABLE",
    "Backups",
    "Contents",
    "NoDatabase",
    "NotEmpty",
    "Progress",
    "ToolFailed",
    "contents_of",
]
