"""The operations of a kind of database other than units of work: opening it, and changing its schema."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from platform_api.database.transaction import Database
from platform_api.foundation.refusals import Refusal

T = TypeVar("T")

LOCK_SECONDS = 60
"""Time to wait for another process that changes the schema of the same database."""


class UnusableDatabase(Refusal):
    """The database cannot be opened; the message names it without its password, and says what to do."""


class BrokenReferences(Refusal):
    """Rows of a database refer to rows that do not exist; the change of the schema was rolled back."""

    def __init__(self, name: str, rows: int) -> None:
        super().__init__(
            f"{rows} rows of {name} refer to missing rows, so its schema was left as it is. Restore a backup that"
            " `platform-api backup verify` accepts."
        )


class Engine(Protocol):
    """One database of an installation, given by its address. It holds no connection."""

    @property
    def name(self) -> str:
        """Address for messages, without a password."""

    @property
    def files(self) -> tuple[Path, ...]:
        """Files of this machine that hold the database, the main one first; none for a server."""

    def open(self) -> AbstractAsyncContextManager[Database]:
        """Open the database until the end of the `async with` block.

        Raises:
            UnusableDatabase: it cannot be opened.
        """

    def exists(self) -> bool:
        """Whether the database exists and has a schema.

        Raises:
            UnusableDatabase: it cannot be opened.
        """

    def alone(self, change: Callable[[Connection], T]) -> T:
        """Call `change` on a connection whose transaction no other change of the schema shares, and commit it.

        Blocks, up to `LOCK_SECONDS` while another process changes the schema.

        Raises:
            UnusableDatabase: it cannot be opened, or not changed.
        """

    def snapshot(self, look: Callable[[Connection], T]) -> T:
        """Call `look` on a connection that sees one state throughout, delays no one, and must not write.

        Raises:
            UnusableDatabase: it cannot be opened.
        """


__all__ = ["LOCK_SECONDS", "BrokenReferences", "Engine", "UnusableDatabase"]
